import gc
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.case.models import ReturnCase
from leidraad.lib.who import principal
from leidraad.pages.demo.build import Progress, build
from leidraad.pages.demo.figures import CLOSED, PERSONS
from partners.models import Member

BAR = 30


@contextmanager
def without_collecting() -> Iterator[None]:
    """What is written lives until its part is done: to look for rubbish in it costs an eighth of the time and finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Command(BaseCommand):
    help = "Fills an empty demo database with accounts and a chain at work, the same for the same seed and day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--persons", type=int, default=PERSONS, help="how many persons have an open case")
        parser.add_argument("--closed", type=int, default=CLOSED, help="how many cases ended in the last twelve months")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the demo is loaded already")

    @principal("demo")
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LEIDRAAD_DEMO:
            raise CommandError("This is no demo installation: set LEIDRAAD_DEMO=1 to load demo accounts and people.")
        if options["persons"] < 1 or options["closed"] < 0:
            raise CommandError("The demo needs at least one person, and no fewer than no closed cases.")
        if ReturnCase.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are cases already. The demo is loaded into an empty database only.")
        if Member.objects.filter(is_demo=False).exists():
            raise CommandError("There are members who are no demo accounts. The demo does not mix with real ones.")
        # One transaction: a demo that was interrupted is no demo, and the next start begins anew.
        with transaction.atomic(), without_collecting():
            self._tell(build(persons=options["persons"], closed=options["closed"], seed=options["seed"]))
        self.stdout.write(f"Demo loaded: {ReturnCase.objects.count()} cases.")

    def _tell(self, progress: Iterator[Progress]) -> None:
        """A bar in a terminal; elsewhere a line for each part."""
        for step in progress:
            if self.stdout.isatty():
                bar = "#" * int(BAR * step.share)
                self.stdout.write(f"\rLoading the demo [{bar:<{BAR}}] {step.share:4.0%} {step.part:<24}", ending="")
                self.stdout.flush()
            elif step.is_done:
                self.stdout.write(f"Loading the demo: {step.part}, {step.share:.0%}")
        if self.stdout.isatty():
            self.stdout.write("")
