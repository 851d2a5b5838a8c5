"""What the responsible unit sends about who sees a case, and what a colleague asks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case.access_questions import Opening
from cases.case.models import HowGiven, InvolvementGround, Part
from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.pages.access_words import section_name
from partners.models import Membership, Organisation, Unit
from partners.sharing import Sharing


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]], *, first: str = "") -> None:
    """Set the choices of a field; `first` is the line of a select that chooses nothing."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
    field.choices = [("", first), *choices] if first else list(choices)


def reason_field(question: Any, message: Any) -> TextField:
    return TextField(label=question, max_length=200, rows=3, required_message=message)


class ReasonForm(Form):
    """For acts that need nothing but a reason."""

    reason = reason_field(gettext_lazy("Why?"), gettext_lazy("Write why."))


class ShareForm(Form):
    """Part and unit: the part says which organisation, so a unit of another one is refused."""

    part = forms.ChoiceField(label=gettext_lazy("Which part in the case?"), widget=forms.RadioSelect)
    unit = forms.ChoiceField(label=gettext_lazy("Which unit?"))
    reason = reason_field(
        gettext_lazy("Why does this unit need the case?"), gettext_lazy("Write why this unit needs the case.")
    )
    required_messages: ClassVar[dict[str, Any]] = {
        "part": gettext_lazy("Choose which part the unit has in the case."),
        "unit": gettext_lazy("Choose the unit with which you share the case."),
    }

    def __init__(
        self,
        data: Any,
        *,
        sharings: Sequence[Sharing],
        units: Sequence[Unit],
        organisations: Mapping[str, Organisation],
    ) -> None:
        super().__init__(data)
        self.sharings = {one.code: one for one in sharings}
        self.units = {str(unit.pk): unit for unit in units}
        offer(self, "part", [(one.code, _sharing_words(one, organisations)) for one in sharings])
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, unit in self.units.items():
            groups.setdefault(unit.organisation.name, []).append((key, unit.name))
        offer(self, "unit", groups.items(), first=_("Choose a unit"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "part" in cleaned and "unit" in cleaned and self.chosen_unit.organisation.code != self.sharing.organisation:
            self.add_error(
                "unit", _("This unit cannot have that part. Choose a unit of the organisation that does this work.")
            )
        return cleaned

    @property
    def sharing(self) -> Sharing:
        return self.sharings[self.cleaned_data["part"]]

    @property
    def chosen_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


def _sharing_words(one: Sharing, organisations: Mapping[str, Organisation]) -> str:
    """IOM: assisted departure (on the ground of: consent of the person)"""
    words = {
        "organisation": organisations[one.organisation].short_name,
        "part": Part(one.part).label,
        "ground": InvolvementGround(one.ground).label,
    }
    return _("%(organisation)s: %(part)s (on the ground of: %(ground)s)") % words


class ExceptionForm(Form):
    section = forms.ChoiceField(label=gettext_lazy("Which section?"))
    effect = forms.ChoiceField(
        label=gettext_lazy("What changes?"),
        choices=[
            ("narrow", gettext_lazy("Shield: the unit no longer sees this section")),
            ("widen", gettext_lazy("Open: the unit sees this section too")),
        ],
        widget=forms.RadioSelect,
    )
    until = DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Without a date it holds until you lift it."),
    )
    reason = reason_field(gettext_lazy("Why?"), gettext_lazy("Write why the unit sees more or less."))
    required_messages: ClassVar[dict[str, Any]] = {
        "section": gettext_lazy("Choose a section."),
        "effect": gettext_lazy("Choose whether the section is shielded or opened."),
    }

    def __init__(self, data: Any, *, sections: Iterable[str]) -> None:
        super().__init__(data)
        offer(self, "section", [(one, section_name(one)) for one in sections], first=_("Choose a section"))

    @property
    def allowed(self) -> bool:
        return bool(self.cleaned_data["effect"] == "widen")

    @property
    def until_moment(self) -> datetime | None:
        day = self.cleaned_data["until"]
        return clock.end_of(day) if day else None


class NamedForm(Form):
    member = forms.ChoiceField(label=gettext_lazy("Who?"))
    section = forms.ChoiceField(label=gettext_lazy("Which section?"))
    until = DateField(
        label=gettext_lazy("Last day"),
        required_message=gettext_lazy("Fill in the last day of the access."),
        help_text=gettext_lazy("At most a year from now."),
    )
    reason = reason_field(
        gettext_lazy("Why does this colleague need it?"), gettext_lazy("Write why this colleague needs the section.")
    )
    required_messages: ClassVar[dict[str, Any]] = {
        "member": gettext_lazy("Choose who gets access."),
        "section": gettext_lazy("Choose a section."),
    }

    def __init__(self, data: Any, *, memberships: Mapping[int, Membership], sections: Iterable[str]) -> None:
        super().__init__(data)
        self.memberships = {str(key): one for key, one in memberships.items()}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, one in self.memberships.items():
            groups.setdefault(one.unit.full_name, []).append((key, f"{one.member}, {one.role}"))
        offer(self, "member", groups.items(), first=_("Choose a name"))
        offer(self, "section", [(one, section_name(one)) for one in sections], first=_("Choose a section"))

    @property
    def membership(self) -> Membership:
        return self.memberships[self.cleaned_data["member"]]

    @property
    def until_moment(self) -> datetime:
        return clock.end_of(self.cleaned_data["until"])


class ConsentForm(Form):
    party = forms.ChoiceField(label=gettext_lazy("For which organisation?"), widget=forms.RadioSelect)
    given_on = DateField(
        label=gettext_lazy("Given on"), required_message=gettext_lazy("Fill in the date of the consent.")
    )
    how = forms.ChoiceField(label=gettext_lazy("How was it given?"), choices=HowGiven.choices, widget=forms.RadioSelect)
    original_at = TextField(
        label=gettext_lazy("Where is the original?"),
        max_length=120,
        required_message=gettext_lazy("Write where the original is."),
        help_text=gettext_lazy("For example: paper file of DT&V Team Noord 2."),
    )
    scope = TextField(
        label=gettext_lazy("For what does the consent hold?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: only for the travel data."),
    )
    required_messages: ClassVar[dict[str, Any]] = {
        "party": gettext_lazy("Choose for which organisation the consent is."),
        "how": gettext_lazy("Choose how the consent was given."),
    }

    def __init__(self, data: Any, *, parties: Sequence[Organisation]) -> None:
        super().__init__(data)
        self.parties = {party.code: party for party in parties}
        offer(self, "party", [(party.code, party.name) for party in parties])

    @property
    def chosen_party(self) -> Organisation:
        return self.parties[self.cleaned_data["party"]]


class WithdrawForm(Form):
    withdrawn_on = DateField(
        label=gettext_lazy("Withdrawn on"), required_message=gettext_lazy("Fill in when the consent was withdrawn.")
    )
    reason = reason_field(
        gettext_lazy("How was it withdrawn?"), gettext_lazy("Write how the person withdrew the consent.")
    )


class AccessForm(Form):
    """A question for a section. Which one is asked stands in the address, or is chosen."""

    section = forms.ChoiceField(label=gettext_lazy("What do you want to see?"))
    reason = TextField(
        label=gettext_lazy("Why do you need access?"),
        max_length=500,
        rows=3,
        required_message=gettext_lazy("Write why you need access."),
    )
    required_messages: ClassVar[dict[str, Any]] = {"section": gettext_lazy("Choose what you want to see.")}

    def __init__(self, data: Any, *, sections: Iterable[str] | None) -> None:
        super().__init__(data)
        if sections is None:
            del self.fields["section"]
        else:
            offer(self, "section", [(one, section_name(one)) for one in sections], first=_("Choose a section"))


class AnswerForm(Form):
    """Yes with how much and how long, or no. Only what would really open the section is offered as a yes."""

    answer = forms.ChoiceField(label=gettext_lazy("What do you decide?"), widget=forms.RadioSelect)
    until = DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Needed when you agree. At most a year from now."),
    )
    reason = reason_field(gettext_lazy("Why?"), gettext_lazy("Write why you agree or decline."))
    required_messages: ClassVar[dict[str, Any]] = {"answer": gettext_lazy("Choose what you decide.")}

    def __init__(self, data: Any, *, openings: Sequence[Opening], who: str, unit: str) -> None:
        super().__init__(data)
        words = {
            Opening.MEMBER: _("Agreed, for %(who)s only") % {"who": who},
            Opening.UNIT: _("Agreed, for everybody of %(unit)s whose role sees the case") % {"unit": unit},
        }
        offer(self, "answer", [*((one.value, words[one]) for one in openings), ("no", _("Declined"))])
        if not openings:
            del self.fields["until"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") not in (None, "no") and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Fill in the last day of the access."))
        return cleaned

    @property
    def opening(self) -> Opening | None:
        answer = self.cleaned_data["answer"]
        return None if answer == "no" else Opening(answer)

    @property
    def until_moment(self) -> datetime:
        return clock.end_of(self.cleaned_data["until"])
