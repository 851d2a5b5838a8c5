"""The duty to report under *Toezicht*: what runs, and imposing, changing and ending it by the police."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case.models import Rhythm
from cases.case.presence_words import SHAPES, moment_words
from cases.case.register import Line, Slot
from cases.case.rhythm import monday_of
from cases.supervision.duties import Terms, change_reporting, end_reporting, impose_reporting, places
from cases.supervision.models import ReportingDuty
from cases.supervision.reporting_register import DutyRegister
from leidraad.lib import clock
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm, conflict_page
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.register_desk import sheet_of, week_words
from leidraad.pages.register_rows import Word
from partners.models import Unit

RIGHT = "reporting.change"
AT_UNIT = "unit"


# --- on the page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    """A duty as the case shows it, with its last moments; `acts` are what this viewer may do."""

    facts: list[tuple[str, object]]
    moments: list[Word]
    acts: list[tuple[str, str]]
    register_url: str = ""


def running_duty(page: OpenCase) -> ReportingDuty | None:
    found = ReportingDuty.objects.running().filter(case=page.case).select_related("unit__organisation", "place")
    return found.first()


def panel_of(page: OpenCase) -> Panel | None:
    """None where the viewer may not see presence. At most three queries."""
    if not page.can("presence.view"):
        return None
    duty, number = running_duty(page), page.case.number
    may_change = page.can(RIGHT)
    if duty is None:
        acts = [(_("Impose a duty to report"), reverse("cases:impose-reporting", args=[number]))] if may_change else []
        return Panel([], [], acts)
    own = may_change and duty.unit_id == page.request.member.acting_unit_id
    acts = [
        (_("Change"), reverse("cases:change-reporting", args=[number])),
        (_("End"), reverse("cases:end-reporting", args=[number])),
    ]
    return Panel(_facts(duty), _moments(duty), acts if own else [], _register_url(duty) if own else "")


def _facts(duty: ReportingDuty) -> list[tuple[str, object]]:
    return [
        (_("How often"), duty.get_rhythm_display()),
        (_("Where"), place_words(duty)),
        (_("Since"), date_long(duty.imposed_on)),
        (_("Kept by"), duty.unit.full_name),
        (_("Form number"), duty.form_no),
        (_("Source"), duty.source),
    ]


def place_words(duty: ReportingDuty) -> str:
    return str(duty.place) if duty.place is not None else duty.unit.full_name


def _moments(duty: ReportingDuty) -> list[Word]:
    (line,) = DutyRegister(sheet_of(monday_of(clock.today()))).lines([duty])
    return [_word(slot) for slot in _slots(line)]


def _slots(line: Line[ReportingDuty]) -> list[Slot]:
    return [*line.earlier, *line.slots]


def _word(slot: Slot) -> Word:
    when = moment_words(slot.moment)
    if slot.mark is None:
        return Word("todo", _("not filled in"), when)
    return Word(SHAPES[slot.mark.mark], str(slot.mark.get_mark_display()), when)


def _register_url(duty: ReportingDuty) -> str:
    place = duty.place or duty.unit
    return reverse("register:week", args=[place.code, week_words(clock.today())])


# --- forms ----------------------------------------------------------------------------------------------------------


class DutyForm(Form):
    """How often, where, and by which form."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often must the person report?"), choices=Rhythm.choices, widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label=gettext_lazy("Where?"))
    form_no = TextField(
        label=gettext_lazy("Number of the form"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As the system gave it in which the form was made."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {site.code: site for site in places()}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
        own = (AT_UNIT, _("At %(unit)s itself") % {"unit": unit.full_name})
        field.choices = [*((code, str(site)) for code, site in self.sites.items()), own]

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(data["rhythm"], self.sites.get(data["place"]), data["form_no"])


class ImposeForm(DutyForm):
    imposed_on = DateField(
        label=gettext_lazy("From which day?"), required_message=gettext_lazy("Fill in from which day the duty holds.")
    )

    def __init__(self, data: Any, *, page: OpenCase) -> None:
        site = page.case.residence_unit if page.can("residence.view") else None
        super().__init__(data, unit=page.request.member.acting_unit)
        chosen = site.code if site is not None and site.code in self.sites else AT_UNIT
        self.initial.update({"rhythm": Rhythm.WEEKLY, "place": chosen, "imposed_on": clock.today()})


class ChangeForm(VersionedForm, DutyForm):
    from_day = DateField(
        label=gettext_lazy("From which day does the change hold?"),
        required_message=gettext_lazy("Fill in from which day the change holds."),
        help_text=gettext_lazy("Another rhythm counts from this day; what was due before stays as it was."),
    )
    reason = TextField(
        label=gettext_lazy("Why?"),
        max_length=200,
        rows=2,
        required_message=gettext_lazy("Write why the duty to report changes."),
    )
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason", "from_day"})

    def __init__(self, data: Any, *, record: ReportingDuty) -> None:
        initial = {
            "rhythm": record.rhythm,
            "place": record.place.code if record.place else AT_UNIT,
            "form_no": record.form_no,
            "from_day": clock.today(),
        }
        super().__init__(data, record=record, initial=initial, unit=record.unit)


class EndForm(VersionedForm, Form):
    ended_on = DateField(
        label=gettext_lazy("First day without the duty"),
        required_message=gettext_lazy("Fill in from which day the person need not report."),
    )
    reason = TextField(
        label=gettext_lazy("Why?"),
        max_length=200,
        rows=2,
        required_message=gettext_lazy("Write why the duty to report ends."),
    )
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason", "ended_on"})

    def __init__(self, data: Any, *, record: ReportingDuty) -> None:
        super().__init__(data, record=record, initial={"ended_on": clock.today()})


# --- acts -----------------------------------------------------------------------------------------------------------


def _to_supervision(page: OpenCase, message: str) -> HttpResponse:
    """Back to the case, or to the start where the end of the duty ended the unit's part too."""
    messages.success(page.request, message)
    return redirect("cases:supervision", page.case.number)


@case_page(RIGHT)
def impose(page: OpenCase) -> HttpResponse:
    form = ImposeForm(page.request.POST if page.request.method == "POST" else None, page=page)
    if form.is_bound and form.is_valid():
        try:
            impose_reporting(page.case, form.terms, form.cleaned_data["imposed_on"], by=page.request.member)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to_supervision(page, _("The duty to report is imposed."))
    status = 422 if form.is_bound else 200
    return page.render("pages/case/impose_reporting.html", "", status=status, form=form, running=running_duty(page))


def _own_duty(page: OpenCase) -> ReportingDuty:
    """The running duty that the viewer's unit keeps. Http404 when there is none."""
    duty = running_duty(page)
    if duty is None or duty.unit_id != page.request.member.acting_unit_id:
        raise Http404
    return duty


@case_page(RIGHT)
def change(page: OpenCase) -> HttpResponse:
    duty, posted = _own_duty(page), page.request.POST if page.request.method == "POST" else None
    form = ChangeForm(posted, record=duty)
    if form.is_stale:
        return _conflict(page, form)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            change_reporting(
                duty, form.terms, data["from_day"], data["reason"], by=page.request.member, version=form.seen_version
            )
        except Stale as stale:
            return _conflict(page, ChangeForm(posted, record=stale.current))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to_supervision(page, _("The duty to report is changed."))
    return page.render(
        "pages/case/change_reporting.html", "", status=422 if form.is_bound else 200, form=form, duty=duty
    )


@case_page(RIGHT)
def end(page: OpenCase) -> HttpResponse:
    duty, posted = _own_duty(page), page.request.POST if page.request.method == "POST" else None
    form = EndForm(posted, record=duty)
    if form.is_stale:
        return _conflict(page, form)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            end_reporting(duty, data["ended_on"], data["reason"], by=page.request.member, version=form.seen_version)
        except Stale as stale:
            return _conflict(page, EndForm(posted, record=stale.current))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(page.request, _("The duty to report has ended."))
            return redirect("register:home")
    return page.render("pages/case/end_reporting.html", "", status=422 if form.is_bound else 200, form=form, duty=duty)


def _conflict(page: OpenCase, form: VersionedForm) -> HttpResponse:
    return conflict_page(page.request, form, back_url=page.request.path, **page.context(""))
