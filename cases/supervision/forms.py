"""What the officer states about a visit, and who gets the task."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.supervision.actions import Visit, colleagues
from cases.supervision.models import SupervisionTask
from cases.supervision.states import PROPOSED, RESULTS, NextStep, Outcome
from leidraad.lib import clock
from leidraad.lib.forms import DateTimeField, Form, TextField
from partners.models import Member


class VisitForm(Form):
    """The outcome was chosen with a button before; the rest has a proposal and can be sent as it is."""

    outcome = forms.ChoiceField(choices=Outcome.choices, widget=forms.HiddenInput)
    at = DateTimeField(
        label=gettext_lazy("Time of the visit"), required_message=gettext_lazy("Fill in when the visit was.")
    )
    with_whom = TextField(label=gettext_lazy("With whom"), max_length=200, required=False)
    note = TextField(label=gettext_lazy("Short note"), max_length=1000, rows=2, required=False)
    next_step = forms.ChoiceField(label=gettext_lazy("Proposed next step"), choices=NextStep.choices)

    def __init__(self, *args: Any, outcome: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"outcome": outcome, "at": clock.now(), "next_step": PROPOSED[Outcome(outcome)]})
        if outcome == Outcome.OTHER:
            self.fields["note"].required = True
            message = _("Describe the other outcome in the note.")
            self.fields["note"].error_messages["required"] = message

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > clock.now():
            raise ValidationError(_("The time of the visit lies in the future."))
        return at

    def visit(self) -> Visit:
        data = self.cleaned_data
        return Visit(data["outcome"], data["at"], data["with_whom"], data["note"], data["next_step"])


class CorrectionForm(VisitForm):
    """After sending: another result, and why."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.label) for outcome in RESULTS], widget=forms.HiddenInput
    )
    reason = TextField(
        label=gettext_lazy("Why do you correct the outcome?"),
        max_length=500,
        rows=2,
        required_message=gettext_lazy("Say why you correct the outcome. The asker reads it."),
    )


class AssignForm(Form):
    optional_unmarked = ("assignee",)
    assignee = forms.ChoiceField(label=pgettext_lazy("field", "Assigned to"), required=False)

    def __init__(self, *args: Any, task: SupervisionTask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in colleagues(task)}
        nobody = ("", _("Nobody yet"))
        names = [(key, str(member)) for key, member in self.members.items()]
        self.fields["assignee"].choices = [nobody, *names]  # type: ignore[attr-defined]  # it is a choice field
        self.initial["assignee"] = str(task.assignee_id or "")

    @property
    def chosen(self) -> Member | None:
        return self.members.get(self.cleaned_data["assignee"])
