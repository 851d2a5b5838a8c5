"""The sealing job: closes windows over every table that only grows, and puts the signed proof at the outside place.

When is a window closed? Keys come from a sequence, and a transaction that took a low key may commit after one that took a
higher. So first the highest committed key of a table is read, and only then who is writing in that table: an insert holds its
lock on the table from before it takes a key until its transaction ends. When none of those writers is left, no row up to that
key can appear any more. No clock and no guess; a table that is being written in all the time waits for the next run.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from leidraad.lib import clock, seal_files
from leidraad.lib.models import Seal
from leidraad.lib.roles import is_append_only
from leidraad.lib.seal_files import BadSeal, Section, Window
from leidraad.lib.seal_tree import Tree, record_of

logger = structlog.get_logger(__name__)
LOCK = 20_262
KEYS_AT_ONCE = 20_000
# An insert holds RowExclusiveLock; the others are stronger and may write as well.
WRITERS = """
    SELECT c.relname, l.virtualtransaction FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
     WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
       AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid() AND c.relname = ANY(%s)
"""


@dataclass(frozen=True)
class Sealed:
    """A table whose rows are sealed, as the code knows it now."""

    table: str
    key: str
    columns: list[str]


def sealed_tables() -> list[Sealed]:
    """Every table that only grows: all history, the event log, steps, versions, certificates. Not the list of seals itself,
    which is compared with the files."""
    found: list[type[models.Model]] = [one for one in apps.get_models() if is_append_only(one) and one is not Seal]
    return sorted(
        (
            Sealed(
                model._meta.db_table,
                str(model._meta.pk.column),
                [str(field.column) for field in model._meta.concrete_fields],
            )
            for model in found
        ),
        key=lambda one: one.table,
    )


def seal_now() -> Window | None:
    """Seal what is closed. None when nothing is, or when another run is at it. Raises BadSeal when database and outside place
    do not tell the same story: then nothing is sealed until somebody has looked."""
    place = settings.SEAL_DIR
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = seal_files.private_key(_key_path())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
        last = _last(place, key.public_key())
        with tempfile.NamedTemporaryFile() as leaves:
            sections = list(_sections(last.reached if last else {}, Path(leaves.name)))
            if not sections:
                return None
            window = Window(
                (last.number if last else 0) + 1, clock.now().isoformat(), last.digest if last else "", sections
            )
            seal_files.write(place, window, Path(leaves.name), key)
        _keep(window, last.reached if last else {})
    return window


def _key_path() -> Path:
    """In production somebody has made the key, with `manage.py verify_log --make-key`; elsewhere it is made here."""
    path: Path = settings.SEAL_KEY
    if not path.exists() and not settings.PRODUCTION:
        seal_files.make_key(path)
    return path


def _last(place: Path, key: Ed25519PublicKey) -> Seal | None:
    """The last window that both know. A file that was written just before a run died is taken over."""
    last = Seal.objects.order_by("-number").first()
    known, there = last.number if last else 0, (seal_files.numbers(place) or [0])[-1]
    if there == known + 1:
        window = seal_files.read(place, there, key)
        if window.previous != (last.digest if last else ""):
            raise BadSeal(f"window {there}: does not follow the last one that the database knows")
        return _keep(window, last.reached if last else {})
    if there != known:
        raise BadSeal(f"the database knows {known} windows, the outside place {there}: run manage.py verify_log")
    if last is not None and seal_files.read(place, known, key).digest != last.digest:
        raise BadSeal(f"window {known}: the database remembers another one")
    return last


def _keep(window: Window, before: Mapping[str, int]) -> Seal:
    reached = {**before, **{section.table: section.upto for section in window.sections}}
    return Seal.objects.create(
        number=window.number,
        at=clock.now(),
        digest=window.digest,
        rows=window.rows,
        reached=reached,
        columns={section.table: section.columns for section in window.sections},
    )


# --- what is closed ---------------------------------------------------------------------------------------------------


def _sections(reached: Mapping[str, int], leaves: Path) -> Iterator[Section]:
    """Seal the tables that are free; then those whose writers have ended meanwhile. The others come with the next run."""
    grown = [(one, last) for one in sealed_tables() if (last := _last_row(one)) > reached.get(one.table, 0)]
    writers = _writers([one.table for one, _last_key in grown])
    busy = []
    for one, upto in grown:
        if writers.get(one.table):
            busy.append((one, upto))
        else:
            yield _section(one, reached.get(one.table, 0), upto, leaves)
    still = _writers([one.table for one, _last_key in busy])
    for one, upto in busy:
        if writers[one.table] & still.get(one.table, set()):
            logger.info("table_not_sealed_yet", table=one.table)
        else:
            yield _section(one, reached.get(one.table, 0), upto, leaves)


def _last_row(one: Sealed) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lib_last_row(%s, %s)", [one.table, one.key])
        return int(cursor.fetchone()[0])


def _writers(tables: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [tables])
        for table, writer in cursor.fetchall():
            found.setdefault(table, set()).add(writer)
    return found


def column_lists(table: str, now: list[str]) -> list[list[str]]:
    """Every list of columns under which rows of the table were sealed, and the present one: each gives other leaves."""
    known = Seal.objects.filter(columns__has_key=table).values_list(f"columns__{table}", flat=True).distinct()
    return [now, *(columns for columns in known if columns != now)]


def _section(one: Sealed, after: int, upto: int, leaves: Path) -> Section:
    tree = Tree()
    with leaves.open("ab") as file, connection.cursor() as cursor:
        for start in range(after, upto, KEYS_AT_ONCE):
            end = min(start + KEYS_AT_ONCE, upto)
            cursor.execute(
                "SELECT row_id, leaf FROM lib_leaves(%s, %s, %s, %s, %s)", [one.table, one.key, one.columns, start, end]
            )
            for key, leaf in cursor.fetchall():
                record = record_of(key, bytes(leaf))
                tree.add(record)
                file.write(record)
    return Section(one.table, one.key, one.columns, after, upto, tree.rows, tree.root)
