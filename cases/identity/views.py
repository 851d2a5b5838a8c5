"""Where the owner of a fact answers a report of an error: what is doubted, what stands here, and the answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.case.access import Access, access_of
from cases.identity.fields import FIELDS
from cases.identity.forms import AnswerForm
from cases.identity.models import ErrorReport
from cases.identity.reporting import answer_report
from cases.identity.sources import Known, known_today
from cases.requests.actions import open_request
from cases.requests.common import may_answer, require_receiver
from cases.requests.models import Request
from cases.requests.presentation import offer_facts, person_line
from cases.requests.registry import result_of
from cases.requests.states import Status, may_follow
from cases.requests.views import seen_version
from cases.requests.words import status_sentence, turn_sentence
from leidraad.lib import clock, events
from leidraad.lib.display import v_number
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in

RELATED = ("kind", "case__person", "case__led_by__organisation", "from_unit__organisation", "to_unit__organisation")


def found(request: UserRequest, pk: int) -> tuple[Request, ErrorReport]:
    """A report to the acting unit, by the key of its request; Http404 for everybody else, who reported it included."""
    asked = get_object_or_404(Request.objects.asked_of(request.member).select_related(*RELATED), pk=pk)
    report = get_object_or_404(ErrorReport.objects.select_related("conflict"), request=asked)
    report.request, report.case = asked, asked.case
    return asked, report


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: UserRequest, pk: int) -> HttpResponse:
    asked, report = found(request, pk)
    known, field = known_today(), FIELDS[report.field]
    if request.method == "GET":
        open_request(asked, by=request.member)
        events.record(
            EventKind.READ,
            request.member,
            case=asked.case,
            route=events.route_of(request),
            detail={"request": asked.pk},
        )
        return _page(request, report, known, AnswerForm(field=field, known=known))
    require_receiver(request.member, asked)
    if asked.status != Status.ACCEPTED:
        messages.error(request, asked.why_no_longer())
        return redirect("identity:report", asked.pk)
    form = AnswerForm(request.POST, field=field, known=known)
    if not form.is_valid():
        return _page(request, report, known, form, status=422)
    try:
        answer_report(report, form.answer, by=request.member, version=seen_version(request))
    except Stale as stale:
        messages.error(request, str(stale))
        return _page(request, found(request, asked.pk)[1], known, form, status=409)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Answered. %(unit)s has been told.") % {"unit": asked.from_unit.full_name})
    return redirect("identity:report", asked.pk)


def _page(request: UserRequest, report: ErrorReport, known: Known, form: AnswerForm, status: int = 200) -> HttpResponse:
    asked, member = report.request, request.member
    access, answers = access_of(member, asked.case), may_answer(member, asked)
    at_work = answers and asked.status == Status.ACCEPTED
    context = {
        "asked": asked,
        "person": person_line(asked.person),
        "sentence": status_sentence(asked),
        "turn": turn_sentence(asked),
        "facts": offer_facts(asked),
        "doubted": _doubted(report, access, known),
        "result": result_of(asked) if report.outcome else [],
        "case_url": reverse("cases:detail", args=[asked.case.number]) if access.sees_case else "",
        "form": form if at_work else None,
        "may_accept": answers and may_follow(asked.status, Status.ACCEPTED),
        "may_refuse": answers and may_follow(asked.status, Status.DECLINED),
        "may_end": answers and may_follow(asked.status, Status.NOT_POSSIBLE),
        "viewed_at": clock.now() if request.method == "GET" else None,
    }
    return render(request, "identity/report.html", context, status=status)


def _doubted(report: ErrorReport, access: Access, known: Known) -> list[tuple[str, Any]]:
    """What stands here and what it should be: once the unit takes part, and while it answers. Before, only which fact it is."""
    field = FIELDS[report.field]
    facts: list[tuple[str, Any]] = [(_("Fact"), field.label)]
    if not access.can("identity.view"):
        return facts
    return [
        *facts,
        (_("V-number"), v_number(report.case.person.v_number)),
        (_("Case"), report.case.number),
        (_("Stands here"), field.words(report.stored_value)),
        (_("Source"), known.source_words(report.stored_source)),
        (_("Should be, according to who reports it"), report.proposed_value),
    ]
