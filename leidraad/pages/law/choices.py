"""Fields of the forms about facts of law: kinds and grounds as dated data, countries, members of a household."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import QuerySet, TextChoices
from django.utils.translation import get_language, gettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.models import ReturnCase
from cases.case.nationalities import country_name, language_name, languages, nationality_codes
from leidraad.lib.forms import TextField


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]  # several models of kinds
    """A kind or ground with the rule that it rests on. Its queryset is set by the form."""

    def __init__(self, model: Any, *, label: StrOrPromise, required: bool = True, **more: Any) -> None:
        super().__init__(model.objects.none(), label=label, required=required, **more)
        # Kept lazy, so that it is in the language of the reader and not in that of the start.
        self.empty_label = gettext_lazy("Choose") if required else gettext_lazy("None")

    def label_from_instance(self, obj: Any) -> str:
        return str(getattr(obj, "in_full", obj))


def offer(form: forms.BaseForm, name: str, kinds: QuerySet[Any]) -> None:
    """Set the kinds that a field of the form offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # tells the type checker what stands above
    field.queryset = kinds


@lru_cache(maxsize=4)
def _countries(_language: str | None) -> tuple[tuple[str, str], ...]:
    named = ((code, country_name(code)) for code in nationality_codes())
    return tuple(sorted(((code, name) for code, name in named if name), key=lambda pair: pair[1]))


def country_choices() -> list[tuple[str, StrOrPromise]]:
    """Every country by its name in the reader's language, after a line that chooses none."""
    return [("", gettext_lazy("Choose")), *_countries(get_language())]


def country_field(label: StrOrPromise, *, required: bool = False, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=country_choices, required=required, **more)


def language_field(label: StrOrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: [("", gettext_lazy("Choose")), *languages()], required=False)


def keep_language(form: forms.BaseForm, name: str) -> None:
    """Offer what is recorded as well, where a dossier has a code that is not the usual one of its language."""
    stored, field = form.initial.get(name), form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
    if stored and stored not in dict(languages()):
        field.choices = [(stored, language_name(stored)), ("", gettext_lazy("Choose")), *languages()]


def source_field() -> TextField:
    return TextField(
        label=gettext_lazy("Source"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("The register or letter that it comes from. Left empty it is your own team."),
    )


def why_field(label: StrOrPromise = "", *, required: bool = True) -> TextField:
    return TextField(
        label=label or gettext_lazy("Why?"),
        max_length=500,
        rows=2,
        required=required,
        required_message=gettext_lazy("Write why. Others read it."),
    )


def named(choices: type[TextChoices]) -> list[tuple[str, StrOrPromise]]:
    """The choices of a person who records: never the one that says that a dossier does not tell."""
    return [(str(code), label) for code, label in choices.choices if code != "not_stated"]


class HouseholdMixin(forms.BaseForm):
    """Ticks for the other members of the household, each stored in that person's own case."""

    household: Mapping[str, ReturnCase]

    def offer_household(self, cases: Iterable[ReturnCase], name: str = "others") -> None:
        """Offer the cases of relatives; without any the field is left out."""
        self.household = {case.number: case for case in cases}
        if not self.household:
            self.fields.pop(name, None)
            return
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = [(number, f"{case.person.full_name} ({number})") for number, case in self.household.items()]

    def chosen_others(self, name: str = "others") -> list[ReturnCase]:
        return [self.household[number] for number in self.cleaned_data.get(name, [])]


def others_field(label: StrOrPromise, help_text: StrOrPromise = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )
