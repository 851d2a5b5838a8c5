"""What is sent about an identity: a report of an error, the owner's answer, a decision about a difference."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.models import DifferenceDecision, IdentityConflict, Person, ReturnCase
from cases.identity.fields import CHOICES, FIELDS, Field
from cases.identity.models import IdentityField, Outcome
from cases.identity.reporting import PREFIX, Answer, NewReport, owner_of
from cases.identity.sources import Known
from cases.requests.forms import UnitField
from cases.requests.models import RequestKind
from leidraad.lib.errors import NotPossible
from leidraad.lib.forms import Form, TextField
from leidraad.lib.stale import VersionedForm
from partners.models import Member, Unit, UnitKind


def reason_field(label: Any) -> TextField:
    return TextField(
        label=label, max_length=200, rows=2, required_message=gettext_lazy("Say why. The reason stays in the history.")
    )


def shown_value(field: Field, person: Person) -> str:
    """The value in words; the words for nothing recorded."""
    value = field.read(person)
    return field.words(value) if value else _("Not recorded")


class ReportForm(Form):
    """Which fact is doubted, why, and who answers for it. The owner of the fact is proposed."""

    field = forms.ChoiceField(
        label=gettext_lazy("Which fact is wrong?"),
        error_messages={"required": gettext_lazy("Choose which fact is wrong.")},
    )
    proposed = TextField(
        label=gettext_lazy("What should it be?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Leave it empty when you do not know. Nothing changes until the owner has answered."),
    )
    reason = TextField(
        label=gettext_lazy("Why do you think so?"),
        rows=3,
        max_length=1000,
        required_message=gettext_lazy("Write why you think that it is wrong. The owner reads it."),
    )
    to_unit = UnitField(
        label=gettext_lazy("Who answers?"),
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("Choose a unit"),
        error_messages={"required": gettext_lazy("Choose which unit you ask.")},
    )

    def __init__(self, data: Any = None, *, case: ReturnCase, member: Member, field: str) -> None:
        super().__init__(data)
        facts = [one.code for one in IdentityField.objects.valid() if one.code in FIELDS]
        person = case.person
        named = [(code, f"{FIELDS[code].label}: {shown_value(FIELDS[code], person)}") for code in facts]
        self.fields["field"].choices = [("", _("Choose a fact")), *named]  # type: ignore[attr-defined]  # it is a choice field
        chosen = field if field in facts else ""
        self.initial["field"] = chosen
        units = answering_units(member)
        self.fields["to_unit"].queryset = units  # type: ignore[attr-defined]  # it is a model choice field
        owner = owner_of(case, chosen) if chosen else None
        if owner is not None:
            mine = list(units.filter(organisation=owner)[:2])
            self.initial["to_unit"] = mine[0] if len(mine) == 1 else None
            words = {"organisation": owner.name, "field": FIELDS[chosen].label.lower()}
            self.fields["to_unit"].help_text = _("%(organisation)s answers for this fact: %(field)s.") % words

    def report(self, conflict: IdentityConflict | None) -> NewReport:
        data = self.cleaned_data
        return NewReport(data["field"], data["to_unit"], data["reason"], data["proposed"], conflict)

    @property
    def sent_values(self) -> dict[str, str]:
        """What was typed, for the page that asks to confirm it."""
        return {name: self.data.get(name, "") for name in self.fields}


def answering_units(member: Member) -> Any:
    """Teams of the organisations that answer for identity, but for the member's own."""
    kinds = RequestKind.objects.valid().filter(code__startswith=PREFIX)
    units = Unit.objects.valid().filter(organisation__in=kinds.values("answered_by")).exclude(kind=UnitKind.SITE)
    return (
        units.exclude(pk=member.acting_unit_id or 0)
        .select_related("organisation")
        .order_by("organisation__code", "name")
    )


class AnswerForm(Form):
    """Mended in the register, with the new value and on what it rests; or not an error."""

    optional_unmarked = ("value", "source", "level")
    outcome = forms.ChoiceField(
        label=gettext_lazy("What is your answer?"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Outcome if one.value],
        error_messages={"required": gettext_lazy("Choose whether it was mended or is not an error.")},
    )
    value = forms.CharField(label=gettext_lazy("The value as it stands in the register now"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("On what does the new value rest?"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Source level (identification protocol)"),
        required=False,
        help_text=gettext_lazy("A value here is only replaced from an equal or a higher level. Else a person decides."),
    )
    explanation = TextField(
        label=pgettext_lazy("field", "Explanation"),
        rows=3,
        max_length=1000,
        required_message=gettext_lazy("Explain your answer. Who reported the error reads it."),
    )

    def __init__(self, data: Any = None, *, field: Field, known: Known) -> None:
        super().__init__(data)
        self.field = field
        choices = CHOICES.get(field.name)
        if choices is not None:
            named = [("", _("Choose a value")), *choices().items()]
            label = self.fields["value"].label
            self.fields["value"] = forms.ChoiceField(label=label, required=False, choices=named)
            self.fields["value"].no_optional_mark = True  # type: ignore[attr-defined]  # read by BoundField only
        if field.name == "birth_date":
            self.fields["value"].help_text = _("For example 14-03-1994. Is the day unknown? Then 03-1994, or 1994.")
        sources = [(code, one.in_full) for code, one in known.sources.items()]
        self.fields["source"].choices = [("", _("Choose a source")), *sources]  # type: ignore[attr-defined]  # it is a choice field
        levels = [(str(number), one.name) for number, one in known.levels.items()]
        self.fields["level"].choices = [("", _("level not established")), *levels]  # type: ignore[attr-defined]  # it is a choice field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == Outcome.MENDED:
            self._check_value(cleaned)
            if not cleaned.get("source"):
                self.add_error("source", _("Choose on what the new value rests."))
        return cleaned

    def _check_value(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("value"):
            self.add_error("value", _("Fill in the new value."))
            return
        try:
            cleaned["value"] = self.field.clean(cleaned["value"])
        except NotPossible as wrong:
            self.add_error("value", ValidationError(str(wrong)))

    @property
    def answer(self) -> Answer:
        data = self.cleaned_data
        if data["outcome"] != Outcome.MENDED:
            return Answer(data["outcome"], data["explanation"])
        level = int(data["level"]) if data["level"] else None
        return Answer(data["outcome"], data["explanation"], data["value"], data["source"], level)


class DecideForm(VersionedForm, Form):
    """Which of the two values holds. The other value is offered only where its level lets it take the place of ours."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"decision", "reason"})
    decision = forms.ChoiceField(
        label=gettext_lazy("Which value holds?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose which value holds.")},
    )
    reason = reason_field(gettext_lazy("Why?"))

    def __init__(
        self,
        data: Any = None,
        *,
        record: IdentityConflict,
        choices: Callable[[IdentityConflict], Sequence[tuple[str, str]]],
    ) -> None:
        super().__init__(data, record=record)
        self.fields["decision"].choices = list(choices(record))  # type: ignore[attr-defined]  # it is a choice field

    @property
    def takes(self) -> bool:
        return bool(self.cleaned_data["decision"] == DifferenceDecision.TAKE)


class UndoForm(VersionedForm, Form):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason = reason_field(gettext_lazy("Why do you take the decision back?"))
