"""A person decides about a row that was put aside: nothing changes, or its content becomes a new version of the dossier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from cases.case.actions import finish_tasks_of, lock_case
from cases.case.models import Task, TaskKind
from handover.content import content_of, open_content
from handover.importing.batches import ONE_IMPORT_AT_A_TIME
from handover.importing.context import Context, context_of
from handover.importing.deciding import ChangedRow, newest_handovers, why_held
from handover.importing.outcomes import Held
from handover.importing.revising import record_changed
from handover.importing.store import CAPABILITY, path_of
from handover.intake.columns import COLUMNS, KEY_COLUMNS, Column
from handover.intake.judging import GoodRow, judge_row
from handover.intake.problems import FileRefused
from handover.intake.reading import open_intake
from handover.intake.report import Verdict
from handover.models import Decision, Dossier, DossierFile, DossierRow, Handover, HeldDecision
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import MASKED
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member
from partners.policy import require_to

TASK_TITLE = gettext_noop("Decide about rows of a dossier file that were put aside")
WORKING_DAYS = 1
# Signals open after acceptance only, to who may see them.
SENSITIVE_FIELDS = frozenset({"flags"})
YES_NO = {True: gettext_lazy("yes"), False: gettext_lazy("no")}


@dataclass(frozen=True)
class Difference:
    """One column in which the row differs from the dossier, by its name in the file, ready to show."""

    field: str
    stored: Any
    offered: Any


def add_task_for_held(context: Context) -> None:
    """One task for the desk per file: no row that was put aside falls silent. Repeating it changes nothing."""
    source = _source(context.file)
    held = DossierRow.objects.filter(file=context.file, verdict=Verdict.HELD.value)
    if not held.exists() or Task.objects.filter(source=source, unit=context.desk).exists():
        return
    task = Task(
        unit=context.desk,
        kind=TaskKind.OTHER,
        title=TASK_TITLE,
        source=source,
        url_name="handover:import-detail",
        url_arg=str(context.file.pk),
        due_at=clock.end_of(clock.working_days_after(context.today, WORKING_DAYS)),
        created_at=clock.now(),
    )
    save_as(task, by=context.by, reason=gettext_noop("Rows put aside"))


def keep(row: DossierRow, reason: str, *, by: Member) -> HeldDecision:
    """Nothing changes; the reason says why. Raises NotAllowed, and NotPossible when somebody decided first."""
    with transaction.atomic():
        row = _locked(row, by)
        return _record(row, Decision.KEEP, reason, by=by)


def take_over(row: DossierRow, reason: str, *, by: Member) -> HeldDecision:
    """The content of the row becomes a new version of the dossier, as long as nobody answered that for good.

    Raises NotAllowed, and NotPossible when the handover was answered or somebody decided first.
    """
    with transaction.atomic():
        row = _locked(row, by)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        changed = _as_changed(row)
        record_changed([changed], replace(context_of(row.file), by=by))
        return _record(row, Decision.TAKE_OVER, reason, by=by)


def may_take_over(row: DossierRow) -> bool:
    """Whether the row speaks of the same person and sender as the dossier, and the dossier is not answered for good."""
    dossier = row.dossier
    if dossier is None or (dossier.v_number, dossier.supplier) != (row.v_number, row.supplier):
        return False
    handover = newest_handovers([dossier.pk]).get(dossier.pk)
    return handover is not None and why_held(dossier.case, handover) is None


def differences(row: DossierRow) -> list[Difference]:
    """Where the row and the dossier of the same person differ; nothing about another person, and no protected address."""
    dossier = row.dossier
    if dossier is None or dossier.v_number != row.v_number:
        return []
    offered_row = read_again(row)
    if offered_row is None:
        return []
    stored, offered = open_content(dossier.current.content), open_content(content_of(offered_row))
    return [
        _difference(column, stored, offered)
        for column in COLUMNS
        if column.name not in KEY_COLUMNS
        and column.field in stored
        and column.field in offered
        and not _same(stored[column.field], offered[column.field])
    ]


def read_again(row: DossierRow) -> GoodRow | None:
    """The row from the kept file: its content stands nowhere else. None when it is no longer good."""
    context = context_of(row.file)
    try:
        intake = open_intake(path_of(row.file.stored_as), required=context.rules.required)
        raw = next((raw for raw in intake.rows() if raw.number == row.row_number), None)
    except (FileRefused, OSError):
        return None
    judged = judge_row(raw, context.rules) if raw is not None else None
    return judged if isinstance(judged, GoodRow) else None


def newest_handover(dossier: Dossier) -> Handover | None:
    return newest_handovers([dossier.pk]).get(dossier.pk)


def _as_changed(row: DossierRow) -> ChangedRow:
    dossier, content = row.dossier, read_again(row)
    if dossier is None or content is None or not may_take_over(row):
        raise NotPossible(_too_late(row))
    case = lock_case(dossier.case_id)
    handover = newest_handovers([dossier.pk])[dossier.pk]
    if why_held(case, handover) is not None:
        raise NotPossible(_too_late(row))
    return ChangedRow(content, content.content_hash, Dossier.objects.get(pk=dossier.pk), case, handover)


def _too_late(row: DossierRow) -> str:
    if row.problem.get("code") == Held.OTHER_V_NUMBER:
        return _("This row is about another V-number. It cannot become a version of this dossier.")
    return _(
        "This dossier was answered in the meantime, or its case was closed. Its content can no longer be taken over."
    )


def _locked(row: DossierRow, by: Member) -> DossierRow:
    require_to(by, CAPABILITY)
    rows = DossierRow.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("file__uploaded_unit__organisation", "dossier__case").get(pk=row.pk)
    if row.file.uploaded_unit_id != by.acting_unit_id:
        raise NotAllowed(CAPABILITY)
    decided = HeldDecision.objects.filter(row=row).select_related("decided_by").first()
    if decided is not None:
        raise NotPossible(_("%(who)s decided about this row already.") % {"who": decided.decided_by})
    if row.verdict != Verdict.HELD:
        raise NotPossible(_("This row was not put aside. There is nothing to decide."))
    return row


def _record(row: DossierRow, decision: Decision, reason: str, *, by: Member) -> HeldDecision:
    if not reason.strip():
        raise NotPossible(_("Write why you decide this."))
    decided = HeldDecision(
        row=row,
        decision=decision,
        reason=reason.strip()[:500],
        decided_by=by,
        decided_unit=by.acting_unit,
        decided_at=clock.now(),
    )
    save_as(decided, by=by, reason=gettext_noop("Row decided"))
    if not DossierRow.objects.filter(file=row.file, verdict=Verdict.HELD.value, decision=None).exists():
        finish_tasks_of(_source(row.file), by=by, reason=gettext_noop("All rows decided"))
    return decided


def _source(file: DossierFile) -> str:
    return f"dossier-file:{file.pk}"


def _same(one: Any, other: Any) -> bool:
    return sorted(one) == sorted(other) if isinstance(one, list) and isinstance(other, list) else bool(one == other)


def _difference(column: Column, stored: Mapping[str, Any], offered: Mapping[str, Any]) -> Difference:
    if column.field in SENSITIVE_FIELDS:
        return Difference(column.name, MASKED, MASKED)
    return Difference(column.name, _shown(stored[column.field]), _shown(offered[column.field]))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(YES_NO[value])
    return ", ".join(value) if isinstance(value, list) else ("" if value is None else str(value))
