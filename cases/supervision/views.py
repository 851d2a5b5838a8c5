"""Screens S13 and S14: the day list, the list of the team, one task and its outcome."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.case.access import access_of, may
from cases.case.models import ReturnCase
from cases.requests.models import Request
from cases.requests.presentation import offer_facts
from cases.requests.states import AT_WORK, Status
from cases.supervision import actions, daylist, listing
from cases.supervision.forms import AssignForm, CorrectionForm, VisitForm
from cases.supervision.lines import TaskLine
from cases.supervision.models import Attempt, SupervisionTask
from cases.supervision.states import RESULTS, Outcome
from leidraad.lib import clock, events
from leidraad.lib.display import time_of_day
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from leidraad.lib.models import EventKind
from leidraad.lib.stale import version_sent
from partners.http import UserRequest, signed_in
from partners.policy import require_to


def found(request: UserRequest, pk: int) -> SupervisionTask:
    """A task of the acting unit; Http404 for everybody else."""
    return get_object_or_404(SupervisionTask.objects.visible_to(request.member).for_pages(), pk=pk)


FILTERS = ("toon",)


def log(request: UserRequest, task: SupervisionTask) -> None:
    route = events.route_of(request)
    events.record(EventKind.READ, request.member, case=task.request.case, route=route, detail={"task": task.pk})


# --- lists ----------------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def today(request: UserRequest) -> HttpResponse:
    require_to(request.member, "supervision.list")
    which = request.GET.get("toon", daylist.OPEN)
    counts = daylist.counts_of(request.member)
    groups = daylist.day_list(request.member, which)
    events.record_list(request, sum(len(group.tasks) for group in groups), filters=FILTERS)
    opened = request.GET.get("open", "")
    if not opened and which != daylist.DONE and groups:
        opened = str(groups[0].tasks[0].request.pk)
    context = {
        "groups": groups,
        "counts": counts,
        "which": which,
        "opened": opened,
        "progress_label": _("%(done)d of %(total)d done") % {"done": counts.done, "total": counts.total},
        "updated": _("updated %(time)s") % {"time": time_of_day(clock.now())},
        "viewed_at": None,
        "outcomes": OUTCOME_BUTTONS,
    }
    return render(request, "supervision/today.html", context)


# The four that fit under a thumb, then the rarer ones.
OUTCOME_BUTTONS = (
    (Outcome.FOUND, ""),
    (Outcome.NOT_FOUND, ""),
    (Outcome.THIRD_PARTY_STATEMENT, ""),
    (Outcome.FAILED, ""),
    (Outcome.WRONG_ADDRESS, "wide"),
    (Outcome.OTHER, "wide"),
)


@require_GET
@signed_in
def task_list(request: UserRequest) -> HttpResponse:
    require_to(request.member, "supervision.list")
    shown = listing.team_list(request.member, request.GET.get("toon", ""), after=request.GET.get("after"))
    events.record_list(request, len(shown.lines), filters=FILTERS)
    return render(request, "supervision/list.html", {"shown": shown, "page": shown.page, "tabs": listing.tabs()})


# --- one task -------------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def detail(request: UserRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    log(request, task)
    return render(request, "supervision/detail.html", _page(request, task))


def _line(request: UserRequest, task: SupervisionTask) -> TaskLine:
    (line,) = daylist.lines_of(request.member, Request.objects.filter(pk=task.request_id))
    return line


def _page(request: UserRequest, task: SupervisionTask) -> dict[str, Any]:
    member, line = request.member, _line(request, task)
    access = access_of(member, task.request.case)
    works = task.request.status in AT_WORK and access.can("supervision.change")
    accepted = task.request.status == Status.ACCEPTED
    return {
        "task": task,
        "line": line,
        "facts": offer_facts(task.request),
        "attempts": line.attempts,
        "undoable": undoable(line) if works else None,
        "outcomes": OUTCOME_BUTTONS,
        "may_correct": works and task.request.status == Status.REPORTED_READY,
        "may_take": accepted and works and task.assignee_id != member.pk,
        "assign_form": AssignForm(task=task) if accepted and access.can("supervision.assign") else None,
        "case_url": reverse("cases:detail", args=[task.request.case.number]) if access.sees_case else "",
        "viewed_at": clock.now(),
    }


def undoable(line: TaskLine) -> Attempt | None:
    """The last visit, while it may still be taken back."""
    last = line.attempts[-1] if line.attempts else None
    return last if last is not None and last.may_be_undone else None


@require_http_methods(["GET", "POST"])
@signed_in
def outcome(request: UserRequest, pk: int) -> HttpResponse:
    """S14: the outcome was chosen with a button; this page is its own confirmation."""
    task = found(request, pk)
    refusal = _why_not(task)
    if refusal:
        messages.error(request, refusal)
        return redirect("supervision:detail", task.pk)
    _require_worker(request, task)
    correcting = task.request.status == Status.REPORTED_READY
    sent = request.POST if request.method == "POST" else request.GET
    chosen = sent.get("outcome", "")
    if chosen not in (RESULTS if correcting else Outcome.values):
        log(request, task)
        return _choose(request, task, correcting)
    form_class = CorrectionForm if correcting else VisitForm
    form = form_class(request.POST if request.method == "POST" else None, outcome=chosen)
    if not form.is_bound:
        log(request, task)
        return _outcome_page(request, task, form, chosen)
    if not form.is_valid():
        return _outcome_page(request, task, form, chosen, status=422)
    return _record(request, task, form, chosen)


def _require_worker(request: UserRequest, task: SupervisionTask) -> None:
    if not may(request.member, "supervision.change", task.request.case):
        raise NotAllowed("supervision.change", task.request.case)


def _why_not(task: SupervisionTask) -> str:
    """Why no outcome can be stated now; "" when it can."""
    if task.request.status not in AT_WORK:
        return task.request.why_no_longer()
    if task.request.status == Status.ACCEPTED and task.outcome:
        return _("An outcome is recorded already and waits to be sent. Restore it first.")
    return ""


def _record(request: UserRequest, task: SupervisionTask, form: VisitForm, chosen: str) -> HttpResponse:
    version = version_sent(request.POST)
    try:
        if isinstance(form, CorrectionForm):
            reason = form.cleaned_data["reason"]
            actions.correct_outcome(task, form.visit(), reason, by=request.member, version=version)
            messages.success(request, _("Corrected. %(unit)s has been told.") % _asker(task))
        else:
            attempt = actions.record_outcome(task, form.visit(), by=request.member, version=version)
            messages.success(request, _recorded(attempt, task))
    except Stale as stale:
        messages.error(request, str(stale))
        return _outcome_page(request, found(request, task.pk), form, chosen, status=409)
    except NotPossible as error:
        messages.error(request, str(error))
    except ReturnCase.DoesNotExist as gone:  # access ended while the act waited for the lock
        raise Http404 from gone
    return redirect("supervision:detail", task.pk)


def _asker(task: SupervisionTask) -> dict[str, str]:
    return {"unit": task.request.from_unit.full_name}


def _recorded(attempt: Attempt, task: SupervisionTask) -> str:
    until = {"time": time_of_day(attempt.undo_until)}
    if attempt.outcome == Outcome.FAILED:
        return _("Recorded. The task stays open. Restoring is possible until %(time)s.") % until
    return _("Recorded. %(unit)s is told at %(time)s. Until then you can restore it.") % (until | _asker(task))


def _choose(request: UserRequest, task: SupervisionTask, correcting: bool) -> HttpResponse:
    buttons = [button for button in OUTCOME_BUTTONS if button[0] in RESULTS] if correcting else OUTCOME_BUTTONS
    context = {"task": task, "line": _line(request, task), "outcomes": buttons, "correcting": correcting}
    return render(request, "supervision/choose.html", context)


def _outcome_page(
    request: UserRequest, task: SupervisionTask, form: VisitForm, chosen: str, status: int = 200
) -> HttpResponse:
    context = {
        "task": task,
        "line": _line(request, task),
        "form": form,
        "chosen": Outcome(chosen),
        "correcting": isinstance(form, CorrectionForm),
        "stays_open": chosen == Outcome.FAILED,
    }
    return render(request, "supervision/outcome.html", context, status=status)


# --- acts -----------------------------------------------------------------------------------------------------------


def _meant(request: UserRequest, task: SupervisionTask) -> Attempt:
    """The visit that the page showed, so that nobody sends or takes back another one; without it the last one.

    Http404 for a visit of another task, and for a task without one.
    """
    found, sent = task.attempts.select_related("task__request"), request.POST.get("attempt", "")
    if sent:
        return get_object_or_404(found, pk=int(sent) if sent.isdecimal() and len(sent) <= 18 else 0)
    attempt = found.standing().order_by("-pk").first()
    if attempt is None:
        raise Http404
    return attempt


@require_POST
@signed_in
def undo(request: UserRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    try:
        actions.undo_outcome(_meant(request, task), by=request.member)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Restored. Nobody was told; the task is open again."))
    return redirect("supervision:detail", task.pk)


@require_POST
@signed_in
def send(request: UserRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    try:
        actions.send_outcome(_meant(request, task), by=request.member)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Sent. %(unit)s has been told.") % _asker(task))
    return redirect("supervision:detail", task.pk)


@require_POST
@signed_in
def assign(request: UserRequest, pk: int) -> HttpResponse:
    """The chief gives the task to a member; an officer takes it by posting themselves."""
    task = found(request, pk)
    form = AssignForm(request.POST, task=task)
    if not form.is_valid():
        messages.error(request, _("Choose one of the members of the team."))
        return redirect("supervision:detail", task.pk)
    try:
        actions.assign_task(task, form.chosen, by=request.member, version=version_sent(request.POST))
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Assigned."))
    return redirect("supervision:detail", task.pk)
