"""What the acts on answers share: the lock, the answer in force, the axis, and who is told."""

from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext_noop

from cases.case.actions import NewAxis, add_task, finish_tasks_of, set_axis
from cases.case.models import Axis, Removability, ReturnCase, TaskKind
from cases.procedure.models import RemovabilityAnswer
from cases.requests.common import still_there
from cases.requests.models import Request
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from partners.actions import notify

ASK_AGAIN = gettext_noop("Ask removability again")


def source_of(case: ReturnCase | int) -> str:
    """The source of the task to ask again: one per case."""
    return f"removability:{case if isinstance(case, int) else case.pk}"


def answer_in_force(case: ReturnCase) -> RemovabilityAnswer | None:
    return RemovabilityAnswer.objects.in_force().for_pages().filter(case=case).first()


def replace(former: RemovabilityAnswer | None, *, by: By, reason: str) -> None:
    if former is not None:
        former.replaced_at = clock.now()
        save_as(former, by=by, reason=reason)


def put_in_force(case: ReturnCase, asked: Request, answer: RemovabilityAnswer, *, by: By, reason: str) -> None:
    """Save the answer of a locked case, put the axis to it, and drop the task to ask again."""
    save_as(answer, by=by, reason=reason)
    source = asked.to_unit.full_name[:80]
    axis = NewAxis(Axis.REMOVABILITY, answer.value, clock.today(), source, valid_until=answer.valid_until)
    set_axis(case, axis, by=by, reason=reason)
    finish_tasks_of(source_of(case), by=by, reason=reason)


def unknown_again(case: ReturnCase, answer: RemovabilityAnswer, since: date, *, by: By, reason: str) -> None:
    """The axis of a locked case back to unknown; the source says which answer ended."""
    source = f"Leidraad ({answer.request.to_unit.full_name}, {localtime(answer.answered_at):%d-%m-%Y})"
    axis = NewAxis(Axis.REMOVABILITY, Removability.UNKNOWN, since, source[:80])
    set_axis(case, axis, by=by, reason=reason)


def ask_again(case: ReturnCase, due_at: datetime, *, by: By, reason: str) -> None:
    """The responsible unit's task to ask again; an open one moves forward when this is due earlier."""
    task = add_task(
        case,
        case.led_by,
        TaskKind.OTHER,
        ASK_AGAIN,
        by=by,
        due_at=due_at,
        assignee=still_there(case.director, case.led_by),
        source=source_of(case),
        url_name="cases:removability",
        url_arg=case.number,
        reason=reason,
    )
    if task.due_at is None or due_at < task.due_at:
        task.due_at = due_at
        save_as(task, by=by, reason=reason)


def tell_lead(case: ReturnCase, kind: str, *, by: By) -> None:
    """Tell the case's director while they work there, else the desk of the responsible unit."""
    member = still_there(case.director, case.led_by)
    notify(case.led_by, kind, by=by, member=member, case=case, url_name="cases:removability", url_arg=case.number)
