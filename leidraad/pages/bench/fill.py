"""Fills the measured database, set-based, with history. A batch is a transaction.

The tables are bare while they are filled, so what triggers keep is written here; that it is what they would have written is
proved before anything is measured.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cases.case.management.commands.check_grants import findings, rule_table
from cases.case.models.case import permission_id
from leidraad.lib import clock
from leidraad.pages.bench import bare, fill_sql, law_sql, reception_sql, request_sql
from leidraad.pages.bench.world import OWN_CASES, PRINCIPAL, Share, World

# Whole numbers of households (three each), so that none is split between batches.
BATCH = 30_000
MEMORY = "256MB"
STATEMENTS = (*fill_sql.BATCH, *request_sql.BATCH, *reception_sql.BATCH, *law_sql.BATCH)
WITHOUT_HISTORY = ("cases_casesearch", "reception_placementstep")
# What the statements number themselves, by the name that they know it by.
NUMBERED = {
    "persons": "cases_person",
    "cases": "cases_returncase",
    "households": "cases_household",
    "placements": "reception_placement",
}


class Drifted(Exception):
    """The fill wrote something else than the triggers keep."""


def fill(
    world: World,
    rows: int,
    tell: Callable[[int], None] = lambda _done: None,
    say: Callable[[str], None] = lambda _what: None,
) -> None:
    """Add `rows` cases, each with five units, to an empty database. `tell` hears how many are there, `say` what goes on.

    Raises Drifted when grants, list copies or search rows are not what the involvements and cases call for.
    """
    with connection.cursor() as cursor:
        with transaction.atomic():
            stripped = bare.strip(cursor, tables())
        values = _prepare(cursor, world, rows)
        for first, last in batches(rows):
            with transaction.atomic():
                for statement, model in STATEMENTS:
                    words = with_history(statement, model) if model else statement
                    cursor.execute(words, {**values, "first": first, "last": last} if "%(" in words else None)
            tell(last)
        cursor.execute(fill_sql.COUNTER, {"last": rows, "year": clock.today().year})
        cursor.execute(f"DROP TABLE {fill_sql.OURS}")
        say("indexes and keys")
        bare.restore(cursor, stripped)
        say("statistics, and whether all is as the triggers keep it")
        cursor.execute("ANALYZE")
        prove()
        cursor.execute("RESET work_mem")


def prove() -> None:
    """Compare all that was written with what the involvements, cases and persons call for."""
    wrong = [f"{problem}: {len(cases)}, for instance {cases[0]}" for problem, cases in findings()]
    if wrong:
        raise Drifted("; ".join(wrong))


def tables() -> list[str]:
    """All that is filled, history included."""
    models = [model_of(name) for name in dict.fromkeys(model for _statement, model in STATEMENTS if model)]
    return [
        *WITHOUT_HISTORY,
        *(model._meta.db_table for model in models),
        *(model.history.model._meta.db_table for model in models),
    ]


def batches(rows: int) -> Iterator[tuple[int, int]]:
    """First and last number of each batch."""
    for first in range(1, rows + 1, BATCH):
        yield first, min(first + BATCH - 1, rows)


def _prepare(cursor: CursorWrapper, world: World, rows: int) -> dict[str, Any]:
    """Our own tables, and what the statements are told."""
    cursor.execute(f"SET work_mem = '{MEMORY}'")
    for statement in (fill_sql.DRAW, fill_sql.SKEWED, fill_sql.TABLES):
        cursor.execute(statement)
    shares = [_share_row(choice, share) for choice, found in enumerate(world.choices) for share in found]
    cursor.executemany("INSERT INTO bench_share VALUES (%s, %s, %s, %s, %s, %s)", shares)
    cursor.executemany("INSERT INTO bench_rule VALUES (%s, %s, %s)", list(zip(*rule_table(), strict=True)))
    cursor.execute(fill_sql.DIRECTORS, {"own": OWN_CASES, "rows": rows})
    cursor.execute("ANALYZE bench_share; ANALYZE bench_director; ANALYZE bench_rule")
    return {
        "today": clock.today(),
        "now": clock.now(),
        "principal": PRINCIPAL,
        "view": permission_id("view"),
        "request_kind": request_sql.KIND,
        "form": reception_sql.FORM,
        "weeks": reception_sql.WEEKS,
        "register": world.register.pk,
        **fill_sql.LISTS,
        **{name: _reserved(cursor, table, rows) for name, table in NUMBERED.items()},
    }


def _share_row(choice: int, share: Share) -> tuple[int, float, float, int, str, str]:
    return (choice, share.low, share.high, share.unit_id, share.part, share.ground)


def _reserved(cursor: CursorWrapper, table: str, rows: int) -> int:
    cursor.execute(fill_sql.RESERVE, [rows, rows, table])
    return int(cursor.fetchone()[0])


def model_of(name: str) -> Any:
    label, model = name.split(".") if "." in name else ("cases", name)
    return apps.get_model(label, model)


def with_history(statement: str, name: str) -> str:
    """The INSERT, and the history rows of what it inserted, in one statement."""
    history: Any = model_of(name).history.model
    columns = ", ".join(f'"{field.column}"' for field in history.tracked_fields)
    # Names of our own tables and columns; the values are parameters.
    return f"""
        WITH added AS ({statement} RETURNING {columns})
        INSERT INTO {history._meta.db_table} ({columns}, history_date, history_type, history_change_reason,
                    history_organisation, history_principal, history_request_id)
        SELECT {columns}, %(now)s, '+', '', '', %(principal)s, '' FROM added
    """  # noqa: S608
