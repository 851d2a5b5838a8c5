"""`make bench`: how the lists, searches and pages of a day hold with many cases, against hand-written SQL and the targets."""

import logging
import os
import platform
import warnings
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.test.utils import override_settings
from django.utils import translation

from leidraad.lib.who import principal
from leidraad.pages.bench import database, report
from leidraad.pages.bench.fill import Drifted
from leidraad.pages.bench.measure import Measured, NotTheSame, measure, prepare
from leidraad.pages.bench.targets import verdicts
from leidraad.pages.bench.timing import RUNS

SIZES = "10000,100000"
SMALLEST = 10_000


class Command(BaseCommand):
    help = (
        "Fill databases of 10,000 and 100,000 cases (or BENCH_ROWS), measure the work of a day in them as the application's"
        " role, and fail when a target is missed. The real database is never touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
        parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each measurement (default {RUNS})")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DB_ROLE != "owner":
            raise CommandError("Only the owner of the tables makes databases: set LEIDRAAD_DB_ROLE=owner.")
        sizes = sizes_from(os.environ.get("BENCH_ROWS", ""))
        try:
            for rows in sizes:
                prepare(rows, self._say, self._progress)
            self._say(
                f"PostgreSQL {database.version_of_server()}, {os.cpu_count()} processors, Python {platform.python_version()}"
            )
            lines = [line for rows in sizes for line in self._measured(rows, options["runs"])]
        except (DatabaseError, Drifted, NotTheSame) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error
        judged = verdicts(lines)
        write = report.as_markdown if options["markdown"] else report.as_text
        self.stdout.write(write(lines, judged))
        missed = sum(not verdict.held for verdict in judged)
        if missed:
            raise CommandError(f"{missed} of {len(judged)} targets missed")

    def _measured(self, rows: int, runs: int) -> list[Measured]:
        with as_in_production(f"bench-{rows}"), principal("bench"):
            return measure(rows, runs, self._tell)

    def _say(self, text: str) -> None:
        self.stderr.write(self.style.NOTICE(f"· {text}"))

    def _progress(self, done: int, rows: int) -> None:
        end = "\r" if self.stderr.isatty() and done < rows else "\n"
        self.stderr.write(f"  {done:,} of {rows:,} ({done * 100 // rows}%)", ending=end)

    def _tell(self, line: Measured) -> None:
        self.stderr.write(f"  {line.rows:>9,}  {line.viewer:>13}  {line.name}: {line.times.median:.1f} ms")


def machine() -> str:
    server = database.version_of_server()
    return f"PostgreSQL {server}, {os.cpu_count()} processors, Python {platform.python_version()}"


def sizes_from(text: str) -> list[int]:
    """BENCH_ROWS: one size or several with commas. The smallest one is always measured too, to tell growth by."""
    try:
        sizes = {int(part.replace("_", "")) for part in (text or SIZES).split(",")}
    except ValueError:
        raise CommandError(
            f"BENCH_ROWS is '{text}'; give a number of cases, for instance BENCH_ROWS=1000000."
        ) from None
    if min(sizes) < SMALLEST:
        raise CommandError(f"BENCH_ROWS: at least {SMALLEST:,} cases, or there is no far page to measure.")
    return sorted(sizes | {SMALLEST})


@contextmanager
def as_in_production(cache_prefix: str) -> Iterator[None]:
    """No debugging, cache keys of its own, plain static addresses, and the log written to nowhere."""
    caches = {alias: {**values, "KEY_PREFIX": cache_prefix} for alias, values in settings.CACHES.items()}
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    handlers = [handler for handler in logging.getLogger().handlers if isinstance(handler, logging.StreamHandler)]
    with (
        open(os.devnull, "w") as nowhere,
        override_settings(DEBUG=False, CACHES=caches, STORAGES=storages, ALLOWED_HOSTS=["testserver"]),
        translation.override("nl"),
        warnings.catch_warnings(),
    ):
        # No page asks for a static file here, so none need have been collected.
        warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
        streams = [(handler, handler.setStream(nowhere)) for handler in handlers]
        try:
            yield
        finally:
            for handler, stream in streams:
                if stream is not None:
                    handler.setStream(stream)
