"""Compares the database with the signed windows: which row was changed, removed or inserted, and what is not sealed yet.

Run as the owner of the tables with statements of its own, not with the functions in the database: whoever can change rows
unseen can change a function as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from leidraad.lib import seal_files
from leidraad.lib.models import CertificateLeaves, Seal
from leidraad.lib.seal import sealed_tables
from leidraad.lib.seal_files import BadSeal, Section
from leidraad.lib.seal_tree import KEY_BYTES, LEAF_BYTES, key_of

ROWS_AT_ONCE = 20_000
NAMED = 20
GONE = bytes(LEAF_BYTES)
PAIR = KEY_BYTES + 2 * LEAF_BYTES
# All that decides how a value is written, as in the function that made the leaves.
SESSION = (
    "SET LOCAL search_path = pg_catalog, public",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)


@dataclass
class Report:
    """What was found, in sentences. Nothing wrong: `findings` is empty."""

    windows: int = 0
    rows: int = 0
    findings: list[str] = field(default_factory=list)
    found: int = 0
    explained: dict[int, int] = field(default_factory=dict)
    unsealed: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        """Keep the first ones, count all: somebody may have changed a million rows."""
        self.found += 1
        if self.found <= NAMED:
            self.findings.append(sentence)


def check(place: Path, key: Ed25519PublicKey) -> Report:
    """Read every window and every sealed row once, in bounded memory."""
    report = Report()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in SESSION:
            cursor.execute(statement)
        reached = _windows(place, key, report)
        _beside_database(report, reached)
        _not_sealed(report, reached)
    return report


def _windows(place: Path, key: Ed25519PublicKey, report: Report) -> dict[str, int]:
    """Check the chain, window after window. Where it breaks, the rest of it proves nothing and is not read."""
    reached: dict[str, int] = {}
    previous, there = "", seal_files.numbers(place)
    for number in range(1, max(there, default=0) + 1):
        try:
            if number not in there:
                raise BadSeal(f"window {number}: its file is missing")
            window = seal_files.read(place, number, key)
            if window.previous != previous:
                raise BadSeal(f"window {number}: does not follow the window before it")
            for section, records in seal_files.records(place, window):
                if section.after != reached.get(section.table, 0):
                    report.tell(f"window {number}: leaves out rows of {section.table}")
                _section(section, records, report)
                reached[section.table] = section.upto
        except BadSeal as bad:
            report.tell(str(bad))
            break
        previous = window.digest
        report.windows, report.rows = number, report.rows + window.rows
    return reached


def _beside_database(report: Report, reached: dict[str, int]) -> None:
    """The list of windows in the database tells of windows that the outside place has lost, or does not know them."""
    last = Seal.objects.order_by("-number").first()
    known = last.number if last else 0
    if known > report.windows and not report.findings:
        report.tell(f"window {report.windows + 1}: the database knows it, its file is missing")
    if known < report.windows:
        report.tell(f"window {known + 1}: the database does not remember it")
    if not reached and not report.findings:
        report.tell("nothing was ever sealed here")


# --- rows -------------------------------------------------------------------------------------------------------------


def _section(section: Section, records: Iterator[bytes], report: Report) -> None:
    """Walk through both at once, in the order of the keys."""
    missing = _missing_columns(section)
    if missing:
        for _ in records:
            pass
        report.tell(f"{section.table}: column {missing[0]} is gone, so rows up to {section.upto} prove nothing")
        return
    stored = _stored(section)
    now = next(stored, None)
    for record in records:
        key, leaf = key_of(record), record[KEY_BYTES:]
        while now is not None and now[0] < key:
            report.tell(f"{section.table} {now[0]}: was inserted after it was sealed")
            now = next(stored, None)
        if now is not None and now[0] == key:
            _compare(section, key, leaf, now[1], report, "was changed after it was sealed")
            now = next(stored, None)
        else:
            _compare(section, key, leaf, GONE, report, "was removed after it was sealed")
    while now is not None:
        report.tell(f"{section.table} {now[0]}: was inserted after it was sealed")
        now = next(stored, None)


def _compare(section: Section, key: int, sealed: bytes, now: bytes, report: Report, words: str) -> None:
    if sealed == now:
        return
    certificate = _certificate(section.table, key, sealed, now)
    if certificate is None:
        report.tell(f"{section.table} {key}: {words}")
    else:
        report.explained[certificate] = report.explained.get(certificate, 0) + 1


def _certificate(table: str, key: int, sealed: bytes, now: bytes) -> int | None:
    """The certificate that leads from the sealed leaf to the present one, step by step when there were several."""
    leaf = sealed
    found = CertificateLeaves.objects.filter(table=table, first_id__lte=key, last_id__gte=key).order_by("pk")
    for kept in found.iterator(chunk_size=10):
        packed = bytes(kept.leaves)
        for start in range(0, len(packed), PAIR):
            one = packed[start : start + PAIR]
            if key_of(one) == key and one[KEY_BYTES : KEY_BYTES + LEAF_BYTES] == leaf:
                leaf = one[KEY_BYTES + LEAF_BYTES :]
                if leaf == now:
                    return int(kept.certificate_id)
    return None


def _stored(section: Section) -> Iterator[tuple[int, bytes]]:
    quote = connection.ops.quote_name
    key, table = quote(section.key), quote(section.table)
    columns = ", ".join(f"t.{quote(column)}" for column in section.columns)
    statement = (
        f"SELECT t.{key}, sha256(convert_to(%s || chr(10) || ROW({columns})::text, 'UTF8')) FROM public.{table} t"  # noqa: S608
        f" WHERE t.{key} > %s AND t.{key} <= %s ORDER BY t.{key} LIMIT %s"
    )
    after = section.after
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [section.table, after, section.upto, ROWS_AT_ONCE])
            rows = cursor.fetchall()
        yield from ((found, bytes(leaf)) for found, leaf in rows)
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1][0]


def _missing_columns(section: Section) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS c(name) WHERE NOT EXISTS (SELECT FROM pg_attribute a"
            " WHERE a.attrelid = to_regclass(%s) AND a.attname = c.name AND NOT a.attisdropped)",
            [section.columns, f"public.{connection.ops.quote_name(section.table)}"],
        )
        return [name for (name,) in cursor.fetchall()]


def _not_sealed(report: Report, reached: dict[str, int]) -> None:
    quote = connection.ops.quote_name
    for one in sealed_tables():
        key, table = quote(one.key), quote(one.table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*), min({key}), max({key}) FROM public.{table} WHERE {key} > %s",  # noqa: S608 - our own names
                [reached.get(one.table, 0)],
            )
            rows, first, last = cursor.fetchone()
        if rows:
            report.unsealed.append(f"{one.table}: {rows} rows not sealed yet, {first} to {last}")
