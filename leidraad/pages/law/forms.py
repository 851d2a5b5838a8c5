"""What is sent about procedures, decisions and their notification."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.models import ReturnCase
from cases.procedure.actions.decisions import Exceptions, NewDecision, Notification
from cases.procedure.actions.procedures import NewProcedure
from cases.procedure.minors import may_be_minor
from cases.procedure.models import (
    Authority,
    Decision,
    DecisionKind,
    LegalGround,
    Notified,
    Procedure,
    ProcedureKind,
    Regime,
    Result,
    StepKind,
    Topic,
)
from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm
from leidraad.pages.law.choices import (
    HouseholdMixin,
    KindField,
    country_field,
    keep_language,
    language_field,
    named,
    offer,
    others_field,
    source_field,
    why_field,
)

# What only a dossier leaves open; a person who records names it.
NOT_NAMED = "not_named"
REGIME_HELP = gettext_lazy(
    "An application lodged on or after 12 June 2026 falls under the Pact, as far as we know: the Dutch transitional law was"
    " not found. Another regime needs a reason."
)
# The sections of the page of a decision.
DECISION_STEPS: tuple[tuple[StrOrPromise, tuple[str, ...]], ...] = (
    (gettext_lazy("What happened?"), ("correction", "reason")),
    (gettext_lazy("The decision"), ("kind", "decided_on", "authority", "regime", "procedure", "reference")),
    (
        gettext_lazy("Return and departure period"),
        ("is_return_decision", "country", "country_2", "period_days", "period_ground"),
    ),
    (pgettext_lazy("decision", "Entry ban"), ("ban_years", "ban_ground")),
    (pgettext_lazy("decision", "Notification"), ("notified_on", "notified_how", "notified_to", "notified_language")),
    (pgettext_lazy("decision", "Household"), ("others", "without_ban")),
    (gettext_lazy("Where it comes from"), ("source",)),
)


class ProcedureForm(Form):
    kind = KindField(ProcedureKind, label=gettext_lazy("Which procedure?"))
    lodged_on = DateField(
        label=gettext_lazy("Lodged on"), required_message=gettext_lazy("Fill in the day on which it was lodged.")
    )
    regime = forms.ChoiceField(
        label=gettext_lazy("Which law applies?"),
        choices=Regime.choices,
        widget=forms.RadioSelect,
        help_text=REGIME_HELP,
    )
    regime_reason = why_field(gettext_lazy("Why this law, if the day of lodging says otherwise?"), required=False)
    reference = TextField(label=gettext_lazy("Number of the application"), max_length=40, required=False)
    source = source_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", ProcedureKind.objects.order_by("position"))

    @property
    def new(self) -> NewProcedure:
        data = self.cleaned_data
        return NewProcedure(
            data["kind"], data["regime"], data["lodged_on"], data["regime_reason"], data["reference"], data["source"]
        )


class ChangeProcedureForm(VersionedForm, ProcedureForm):
    reason = why_field(gettext_lazy("Why does this change?"))
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason", "source"})

    def __init__(self, data: Any, record: Procedure) -> None:
        names = ("regime", "regime_reason", "lodged_on", "reference")
        initial = {name: getattr(record, name) for name in names} | {"kind": record.kind_id}
        super().__init__(data, record=record, initial=initial)
        del self.fields["source"]

    @property
    def new(self) -> NewProcedure:
        self.cleaned_data.setdefault("source", "")
        return super().new


class StepForm(VersionedForm, Form):
    """One step of the procedure that is not recorded yet."""

    step = KindField(StepKind, label=gettext_lazy("Which step?"))
    on = DateField(label=gettext_lazy("On which day?"), required_message=gettext_lazy("Fill in the day of the step."))
    note = TextField(
        label=gettext_lazy("Explanation"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Nothing of what was said in a hearing."),
    )
    source = source_field()
    unversioned: ClassVar[frozenset[str]] = frozenset({"step", "on", "note", "source"})

    def __init__(self, data: Any, record: Procedure) -> None:
        super().__init__(data, record=record)
        recorded = record.steps.filter(struck_at=None).values("step")
        offer(self, "step", StepKind.objects.filter(kind=record.kind).exclude(pk__in=recorded).order_by("position"))


class EndProcedureForm(VersionedForm, Form):
    on = DateField(label=gettext_lazy("Ended on"), required_message=gettext_lazy("Fill in the day on which it ended."))
    result = forms.ChoiceField(label=gettext_lazy("How did it end?"), choices=Result.choices, widget=forms.RadioSelect)
    unversioned: ClassVar[frozenset[str]] = frozenset({"on", "result"})

    def __init__(self, data: Any, record: Procedure) -> None:
        super().__init__(data, record=record)


class NotificationFields(Form):
    """How the person was told; all of it together, or nothing yet."""

    notified_on = DateField(label=gettext_lazy("Made known on"), required=False)
    notified_how = forms.ChoiceField(
        label=gettext_lazy("How was it made known?"),
        choices=[("", gettext_lazy("Choose")), *Notified.choices],
        required=False,
    )
    notified_to = TextField(label=gettext_lazy("To whom, if not to the person"), max_length=120, required=False)
    notified_language = language_field(gettext_lazy("In which language was it made known?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_language(self, "notified_language")

    @property
    def notification(self) -> Notification | None:
        data = self.cleaned_data
        if data["notified_on"] is None:
            return None
        return Notification(data["notified_on"], data["notified_how"], data["notified_to"], data["notified_language"])

    def check_notification(self) -> None:
        data = self.cleaned_data
        if data.get("notified_on") and not data.get("notified_how"):
            self.add_error("notified_how", _("Say how the decision was made known."))
        if data.get("notified_how") and "notified_on" in data and not data["notified_on"]:
            self.add_error("notified_on", _("Fill in the day on which it was made known."))


class DecisionForm(HouseholdMixin, NotificationFields):
    """A decision for this person and for ticked relatives; an entry ban may be left out for some of them."""

    kind = KindField(DecisionKind, label=gettext_lazy("What was decided?"))
    decided_on = DateField(
        label=gettext_lazy("Decided on"), required_message=gettext_lazy("Fill in the day of the decision.")
    )
    authority = forms.ChoiceField(label=gettext_lazy("Decided by"), choices=named(Authority))
    regime = forms.ChoiceField(
        label=gettext_lazy("Which law applies?"), choices=Regime.choices, widget=forms.RadioSelect
    )
    procedure = KindField(Procedure, label=gettext_lazy("In which procedure?"), required=False)
    reference = TextField(label=gettext_lazy("Number of the decision"), max_length=40, required=False)
    is_return_decision = forms.BooleanField(label=gettext_lazy("It is a return decision too"), required=False)
    country = country_field(gettext_lazy("Country of return"))
    country_2 = country_field(gettext_lazy("Another country of return"))
    period_days = forms.IntegerField(
        label=gettext_lazy("Departure period in days"),
        min_value=0,
        max_value=90,
        required=False,
        help_text=gettext_lazy("28 days, or less on a ground (Vw 62)."),
    )
    period_ground = KindField(LegalGround, label=gettext_lazy("Ground of a shorter period"), required=False)
    ban_years = forms.IntegerField(label=gettext_lazy("Entry ban in years"), min_value=1, max_value=20, required=False)
    ban_ground = KindField(LegalGround, label=gettext_lazy("Ground of the entry ban"), required=False)
    others = others_field(
        gettext_lazy("Does the same decision hold for relatives?"),
        gettext_lazy("It is stored in the case of each person, and each can be changed alone."),
    )
    without_ban = others_field(
        gettext_lazy("For whom does the entry ban not hold?"),
        gettext_lazy("Minors are ticked: an entry ban is barred for them (Vw 66a; Vb 6.5)."),
    )
    source = source_field()

    @property
    def steps(self) -> list[tuple[str, list[Any]]]:
        """The fields under the headings of the page; a heading without fields is left out."""
        parts = ((str(title), [self[name] for name in names if name in self.fields]) for title, names in DECISION_STEPS)
        return [(title, fields) for title, fields in parts if fields]

    def __init__(self, data: Any, *, case: ReturnCase, family: Iterable[ReturnCase] = (), **more: Any) -> None:
        super().__init__(data, **more)
        self.case = case
        offer(self, "kind", DecisionKind.objects.valid().exclude(code=NOT_NAMED))
        offer(self, "procedure", Procedure.objects.standing().of_case(case).select_related("kind"))
        grounds = LegalGround.objects.valid()
        offer(self, "period_ground", grounds.filter(topic=Topic.PERIOD_SHORT))
        offer(self, "ban_ground", grounds.filter(topic=Topic.ENTRY_BAN))
        self.offer_household(family)
        self._offer_exceptions([case, *family])
        self.initial.setdefault("authority", Authority.IND)

    def _offer_exceptions(self, cases: list[ReturnCase]) -> None:
        minors = [case.number for case in cases if may_be_minor(case.person, clock.today())]
        if len(cases) == 1:
            del self.fields["without_ban"]
            return
        field = self.fields["without_ban"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = [(case.number, f"{case.person.full_name} ({case.number})") for case in cases]
        self.initial.setdefault("without_ban", minors)
        self.keys = {case.number: case.pk for case in cases}

    def clean(self) -> dict[str, Any]:
        self.check_notification()
        data = self.cleaned_data
        if data.get("is_return_decision") and not data.get("country"):
            self.add_error("country", _("A return decision names the country to which the person has to return."))
        return data

    @property
    def exceptions(self) -> Exceptions:
        return Exceptions(frozenset(self.keys[number] for number in self.cleaned_data.get("without_ban", [])))

    @property
    def new(self) -> NewDecision:
        data = self.cleaned_data
        countries = tuple(dict.fromkeys(code for code in (data["country"], data["country_2"]) if code))
        plain = ("kind", "regime", "decided_on", "authority", "procedure", "reference", "is_return_decision")
        return NewDecision(
            **{name: data[name] for name in plain},
            **{name: data[name] for name in ("period_days", "period_ground", "ban_years", "ban_ground")},
            countries=countries,
            notification=self.notification,
            source=data["source"],
        )


class ReplaceDecisionForm(VersionedForm, DecisionForm):
    """Another decision in the place of one; filled in with what stands there."""

    correction = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("It was written down wrongly: remedies against it belong to what I record now")),
            ("no", gettext_lazy("A newer decision took its place: remedies stay with the former one")),
        ],
    )
    reason = why_field(gettext_lazy("Why?"))
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason", "correction", "source"})

    def __init__(self, data: Any, record: Decision) -> None:
        names = ("decided_on", "authority", "regime", "reference", "is_return_decision", "period_days", "ban_years")
        told = ("notified_on", "notified_how", "notified_to", "notified_language")
        keys = ("kind", "procedure", "period_ground", "ban_ground")
        initial = {name: getattr(record, name) for name in (*names, *told)}
        initial |= {name: getattr(record, f"{name}_id") for name in keys}
        codes = [*record.countries, "", ""]
        initial |= {"country": codes[0], "country_2": codes[1]}
        super().__init__(data, record=record, case=record.case, initial=initial)


class NotifyForm(VersionedForm, NotificationFields):
    """When the person was told. Putting right what was recorded needs a reason."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason = why_field(gettext_lazy("Why does this change?"), required=False)

    def __init__(self, data: Any, record: Decision) -> None:
        names = ("notified_on", "notified_how", "notified_to", "notified_language")
        super().__init__(data, record=record, initial={name: getattr(record, name) for name in names})
        if record.notified_on is None:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("notified_on") and "notified_on" not in self.errors:
            self.add_error("notified_on", _("Fill in the day on which it was made known."))
        self.check_notification()
        return self.cleaned_data


class PeriodForm(VersionedForm, Form):
    ground = KindField(LegalGround, label=gettext_lazy("On which ground?"))
    decided_on = DateField(
        label=gettext_lazy("Decided on"), required_message=gettext_lazy("Fill in the day of the decision.")
    )
    until = DateField(
        label=gettext_lazy("New last day of the period"),
        required_message=gettext_lazy("Fill in the last day of the period."),
    )
    reason = why_field(gettext_lazy("Why, if the period was changed before?"), required=False)
    unversioned: ClassVar[frozenset[str]] = frozenset({"ground", "decided_on", "until", "reason"})

    def __init__(self, data: Any, record: Decision) -> None:
        super().__init__(data, record=record)
        topics = (Topic.PERIOD_EXTENDED, Topic.PERIOD_SHORT)
        offer(self, "ground", LegalGround.objects.valid().filter(topic__in=topics).in_regime(record.regime))
