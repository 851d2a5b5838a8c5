"""S3 Zaken: which cases need me. One page of ready strings; the number of queries does not depend on the rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.listing import NEVER, NO_DEADLINE, SECTION, Filters, RowRights, columns_of, count_of, page_of
from cases.case.models import Outcome, Part, Phase, Removability, SpecialGroup
from leidraad.lib import clock, display, events
from leidraad.lib.models import EventKind
from leidraad.lib.pagination import CappedCount, KeysetPage
from leidraad.pages.case_filters import (
    FilterForm,
    chosen_tags,
    has_directors,
    organisation_choices,
    site_choices,
    without,
)
from leidraad.pages.people import person_name
from leidraad.pages.waiting import waiting_condition, waiting_for
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import conditions, require_to

COLUMN_LABELS = ("name", "case", "phase", "removability", "location", "deadline", "waiting", "contact")
ALWAYS = {"case", "deadline"}


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


@dataclass(frozen=True)
class Column:
    """A column head. Sortable ones have a link; `direction` is what a screen reader says now."""

    name: str
    label: str
    url: str = ""
    direction: str = ""


def column_heads(member: Member, filters: Filters, query: QueryDict) -> list[Column]:
    labels = {
        "name": _("Name"),
        "case": _("Case"),
        "phase": _("Outcome") if filters.closed else _("Phase"),
        "removability": pgettext("column", "Removable"),
        "location": pgettext("residence", "Location"),
        "deadline": _("Next deadline"),
        "waiting": _("Waiting on"),
        "contact": _("Last contact"),
    }
    shown = columns_of(member) | ALWAYS
    heads = []
    for name in COLUMN_LABELS:
        if name not in shown or (filters.closed and name in {"deadline", "waiting"}):
            continue
        if filters.closed or name not in {"name", "deadline", "contact"}:
            heads.append(Column(name, labels[name]))
            continue
        now = {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "")
        following = f"-{name}" if now == "ascending" else name
        heads.append(Column(name, labels[name], without(query, sort=following), now or "none"))
    return heads


def listed(
    member: Member, filters: Filters, *, after: str | None = None, size: int = 50
) -> tuple[KeysetPage[dict[str, Any]], list[CaseRow]]:
    """One page of the list as the member may see it."""
    condition = waiting_filter(member, filters)
    page = page_of(member, filters, after=after, size=size, waiting=condition, waiting_for=waiting_for(member))
    maker = RowMaker(member)
    return page, [maker.row(row) for row in page.rows]


def waiting_filter(member: Member, filters: Filters) -> Q | None:
    return waiting_condition(member, filters.waiting) if filters.waiting else None


def may_reassign(member: Member) -> bool:
    """Whether the role divides cases among case directors. Asked again for each case when it happens."""
    found = conditions(member.acting_organisation, member.acting_role, Part.LEAD, "case.assign")
    return found is not None and has_directors(member)


def as_text(count: CappedCount) -> str:
    return f"{display.number(count.value)}{'+' if count.capped else ''}"


@signed_in
def case_list(request: UserRequest) -> HttpResponse:
    """The unit's own cases, narrowed by the filters in the address. Nothing in the address is personal."""
    member = request.member
    require_to(member, "cases.list")
    form = FilterForm(request.GET, member)
    filters = form.filters()
    page, rows = listed(member, filters, after=request.GET.get("after"))
    count = count_of(member, filters, waiting=waiting_filter(member, filters))
    events.record(EventKind.READ, member, route="cases:list", detail={"shown": len(rows)})
    context = {
        "page": page,
        "rows": rows,
        "columns": column_heads(member, filters, request.GET),
        "count": as_text(count),
        "count_value": count.value,
        "filter_form": form,
        "chosen": chosen_tags(form, request.GET),
        "clear_url": without(request.GET, *form.optional_unmarked),
        "is_closed_list": filters.closed,
        "open_url": without(request.GET, "status"),
        "closed_url": without(request.GET, "deadline", "sort", status="closed"),
        "query": request.GET.urlencode(),
        "can_reassign": not filters.closed and may_reassign(member),
        "hx_target": "#case-list",
    }
    template = "pages/_case_list.html" if request.htmx and not request.htmx.boosted else "pages/case_list.html"
    return render(request, template, context)
