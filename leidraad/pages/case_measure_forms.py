"""What an officer sends about a measure: everything about imposing it on one page, its end, the court, a reason."""

from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.supervision.measure_actions import Details, Lifting, NewCourtFact, Weighed
from cases.supervision.measure_states import (
    AUTHORITY_OF,
    CHOSEN_LIFTS,
    Authority,
    Counsel,
    CourtKind,
    Family,
    LiftReason,
    Ruling,
    TestResult,
)
from cases.supervision.models import LighterMeans, Measure, MeasureKind
from leidraad.lib import clock
from leidraad.lib.forms import DateField, DateTimeField, Form, TextField, TimeField
from leidraad.lib.stale import VersionedForm
from partners.models import Member, Unit, UnitKind

# The sections of the page, in the order in which a measure comes about.
STEPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Which measure, and by whom"), ("kind", "authority", "officer", "imposed_at", "replaces")),
    (gettext_lazy("Where"), ("place", "place_text", "conditions")),
    (pgettext_lazy("measure", "Why"), ("ground", "signs", "public_order")),
    (gettext_lazy("Lighter means, rung by rung"), ("rungs",)),
    (
        gettext_lazy("Hearing and vulnerability test"),
        ("heard_at", "counsel", "interpreter", "tested_on", "test_result", "test_text"),
    ),
    (gettext_lazy("The form, and the end"), ("form_no", "form_system", "planned_end", "ended_at", "ended_why")),
)
ELSEWHERE = ""


def sites() -> list[Unit]:
    """Where somebody may have to stay or be kept: sites of COA and of DJI."""
    found = Unit.objects.valid().filter(kind=UnitKind.SITE, organisation__code__in=("coa", "dji"))
    return list(found.select_related("organisation").order_by("organisation__code", "name"))


class MeasureForm(Form):
    """Everything about a measure. What the rules ask is not required here: what happened is recorded as it was."""

    required_messages = {"kind": gettext_lazy("Choose which measure it is.")}

    kind = forms.ChoiceField(label=gettext_lazy("Which measure?"))
    authority = forms.ChoiceField(label=gettext_lazy("Who imposed it?"), choices=Authority.choices)
    officer = TextField(label=gettext_lazy("Name of the officer, as on the form"), max_length=120, required=False)
    imposed_at = DateTimeField(
        label=gettext_lazy("When was it imposed?"),
        required_message=gettext_lazy("Fill in when the measure was imposed."),
    )
    replaces = forms.BooleanField(required=False)
    place = forms.ChoiceField(label=gettext_lazy("Site"), required=False)
    place_text = TextField(label=gettext_lazy("Another place"), max_length=200, required=False)
    conditions = TextField(
        label=gettext_lazy("What must the person keep to?"),
        max_length=500,
        rows=2,
        required=False,
        help_text=gettext_lazy("For a restriction: the area, the days of reporting. Who guards the person reads this."),
    )
    ground = TextField(label=gettext_lazy("The individual ground"), max_length=2000, rows=4, required=False)
    signs = forms.IntegerField(
        label=gettext_lazy("How many signs of Vb 5.6 does it name?"), min_value=0, max_value=20, required=False
    )
    public_order = forms.BooleanField(label=gettext_lazy("Public order or security is the ground"), required=False)
    heard_at = DateTimeField(label=gettext_lazy("When was the person heard?"), required=False)
    counsel = forms.ChoiceField(label=gettext_lazy("Counsel"), choices=Counsel.choices, required=False)
    interpreter = TextField(label=gettext_lazy("Interpreter: language and name"), max_length=80, required=False)
    tested_on = DateField(label=gettext_lazy("When was vulnerability tested?"), required=False)
    test_result = forms.ChoiceField(
        label=gettext_lazy("Result of the test"), choices=TestResult.choices, required=False
    )
    test_text = TextField(
        label=gettext_lazy("What did the test find?"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=gettext_lazy("Only your unit and who may see medical facts read this."),
    )
    form_no = TextField(
        label=gettext_lazy("Number of the form"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As the system gave it in which the form was made."),
    )
    form_system = TextField(label=gettext_lazy("In which system was the form made?"), max_length=40, required=False)
    planned_end = DateField(label=gettext_lazy("Planned end"), required=False)
    ended_at = DateTimeField(
        label=gettext_lazy("Only if it has ended already: when?"),
        required=False,
        help_text=gettext_lazy("For a measure that is recorded only afterwards."),
    )
    ended_why = forms.ChoiceField(
        label=gettext_lazy("Only if it has ended already: why?"),
        choices=[("", "–"), *((one.value, one.label) for one in CHOSEN_LIFTS)],
        required=False,
    )

    def __init__(
        self, data: Any, *, member: Member, families: list[str], running: list[Measure], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.kinds = {one.code: one for one in MeasureKind.objects.offered() if one.family in families}
        self.sites = {one.code: one for one in sites()}
        self.means = list(LighterMeans.objects.valid())
        self.running = {one.family: one for one in running}
        kinds = [(str(Family(name).label), self._kinds_of(name)) for name in families]
        self._choices("kind", [("", _("Choose a measure")), *kinds])
        self._choices(
            "place", [(ELSEWHERE, _("Another place")), *((code, str(one)) for code, one in self.sites.items())]
        )
        self._ask_means()
        self._ask_replaces()
        self.initial.setdefault("authority", AUTHORITY_OF.get(member.acting_organisation, ""))

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = choices

    def _kinds_of(self, family: str) -> list[tuple[str, str]]:
        return [(one.code, _dated(one)) for one in self.kinds.values() if one.family == family]

    def _ask_means(self) -> None:
        for one in self.means:
            self.fields[f"means_{one.code}"] = forms.BooleanField(label=f"{one} ({one.rule})", required=False)
            self.fields[f"why_{one.code}"] = TextField(
                label=_("Why is this not enough: %(means)s?") % {"means": str(one).lower()},
                max_length=1000,
                rows=2,
                required=False,
            )

    def _ask_replaces(self) -> None:
        if not self.running:
            del self.fields["replaces"]
            return
        names = ", ".join(str(one.kind) for one in self.running.values())
        self.fields["replaces"].label = _("It takes the place of the measure that runs: %(names)s") % {"names": names}

    @property
    def steps(self) -> list[tuple[str, list[Any]]]:
        """The fields under the headings of the page, for the template."""
        rungs = [name for one in self.means for name in (f"means_{one.code}", f"why_{one.code}")]
        found = []
        for title, names in STEPS:
            wanted = rungs if names == ("rungs",) else [name for name in names if name in self.fields]
            found.append((str(title), [self[name] for name in wanted]))
        return found

    def clean_imposed_at(self) -> datetime:
        at: datetime = self.cleaned_data["imposed_at"]
        _not_ahead(at, _("The measure lies in the future. Record it when it has been imposed."))
        return at

    def clean_heard_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["heard_at"]
        _not_ahead(at, _("The hearing lies in the future. Record it when it has been held."))
        return at

    def clean_tested_on(self) -> date | None:
        day: date | None = self.cleaned_data["tested_on"]
        if day is not None and day > clock.today():
            raise ValidationError(_("The vulnerability test lies in the future. Record it when it has been done."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "ended_at" not in self.fields:
            return data
        at, why, imposed_at = data.get("ended_at"), data.get("ended_why"), data.get("imposed_at")
        if (at is None) != (not why):
            self.add_error("ended_at" if at is None else "ended_why", _("Fill in both when and why the measure ended."))
        elif at is not None and imposed_at is not None and at < imposed_at:
            self.add_error("ended_at", _("A measure cannot be lifted before it was imposed."))
        elif at is not None and at > clock.now():
            self.add_error("ended_at", _("The lifting lies in the future. Record it when it has happened."))
        return data

    @property
    def ended(self) -> Lifting | None:
        data = self.cleaned_data
        return Lifting(data["ended_at"], data["ended_why"]) if data.get("ended_at") else None

    @property
    def replaced(self) -> Measure | None:
        """The running measure that this one takes the place of, when that was ticked."""
        if not self.cleaned_data.get("replaces"):
            return None
        return self.running.get(self.kinds[self.cleaned_data["kind"]].family)

    @property
    def details(self) -> Details:
        data = self.cleaned_data
        plain = (
            "authority", "imposed_at", "officer", "place_text", "conditions", "signs", "public_order", "ground",
            "form_no", "form_system", "heard_at", "counsel", "interpreter", "tested_on", "test_result", "planned_end",
        )  # fmt: skip
        return Details(
            kind=self.kinds[data["kind"]],
            place_unit=self.sites.get(data["place"]),
            test_text=data["test_text"] if "test_text" in self.fields else None,
            rungs=tuple(Weighed(one, data[f"means_{one.code}"], data[f"why_{one.code}"]) for one in self.means),
            **{name: data[name] for name in plain},
        )


def _dated(one: MeasureKind) -> str:
    """A kind that no longer exists is still chosen for a measure of that time."""
    if one.valid_until is None:
        return str(one)
    return _("%(kind)s, until %(date)s") % {"kind": one, "date": one.valid_until.strftime("%d-%m-%Y")}


def _not_ahead(at: datetime | None, message: str) -> None:
    if at is not None and at > clock.now():
        raise ValidationError(message)


class CorrectForm(VersionedForm, MeasureForm):
    """The same over a stored measure, with why. `writes_note` is false for who may not read what the test found."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"reason", "test_text"})
    reason = TextField(
        label=gettext_lazy("Why do you change this?"),
        max_length=500,
        rows=2,
        required_message=gettext_lazy("Write why. Colleagues read it in the history."),
    )

    def __init__(self, data: Any, *, record: Measure, member: Member, note: str | None) -> None:
        initial = {name: getattr(record, name) for name in self.base_fields if hasattr(record, name)}
        initial |= {
            "kind": record.kind.code if record.kind.is_offered else "",
            "place": record.place_unit.code if record.place_unit else ELSEWHERE,
            "imposed_at": record.imposed_at,
            "test_text": note or "",
        }
        if not record.authority:
            del initial["authority"]
        for rung in record.rungs.select_related("means"):
            initial |= {f"means_{rung.means.code}": rung.considered, f"why_{rung.means.code}": rung.why_not}
        more: dict[str, Any] = {"member": member, "families": [record.family], "running": []}
        super().__init__(data, record=record, initial=initial, **more)
        for name in ("ended_at", "ended_why", *(() if note is not None else ("test_text",))):
            del self.fields[name]

    @property
    def steps(self) -> list[tuple[str, list[Any]]]:
        return [*super().steps, (_("Why you change it"), [self["reason"]])]


class LiftForm(VersionedForm, Form):
    unversioned: ClassVar[frozenset[str]] = frozenset({"at", "reason", "note", "form_no"})
    required_messages = {"reason": gettext_lazy("Choose why the measure ended.")}

    at = DateTimeField(
        label=gettext_lazy("When did it end?"), required_message=gettext_lazy("Fill in when the measure ended.")
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why did it end?"),
        choices=[(one.value, one.label) for one in CHOSEN_LIFTS],
        widget=forms.RadioSelect,
    )
    form_no = TextField(
        label=gettext_lazy("Number of the form of lifting (M113)"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As the system gave it in which the form was made."),
    )
    note = TextField(label=pgettext_lazy("field", "Explanation"), max_length=500, rows=2, required=False)

    def __init__(self, data: Any, *, record: Measure, reason: str = "") -> None:
        super().__init__(data, record=record, initial={"at": clock.now(), "reason": reason})

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        _not_ahead(at, _("The lifting lies in the future. Record it when it has happened."))
        if self.record is not None and at < self.record.imposed_at:
            raise ValidationError(_("A measure cannot be lifted before it was imposed."))
        return at

    @property
    def lifting(self) -> Lifting:
        data = self.cleaned_data
        return Lifting(data["at"], LiftReason(data["reason"]), data["note"], data["form_no"])


class CourtForm(VersionedForm, Form):
    """A fact of the court. Without a time only the day counts."""

    unversioned: ClassVar[frozenset[str]] = frozenset(
        {"kind", "on", "time", "court", "reference", "result", "compensation", "note"}
    )
    required_messages = {"kind": gettext_lazy("Choose what you record.")}

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you record?"), choices=CourtKind.choices, widget=forms.RadioSelect
    )
    on = DateField(label=pgettext_lazy("field", "Date"), required_message=gettext_lazy("Fill in on which day it was."))
    time = TimeField(label=gettext_lazy("Time"), required=False)
    court = TextField(label=gettext_lazy("Court"), max_length=80, required=False)
    reference = TextField(label=gettext_lazy("Case number of the court"), max_length=40, required=False)
    result = forms.ChoiceField(
        label=gettext_lazy("What did the court rule?"),
        choices=Ruling.choices,
        required=False,
        help_text=gettext_lazy("Only for a ruling."),
    )
    compensation = forms.BooleanField(label=gettext_lazy("The court granted compensation"), required=False)
    note = TextField(label=pgettext_lazy("field", "Explanation"), max_length=1000, rows=2, required=False)

    def __init__(self, data: Any, *, record: Measure, kind: str = "") -> None:
        super().__init__(data, record=record, initial={"kind": kind, "on": clock.today()})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind, result = data.get("kind"), data.get("result")
        if kind and (kind == CourtKind.RULING) != bool(result):
            self.add_error("result", _("Say what the court ruled; only a ruling has a result."))
        return data

    @property
    def fact(self) -> NewCourtFact:
        data = self.cleaned_data
        at = clock.at(data["on"], data["time"] or time(0))
        plain = {name: data[name] for name in ("court", "reference", "result", "compensation", "note")}
        return NewCourtFact(data["kind"], at, data["time"] is not None, **plain)


class ReasonForm(VersionedForm, Form):
    """An act that needs a reason and no more."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason = TextField(
        label=gettext_lazy("Why?"),
        max_length=500,
        rows=2,
        required_message=gettext_lazy("Write why. Colleagues read it in the history."),
    )

    def __init__(self, data: Any, *, record: Measure) -> None:
        super().__init__(data, record=record)
