"""The months of the event log: what is there, make the next ones, sort in what fell outside, drop what is past its period."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from leidraad.lib import clock, read_log


class Command(BaseCommand):
    help = "Lists the months of the event log. Without an option nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ahead", type=int, metavar="MONTHS", help="make this month and so many after it")
        parser.add_argument(
            "--move", action="store_true", help="give rows of the default part the month they belong to"
        )
        parser.add_argument("--expire", action="store_true", help="drop the months past LEIDRAAD_READ_LOG_RETENTION")

    def handle(self, *args: Any, ahead: int | None, move: bool, expire: bool, **options: Any) -> None:
        if ahead is not None:
            self.stdout.write(f"{read_log.make_ahead(count=ahead)} months made")
        if move:
            self.stdout.write(f"{read_log.move_left_over()} rows moved to their month")
        if expire:
            self._expire()
        for month in read_log.months():
            self.stdout.write(f"{month.first:%Y-%m}: {month.rows} rows")
        for first, rows in read_log.left_over():
            self.stdout.write(f"{first:%Y-%m}: {rows} rows in the default part; --move sorts them in")

    def _expire(self) -> None:
        if read_log.period_on(clock.today()) is None:
            raise CommandError("LEIDRAAD_READ_LOG_RETENTION sets no period: everything is kept.")
        who = f"{getpass.getuser()} ({connection.settings_dict['USER']})"
        for month in read_log.expired(clock.today()):
            certificate = read_log.drop(month, by=who)
            self.stdout.write(f"{month.first:%Y-%m}: {certificate.rows} rows destroyed, certificate {certificate.pk}")
