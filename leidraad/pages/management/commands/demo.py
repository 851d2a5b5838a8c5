from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.case.models import ReturnCase
from leidraad.pages.demo.story import Story
from partners.models import Member
from partners.reference_data import load_demo_accounts


class Command(BaseCommand):
    help = "Fills an empty demo database with accounts and a chain at work, the same for the same seed and day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--persons", type=int, default=60)
        parser.add_argument("--closed", type=int, default=3, help="how many of the cases have ended")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the demo is loaded already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LEIDRAAD_DEMO:
            raise CommandError("This is no demo installation: set LEIDRAAD_DEMO=1 to load demo accounts and people.")
        if ReturnCase.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are cases already. The demo is loaded into an empty database only.")
        if Member.objects.filter(is_demo=False).exists():
            raise CommandError("There are members who are no demo accounts. The demo does not mix with real ones.")
        # One transaction: a demo that was interrupted is no demo, and the next start begins anew.
        with transaction.atomic():
            load_demo_accounts()
            self._tell(Story(persons=options["persons"], closed=options["closed"], seed=options["seed"]))
        self.stdout.write(f"Demo loaded: {ReturnCase.objects.count()} cases.")

    def _tell(self, story: Story) -> None:
        expected = story.persons * 2
        for number, _part in enumerate(story.tell(), start=1):
            if self.stdout.isatty():
                share = min(number / expected, 1)
                bar = "#" * int(30 * share)
                self.stdout.write(f"\rLoading the demo [{bar:<30}] {share:4.0%}", ending="")
                self.stdout.flush()
        if self.stdout.isatty():
            self.stdout.write("")
