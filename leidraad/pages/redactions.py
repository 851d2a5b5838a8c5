"""S29, blanking: which record, on which ground, where it stands; a second reader; and what was done, as proof."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from leidraad.lib import display, events
from leidraad.lib.errors import NotPossible
from leidraad.lib.forms import Form, TextField
from leidraad.lib.models import EventKind
from leidraad.lib.pagination import keyset_page
from leidraad.pages import redaction_acts as acts
from leidraad.pages.models import Redaction, RedactionAct, RedactionGround, RedactionStep
from leidraad.pages.redaction_columns import COLUMNS
from partners.http import UserRequest, signed_in
from partners.policy import may_do, require_to


class NumberForm(Form):
    """GET. Which case; a case number is no personal data."""

    zaak = TextField(
        label=gettext_lazy("Case number"), max_length=20, required_message=gettext_lazy("Fill in the case number.")
    )


class RedactionForm(Form):
    """Which columns of the chosen record, why."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("What has to be blanked?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what has to be blanked.")},
    )
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), choices=RedactionGround.choices, widget=forms.RadioSelect)
    reason = TextField(
        label=gettext_lazy("Explanation"),
        rows=3,
        max_length=500,
        required_message=gettext_lazy("Write why this has to be blanked."),
        help_text=gettext_lazy("Name no persons and do not repeat the content: this text stays."),
    )
    required_messages = {"ground": gettext_lazy("Choose the ground.")}

    def __init__(self, data: Any, *, table: str) -> None:
        super().__init__(data)
        self.fields["columns"].choices = acts.column_labels(table)  # type: ignore[attr-defined]  # it is a choice field


class RejectForm(Form):
    reason = TextField(
        label=gettext_lazy("Why not?"), rows=3, max_length=500, required_message=gettext_lazy("Write why not.")
    )


def _redactions() -> QuerySet[Redaction]:
    steps = RedactionStep.objects.select_related("member").order_by("pk")
    return Redaction.objects.select_related("asked_by").prefetch_related(Prefetch("steps", steps))


def state_of(asked: Redaction) -> str:
    """The last step, or who is awaited."""
    steps = list(asked.steps.all())
    return str(RedactionAct(steps[-1].act).label) if steps else _("waits for a second reader")


@require_GET
@signed_in
def redaction_list(request: UserRequest) -> HttpResponse:
    require_to(request.member, acts.VIEW)
    page = keyset_page(_redactions(), order=("-asked_at", "-id"), after=request.GET.get("after"))
    events.record_list(request, len(page))
    lines = [(asked, acts.table_label(asked.table), state_of(asked)) for asked in page.rows]
    context = {"page": page, "lines": lines, "may_ask": may_do(request.member, acts.ASK)}
    return render(request, "pages/redactions/list.html", context)


@require_GET
@signed_in
def choose(request: UserRequest) -> HttpResponse:
    """The records of one case, without content. Which one it is follows from when it was recorded: so the history of the
    case tells it to whoever asks the privacy officer."""
    require_to(request.member, acts.ASK)
    form = NumberForm(request.GET if request.GET else None)
    number = form.cleaned_data["zaak"] if form.is_valid() else ""
    records = acts.records_of(number, by=request.member) if number else []
    events.record(
        EventKind.READ, request.member, case_number=number, route="privacy:choose", detail={"shown": len(records)}
    )
    context = {"form": form, "number": number, "records": records}
    return render(request, "pages/redactions/choose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: UserRequest, number: str, table: str, key: int) -> HttpResponse:
    """Each place with its count is shown before anything is sent."""
    require_to(request.member, acts.ASK)
    found = next(
        (one for one in acts.records_of(number, by=request.member) if (one.table, one.key) == (table, key)), None
    )
    if found is None:
        messages.error(request, _("This record is not in the case any more."))
        return redirect("privacy:choose")
    form = RedactionForm(request.POST if request.method == "POST" else None, table=table)
    if form.is_valid():
        chosen = form.cleaned_data
        asked = acts.ask_redaction(
            number, table, key, chosen["columns"], ground=chosen["ground"], reason=chosen["reason"], by=request.member
        )
        messages.success(request, _("A second reader is asked. Nothing is blanked yet."))
        return redirect("privacy:redaction", asked.pk)
    events.record(EventKind.READ, request.member, case_number=number, route="privacy:ask")
    context = {
        "form": form,
        "found": found,
        "number": number,
        "places": acts.places_of(table, key, COLUMNS[table], by=request.member),
    }
    return render(request, "pages/redactions/ask.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def redaction(request: UserRequest, pk: int) -> HttpResponse:
    """What is asked and where it stands; the answer of the second reader; afterwards the proof."""
    require_to(request.member, acts.VIEW)
    asked = get_object_or_404(_redactions(), pk=pk)
    form = RejectForm(request.POST if request.POST.get("act") == "reject" else None)
    if request.method == "POST":
        require_to(request.member, acts.ANSWER)
        try:
            if request.POST.get("act") == "approve":
                acts.approve_redaction(asked, by=request.member)
                messages.success(request, _("Approved. The content is blanked for good."))
                return redirect("privacy:redaction", pk)
            if form.is_valid():
                acts.reject_redaction(asked, form.cleaned_data["reason"], by=request.member)
                messages.success(request, _("Recorded. Nothing was blanked."))
                return redirect("privacy:redaction", pk)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("privacy:redaction", pk)
    events.record(EventKind.READ, request.member, case_number=asked.case_number, route="privacy:redaction")
    status = 422 if request.method == "POST" else 200
    return render(request, "pages/redactions/detail.html", _page(request, asked, form), status=status)


def _page(request: UserRequest, asked: Redaction, form: RejectForm) -> dict[str, Any]:
    steps = list(asked.steps.all())
    done = next((step for step in steps if step.act == RedactionAct.DONE), None)
    labels = dict(acts.column_labels(asked.table))
    places = (
        acts.in_order(acts.Place(one["place"], one["table"], one["rows"]) for one in done.places)
        if done
        else acts.places_of(asked.table, asked.key, asked.columns, by=request.member)
    )
    is_own = asked.asked_by_id == request.member.pk
    return {
        "asked": asked,
        "title": acts.table_label(asked.table),
        "columns": ", ".join(labels[column] for column in asked.columns),
        "ground": RedactionGround(asked.ground).label,
        "state": state_of(asked),
        "steps": steps,
        "done": done,
        "places": places,
        "form": form,
        "is_own": is_own,
        "may_answer": not steps and may_do(request.member, acts.ANSWER),
        "print_title": f"{asked.case_number}, {display.date_time(asked.asked_at)}",
    }
