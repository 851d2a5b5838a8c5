"""What this room does with the requests it works on: registered with `cases.requests` at start."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_stubs_ext import StrOrPromise

from cases.case.closing import on_close
from cases.case.models import TaskKind
from cases.requests.models import Request
from cases.requests.registry import Work, Worker, register_keeper, register_worker
from cases.supervision import duties, measure_actions
from cases.supervision.models import Attempt, SupervisionTask
from cases.supervision.states import NextStep, Outcome, TaskType
from leidraad.lib.audit import save_as
from leidraad.lib.display import date_time
from partners.models import Member
from partners.policy import may_do


def register() -> None:
    """Called once when the app is ready."""
    worker = Worker(begin=begin, result=result, work_url=work_url)
    for kind in TaskType.values:
        register_worker(kind, worker)
    for kept in (duties, measure_actions):
        register_keeper(kept.keeps_part)
        on_close(kept.end_with_case)


def begin(request: Request, by: Member) -> Work:
    """Open the task. Who accepts takes it, unless they divide the team's work: then it waits to be assigned."""
    assignee = None if may_do(by, "caseload.change") else by
    task = SupervisionTask(request=request, type=request.kind.code, assignee=assignee)
    save_as(task, by=by, reason=gettext_noop("Request accepted"))
    return Work(
        title=request.kind.name_en,
        task_kind=TaskKind.SUPERVISION,
        url_name="supervision:detail",
        url_arg=str(task.pk),
        assignee=assignee,
    )


def result(request: Request) -> Sequence[tuple[StrOrPromise, object]]:
    """What the asker reads: the outcome in force with its visit, and earlier visits without result."""
    attempts = list(Attempt.objects.standing().filter(task__request=request).order_by("-pk"))
    sent = next((attempt for attempt in attempts if attempt.sent_at is not None), None)
    if sent is None:
        return []
    lines: list[tuple[StrOrPromise, object]] = [
        (_("Outcome"), sent.get_outcome_display()),
        (_("When"), date_time(sent.at)),
        (_("With whom"), sent.with_whom),
        (_("Explanation"), sent.note),
        (_("Proposed next step"), NextStep(sent.next_step).label),
    ]
    if sent.corrects_id:
        lines.append((_("Corrected because"), sent.correction_reason))
    failed = [date_time(attempt.at) for attempt in attempts if attempt.outcome == Outcome.FAILED]
    if failed:
        lines.append((_("Earlier attempts without result"), "; ".join(reversed(failed))))
    return lines


def work_url(request: Request) -> str:
    task = SupervisionTask.objects.filter(request=request).first()
    return reverse("supervision:detail", args=[task.pk]) if task else ""
