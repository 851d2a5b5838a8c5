"""What the reporter and the intake desk send."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case.lookalikes import Born, Lookalike
from cases.case.nationalities import nationality_codes, nationality_name
from cases.case.search import Query, case_number, is_number
from handover.models.referral import Referral, ReferralReason
from handover.referrals.actions import NewReferral, needs_consent
from handover.referrals.states import Finding
from leidraad.lib import clock
from leidraad.lib.forms import DatePartsInput, Form, TextField
from leidraad.lib.stale import VERSION, version_sent
from partners.models import Member

if TYPE_CHECKING:
    ReasonChoice: TypeAlias = forms.ModelChoiceField[ReferralReason]
else:
    ReasonChoice = forms.ModelChoiceField

OLDEST = 1900


class PartialDateField(forms.CharField):
    """A birth date of which only the year, or the year and month, may be known. Gives year, month, day."""

    widget = DatePartsInput

    def to_python(self, value: Any) -> Any:
        parts = [part.strip() for part in str(value or "").split("-")]
        if not any(parts):
            return (None, None, None)
        day, month, year = (*parts, "", "", "")[:3]
        if not all(part == "" or (part.isascii() and part.isdigit()) for part in (day, month, year)):
            raise ValidationError(_("Write the birth date in figures."))
        if not year:
            raise ValidationError(_("Fill in the year too, or leave the birth date empty."))
        if day and not month:
            raise ValidationError(_("Fill in the month too, or leave the day empty."))
        return self._known(int(year), int(month) if month else None, int(day) if day else None)

    def _known(self, year: int, month: int | None, day: int | None) -> Born:
        try:
            born = date(year, month or 1, day or 1)
        except ValueError:
            raise ValidationError(_("This date does not exist. Check day, month and year.")) from None
        if year < OLDEST or born > clock.today():
            raise ValidationError(_("Check the year: nobody was born then."))
        return (year, month, day)


def _as_typed(born: Born) -> str:
    """As `DatePartsInput` shows it."""
    return "-".join(str(part or "") for part in reversed(born)) if any(born) else ""


class ReferralForm(Form):
    """Whom it is about, why, what is asked. Only the name, the reason and the question must be known."""

    v_number = TextField(
        label=gettext_lazy("V-number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("8 to 10 digits, when you know it."),
    )
    surname = TextField(
        label=gettext_lazy("Surname"),
        max_length=200,
        required_message=gettext_lazy("Fill in the surname, or the only name that you know."),
    )
    given_names = TextField(label=gettext_lazy("Given names"), max_length=200, required=False)
    born = PartialDateField(
        label=gettext_lazy("Birth date"),
        required=False,
        help_text=gettext_lazy("As far as you know it. The year alone helps too."),
    )
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"), required=False)
    reason = ReasonChoice(
        label=gettext_lazy("Why do you report this person?"),
        queryset=ReferralReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose why you report this person.")},
    )
    asked = TextField(
        label=gettext_lazy("What do you ask of DT&V?"),
        rows=3,
        max_length=500,
        required_message=gettext_lazy("Write what you ask of DT&V."),
    )
    contact = TextField(
        label=gettext_lazy("How can DT&V reach you about this?"),
        max_length=200,
        required_message=gettext_lazy("Fill in a phone number or an e-mail address of your unit."),
        help_text=gettext_lazy("A phone number or an e-mail address of your unit."),
    )
    note = TextField(
        label=gettext_lazy("Note"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "Write nothing about health, criminal offences or the asylum story. DT&V asks for it when it is needed."
        ),
    )
    consented = forms.BooleanField(
        label=gettext_lazy("The person agrees that I pass this on to DT&V"),
        error_messages={"required": gettext_lazy("Your organisation passes this on only when the person agrees.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, member: Member, initial: dict[str, Any] | None = None) -> None:
        first: dict[str, Any] = {"key": uuid4(), "contact": member.phone or member.acting_unit.phone, "nationality": ""}
        super().__init__(data, initial=first | (initial or {}))
        reason, nationality = self.fields["reason"], self.fields["nationality"]
        reason.queryset = ReferralReason.objects.for_member(member)  # type: ignore[attr-defined]  # a model choice field
        named = sorted((nationality_name(code), code) for code in nationality_codes())
        nationality.choices = [("", _("Unknown")), *((code, name) for name, code in named)]  # type: ignore[attr-defined]
        if not needs_consent(member):
            del self.fields["consented"]

    def clean_v_number(self) -> str:
        digits = "".join(char for char in self.cleaned_data["v_number"] if char not in " .-")
        if digits and not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 10):
            raise ValidationError(_("A V-number has 8 to 10 digits."))
        return digits

    def to_file(self) -> NewReferral:
        values = dict(self.cleaned_data)
        del values["key"]
        return NewReferral(**values)


def from_search(query: Query) -> dict[str, Any]:
    """What somebody searched for, so that it need not be typed again. A case number names no person."""
    born = (query.born.year, query.born.month, query.born.day) if query.born else (None, None, None)
    known: dict[str, Any] = {"born": _as_typed(born)}
    if case_number(query.text):
        return known
    if is_number(query.text):
        return known | {"v_number": query.text}
    surname, _comma, given_names = (part.strip() for part in query.text.partition(","))
    return known | {"surname": surname, "given_names": given_names}


def from_former(former: Referral) -> dict[str, Any]:
    """What the referral to correct told."""
    names = ("v_number", "surname", "given_names", "nationality", "asked", "contact", "note")
    born = (former.birth_year, former.birth_month, former.birth_day)
    return {name: getattr(former, name) for name in names} | {"reason": former.reason_id, "born": _as_typed(born)}


class ActForm(Form):
    """An act on one referral, with the version that its page was drawn from."""

    def __init__(self, data: Any = None, *, referral: Referral, auto_id: str = "id_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields[VERSION] = forms.CharField(widget=forms.HiddenInput, required=False, initial=str(referral.version))

    @property
    def version(self) -> int:
        return version_sent(self.data)


class ReasonForm(ActForm):
    reason = TextField(
        label=gettext_lazy("Reason"), rows=2, max_length=200, required_message=gettext_lazy("Write why.")
    )


CASE, ANOTHER = "case:", "another"


class JudgeForm(ActForm):
    """One choice: a candidate, another case by its number, no case yet, or no action."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Who is this?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what has to happen with this referral.")},
    )
    number = TextField(
        label=gettext_lazy("Case number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Only for another case, such as Z-2026-000123."),
    )
    reason = TextField(
        label=gettext_lazy("Explanation for colleagues"),
        rows=2,
        max_length=500,
        required=False,
        help_text=gettext_lazy("The reporter does not read this. Needed when nothing has to be done."),
    )

    def __init__(
        self, data: Any = None, *, referral: Referral, found: Sequence[Lookalike], only_match: bool = False
    ) -> None:
        super().__init__(data, referral=referral)
        self.found = {f"{CASE}{one.case.pk}": one.case for one in found}
        choices = [(key, _label(one)) for key, one in zip(self.found, found, strict=True)]
        choices.append((ANOTHER, _("Another case, with the number below")))
        if not only_match:
            choices.append((Finding.TO_OPEN, str(Finding.TO_OPEN.label)))
            choices.append((Finding.NO_ACTION, _("No action is needed")))
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]  # it is a choice field

    @property
    def finding(self) -> Finding:
        chosen = self.cleaned_data["decision"]
        return Finding(chosen) if chosen in set(Finding) else Finding.MATCHED

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == ANOTHER and not cleaned.get("number"):
            self.add_error("number", _("Fill in the number of the case."))
        if cleaned.get("decision") == Finding.NO_ACTION and not cleaned.get("reason"):
            self.add_error("reason", _("Write why nothing has to be done."))
        return cleaned


def _label(one: Lookalike) -> str:
    return f"{one.case.person.full_name}, {one.case.number} ({', '.join(one.agrees)})"
