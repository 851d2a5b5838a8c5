"""The rows of *Zaken* as ready strings."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from cases.case.listing import NEVER, NO_DEADLINE, SECTION, RowRights
from cases.case.models import Outcome, Phase, Removability, SpecialGroup
from leidraad.lib import clock, display
from leidraad.pages.case_doubts import words_of
from leidraad.pages.case_filters import organisation_choices, site_choices
from leidraad.pages.people import person_name
from partners.models import Member


@lru_cache(maxsize=4096)
def _date_words(day: date, _language: str | None, _year: int) -> str:
    """The same for everybody who reads this language in this year."""
    return display.date_table(day)


@lru_cache(maxsize=16)
def _words(choices: type[TextChoices], _language: str | None) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


@dataclass(frozen=True)
class CaseRow:
    """A row ready to draw. A cell is MASKED where this case hides it from this member."""

    number: str
    url: str
    name: Any
    badge: str
    phase: Any
    removability: Any
    location: Any
    deadline: str
    deadline_kind: str
    waiting: Any
    contact: Any


class RowMaker:
    """Turns rows of the list query into strings; looks everything that repeats up once."""

    def __init__(self, member: Member) -> None:
        self.rights = RowRights(member)
        self.today = clock.today()
        self.prefix, self.suffix = reverse("cases:detail", args=["Z-0"]).split("Z-0")
        self.language = get_language()
        self.phases = _words(Phase, self.language)
        self.removabilities = _words(Removability, self.language)
        self.outcomes = _words(Outcome, self.language)
        self.sites = {int(key): name for key, name in site_choices()}
        self.organisations = dict(organisation_choices())

    def row(self, row: dict[str, Any]) -> CaseRow:
        seen = self.rights.sections(row)

        def cell(column: str, value: Any) -> Any:
            return value if SECTION[column] in seen else display.MASKED

        number = row["content_object__number"]
        return CaseRow(
            number=number,
            url=f"{self.prefix}{number}{self.suffix}",
            name=cell("name", self._name(row)),
            badge=self._badge(row, seen),
            phase=cell("phase", self._phase(row)),
            removability=cell("removability", self._removability(row)),
            location=cell("location", self._location(row)),
            deadline=self._deadline(row["sort_deadline"]),
            deadline_kind=self._deadline_kind(row["sort_deadline"]),
            waiting=cell("waiting", self._waiting(row["waiting_for"])),
            contact=cell("contact", self._date(row["sort_contact"]) if row["sort_contact"] != NEVER else ""),
        )

    @staticmethod
    def _name(row: dict[str, Any]) -> str:
        person = "content_object__person__"
        return person_name(row[f"{person}surname"], row[f"{person}given_names"], row[f"{person}name_prefix"])

    def _badge(self, row: dict[str, Any], seen: frozenset[str]) -> str:
        group = row["special_group"]
        if "identity" not in seen or group != SpecialGroup.UNACCOMPANIED_MINOR:
            return ""
        return pgettext("short for unaccompanied minor", "uam")

    def _phase(self, row: dict[str, Any]) -> str:
        if row["content_object__closed_on"]:
            return self.outcomes.get(str(row["content_object__outcome"]), "")
        return self.phases.get(str(row["phase"]), "")

    def _removability(self, row: dict[str, Any]) -> str:
        """The value, and that nobody may rely on it when it expired or was overtaken."""
        value = self.removabilities.get(row["removability"], "")
        doubt = words_of(row["doubt"])
        return f"{value} ({doubt})" if doubt else value

    def _location(self, row: dict[str, Any]) -> str:
        return str(self.sites.get(row["location_id"]) or row["content_object__residence_text"] or "")

    def _waiting(self, codes: list[str] | None) -> str:
        return ", ".join(self.organisations.get(code, code) for code in dict.fromkeys(codes or []))

    def _date(self, day: date) -> str:
        return _date_words(day, self.language, self.today.year)

    def _deadline(self, day: date) -> str:
        return self._date(day) if day != NO_DEADLINE else ""

    def _deadline_kind(self, day: date) -> str:
        if day == NO_DEADLINE:
            return "none"
        return "late" if day < self.today else "today" if day == self.today else "later"
