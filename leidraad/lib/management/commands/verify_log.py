"""Proves that history and event log are as they were sealed. Needs the files of the outside place and the public key."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from leidraad.lib import seal_check, seal_files
from leidraad.lib.models import Certificate
from leidraad.lib.who import principal


class Command(BaseCommand):
    help = "Names the first rows that were changed, removed or inserted after they were sealed, and what is not sealed yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", type=Path, help="folder with the windows; default LEIDRAAD_SEAL_DIR")
        parser.add_argument("--public-key", type=Path, help="default: the public half beside LEIDRAAD_SEAL_KEY")
        parser.add_argument("--make-key", action="store_true", help="make LEIDRAAD_SEAL_KEY and its public half, once")

    @principal("verify_log")
    def handle(self, *args: Any, anchor: Path | None, public_key: Path | None, make_key: bool, **options: Any) -> None:
        if make_key:
            self._make_key(settings.SEAL_KEY)
            return
        place, key = anchor or settings.SEAL_DIR, public_key or seal_files.public_half(settings.SEAL_KEY)
        if not place.is_dir() or not seal_files.numbers(place):
            raise CommandError(f"{place} holds no windows: without them nothing can be proven.")
        if not key.exists():
            raise CommandError(f"{key} is missing: without the public key nothing can be proven.")
        self._tell(seal_check.check(place, seal_files.public_key(key)))

    def _make_key(self, path: Path) -> None:
        try:
            seal_files.make_key(path)
        except FileExistsError as there:
            raise CommandError(f"{path} is there already; a new key would end the chain.") from there
        self.stdout.write(f"made {path} and {seal_files.public_half(path)}")

    def _tell(self, report: seal_check.Report) -> None:
        for found in report.findings:
            self.stdout.write(found)
        if report.found > len(report.findings):
            self.stdout.write(f"and {report.found - len(report.findings)} more")
        for pk, rows in sorted(report.explained.items()):
            one = Certificate.objects.get(pk=pk)
            self.stdout.write(
                f"{rows} rows as certificate {pk} says: {one.subject}, {one.kind}, by {one.done_by}, {one.ground}"
            )
        for line in report.unsealed:
            self.stdout.write(line)
        self.stdout.write(f"{report.windows} windows, {report.rows} rows sealed")
        if report.findings:
            raise CommandError("What is remembered is not what was sealed.")
