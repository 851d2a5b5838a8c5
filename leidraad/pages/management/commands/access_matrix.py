from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from leidraad.pages.access_matrix import PAGE, page


class Command(BaseCommand):
    help = "Prints docs/access.md with the permission matrix as the code reads it, or writes it there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the page instead of printing it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            PAGE.write_text(page(), encoding="utf-8")
            self.stdout.write("docs/access.md is up to date.")
        else:
            self.stdout.write(page())
