"""The filter panel of *Zaken*: which choices a member has, what was chosen, and each chosen filter as a removable tag."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import caches
from django.db.models import Q
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from cases.case.actions import directors_of
from cases.case.listing import UNASSIGNED, Filters, allowed_sort, columns_of, sees_offenders
from cases.case.models import Phase, Removability, SpecialGroup
from cases.case.nationalities import nationality_codes, nationality_name
from leidraad.lib import display
from leidraad.lib.pagination import CappedCount
from leidraad.pages.waiting import waiting_condition
from partners.models import Member, Organisation, Unit, UnitKind, in_language

Pairs = tuple[tuple[str, str], ...]
ME = "me"
NOBODY = "nobody"
NOT_ASKED = "unknown"
KEPT_SECONDS = 60
SELECTED = mark_safe(" selected")  # a constant
FIELD = """
<div class="field">
  <label class="utrecht-form-label" for="id_{}">{}</label>
  <select name="{}" id="id_{}" class="utrecht-select utrecht-select--html-select">{}</select>
</div>
"""
HIDDEN = '<input type="hidden" name="{}" value="{}">'

# Phases that a case on the list can be in; `closed` has a list of its own.
OPEN_PHASES = [(value, label) for value, label in Phase.choices if value != Phase.CLOSED]
DEADLINES = [
    ("late", pgettext_lazy("deadline", "Late")),
    ("today", pgettext_lazy("deadline", "Today")),
    ("week", pgettext_lazy("deadline", "This week")),
    ("none", gettext_lazy("No date recorded")),
]
CONTACTS = [("quiet", gettext_lazy("None in 30 days"))]


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
def _drawn(name: str, label: str, choices: Pairs, chosen: str) -> SafeString:
    """One choice with its label, as `forms/field.html` draws it: the same for everybody who chose this from these."""
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SELECTED if key == chosen else "", text) for key, text in choices),
    )
    return format_html(FIELD, name, label, name, name, options)


def _said(choices: Iterable[tuple[Any, Any]]) -> Pairs:
    return tuple((str(value), str(label)) for value, label in choices)


@lru_cache(maxsize=8)
def _fixed(_language: str | None) -> Mapping[str, Pairs]:
    """The choices that depend on nothing but the language."""
    nationalities = sorted((nationality_name(code), code) for code in nationality_codes())
    return {
        "phase": _said(OPEN_PHASES),
        "removability": _said((value or NOT_ASKED, label) for value, label in Removability.choices),
        "nationality": tuple((code, name) for name, code in nationalities),
        "deadline": _said(DEADLINES),
        "special_group": _said((value, label) for value, label in SpecialGroup.choices if value),
        "contact": _said(CONTACTS),
    }


@dataclass(frozen=True)
class Choice:
    """One filter of the panel: what it offers and what was chosen of that, "" for everything."""

    label: str
    choices: Pairs
    chosen: str


class FilterForm:
    """The filters that the address asks for. A value that is not on offer is no filter; filters on sections that the role
    may not see do not exist. No Django form: nothing here can be wrong, and every list page draws 400 choices."""

    def __init__(self, data: Mapping[str, Any], member: Member) -> None:
        self.member = member
        self.closed = data.get("status") == "closed"
        self.sort = allowed_sort(member, str(data.get("sort") or "deadline"))
        self.fields: dict[str, Choice] = {}
        labels, seen = self._labels(), columns_of(member) | {"deadline"}
        for name, choices in self._choices(member).items():
            if name in seen and choices:
                asked = str(data.get(name) or "")
                chosen = asked if any(asked == value for value, _label in choices) else ""
                self.fields[name] = Choice(labels[name], choices, chosen)

    @staticmethod
    def _labels() -> dict[str, str]:
        return {
            "director": _("Case director"),
            "phase": _("Phase"),
            "removability": _("Removability"),
            "location": pgettext("residence", "Location"),
            "nationality": _("Nationality"),
            "deadline": _("Next deadline"),
            "special_group": _("Special group"),
            "waiting": _("Waiting on"),
            "contact": _("Last contact"),
        }

    @staticmethod
    def _choices(member: Member) -> dict[str, Pairs]:
        """What each filter offers this member, in the order of the panel."""
        fixed = _fixed(get_language())
        groups = fixed["special_group"]
        if not sees_offenders(member):
            groups = tuple(choice for choice in groups if choice[0] != SpecialGroup.FOREIGN_OFFENDER)
        others = (choice for choice in organisation_choices() if choice[0] != member.acting_organisation)
        return {
            "director": _directors(member),
            "phase": fixed["phase"],
            "removability": fixed["removability"],
            "location": tuple(site_choices()),
            "nationality": fixed["nationality"],
            "deadline": fixed["deadline"],
            "special_group": groups,
            "waiting": tuple(others),
            "contact": fixed["contact"],
        }

    def filters(self) -> Filters:
        removability, location = self._chosen("removability"), self._chosen("location")
        return Filters(
            closed=self.closed,
            director=self._director(self._chosen("director")),
            phase=self._chosen("phase"),
            removability=None if not removability else "" if removability == NOT_ASKED else removability,
            location=int(location) if location else None,
            nationality=self._chosen("nationality"),
            deadline=self._chosen("deadline"),
            special_group=self._chosen("special_group"),
            contact=self._chosen("contact"),
            waiting=self._chosen("waiting"),
            sort=self.sort,
        )

    def _chosen(self, name: str) -> str:
        return self.fields[name].chosen if name in self.fields else ""

    def _director(self, chosen: str) -> int | None:
        if not chosen:
            return None
        return {ME: self.member.pk, NOBODY: UNASSIGNED}.get(chosen) or int(chosen)

    def drawn(self) -> SafeString:
        """The panel's fields as markup. Applying filters keeps the order and stays on the open or the closed cases."""
        drawn = [
            _drawn(name, field.label, (("", _("All")), *field.choices), field.chosen)
            for name, field in self.fields.items()
        ]
        kept = {"status": "closed" if self.closed else "", "sort": self.sort if self.sort != "deadline" else ""}
        drawn += [format_html(HIDDEN, name, value) for name, value in kept.items() if value]
        return format_html_join("", "{}", ((field,) for field in drawn))


def _directors(member: Member) -> Pairs:
    """Nothing in a unit that does not divide its cases among case directors."""
    if not has_directors(member):
        return ()
    own = ((ME, _("My own cases")),) if member.acting_role == "case_director" else ()
    others = (choice for choice in director_choices(member.acting_unit) if choice[0] != str(member.pk))
    return (*own, (NOBODY, _("Nobody yet")), *others)


def has_directors(member: Member) -> bool:
    """Whether the acting unit divides its cases among case directors."""
    return bool(director_choices(member.acting_unit))


@dataclass(frozen=True)
class Chosen:
    label: str
    remove_url: str


def chosen_tags(form: FilterForm, query: QueryDict) -> list[Chosen]:
    """One tag per chosen filter; its link is this list without it, on the first page."""
    return [
        Chosen(f"{field.label}: {dict(field.choices)[field.chosen]}", without(query, name))
        for name, field in form.fields.items()
        if field.chosen
    ]


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
