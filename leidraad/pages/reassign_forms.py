"""To whom a choice of cases goes: a line per case director, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leidraad.lib.forms import BoundField, Form, TextField
from leidraad.pages.dividing import DoesNotAddUp, shares
from partners.models import Member


@dataclass(frozen=True)
class Receiver:
    """One line of the form."""

    member: Member
    load: int
    take: BoundField
    number: BoundField


class DivideForm(Form):
    """Tick who receives. A number gives so many; who has none shares the rest equally; one ticked alone gets all."""

    reason = TextField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Everybody who may read the history of these cases can read it."),
        required_message=gettext_lazy("Say why these cases go to somebody else."),
    )

    def __init__(self, data: Any, *, count: int, directors: Sequence[Member], loads: Mapping[int, int]) -> None:
        super().__init__(data)
        self.count, self.directors, self.loads = count, {one.pk: one for one in directors}, loads
        self.shares: dict[int, int] = {}
        for member in directors:
            words = {"name": member}
            self.fields[f"take_{member.pk}"] = forms.BooleanField(
                label=_("%(name)s receives cases") % words, required=False
            )
            number = forms.IntegerField(
                label=_("Number of cases for %(name)s") % words,
                required=False,
                min_value=0,
                max_value=count,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w-4"}),
            )
            number.error_messages |= {
                "invalid": _("Write a whole number, or leave it empty."),
                "min_value": _("Write a whole number, or leave it empty."),
                "max_value": _("There are not so many cases in this choice."),
            }
            self.fields[f"number_{member.pk}"] = number

    @property
    def receivers(self) -> list[Receiver]:
        return [
            Receiver(member, self.loads.get(pk, 0), self[f"take_{pk}"], self[f"number_{pk}"])  # type: ignore[arg-type]
            for pk, member in self.directors.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {pk: cleaned.get(f"number_{pk}") for pk in self.directors if self._receives(cleaned, pk)}
        if any(name.startswith("number_") for name in self.errors):
            return cleaned
        if not given:
            raise forms.ValidationError(_("Tick at least one case director who receives cases."))
        try:
            self.shares = {pk: number for pk, number in shares(self.count, given).items() if number}
        except DoesNotAddUp as wrong:
            raise forms.ValidationError(self._too_many_or_few(wrong.difference)) from None
        return cleaned

    @staticmethod
    def _receives(cleaned: dict[str, Any], pk: int) -> bool:
        """Ticked, or given a number without a tick."""
        return bool(cleaned.get(f"take_{pk}") or cleaned.get(f"number_{pk}"))

    def _too_many_or_few(self, difference: int) -> str:
        if difference > 0:
            return ngettext(
                "You gave away %(count)d case more than there are. Make a number smaller.",
                "You gave away %(count)d cases more than there are. Make a number smaller.",
                difference,
            ) % {"count": difference}
        return ngettext(
            "%(count)d case is left over. Make a number larger, or tick somebody without a number: they get the rest.",
            "%(count)d cases are left over. Make a number larger, or tick somebody without a number: they get the rest.",
            -difference,
        ) % {"count": -difference}


class TakeBackForm(Form):
    reason = TextField(
        label=gettext_lazy("Why do you take this back?"),
        max_length=200,
        required_message=gettext_lazy("Say why you take this back."),
    )
