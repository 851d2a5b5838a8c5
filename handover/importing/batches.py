"""One batch of rows in one transaction: judged, decided, recorded, and each row's verdict written with it.

Rows of a batch that share a reference or a V-number are recorded in waves, so that the later one meets what the earlier
one brought. Batches of two files never run at the same time (an advisory lock until the transaction ends): a person who
stands in both is found by the second. Running a batch again does nothing for rows that have their verdict.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, QuerySet

from handover.content import PLACE_FIELDS
from handover.importing import progress
from handover.importing.context import Context
from handover.importing.deciding import decide
from handover.importing.news import tell_procedures
from handover.importing.outcomes import Held, Outcome, stored_remarks
from handover.importing.patience import patiently
from handover.importing.recording import record_new
from handover.importing.revising import record_changed
from handover.intake.columns import BY_NAME
from handover.intake.judging import BadRow, GoodRow, judge_row
from handover.intake.problems import Problem, clip
from handover.intake.report import Verdict
from handover.intake.rows import RawRow
from handover.models import DossierFile, DossierRow

logger = structlog.get_logger(__name__)

ONE_IMPORT_AT_A_TIME = 7_201_533
PLACE_COLUMNS = frozenset(column.name for column in BY_NAME.values() if column.field in PLACE_FIELDS)


def write_batch(rows: Sequence[RawRow], context: Context) -> None:
    """Waits for a database that is away. A row that cannot be recorded is put aside for a person, and stops no other."""
    try:
        patiently(lambda: _write(rows, context, _judge_and_record))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Refused by the database, or a fault of ours: whichever, the other rows of the batch are good.
        if len(rows) > 1:
            for row in rows:
                write_batch([row], context)
            return
        logger.exception(
            "dossier_row_not_recorded", file=context.file.pk, row=rows[0].number, error=type(error).__name__
        )
        patiently(lambda: _write(rows, context, _put_aside))


Outcomes = dict[int, Outcome]


@transaction.atomic
def _write(rows: Sequence[RawRow], context: Context, judge: Callable[[Sequence[RawRow], Context], Outcomes]) -> None:
    file = progress.locked(context.file.pk)
    numbers = [row.number for row in rows]
    todo = set(_unjudged(file).filter(row_number__in=numbers).values_list("row_number", flat=True))
    if not todo:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        # The database plans the statements of triggers once a session: those of an empty table would read it whole for ever.
        cursor.execute("DISCARD PLANS")
    outcomes = judge([row for row in rows if row.number in todo], context)
    _store(file, outcomes)
    progress.count(file, outcomes.values())


def _unjudged(file: DossierFile) -> "QuerySet[DossierRow]":
    return DossierRow.objects.filter(file=file, verdict="")


def _judge_and_record(rows: Sequence[RawRow], context: Context) -> Outcomes:
    clashing = _clashing(rows, context)
    judged = [judge_row(row, context.rules, clashing_v_numbers=clashing) for row in rows]
    outcomes = {row.row_number: _refused(row) for row in judged if isinstance(row, BadRow)}
    good = []
    for row in judged:
        if isinstance(row, GoodRow):
            missing = _no_sender(row, context)
            if missing:
                outcomes[row.row_number] = missing
            else:
                good.append(row)
    for wave in waves(good):
        outcomes |= _record(wave, context)
    return outcomes


def _record(rows: Sequence[GoodRow], context: Context) -> Outcomes:
    decisions = decide(rows)
    tell_procedures(decisions.late, context)
    outcomes = {
        **decisions.settled,
        **record_new(decisions.new, context),
        **record_changed(decisions.changed, context),
    }
    for row in rows:
        outcomes[row.row_number].remarks = stored_remarks(_shown(row)) + outcomes[row.row_number].remarks
    return outcomes


def _shown(row: GoodRow) -> list[Any]:
    """A remark about the place of a protected person would tell where that is."""
    return [one for one in row.remarks if not (row.address_protected and one.column in PLACE_COLUMNS)]


def waves(rows: Sequence[GoodRow]) -> list[list[GoodRow]]:
    """The rows in groups without a common reference or V-number, each key in the order of the file."""
    found: list[list[GoodRow]] = []
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        keys = (("v", row.v_number), (row.supplier, row.reference))
        number = max((last[key] + 1 for key in keys if key in last), default=0)
        if number == len(found):
            found.append([])
        found[number].append(row)
        last.update(dict.fromkeys(keys, number))
    return found


def _clashing(rows: Sequence[RawRow], context: Context) -> frozenset[str]:
    """V-numbers of this batch that two persons have anywhere in the file."""
    staged = DossierRow.objects.filter(file=context.file).exclude(v_number="")
    # As a list: for rows that were staged a moment ago the planner has no statistics to join them by.
    numbers = list(staged.filter(row_number__in=[row.number for row in rows]).values_list("v_number", flat=True))
    clashing = staged.filter(v_number__in=numbers).values("v_number").annotate(persons=Count("person", distinct=True))
    return frozenset(clashing.filter(persons__gt=1).values_list("v_number", flat=True))


def _refused(row: BadRow) -> Outcome:
    return Outcome(Verdict.REFUSED, row.column, row.fault.code, row.fault.details)


def _no_sender(row: GoodRow, context: Context) -> Outcome | None:
    """The sender is one the format knows, but no unit is named for it in the reference data."""
    if row.supplier in context.senders:
        return None
    details = {"shown": clip(row.supplier), "allowed": ", ".join(sorted(context.senders))}
    fault = Problem("not_in_list", details)
    return Outcome(Verdict.REFUSED, "aanleveraar", fault.code, fault.details)


def _put_aside(rows: Sequence[RawRow], context: Context) -> Outcomes:
    return {row.number: Outcome(Verdict.HELD, code=Held.NOT_RECORDED.value) for row in rows}


STORE = """
    UPDATE handover_dossierrow r
       SET verdict = v.verdict, "column" = v.col, problem = v.problem::jsonb, warnings = v.warnings::jsonb,
           dossier_id = v.dossier
      FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
           AS v(number, verdict, col, problem, warnings, dossier)
     WHERE r.file_id = %s AND r.row_number = v.number
"""


def _store(file: DossierFile, outcomes: Outcomes) -> None:
    """Staging rows have no history: they are the report of a file."""
    found = list(outcomes.items())
    columns: list[Any] = [
        [number for number, _one in found],
        [one.verdict.value for _number, one in found],
        [one.column for _number, one in found],
        [json.dumps(one.problem) for _number, one in found],
        [json.dumps(one.remarks) for _number, one in found],
        [one.dossier.pk if one.dossier else None for _number, one in found],
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [*columns, file.pk])
