"""The rows of *Zaken*: ready strings, and the markup of their cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.listing import NEVER, NO_DEADLINE, SECTION, RowRights
from cases.case.models import Outcome, Phase, Removability, SpecialGroup
from leidraad.lib import clock, display, marks
from leidraad.pages.case_filters import organisation_choices, site_choices
from leidraad.pages.people import person_name
from partners.models import Member


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

    def cells(self, columns: Sequence[tuple[str, str]]) -> SafeString:
        """The row's cells as markup, for (name, label) of each column. The list has four hundred of them: a template
        that decided on each one would take longer than the database."""
        return format_html_join("", "{}", ((self._cell(name, label),) for name, label in columns))

    def _cell(self, name: str, label: str) -> SafeString:
        if name == "name":
            return format_html(
                '<th scope="row" data-label="{}"><a href="{}">{}</a>{}</th>',
                label,
                self.url,
                format_html('<bdi dir="auto">{}</bdi>', display.shown(self.name)),
                format_html(" {}", marks.mark("warn", self.badge)) if self.badge else "",
            )
        if name == "case":
            return format_html(
                '<td class="nowrap" data-label="{}"><a href="{}">{}</a></td>', label, self.url, self.number
            )
        if name in ("deadline", "contact"):
            shown = self._due() if name == "deadline" else display.shown(self.contact)
            return format_html('<td class="nowrap" data-label="{}">{}</td>', label, shown)
        value = getattr(self, name)
        return format_html(
            '<td data-label="{}">{}</td>', label, "–" if name == "waiting" and value == "" else display.shown(value)
        )

    def _due(self) -> SafeString:
        if self.deadline_kind == "late":
            late = pgettext("deadline", "late")
            return format_html('{} <b>{}</b><span class="vh"> {}</span>', marks.shape("late", 13), self.deadline, late)
        if self.deadline_kind == "today":
            return format_html("<b>{}</b>", self.deadline)
        return (
            format_html("{}", self.deadline)
            if self.deadline
            else format_html('<span class="muted">{}</span>', _("no date"))
        )


class RowMaker:
    """Turns rows of the list query into strings; looks everything that repeats up once."""

    def __init__(self, member: Member) -> None:
        self.rights = RowRights(member)
        self.today = clock.today()
        self.prefix, self.suffix = reverse("cases:detail", args=["Z-0"]).split("Z-0")
        self.phases = {value: str(label) for value, label in Phase.choices}
        self.removabilities = {value: str(label) for value, label in Removability.choices}
        self.groups = {value: str(label) for value, label in SpecialGroup.choices}
        self.outcomes = {value: str(label) for value, label in Outcome.choices}
        self.sites = {int(key): name for key, name in site_choices()}
        self.organisations = dict(organisation_choices())
        self.dates: dict[date, str] = {}

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
            removability=cell("removability", self.removabilities.get(row["removability"], "")),
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

    def _location(self, row: dict[str, Any]) -> str:
        return str(self.sites.get(row["location_id"]) or row["content_object__residence_text"] or "")

    def _waiting(self, codes: list[str] | None) -> str:
        return ", ".join(self.organisations.get(code, code) for code in dict.fromkeys(codes or []))

    def _date(self, day: date) -> str:
        if day not in self.dates:
            self.dates[day] = display.date_table(day)
        return self.dates[day]

    def _deadline(self, day: date) -> str:
        return self._date(day) if day != NO_DEADLINE else ""

    def _deadline_kind(self, day: date) -> str:
        if day == NO_DEADLINE:
            return "none"
        return "late" if day < self.today else "today" if day == self.today else "later"
