"""Fills the measured database, set-based, with history, through the triggers. A batch is a transaction."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from cases.case.grants import grants_for
from cases.case.models import Part
from cases.case.models.case import permission_id
from leidraad.lib import clock
from leidraad.pages.bench import fill_sql, reception_sql, request_sql
from leidraad.pages.bench.world import OWN_CASES, PRINCIPAL, Share, World
from partners.models import Organisation

# Whole numbers of households (three each), so that none is split between batches. The first batch is small: the server
# plans its triggers anew after each ANALYZE, and must not go on with plans it made for empty tables.
FIRST_BATCH = 90
BATCH = 9_000
PLANNED_ANEW = 3


def fill(world: World, rows: int, tell: Callable[[int], None] = lambda _done: None) -> None:
    """Add `rows` cases, each with five units, to an empty database. `tell` hears how many are there."""
    with connection.cursor() as cursor:
        _prepare(cursor, world, rows)
        for count, (first, last) in enumerate(batches(rows)):
            with transaction.atomic():
                _fill_batch(cursor, world, first, last)
            if count < PLANNED_ANEW:
                cursor.execute("ANALYZE")
            tell(last)
        cursor.execute(fill_sql.COUNTER, {"last": rows, "year": clock.today().year})
        cursor.execute("DROP TABLE bench_share, bench_director, bench_rule, bench_case, bench_part")


def batches(rows: int) -> Iterator[tuple[int, int]]:
    """First and last number of each batch."""
    first, size = 1, FIRST_BATCH
    while first <= rows:
        yield first, min(first + size - 1, rows)
        first, size = first + size, BATCH


def _prepare(cursor: CursorWrapper, world: World, rows: int) -> None:
    for statement in (fill_sql.DRAW, fill_sql.SKEWED, fill_sql.TABLES):
        cursor.execute(statement)
    cursor.executemany(
        "INSERT INTO bench_share VALUES (%s, %s, %s, %s, %s, %s)",
        [_share_row(choice, share) for choice, found in enumerate(world.choices) for share in found],
    )
    cursor.executemany(
        "INSERT INTO bench_rule VALUES (%s, %s, %s)",
        [
            (code, str(part), permission_id(name))
            for code in Organisation.objects.values_list("code", flat=True)
            for part in Part.values
            for name in sorted(grants_for(code, [part]))
        ],
    )
    cursor.execute(fill_sql.DIRECTORS, {"own": OWN_CASES, "rows": rows})
    cursor.execute("ANALYZE bench_share; ANALYZE bench_director; ANALYZE bench_rule")


def _share_row(choice: int, share: Share) -> tuple[int, float, float, int, str, str]:
    return (choice, share.low, share.high, share.unit_id, share.part, share.ground)


def _fill_batch(cursor: CursorWrapper, world: World, first: int, last: int) -> None:
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "today": clock.today(),
        "now": clock.now(),
        "principal": PRINCIPAL,
        "request_kind": request_sql.KIND,
        "form": reception_sql.FORM,
        "weeks": reception_sql.WEEKS,
        "register": world.register.pk,
        **fill_sql.LISTS,
    }
    for statement, model in (*fill_sql.BATCH, *request_sql.BATCH, *reception_sql.BATCH):
        cursor.execute(with_history(statement, model) if model else statement, values)


def with_history(statement: str, model: str) -> str:
    """The INSERT, and the history rows of what it inserted, in one statement."""
    label, name = model.split(".") if "." in model else ("cases", model)
    history: Any = apps.get_model(label, name).history.model
    columns = ", ".join(f'"{field.column}"' for field in history.tracked_fields)
    # Names of our own tables and columns; the values are parameters.
    return f"""
        WITH added AS ({statement} RETURNING *)
        INSERT INTO {history._meta.db_table} ({columns}, history_date, history_type, history_change_reason,
                    history_organisation, history_principal, history_request_id)
        SELECT {columns}, %(now)s, '+', '', '', %(principal)s, '' FROM added
    """  # noqa: S608
