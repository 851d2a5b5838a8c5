"""Forms about a departure: what is planned, why warnings are passed by, what happened."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.departure.actions import Left, NewDeparture
from cases.departure.models import ACTS
from cases.terms.guards.judging import Judged
from leidraad.lib.forms import DateField, Form, TextField, TimeField
from leidraad.lib.stale import VersionedForm
from leidraad.pages.law.choices import country_field, why_field

HOW = [(one.value, one.label) for one in ACTS]
REASON = "reason_"


class PlanForm(VersionedForm, Form):
    act = forms.ChoiceField(label=gettext_lazy("How does the person leave?"), choices=HOW, widget=forms.RadioSelect)
    destination = country_field(gettext_lazy("Destination"), required=True)
    leaves_on = DateField(label=gettext_lazy("Planned day"), required_message=gettext_lazy("Fill in the planned day."))
    leaves_at = TimeField(label=gettext_lazy("Planned hour"), required=False)
    by_air = forms.ChoiceField(
        label=gettext_lazy("How is the journey?"),
        choices=[
            ("air", gettext_lazy("By air")),
            ("land", gettext_lazy("Over land or sea")),
            ("", gettext_lazy("Not known yet")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    escorted = forms.BooleanField(label=gettext_lazy("With escort"), required=False)
    reference = TextField(label=gettext_lazy("Flight or journey"), max_length=80, required=False)
    optional_unmarked = ("by_air",)
    required_messages = {
        "act": gettext_lazy("Choose how the person leaves."),
        "destination": gettext_lazy("Choose the country."),
    }

    @property
    def plan(self) -> NewDeparture:
        data: dict[str, Any] = dict(self.cleaned_data)
        return NewDeparture(**(data | {"by_air": {"air": True, "land": False}.get(data["by_air"])}))


class ReasonsForm(VersionedForm, Form):
    """One text for each warning that the viewer may see: why it may go ahead nevertheless."""

    def __init__(self, data: Any, record: Any, warnings: Sequence[Judged]) -> None:
        super().__init__(data, record=record)
        for one in warnings:
            self.fields[f"{REASON}{one.code}"] = TextField(
                label=f"{one.code} {one.guard.title}",
                max_length=500,
                rows=2,
                error_messages={"required": gettext_lazy("Write why it may go ahead nevertheless.")},
                help_text=gettext_lazy("Your name stands beside it, for always."),
            )

    @property
    def reasons(self) -> dict[str, str]:
        return {
            name.removeprefix(REASON): str(text) for name, text in self.cleaned_data.items() if name.startswith(REASON)
        }


class WhyForm(VersionedForm, Form):
    reason = why_field()


class FailedForm(VersionedForm, Form):
    on = DateField(label=gettext_lazy("On which day?"), required_message=gettext_lazy("Fill in the day."))
    reason = why_field(pgettext_lazy("departure", "Why did it not go ahead?"))


class LeftForm(Form):
    act = forms.ChoiceField(label=gettext_lazy("How did the person leave?"), choices=HOW, widget=forms.RadioSelect)
    destination = country_field(gettext_lazy("To which country?"), required=True)
    on = DateField(
        label=gettext_lazy("On which day did the person leave?"), required_message=gettext_lazy("Fill in the day.")
    )
    reference = TextField(label=gettext_lazy("Flight or journey"), max_length=80, required=False)
    required_messages = {
        "act": gettext_lazy("Choose how the person left."),
        "destination": gettext_lazy("Choose the country."),
    }

    @property
    def left(self) -> Left:
        return Left(**self.cleaned_data)


class ReplyForm(Form):
    text = TextField(
        label=gettext_lazy("What did you find, and what do you do about it?"),
        max_length=2000,
        rows=5,
        required_message=gettext_lazy("Write what you found and what you do about it."),
    )
