"""The filter panel of *Zaken*: which choices a member has, what was chosen, and each chosen filter as a removable tag."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.core.cache import caches
from django.db.models import Q
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.case.actions import directors_of
from cases.case.listing import UNASSIGNED, Filters, allowed_sort, columns_of, sees_offenders
from cases.case.models import Phase, Removability, SpecialGroup
from cases.case.nationalities import nationality_codes, nationality_name
from leidraad.lib import display
from leidraad.lib.forms import Form
from leidraad.lib.pagination import CappedCount
from leidraad.pages.waiting import waiting_condition
from partners.models import Member, Organisation, Unit, UnitKind, in_language

ME = "me"
NOBODY = "nobody"
ANY = ("", _("All"))
NOT_ASKED = "unknown"
KEPT_SECONDS = 60
SELECTED = mark_safe(" selected")  # a constant

# Phases that a case on the list can be in; `closed` has a list of its own.
OPEN_PHASES = [(value, label) for value, label in Phase.choices if value != Phase.CLOSED]
DEADLINES = [
    ("late", pgettext_lazy("deadline", "Late")),
    ("today", pgettext_lazy("deadline", "Today")),
    ("week", pgettext_lazy("deadline", "This week")),
    ("none", _("No date recorded")),
]
CONTACTS = [("quiet", _("None in 30 days"))]


def _kept(key: str, read: Callable[[], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Choices that change a few times a year are kept in the process's own memory: a list page asks nobody for them."""
    found: list[tuple[str, str]] | None = caches["near"].get_or_set(f"choices:{key}", read, KEPT_SECONDS)
    return found or []


def _sites() -> list[tuple[str, str]]:
    sites = Unit.objects.valid().filter(kind=UnitKind.SITE).order_by("name")
    return [(str(pk), name) for pk, name in sites.values_list("pk", "name")]


def site_choices() -> list[tuple[str, str]]:
    return _kept("sites", _sites)


def organisation_choices() -> list[tuple[str, str]]:
    name = in_language("short_name")
    return _kept(f"organisations:{name}", lambda: list(Organisation.objects.order_by(name).values_list("code", name)))


def director_choices(unit: Unit) -> list[tuple[str, str]]:
    return _kept(f"directors:{unit.pk}", lambda: [(str(member.pk), str(member)) for member in directors_of(unit)])


@lru_cache(maxsize=512)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """The markup of one list of choices: the same for everybody who has these choices in this language."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SELECTED if key == chosen else "", label) for key, label in choices),
    )


@lru_cache(maxsize=8)
def _nationalities(_language: str | None) -> tuple[tuple[str, str], ...]:
    names = sorted((nationality_name(code), code) for code in nationality_codes())
    return tuple((code, name) for name, code in names)


class Ready(BaseChoiceIterator):
    """Choices that are pairs already: Django need not look into each of them, twice, on every page."""

    def __init__(self, pairs: Sequence[tuple[Any, Any]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield from self.pairs


class QuickSelect(forms.Select):
    """The same markup as Django's, without a template per option: the list of nationalities has 250 of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        options = _options(choices, "" if value is None else str(value))
        built = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(built), options)


class Choice(forms.ChoiceField):
    widget = QuickSelect


class FilterForm(Form):
    """A GET form; a value it does not know is no filter. Fields of sections the role may not see do not exist."""

    director = Choice(label=_("Case director"), required=False)
    phase = Choice(label=_("Phase"), required=False, choices=[ANY, *OPEN_PHASES])
    removability = Choice(label=_("Removability"), required=False)
    location = Choice(label=pgettext_lazy("residence", "Location"), required=False)
    nationality = Choice(label=_("Nationality"), required=False)
    deadline = Choice(label=_("Next deadline"), required=False, choices=[ANY, *DEADLINES])
    special_group = Choice(label=_("Special group"), required=False)
    waiting = Choice(label=_("Waiting on"), required=False)
    contact = Choice(label=_("Last contact"), required=False, choices=[ANY, *CONTACTS])
    status = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    optional_unmarked = (
        "director",
        "phase",
        "removability",
        "location",
        "nationality",
        "deadline",
        "special_group",
        "waiting",
        "contact",
    )

    def __init__(self, data: Mapping[str, Any], member: Member) -> None:
        super().__init__(data)
        self.member = member
        for name, choices in self._choices(member).items():
            self.fields[name].choices = Ready([ANY, *choices])  # type: ignore[attr-defined]  # these are choice fields
        for name in self._unseen(member):
            del self.fields[name]

    @staticmethod
    def _choices(member: Member) -> dict[str, Sequence[tuple[Any, Any]]]:
        groups = [(value, label) for value, label in SpecialGroup.choices if value]
        if not sees_offenders(member):
            groups = [choice for choice in groups if choice[0] != SpecialGroup.FOREIGN_OFFENDER]
        own = [(ME, _("My own cases"))] if member.acting_role == "case_director" else []
        directors = [choice for choice in director_choices(member.acting_unit) if choice[0] != str(member.pk)]
        return {
            "director": [*own, (NOBODY, _("Nobody yet")), *directors],
            "removability": [(value or NOT_ASKED, label) for value, label in Removability.choices],
            "location": site_choices(),
            "nationality": _nationalities(get_language()),
            "special_group": groups,
            "waiting": [choice for choice in organisation_choices() if choice[0] != member.acting_organisation],
        }

    @staticmethod
    def _unseen(member: Member) -> set[str]:
        columns = columns_of(member)
        filters = {"phase", "removability", "location", "nationality", "special_group", "waiting", "contact"}
        unseen = filters - columns
        return unseen if has_directors(member) else unseen | {"director"}

    def filters(self) -> Filters:
        """What was chosen, with unknown values left out."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        removability = given.get("removability", "")
        location = given.get("location", "")
        return Filters(
            closed=given["status"] == "closed",
            director=self._director(given.get("director", "")),
            phase=given.get("phase", ""),
            removability=None if not removability else "" if removability == NOT_ASKED else removability,
            location=int(location) if location else None,
            nationality=given.get("nationality", ""),
            deadline=given["deadline"],
            special_group=given.get("special_group", ""),
            contact=given.get("contact", ""),
            waiting=given.get("waiting", ""),
            sort=allowed_sort(self.member, given["sort"] or "deadline"),
        )

    def _director(self, chosen: str) -> int | None:
        if not chosen:
            return None
        return {ME: self.member.pk, NOBODY: UNASSIGNED}.get(chosen) or int(chosen)


def has_directors(member: Member) -> bool:
    """Whether the acting unit divides its cases among case directors."""
    return bool(director_choices(member.acting_unit))


@dataclass(frozen=True)
class Chosen:
    label: str
    remove_url: str


def chosen_tags(form: FilterForm, query: QueryDict) -> list[Chosen]:
    """One tag per chosen filter; its link is this list without it, on the first page."""
    tags = []
    for name in form.optional_unmarked:
        value = form.cleaned_data.get(name) if name in form.fields else None
        if value:
            field = form.fields[name]
            words = dict(field.choices).get(value, value)  # type: ignore[attr-defined]  # these are choice fields
            tags.append(Chosen(f"{field.label}: {words}", without(query, name)))
    return tags


def without(query: QueryDict, *names: str, **instead: str) -> str:
    """The list's own address with some parameters left out or replaced, starting at the first page."""
    rest = query.copy()
    for name in (*names, "after", *instead):
        rest.pop(name, None)
    for name, value in instead.items():
        rest[name] = value
    for name in [name for name, value in rest.items() if not value]:
        del rest[name]
    return f"?{rest.urlencode()}" if rest else "?"


def waiting_filter(member: Member, filters: Filters) -> Q | None:
    return waiting_condition(member, filters.waiting) if filters.waiting else None


def as_text(count: CappedCount) -> str:
    return f"{display.number(count.value)}{'+' if count.capped else ''}"
