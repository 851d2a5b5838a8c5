"""What the asker and the receiver send."""

from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cases.case.access import Access
from cases.case.models import ReturnCase
from cases.case.nationalities import language_name
from cases.requests.actions import NewRequest, Place
from cases.requests.models import PlaceKind, RequestKind, Risk, due_by_term
from cases.requests.places import OTHER, known_places, proposed_unit
from leidraad.lib import clock
from leidraad.lib.forms import DateTimeField, Form, TextField
from partners.models import Unit

ADULT_AGE = 18
NO_INTERPRETER = frozenset({"", "nld", "dut"})


if TYPE_CHECKING:
    UnitChoice: TypeAlias = forms.ModelChoiceField[Unit]
else:
    UnitChoice = forms.ModelChoiceField


class UnitField(UnitChoice):
    """Units by their full name, with the town."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} ({obj.city})" if obj.city else str(obj.full_name)


class RequestForm(Form):
    """A request of one kind about one case. Only the fields that the kind needs are there."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where should the person be?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where the person should be.")},
    )
    room = TextField(
        label=gettext_lazy("Room or entrance"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("What helps to find the person, such as a room number."),
    )
    street = TextField(
        label=gettext_lazy("Street and number"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only for another address."),
    )
    city = TextField(label=gettext_lazy("Town"), max_length=80, required=False)
    to_unit = UnitField(
        label=gettext_lazy("Which unit do you ask?"),
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("Choose a unit"),
        error_messages={"required": gettext_lazy("Choose which unit you ask.")},
    )
    reason = TextField(
        label=gettext_lazy("What do you ask, and why?"),
        rows=4,
        max_length=1000,
        required_message=gettext_lazy("Say what you ask and why. The receiver reads this text."),
    )
    due_at = DateTimeField(
        label=gettext_lazy("Needed before"),
        default_time=time(17),
        required_message=gettext_lazy("Fill in before which date and time you need it."),
    )
    risk = forms.ChoiceField(
        label=gettext_lazy("Which risk is known?"),
        choices=[(risk.value, risk.label) for risk in Risk],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose which risk is known, or that none is known.")},
    )
    minors_present = forms.BooleanField(label=gettext_lazy("Children are present"), required=False)
    interpreter = forms.BooleanField(label=pgettext_lazy("field", "An interpreter is needed"), required=False)

    def __init__(self, *args: Any, case: ReturnCase, kind: RequestKind, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.kind = case, kind
        self.known = known_places(case, access)
        self._set_places(kind)
        self._set_units(kind)
        self.initial["due_at"] = due_by_term(kind)
        self.fields["due_at"].help_text = term_words(kind)
        if kind.hint:
            self.fields["reason"].help_text = kind.hint
        if not kind.needs_risk:
            del self.fields["risk"]
        if kind.is_visit:
            self.initial["minors_present"] = has_minors(case, access)
            self._set_interpreter(case)
        else:
            del self.fields["minors_present"], self.fields["interpreter"]

    def _set_places(self, kind: RequestKind) -> None:
        if not kind.needs_place:
            for name in ("place", "room", "street", "city"):
                del self.fields[name]
            return
        choices = [(known.key, known.label) for known in self.known]
        field = self.fields["place"]
        field.choices = [*choices, (OTHER, _("Another address"))]  # type: ignore[attr-defined]  # it is a choice field
        self.initial["place"] = self.known[0].key if self.known else OTHER

    def _set_units(self, kind: RequestKind) -> None:
        units = Unit.objects.valid().filter(organisation_id=kind.answered_by_id).select_related("organisation")
        self.fields["to_unit"].queryset = units  # type: ignore[attr-defined]  # it is a model choice field
        place = self.known[0].place if self.known and kind.needs_place else None
        self.initial["to_unit"] = proposed_unit(kind, place)

    def _set_interpreter(self, case: ReturnCase) -> None:
        language = case.person.language
        if language in NO_INTERPRETER:
            del self.fields["interpreter"]
            return
        self.fields["interpreter"].label = _("An interpreter is needed: %(language)s") % {
            "language": language_name(language)
        }
        self.initial["interpreter"] = True

    def clean_due_at(self) -> Any:
        due_at = self.cleaned_data["due_at"]
        if due_at <= clock.now():
            raise ValidationError(_("The term lies in the past. Choose a moment from now on."))
        return due_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("place") == OTHER:
            if not cleaned.get("street"):
                self.add_error("street", _("Fill in the street and number of the other address."))
            if not cleaned.get("city"):
                self.add_error("city", _("Fill in the town of the other address."))
        return cleaned

    def new_request(self) -> NewRequest:
        data = self.cleaned_data
        return NewRequest(
            kind=self.kind,
            to_unit=data["to_unit"],
            reason=data["reason"],
            due_at=data["due_at"],
            risk=data.get("risk", ""),
            minors_present=data.get("minors_present", False),
            interpreter=self.case.person.language if data.get("interpreter") else "",
            place=self._place(),
        )

    def _place(self) -> Place:
        data = self.cleaned_data
        if not self.kind.needs_place:
            return Place()
        if data["place"] == OTHER:
            return Place(PlaceKind.ADDRESS, None, data["street"], data["city"])
        known = next(known.place for known in self.known if known.key == data["place"])
        if known.kind == PlaceKind.SITE:
            return Place(PlaceKind.SITE, known.unit, data["room"])
        return known

    @property
    def sent_values(self) -> dict[str, str]:
        """What was typed, for the page that asks to confirm it."""
        own = {self.add_prefix(name) for name in self.fields} | {"due_at_date", "due_at_time"}
        return {name: value for name, value in self.data.items() if name in own}


def term_words(kind: RequestKind) -> str:
    """Where the proposed term comes from: a planning rule, so that nobody takes it for one of law."""
    count = kind.term_working_days
    proposal = ngettext(
        "Proposed: %(count)d working day. This is a planning rule, not a statutory term.",
        "Proposed: %(count)d working days. This is a planning rule, not a statutory term.",
        count,
    )
    return proposal % {"count": count}


def has_minors(case: ReturnCase, access: Access) -> bool:
    """Whether children belong to the household, as far as this viewer may see their cases."""
    if case.household_id is None or not access.can("identity.view"):
        return False
    others = ReturnCase.objects.visible_to(access.member).filter(household_id=case.household_id).exclude(pk=case.pk)
    return others.filter(person__birth_year__gt=clock.today().year - ADULT_AGE).exists()


class ReasonForm(Form):
    """Why something is refused, withdrawn or not possible. The other side reads it."""

    reason = TextField(
        label=pgettext_lazy("field", "Reason"),
        rows=3,
        max_length=1000,
        help_text=gettext_lazy("The other side reads this text."),
        required_message=gettext_lazy("Give a reason. The other side reads it."),
    )


class KindForm(Form):
    """What is asked comes first: the rest of the form depends on it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you ask?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you ask.")},
    )

    def __init__(self, *args: Any, kinds: Sequence[RequestKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, str(kind)) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # it is a choice field
