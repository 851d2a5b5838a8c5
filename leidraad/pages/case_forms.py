"""What users send about a case."""

from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.case.actions import CHOSEN_PHASES, directors_of
from cases.case.models import Outcome, Phase, ReturnCase, Task
from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField, TimeField
from leidraad.lib.stale import VersionedForm


class NextStepForm(VersionedForm, Form):
    """Filled with the present next step, so that two people who plan at once see each other's."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"former"})

    title = TextField(
        label=_("What is the next step?"), max_length=200, required_message=_("Write what the next step is.")
    )
    day = DateField(label=_("When"), required_message=_("Fill in the date of the next step."))
    moment = TimeField(label=_("Time"), required=False, help_text=_("For example 09:30."))
    former = forms.ChoiceField(
        label=_("What happened with the former step?"),
        choices=[("done", _("Done")), ("replaced", _("Not done, replaced"))],
        widget=forms.RadioSelect,
    )
    required_messages: ClassVar[dict[str, Any]] = {"former": _("Choose what happened with the former step.")}

    def __init__(self, data: Any = None, *, record: ReturnCase, step: Task | None) -> None:
        super().__init__(data, record=record, initial=_step_values(step))
        if step is None:
            del self.fields["former"]

    @property
    def due_at(self) -> datetime:
        """The end of the day when no time was given."""
        day, moment = self.cleaned_data["day"], self.cleaned_data["moment"]
        return clock.at(day, moment) if moment else clock.end_of(day)

    @property
    def former_done(self) -> bool:
        return bool(self.cleaned_data.get("former", "done") == "done")


def _step_values(step: Task | None) -> dict[str, Any]:
    if step is None or step.due_at is None:
        return {}
    due = step.due_at.astimezone(clock.now().tzinfo)
    whole_day = (due.hour, due.minute) == (23, 59)
    return {"title": step.shown_title, "day": due.date(), "moment": None if whole_day else time(due.hour, due.minute)}


class PhaseForm(VersionedForm, Form):
    """Only the phases that may follow the present one."""

    phase = forms.ChoiceField(label=_("New phase"), widget=forms.RadioSelect)
    reason = TextField(
        label=_("Why does the phase change?"),
        max_length=500,
        rows=3,
        required_message=_("Write why the phase changes."),
    )
    required_messages: ClassVar[dict[str, Any]] = {"phase": _("Choose the new phase.")}
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any = None, *, record: ReturnCase) -> None:
        super().__init__(data, record=record, initial={"phase": record.phase})
        # What was sent is judged by the action, which says in a sentence why a step is not possible.
        offered = Phase.values if data else CHOSEN_PHASES.get(record.phase, ())
        field = self.fields["phase"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = [(value, Phase(value).label) for value in offered]


class AssignForm(VersionedForm, Form):
    """A regievoerder of the responsible unit."""

    director = forms.TypedChoiceField(label=_("Case director"), coerce=int)
    reason = TextField(
        label=_("Why is the case assigned?"),
        max_length=500,
        rows=3,
        required_message=_("Write why the case is assigned."),
    )
    required_messages: ClassVar[dict[str, Any]] = {"director": _("Choose who becomes the case director.")}
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any = None, *, record: ReturnCase) -> None:
        super().__init__(data, record=record, initial={"director": record.director_id})
        self.directors = {member.pk: member for member in directors_of(record.led_by)}
        field = self.fields["director"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = [("", _("Choose a name")), *((pk, str(member)) for pk, member in self.directors.items())]


class CloseForm(VersionedForm, Form):
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = TextField(
        label=_("What is this based on?"),
        max_length=500,
        rows=3,
        help_text=_("For example: exit confirmed by KMar, with the date. At most 500 characters."),
        required_message=_("Write what the outcome is based on."),
    )
    required_messages: ClassVar[dict[str, Any]] = {"outcome": _("Choose how the case ended.")}
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any = None, *, record: ReturnCase) -> None:
        super().__init__(data, record=record, initial={"outcome": record.outcome})


class ReopenForm(VersionedForm, Form):
    reason = TextField(
        label=_("Why is the case reopened?"),
        max_length=500,
        rows=3,
        required_message=_("Write why the case is reopened."),
    )
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any = None, *, record: ReturnCase) -> None:
        super().__init__(data, record=record)


PURPOSES = [
    ("meeting", _("for a meeting")),
    ("person", _("to give to the person")),
    ("court", _("for a court or a lawyer")),
    ("transport", _("for transport or escort")),
    ("other", _("another purpose")),
]


class PrintForm(Form):
    """Printing takes data out of the program, so it asks what for."""

    purpose = forms.ChoiceField(label=_("What do you print it for?"), choices=PURPOSES, widget=forms.RadioSelect)
    note = TextField(label=_("Explanation"), max_length=150, required=False)
    required_messages: ClassVar[dict[str, Any]] = {"purpose": _("Choose what you print it for.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("purpose") == "other" and not cleaned.get("note"):
            self.add_error("note", _("Write what you print it for."))
        return cleaned

    @property
    def in_words(self) -> str:
        note = self.cleaned_data["note"]
        words = str(dict(PURPOSES)[self.cleaned_data["purpose"]])
        return f"{words}: {note}" if note else words


class AddressPurposeForm(Form):
    purpose = TextField(
        label=_("What do you need the address for?"),
        max_length=200,
        required_message=_("Write what you need the address for."),
    )


class HistoryFilterForm(Form):
    """GET. Which kind of record and which field."""

    soort = forms.ChoiceField(label=_("Part"), required=False)
    veld = forms.ChoiceField(label=_("Field"), required=False)
    optional_unmarked = ("soort", "veld")

    def __init__(self, data: Any, *, kinds: list[tuple[str, str]], fields: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.labels = {"soort": dict(kinds), "veld": dict(fields)}
        for name, choices in (("soort", kinds), ("veld", fields)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
            field.choices = [("", _("All")), *choices]

    def label_of(self, name: str, value: str) -> str:
        return self.labels[name][value]
