"""S26 Inzagen: who looked, where and with what reason. For control only, never to judge how somebody works."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from leidraad.lib import clock, display, events
from leidraad.lib.csv_file import csv_text
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.forms import Form, TextField
from leidraad.lib.models import Event, EventKind
from leidraad.lib.pagination import capped_count, keyset_page
from leidraad.lib.stale import version_sent
from leidraad.pages import look_acts
from leidraad.pages.case_filters import as_text
from leidraad.pages.look_rows import ORDER, Look, LookFilterForm, look_of, looks_of
from leidraad.pages.look_signals import signals_of
from leidraad.pages.models import LookReview
from partners.http import UserRequest, signed_in
from partners.policy import may_do, require_to

VIEW, EXPORT = "looks.view", "looks.export"
MOST_EXPORTED = 10_000
OWN_QUESTIONS = 50


class WordsForm(Form):
    """One text, for a question, an answer or a judgement."""

    words = TextField(label="", rows=3, max_length=1000)

    def __init__(self, data: Any, *, label: str, required: str, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix or None)
        self.fields["words"].label = label
        self.fields["words"].error_messages["required"] = required


class ExportForm(Form):
    purpose = TextField(
        label=gettext_lazy("What do you need this file for?"),
        max_length=200,
        required_message=gettext_lazy("Write what you need the file for."),
    )


# --- lists ------------------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def look_list(request: UserRequest) -> HttpResponse:
    require_to(request.member, VIEW)
    form = LookFilterForm(request.GET)
    rows = form.rows()
    page = keyset_page(rows, order=ORDER, after=request.GET.get("after"))
    events.record_list(request, len(page), filters=form.fields)
    context = {
        "form": form,
        "filter_form": form,
        "page": page,
        "looks": looks_of(page.rows, linked=True),
        "count": as_text(capped_count(rows)),
        "query": request.GET.urlencode(),
        "may_export": may_do(request.member, EXPORT),
    }
    return render(request, "pages/looks/list.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def signals(request: UserRequest) -> HttpResponse:
    """Over the same period as the list; the other filters do not count here."""
    require_to(request.member, VIEW)
    form = LookFilterForm({name: request.GET.get(name, "") for name in ("van", "tot")})
    for name in ("lid", "organisatie", "zaak", "soort"):
        del form.fields[name]
    found = signals_of(form.rows_in_period())
    events.record_list(request, sum(len(one.lines) for one in found), filters=form.fields)
    context = {"form": form, "filter_form": form, "signals": found}
    return render(request, "pages/looks/signals.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def own(request: UserRequest) -> HttpResponse:
    """What the member looked at, and what was asked about it."""
    member = request.member
    page = keyset_page(Event.objects.filter(member_id=member.pk), order=ORDER, after=request.GET.get("after"))
    asked = LookReview.objects.filter(member=member).exclude(asked_at=None).order_by("-asked_at")[:OWN_QUESTIONS]
    events.record_list(request, len(page))
    context = {"page": page, "looks": looks_of(page.rows, linked=False), "asked": list(asked)}
    return render(request, "pages/looks/own.html", context)


# --- one look ---------------------------------------------------------------------------------------------------------


def _event(pk: int) -> Event:
    return get_object_or_404(Event, pk=pk)


ACTS = {"ask": look_acts.ask_explanation, "judge": look_acts.judge_look}


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: UserRequest, pk: int) -> HttpResponse:
    """The look in full; a question to the member and the judgement are sent from here."""
    require_to(request.member, VIEW)
    event = _event(pk)
    act = request.POST.get("act", "")
    forms = {name: _words(request, name, name == act) for name in ACTS}
    if act in ACTS and forms[act].is_valid():
        try:
            ACTS[act](event, forms[act].cleaned_data["words"], by=request.member, version=version_sent(request.POST))
        except (NotPossible, Stale) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The question is sent.") if act == "ask" else _("The judgement is recorded."))
        return redirect("looks:detail", pk)
    events.record(EventKind.READ, request.member, route="looks:detail", detail={"event": pk})
    review = LookReview.objects.filter(event_id=pk).select_related("asked_by", "judged_by", "member").first()
    context = {
        "look": look_of(event, review, linked=False),
        "review": review,
        "version": review.version if review else 0,
        "is_own": event.member_id == request.member.pk,
        "may_ask": event.member_id is not None and event.unit_id is not None,
        "may_change": may_do(request.member, look_acts.CAPABILITY),
        "ask_form": forms["ask"],
        "judge_form": forms["judge"],
        "forms": [form for form in forms.values() if form.is_bound],
    }
    return render(request, "pages/looks/detail.html", context, status=422 if request.method == "POST" else 200)


def _words(request: UserRequest, name: str, is_sent: bool) -> WordsForm:
    data = request.POST if is_sent else None
    if name == "ask":
        return WordsForm(data, label=_("What do you want to know?"), required=_("Write your question."), prefix=name)
    return WordsForm(data, label=_("Your judgement, with the reason"), required=_("Write your judgement."), prefix=name)


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: UserRequest, pk: int) -> HttpResponse:
    """The question to this member; for everybody else it does not exist."""
    review = get_object_or_404(LookReview.objects.filter(member=request.member).exclude(asked_at=None), pk=pk)
    event = Event.objects.filter(pk=review.event_id).first()
    data = request.POST if request.method == "POST" else None
    form = WordsForm(data, label=_("Your explanation"), required=_("Write your explanation."))
    if form.is_valid():
        try:
            look_acts.answer_explanation(review, form.cleaned_data["words"], by=request.member)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your explanation is sent to the privacy officer."))
        return redirect("looks:answer", pk)
    events.record(EventKind.READ, request.member, route="looks:answer", detail={"review": pk})
    look = look_of(event, review, linked=False) if event else None
    context = {"review": review, "look": look, "form": form}
    return render(request, "pages/looks/answer.html", context, status=422 if form.is_bound else 200)


# --- file -------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def export(request: UserRequest) -> HttpResponse:
    """The looks that pass the filters, newest first, recorded with the purpose."""
    require_to(request.member, EXPORT)
    chosen = LookFilterForm(request.GET)
    if chosen.errors:
        raise Http404
    form = ExportForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {
            "form": form,
            "count": as_text(capped_count(chosen.rows(), MOST_EXPORTED)),
            "limit": display.number(MOST_EXPORTED),
            "back_url": f"{reverse('looks:list')}?{request.GET.urlencode()}",
        }
        return render(request, "pages/looks/export.html", context, status=422 if form.is_bound else 200)
    purpose = form.cleaned_data["purpose"]
    rows = list(chosen.rows().order_by(*ORDER)[:MOST_EXPORTED])
    used = sorted(name for name in chosen.fields if request.GET.get(name))
    kept = {"shown": len(rows), "filters": used}
    events.record(EventKind.EXPORT, request.member, route="looks:export", purpose=purpose, detail=kept)
    response = HttpResponse("".join(csv_text(_lines(request, purpose, rows))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="inzagen-{clock.today().isoformat()}.csv"'
    return response


def _lines(request: UserRequest, purpose: str, rows: list[Event]) -> Iterator[list[str]]:
    member = request.member
    yield [
        _("Confidential. Exported by %(member)s, %(unit)s, %(moment)s. Purpose: %(purpose)s")
        % {
            "member": member,
            "unit": member.acting_unit.full_name,
            "moment": display.date_time(clock.now()),
            "purpose": purpose,
        }
    ]
    yield [control_only()]
    yield [
        _("When"), _("Member"), _("Organisation"), _("Role"), pgettext("look", "Kind"), _("Page"), _("Case"),
        _("Purpose"), _("Details"), _("Control"),
    ]  # fmt: skip
    for look in looks_of(rows, linked=False):
        yield _cells(look)


def _cells(look: Look) -> list[str]:
    event = look.event
    moment = display.date_time(event.at)
    who = [moment, event.member_name, look.organisation, event.role]
    return [*who, look.kind, look.where, event.case_number, event.purpose, look.details, look.state]


def control_only() -> str:
    return _("For control only: never to judge how somebody works.")
