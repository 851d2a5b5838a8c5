"""Screens S31 and S32: asking, the inbox, one request and its course."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.case.history import history_of
from cases.case.models import ReturnCase
from cases.requests import actions, listing
from cases.requests.common import (
    may_answer,
    may_decide,
    may_withdraw,
    require_asker,
    require_receiver,
    require_withdrawer,
)
from cases.requests.forms import ReasonForm
from cases.requests.models import Request
from cases.requests.presentation import badges, course, offer_facts, person_line, who
from cases.requests.registry import followed_at, result_of, work_url
from cases.requests.states import Status, may_follow
from cases.requests.words import status_sentence, turn_sentence
from leidraad.lib import clock, events
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.models import EventKind
from leidraad.lib.stale import version_sent
from partners.http import UserRequest, signed_in
from partners.policy import may_do, require_to

FILTERS = ("lijst", "staat")
RELATED = ("kind", "case__person", "case__led_by", "from_unit__organisation", "to_unit__organisation", "place_unit")


def found(request: UserRequest, pk: int) -> Request:
    """A request of the acting unit; Http404 for everybody else."""
    return get_object_or_404(Request.objects.visible_to(request.member).select_related(*RELATED), pk=pk)


def log(request: UserRequest, kind: EventKind, asked: Request) -> None:
    route = events.route_of(request)
    events.record(kind, request.member, case=asked.case, route=route, detail={"request": asked.pk})


@require_GET
@signed_in
def inbox(request: UserRequest) -> HttpResponse:
    """Both lists in short, or one of them page by page."""
    require_to(request.member, "requests.list")
    key, ended = request.GET.get("lijst", ""), request.GET.get("staat") == listing.ENDED
    context: dict[str, Any] = {"received": listing.RECEIVED, "made": listing.MADE}
    if key in (listing.RECEIVED, listing.MADE):
        whole = listing.whole_list(request.member, key, ended=ended, after=request.GET.get("after"))
        events.record_list(request, len(whole.lines), filters=FILTERS)
        return render(request, "requests/list.html", context | {"list": whole, "page": whole.page})
    lists = [listing.first_lines(request.member, key) for key in (listing.RECEIVED, listing.MADE)]
    events.record_list(request, sum(len(one.lines) for one in lists))
    return render(request, "requests/inbox.html", context | {"lists": lists})


@require_GET
@signed_in
def detail(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    actions.open_request(asked, by=request.member)
    log(request, EventKind.READ, asked)
    return render(request, "requests/detail.html", _page(request, asked))


def _page(request: UserRequest, asked: Request) -> dict[str, Any]:
    member = request.member
    steps = list(asked.steps.select_related("member", "unit__organisation").order_by("pk"))
    sees_case = ReturnCase.objects.visible_to(member).filter(pk=asked.case_id).exists()
    answers, decides = may_answer(member, asked), may_decide(member, asked)
    received = asked.to_unit_id == member.acting_unit_id
    at_work = work_url(asked) if received else ""
    may = {
        "accept": answers and may_follow(asked.status, Status.ACCEPTED),
        "decline": answers and may_follow(asked.status, Status.DECLINED),
        "not_possible": answers and may_follow(asked.status, Status.NOT_POSSIBLE),
        "withdraw": may_withdraw(member, asked) and may_follow(asked.status, Status.WITHDRAWN),
        "confirm": decides and may_follow(asked.status, Status.DONE),
    }
    return {
        "asked": asked,
        "person": person_line(asked.person),
        "received": received,
        "sentence": status_sentence(asked),
        "turn": turn_sentence(asked),
        "facts": offer_facts(asked),
        "badges": badges(asked),
        "steps": course(asked, steps),
        "result": result_of(asked),
        "case_url": reverse("cases:detail", args=[asked.case.number]) if sees_case else "",
        "work_url": at_work,
        "may": may,
        "acts": bool(at_work) or any(may.values()),
        "viewed_at": clock.now(),
        "print_title": str(asked.kind),
    }


@require_GET
@signed_in
def history(request: UserRequest, pk: int) -> HttpResponse:
    """Both parties read the whole history of their request, whatever else of the case is open to them."""
    asked = found(request, pk)
    log(request, EventKind.HISTORY, asked)
    changes = history_of(asked, request.member, can=lambda _capability: True, sees_persons=True)
    context = {"asked": asked, "changes": changes, "person": person_line(asked.person), "viewed_at": clock.now()}
    return render(request, "requests/history.html", context)


# --- acts -----------------------------------------------------------------------------------------------------------


def seen_version(request: UserRequest) -> int:
    return version_sent(request.POST)


def back_to(request: UserRequest, asked: Request) -> str:
    """The page that posted, when it says so and lies here; else the request."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("requests:detail", args=[asked.pk])


@require_POST
@signed_in
def accept(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    try:
        actions.accept_request(asked, by=request.member, version=seen_version(request))
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Accepted. %(unit)s has been told.") % {"unit": asked.from_unit.full_name})
    return redirect(back_to(request, asked))


@require_http_methods(["GET", "POST"])
@signed_in
def decline(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    require_receiver(request.member, asked)
    return _with_reason(
        request,
        asked,
        act=actions.decline_request,
        question=_("Decline this request?"),
        button=_("Decline request"),
        effect=_("Reads that you declined, and why."),
        done=_("Declined. %(unit)s has been told."),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def not_possible(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    require_receiver(request.member, asked)
    return _with_reason(
        request,
        asked,
        act=actions.not_possible,
        question=_("Report that this is not possible?"),
        button=_("Report as not possible"),
        effect=_("Reads that it is not possible, and why. Your access to the case ends."),
        done=_("Reported as not possible. %(unit)s has been told."),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Request.objects.taken_back_by(request.member).select_related(*RELATED), pk=pk)
    require_withdrawer(request.member, asked)
    return _with_reason(
        request,
        asked,
        act=actions.withdraw_request,
        question=_("Withdraw this request?"),
        button=_("Withdraw request"),
        effect=_("Reads that you withdrew the request, and why. Access to the case for this work ends."),
        done=_("Withdrawn. %(unit)s has been told."),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def confirm(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    require_asker(request.member, asked)
    if request.method == "POST":
        try:
            actions.confirm_request(asked, by=request.member, version=seen_version(request))
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Confirmed. The request is done."))
        return redirect("requests:detail", asked.pk)
    effect = _("Reads that the request is done. Access to the case for this work ends.")
    log(request, EventKind.READ, asked)
    return _ask(request, asked, _("Confirm this report?"), _("Confirm report"), effect, facts=result_of(asked))


Act = Callable[..., Request]


def _with_reason(
    request: UserRequest, asked: Request, *, act: Act, question: str, button: str, effect: str, done: str
) -> HttpResponse:
    """A page that asks for the reason and says who will read it; on POST the act itself."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        log(request, EventKind.READ, asked)
        return _ask(request, asked, question, button, effect, form=form)
    if not form.is_valid():
        return _ask(request, asked, question, button, effect, form=form, status=422)
    try:
        act(asked, form.cleaned_data["reason"], by=request.member, version=seen_version(request))
    except Stale as stale:
        messages.error(request, str(stale))
        return _ask(request, stale.current, question, button, effect, form=form, status=409)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        other = asked.from_unit if asked.to_unit_id == request.member.acting_unit_id else asked.to_unit
        messages.success(request, done % {"unit": other.full_name})
    return redirect(_page_of(request, asked))


def _page_of(request: UserRequest, asked: Request) -> str:
    """The request, or where its course is followed by who lists no requests."""
    if may_do(request.member, "requests.list"):
        return reverse("requests:detail", args=[asked.pk])
    name, argument = followed_at(asked)
    return reverse(name, args=[argument])


def _ask(
    request: UserRequest,
    asked: Request,
    question: str,
    button: str,
    effect: str,
    *,
    form: ReasonForm | None = None,
    facts: Any = None,
    status: int = 200,
) -> HttpResponse:
    other = asked.from_unit if asked.to_unit_id == request.member.acting_unit_id else asked.to_unit
    context = {
        "question": question,
        "button": button,
        "form": form,
        "text": f"{asked.kind}: {asked.person.full_name}, {who(asked.person)}.",
        "facts": facts,
        "receivers": [{"organisation": other.organisation.short_name, "who": other.name, "what": effect}],
        "hidden": {"seen_version": asked.version},
        "back_url": _page_of(request, asked),
        "asked": asked,
    }
    return render(request, "confirm.html", context, status=status)
