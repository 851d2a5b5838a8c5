"""What IND sends: an answer with its ground, when an answer is expected, a correction, a later fact."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.models import Removability
from cases.procedure.actions import Answer
from cases.procedure.models import AnswerGround, RemovabilityAnswer
from leidraad.lib import clock
from leidraad.lib.display import date_long
from leidraad.lib.forms import DateField, Form, TextField

ANSWERS = (Removability.REMOVABLE, Removability.NOT_YET, Removability.BARRED, Removability.LAWFUL_STAY)
PROPOSAL, DAY, NO_END = "proposal", "day", "none"
NO_STRATEGY = gettext_lazy("The asker reads this text. Write no medical data and nothing about a criminal case.")


class AnswerForm(Form):
    """The grounds stand under the answers that they support, so that one choice is always a whole answer."""

    optional_unmarked = ("valid_until",)
    choice = forms.ChoiceField(
        label=gettext_lazy("What is the answer, and on which ground?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the answer with its ground.")},
    )
    until = forms.ChoiceField(
        label=gettext_lazy("Until when does the answer hold?"),
        widget=forms.RadioSelect,
        choices=[
            (PROPOSAL, gettext_lazy("Until the proposed day that stands with the ground")),
            (DAY, gettext_lazy("Until another day")),
            (NO_END, gettext_lazy("No end is planned (not for “removable”)")),
        ],
        help_text=gettext_lazy("The proposed day is a planning rule, not a statutory term. Facts go first."),
    )
    valid_until = DateField(label=gettext_lazy("The last day, if you choose another one"), required=False)
    note = TextField(
        label=pgettext_lazy("field", "Explanation"), rows=3, max_length=1000, required=False, help_text=NO_STRATEGY
    )

    def __init__(self, *args: Any, former: RemovabilityAnswer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grounds = {ground.code: ground for ground in AnswerGround.objects.valid()}
        self.fields["choice"].choices = self._choices()  # type: ignore[attr-defined]  # it is a choice field
        self.initial["until"] = PROPOSAL
        if former is not None and former.ground is not None:
            self.initial.update(
                choice=f"{former.value}:{former.ground.code}",
                until=DAY if former.valid_until else NO_END,
                valid_until=former.valid_until,
                note=former.note,
            )

    def _choices(self) -> list[tuple[str, list[tuple[str, SafeString]]]]:
        return [
            (
                str(value.label),
                [
                    (f"{value}:{ground.code}", _ground_label(value, ground))
                    for ground in self.grounds.values()
                    if value in ground.values
                ],
            )
            for value in ANSWERS
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        value, _colon, code = str(cleaned.get("choice", "")).partition(":")
        ground = self.grounds.get(code)
        if ground is not None:
            try:
                cleaned["answer"] = Answer(value, ground, self._last_day(value, ground), cleaned.get("note", ""))
            except ValidationError as error:
                self.add_error("valid_until" if cleaned.get("until") == DAY else "until", error)
        return cleaned

    def _last_day(self, value: str, ground: AnswerGround) -> date | None:
        kind, day = self.cleaned_data.get("until"), self.cleaned_data.get("valid_until")
        if kind == DAY:
            if day is None and "valid_until" not in self.errors:
                raise ValidationError(_("Fill in the last day on which the answer holds."))
            if day is not None and day < clock.today():
                raise ValidationError(_("The last day must be today or later."))
            return day
        last = ground.proposed_until if kind == PROPOSAL else None
        if last is None and value == Removability.REMOVABLE:
            raise ValidationError(_("Choose until which day the person is removable. Facts change."))
        return last

    @property
    def answer(self) -> Answer:
        found: Answer = self.cleaned_data["answer"]
        return found


def _ground_label(value: Removability, ground: AnswerGround) -> SafeString:
    """The ground, its rule, and the proposed day; the answer itself for who hears one choice at a time."""
    rule = f" ({ground.rule})" if ground.rule else ""
    proposal = ""
    if ground.proposed_until is not None:
        proposal = _("proposal: until %(date)s") % {"date": date_long(ground.proposed_until)}
    return format_html(
        '<span class="vh">{}: </span>{}{}<br><span class="small muted">{}</span>',
        value.label,
        ground.name,
        rule,
        proposal or _("no proposed day"),
    )


class CorrectionForm(AnswerForm):
    """Another answer in place of a wrong one, and why."""

    reason = TextField(
        label=gettext_lazy("Why do you correct the answer?"),
        max_length=500,
        rows=2,
        required_message=gettext_lazy("Say why you correct the answer. The asker reads it."),
    )


class LaterForm(Form):
    """When an answer is expected."""

    expected_on = DateField(
        label=gettext_lazy("On which day do you expect the answer?"),
        required_message=gettext_lazy("Fill in on which day you expect the answer."),
    )
    note = TextField(
        label=pgettext_lazy("field", "Explanation"), rows=3, max_length=1000, required=False, help_text=NO_STRATEGY
    )

    def clean_expected_on(self) -> date:
        day: date = self.cleaned_data["expected_on"]
        if day < clock.today():
            raise ValidationError(_("The day must be today or later."))
        return day


class OvertakenForm(Form):
    """What happened since the answer."""

    fact = TextField(
        label=gettext_lazy("What happened since?"),
        max_length=200,
        required_message=gettext_lazy("Say in one sentence what happened since. The asker reads it."),
        help_text=gettext_lazy("One sentence, such as “New application on 20 November”. At most 200 characters."),
    )
