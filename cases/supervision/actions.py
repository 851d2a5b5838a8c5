"""What may happen to a supervision task: an outcome recorded, taken back, sent, corrected; the task assigned.

Everything runs under the case row's lock. An outcome is told to nobody for ten minutes; when they end, or at once when the
officer says so, the request becomes reported ready. Recording what happened is never refused by a guard.
"""

from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.models import ReturnCase, Task
from cases.requests.actions import mark_reported, note_correction
from cases.requests.common import locked as locked_request
from cases.requests.common import still_there
from cases.requests.states import Status
from cases.supervision.models import UNDO_FOR, Attempt, SupervisionTask
from cases.supervision.states import RESULTS, NextStep, Outcome
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.actions import notify
from partners.models import Member, valid_on

logger = structlog.get_logger(__name__)

PRINCIPAL = "send_due_outcomes"


@dataclass(frozen=True)
class Visit:
    """What the officer states about one visit."""

    outcome: str
    at: datetime
    with_whom: str = ""
    note: str = ""
    next_step: str = NextStep.NONE


@transaction.atomic
def record_outcome(task: SupervisionTask, visit: Visit, *, by: Member, version: int | None = None) -> Attempt:
    """State what came of a visit. A result leaves after ten minutes; an attempt without result leaves the task open."""
    case, task = locked(task)
    _require_worker(by, case, task)
    if task.request.status != Status.ACCEPTED:
        raise NotPossible(task.request.why_no_longer())
    if task.outcome:
        raise NotPossible(_("An outcome is recorded already and waits to be sent. Restore it first."))
    _check_version(task, version)
    _check_visit(task, visit)
    attempt = _attempt(task, visit, by)
    save_as(attempt, by=by, reason=gettext_noop("Outcome recorded"))
    if visit.outcome in RESULTS:
        task.outcome = visit.outcome
        save_as(task, by=by, reason=gettext_noop("Outcome recorded"))
    return attempt


@transaction.atomic
def undo_outcome(attempt: Attempt, *, by: Member) -> SupervisionTask:
    """Take an outcome back within its ten minutes; nobody was told. Raises NotPossible once it has been sent."""
    case, task = locked(attempt.task)
    attempt = task.attempts.get(pk=attempt.pk)
    _require_worker(by, case, task)
    if attempt.undone_at is not None:
        raise NotPossible(_("This outcome was restored already."))
    if attempt.sent_at is not None:
        raise NotPossible(_("This outcome has been sent. You can still correct it, with a reason."))
    if clock.now() >= attempt.undo_until:
        raise NotPossible(_("The ten minutes are over. You can still correct the outcome, with a reason."))
    attempt.undone_at, attempt.undone_by = clock.now(), by
    save_as(attempt, by=by, reason=gettext_noop("Outcome taken back"))
    if attempt.outcome in RESULTS:
        task.outcome = ""
        save_as(task, by=by, reason=gettext_noop("Outcome taken back"))
    return task


@transaction.atomic
def send_outcome(attempt: Attempt, *, by: Member) -> SupervisionTask:
    """Send a recorded result now instead of when its ten minutes end. Sending what was sent changes nothing."""
    case, task = locked(attempt.task)
    attempt = task.attempts.get(pk=attempt.pk)
    _require_worker(by, case, task)
    if attempt.sent_at is not None:
        return task
    if attempt.undone_at is not None or attempt.outcome not in RESULTS:
        raise NotPossible(_("There is no outcome to send."))
    _send(case, task, attempt, by=by)
    return task


def send_due_outcomes() -> int:
    """Send every result whose ten minutes are over. Two of these at once send each result once. Returns how many it sent."""
    sent = 0
    for pk in Attempt.objects.due_to_send().order_by("undo_until", "pk").values_list("pk", flat=True):
        try:
            sent += _send_one(pk)
        except Exception:  # one faulty row must not keep the others waiting
            logger.exception("outcome_not_sent", attempt=pk)
    return sent


@transaction.atomic
def _send_one(pk: int) -> bool:
    case, task = locked(Attempt.objects.select_related("task__request").get(pk=pk).task)
    # Decided again under the lock: it may have been taken back, sent or withdrawn since the rows were listed.
    attempt = Attempt.objects.due_to_send().filter(pk=pk).select_related("by").first()
    if attempt is None:
        return False
    _send(case, task, attempt, by=PRINCIPAL)
    return True


def _send(case: ReturnCase, task: SupervisionTask, attempt: Attempt, *, by: By) -> None:
    attempt.sent_at = clock.now()
    attempt.contact_before = case.last_contact_on
    save_as(attempt, by=by, reason=gettext_noop("Outcome sent"))
    mark_reported(case, task.request, by=by, member=_acting_as_then(attempt, task))
    if attempt.outcome == Outcome.FOUND:
        _note_contact(case, attempt, by=by)


def _acting_as_then(attempt: Attempt, task: SupervisionTask) -> Member:
    """Who recorded it, as a member of the unit that did the work, whatever else they work as now."""
    unit = task.request.to_unit
    membership = attempt.by.memberships.filter(unit=unit).select_related("unit__organisation", "role").first()
    return attempt.by.work_as(membership) if membership else attempt.by


def _note_contact(case: ReturnCase, attempt: Attempt, *, by: By) -> None:
    day = _day(attempt)
    if case.last_contact_on is None or case.last_contact_on < day:
        case.last_contact_on = day
        save_as(case, by=by, reason=gettext_noop("Found by the police"))


def _day(attempt: Attempt) -> date:
    return attempt.at.astimezone(clock.now().tzinfo).date()


@transaction.atomic
def correct_outcome(
    task: SupervisionTask, visit: Visit, reason: str, *, by: Member, version: int | None = None
) -> Attempt:
    """Replace an outcome that was sent, with a reason. The asker is told at once; the former outcome stays on record."""
    case, task = locked(task)
    _require_worker(by, case, task)
    if task.request.status != Status.REPORTED_READY:
        raise NotPossible(task.request.why_no_longer())
    _check_version(task, version)
    if not reason.strip():
        raise NotPossible(_("Say why you correct the outcome. The asker reads it."))
    if visit.outcome not in RESULTS:
        raise NotPossible(_("An outcome that was sent can only become another result."))
    _check_visit(task, visit)
    former = task.attempts.standing().filter(sent_at__isnull=False).order_by("-pk")[0]
    attempt = _attempt(task, visit, by)
    attempt.sent_at, attempt.corrects, attempt.correction_reason = clock.now(), former, reason.strip()
    _take_back_contact(case, former, by=by)
    attempt.contact_before = case.last_contact_on
    save_as(attempt, by=by, reason=reason.strip())
    task.outcome = visit.outcome
    save_as(task, by=by, reason=reason.strip())
    if visit.outcome == Outcome.FOUND:
        _note_contact(case, attempt, by=by)
    note_correction(task.request, reason.strip(), by=by)
    return attempt


def _take_back_contact(case: ReturnCase, former: Attempt, *, by: By) -> None:
    """Undo what a wrong "found" did to the last contact, unless somebody has noted a later one."""
    if former.outcome != Outcome.FOUND or case.last_contact_on != _day(former):
        return
    if case.last_contact_on != former.contact_before:
        case.last_contact_on = former.contact_before
        save_as(case, by=by, reason=gettext_noop("Outcome corrected"))


@transaction.atomic
def assign_task(
    task: SupervisionTask, assignee: Member | None, *, by: Member, version: int | None = None
) -> SupervisionTask:
    """Give the task to a member of the unit (or to nobody). The chief gives it to anybody, an officer takes it themselves."""
    case, task = locked(task)
    if assignee is not None and assignee.pk == by.pk:
        _require_worker(by, case, task)
    else:
        _require_unit(by, task)
        require(by, "supervision.assign", case)
    if task.request.status != Status.ACCEPTED:
        raise NotPossible(task.request.why_no_longer())
    _check_version(task, version)
    if assignee is not None and still_there(assignee, task.request.to_unit) is None:
        raise NotPossible(_("%(member)s does not work in this team.") % {"member": assignee})
    task.assignee = assignee
    save_as(task, by=by, reason=gettext_noop("Task assigned"))
    for work in Task.objects.open().filter(source=task.request.source, unit=task.request.to_unit):
        work.assignee = assignee
        save_as(work, by=by, reason=gettext_noop("Task assigned"))
    if assignee is not None and assignee.pk != by.pk:
        unit = task.request.to_unit
        notify(
            unit, "supervision_assigned", by=by, member=assignee, case=case,
            url_name="supervision:detail", url_arg=str(task.pk),
        )  # fmt: skip
    return task


def colleagues(task: SupervisionTask) -> list[Member]:
    """Who may be given the task: members of the unit today."""
    today = valid_on(clock.today())
    ids = task.request.to_unit.memberships.filter(today).values("member")
    return list(Member.objects.filter(is_active=True, pk__in=ids).order_by("display_name"))


# --- what they share ------------------------------------------------------------------------------------------------


def locked(task: SupervisionTask) -> tuple[ReturnCase, SupervisionTask]:
    """The case row, locked until the transaction ends, and the task with its request as they are stored now."""
    case, request = locked_request(task.request)
    found = SupervisionTask.objects.select_related("assignee").get(pk=task.pk)
    found.request = request
    return case, found


def _require_unit(by: Member, task: SupervisionTask) -> None:
    if by.acting_unit_id != task.request.to_unit_id:
        raise NotAllowed("supervision.change")


def _require_worker(by: Member, case: ReturnCase, task: SupervisionTask) -> None:
    """A member of the unit that accepted, whose role works on supervision while the unit's part in the case runs."""
    _require_unit(by, task)
    if task.request.status not in (Status.ACCEPTED, Status.REPORTED_READY):
        raise NotPossible(task.request.why_no_longer())
    require(by, "supervision.change", case)


def _check_version(task: SupervisionTask, version: int | None) -> None:
    if version is not None and task.version != version:
        raise Stale(task)


def _check_visit(task: SupervisionTask, visit: Visit) -> None:
    if visit.outcome not in Outcome.values:
        raise NotPossible(_("Choose what the outcome is."))
    if visit.next_step not in NextStep.values:
        raise NotPossible(_("Choose a proposed next step."))
    if visit.at > clock.now():
        raise NotPossible(_("The time of the visit lies in the future."))
    # Forms know no seconds: a visit in the minute of the request is not before it.
    if visit.at < task.request.offered_at.replace(second=0, microsecond=0):
        raise NotPossible(_("The time of the visit lies before the request was made."))
    if visit.outcome == Outcome.OTHER and not visit.note.strip():
        raise NotPossible(_("Describe the other outcome in the explanation."))


def _attempt(task: SupervisionTask, visit: Visit, by: Member) -> Attempt:
    return Attempt(
        task=task,
        at=visit.at,
        outcome=visit.outcome,
        with_whom=visit.with_whom.strip(),
        note=visit.note.strip(),
        next_step=visit.next_step,
        by=by,
        recorded_at=clock.now(),
        undo_until=clock.now() + UNDO_FOR,
    )
