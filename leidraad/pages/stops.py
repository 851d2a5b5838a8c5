"""*Stops*: what forbids acts in a case and until when; placing one, and lifting it by one or two persons."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from cases.terms.models import Scope, Stop, StopGround
from cases.terms.new_facts import NewFact, new_facts_for
from cases.terms.stop_actions import (
    NewStop,
    ask_to_lift,
    grounds_of,
    lift_stop,
    may_lift,
    owns,
    place_stop,
    refuse_lift,
)
from cases.terms.stops import LIFT, PLACE, VIEW, known
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from leidraad.pages.framework import GroundEntry
from leidraad.pages.law.choices import country_field, source_field
from leidraad.pages.stop_lines import all_lines, line_of

ACT = "pages/case/residence_act.html"


def page_url(page: OpenCase) -> str:
    return reverse("cases:stops", args=[page.case.number])


def place_url(page: OpenCase) -> str:
    """Where this viewer places a stop; "" for who may not."""
    if page.case.is_closed or not page.can(PLACE) or not grounds_of(page.member):
        return ""
    return reverse("cases:stop-place", args=[page.case.number])


@require_GET
@case_page(VIEW)
def stops(page: OpenCase) -> HttpResponse:
    """What stands first, then what ended."""
    lines = all_lines(page)
    standing = [line for line in lines if line.mark[0] == "no"]
    return page.render(
        "pages/case/stops.html",
        "stops",
        standing=standing,
        former=[line for line in lines if line not in standing],
        place_url=place_url(page),
    )


# --- placing --------------------------------------------------------------------------------------------------------


class PlaceForm(Form):
    """Which fields count follows from the ground; the act says what is missing."""

    ground = forms.ChoiceField(label=pgettext_lazy("stop", "On which ground?"))
    scope = forms.ChoiceField(
        label=pgettext_lazy("stop", "What is the stop about?"),
        required=False,
        help_text=gettext_lazy("Left open it holds the most that the ground knows."),
    )
    country = country_field(pgettext_lazy("stop", "Which country? (one destination only)"))
    measure = TextField(
        label=pgettext_lazy("stop", "Which measure? (one measure only)"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Name it so that everybody knows which one is meant, with its day or number."),
    )
    document = TextField(
        label=pgettext_lazy("stop", "On which document does it rest?"),
        max_length=80,
        required_message=gettext_lazy("Write on which document the stop rests."),
        help_text=gettext_lazy("Name the paper only. No medical data and nothing about a criminal case."),
    )
    document_number = TextField(label=gettext_lazy("Number of the document"), max_length=40, required=False)
    document_on = DateField(
        label=gettext_lazy("Day of the document"), required_message=gettext_lazy("Fill in the day of the document.")
    )
    source = source_field()
    until = DateField(
        label=pgettext_lazy("stop", "What is the last day?"),
        required_message=gettext_lazy("Fill in the last day. If the stop still holds then, place a new one."),
        help_text=gettext_lazy("A stop always ends. If it still holds then, place a new one."),
    )
    required_messages = {"ground": gettext_lazy("Choose the ground of the stop.")}

    def __init__(self, data: Any, grounds: Sequence[StopGround]) -> None:
        super().__init__(data)
        scopes = {scope for one in grounds for scope in one.scopes}
        offered: Any = [("", gettext_lazy("Choose")), *((one.code, one.name) for one in grounds)]
        about_what: Any = [("", gettext_lazy("Choose")), *(one for one in Scope.choices if one[0] in scopes)]
        self.fields["ground"].choices = offered  # type: ignore[attr-defined]  # a choice field
        self.fields["scope"].choices = about_what  # type: ignore[attr-defined]
        for scope, name in ((Scope.DESTINATION, "country"), (Scope.MEASURE, "measure")):
            if scope not in scopes:
                del self.fields[name]

    @property
    def stop(self) -> NewStop:
        data = self.cleaned_data
        texts = {name: value for name, value in data.items() if name not in ("document_on", "until") and value}
        return NewStop(document_on=data["document_on"], until=data["until"], **texts)


@case_page(PLACE)
def place(page: OpenCase) -> HttpResponse:
    grounds = grounds_of(page.member)
    form = PlaceForm(page.request.POST if page.request.method == "POST" else None, grounds)
    if form.is_bound and form.is_valid():
        try:
            stop = place_stop(page.case, form.stop, by=page.request.member)
            words = {"ground": stop.ground.name, "date": date_long(stop.until)}
            return to_url(page_url(page), page.request, _("The stop holds until %(date)s: %(ground)s.") % words)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return page.render(
        "pages/case/stop_place.html",
        "",
        status=422 if form.is_bound else 200,
        form=form,
        grounds=[GroundEntry(one, {}) for one in grounds],
        cancel_url=page_url(page),
    )


# --- lifting --------------------------------------------------------------------------------------------------------


class LiftForm(VersionedForm, Form):
    """Why, and for the responsible unit on which new fact."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"new_fact", "reason"})

    new_fact = forms.ChoiceField(
        label=pgettext_lazy("stop", "On which new fact?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the new fact.")},
    )
    reason = TextField(
        label=pgettext_lazy("stop", "Why may the stop end?"),
        max_length=300,
        rows=2,
        required_message=gettext_lazy("Say why the stop may end."),
    )

    def __init__(self, data: Any, *, record: Stop, facts: Sequence[NewFact] | None) -> None:
        super().__init__(data, record=record)
        if facts is None:
            del self.fields["new_fact"]
        else:
            self.fields["new_fact"].choices = [(one.key, one.words) for one in facts]  # type: ignore[attr-defined]


class AnswerForm(VersionedForm, Form):
    """A colleague's second signature, or a no with the reason. Who asked can only take it back."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"answer", "reason"})

    answer = forms.ChoiceField(
        label=pgettext_lazy("stop", "What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether the stop ends.")},
    )
    reason = TextField(
        label=pgettext_lazy("stop", "Why does the stop go on? (when you say no)"),
        max_length=300,
        rows=2,
        required=False,
    )

    def __init__(self, data: Any, *, record: Stop, may_confirm: bool) -> None:
        super().__init__(data, record=record)
        confirm = [("yes", gettext_lazy("Yes, the stop ends"))] if may_confirm else []
        self.fields["answer"].choices = [*confirm, ("no", gettext_lazy("No, the stop goes on"))]  # type: ignore[attr-defined]


@case_page(PLACE, or_else=(LIFT,))
def lift(page: OpenCase, pk: int) -> HttpResponse:
    """Lift, ask to lift, or answer a colleague who asked: whichever this stop and this member come to."""
    found = Stop.objects.for_pages().select_related("lift_asked_for", "lift_asked_by")
    stop = get_object_or_404(found, case=page.case, pk=pk)
    if not may_lift(stop, page.access):
        raise NotAllowed(LIFT, page.case)
    if not stop.stands and page.request.method == "GET":
        messages.error(page.request, _("This stop has ended already."))
        return redirect(page_url(page))
    return _answer(page, stop) if stop.lift_asked_at is not None else _lift(page, stop)


def _lift(page: OpenCase, stop: Stop) -> HttpResponse:
    grave, by_fact = stop.is_grave, not owns(stop, page.member)
    facts = new_facts_for(stop) if by_fact else None
    if facts == [] and page.request.method == "GET":
        drawn = _facts(page, stop)
        return page.render("pages/case/stop_no_fact.html", "", facts=drawn, cancel_url=page_url(page))

    def make(data: Any, record: Stop) -> LiftForm:
        return LiftForm(data, record=record, facts=facts)

    def do(form: LiftForm) -> str:
        given = form.cleaned_data
        lifting = ask_to_lift if grave else lift_stop
        lifting(stop, given["reason"], given.get("new_fact", ""), by=page.request.member, version=form.seen_version)
        return _("Asked. A colleague confirms; the stop holds until then.") if grave else _("The stop is lifted.")

    text = _("Two persons lift this stop: you ask, and somebody else of your organisation confirms.") if grave else ""
    return _over(
        page,
        stop,
        make,
        do,
        title=_("Ask to lift the stop") if grave else _("Lift the stop"),
        text=text,
        button=pgettext("button", "Ask to lift") if grave else pgettext("button", "Lift stop"),
    )


def _answer(page: OpenCase, stop: Stop) -> HttpResponse:
    own = stop.lift_asked_for_id == page.member.acting_unit.organisation_id
    may_confirm = own and stop.lift_asked_by_id != page.member.pk

    def make(data: Any, record: Stop) -> AnswerForm:
        return AnswerForm(data, record=record, may_confirm=may_confirm)

    def do(form: AnswerForm) -> str:
        by, version = page.request.member, form.seen_version
        if form.cleaned_data["answer"] == "yes":
            lift_stop(stop, by=by, version=version)
            return _("The stop is lifted.")
        refuse_lift(stop, form.cleaned_data["reason"], by=by, version=version)
        return _("The stop goes on.")

    text = _("You asked this yourself, so somebody else confirms. You can take it back.") if not may_confirm else ""
    return _over(page, stop, make, do, title=_("Lift the stop?"), text=text, button=pgettext("button", "Record"))


def _over(page: OpenCase, stop: Stop, make: Any, do: Callable[[Any], str], **context: Any) -> HttpResponse:
    return act(
        page,
        make,
        do,
        ACT,
        record=stop,
        back_url=page_url(page),
        facts=_facts(page, stop),
        cancel_url=page_url(page),
        **context,
    )


def _facts(page: OpenCase, stop: Stop) -> list[tuple[str, object]]:
    line = line_of(page, known(stop))
    pairs = [
        (_("Ground"), line.title),
        (pgettext("stop", "Placed"), line.held),
        (pgettext("stop", "Forbids"), line.forbids),
        (pgettext("stop", "About what"), line.about),
        (pgettext("stop", "It ends"), line.ends),
        (pgettext("stop", "Asked"), line.asked),
    ]
    return [(label, value) for label, value in pairs if value]
