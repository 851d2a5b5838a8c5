"""The ordered list of a unit's cases: filters, sorts and what each row may show.

The list starts from the unit's own grant rows, which carry the list columns and an index per sort. A section that the
member may not see in a case shows in no cell of that case, and a filter or sort on that section leaves the case out: its
place in the list would tell the value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.case.access import GROUND_CONDITIONS, access_from
from cases.case.keys import keys_in_each
from cases.case.models import CaseGrant, Involvement, Part, SectionException, SpecialGroup
from cases.case.models.case import permission_id
from leidraad.lib import clock
from leidraad.lib.pagination import CappedCount, KeysetPage, capped_count, keyset_page
from partners.models import Member
from partners.policy import Now, now, table_at

NO_DEADLINE = date(9999, 12, 31)
NEVER = date.min
QUIET_DAYS = 30

# The section a column, filter or sort belongs to. The deadline is the unit's own and belongs to none.
SECTION = {
    "name": "identity",
    "nationality": "identity",
    "special_group": "identity",
    "phase": "phase",
    "removability": "removability",
    "location": "residence",
    "contact": "activity",
    "waiting": "requests",
    "director": "case",
}
SORTS = {
    "deadline": ("sort_deadline", "content_object_id"),
    "name": ("sort_name", "content_object_id"),
    "contact": ("sort_contact", "content_object_id"),
}
# Closed cases: the latest ones come first.
CLOSED_ORDER = ("-content_object_id", "-id")
UNASSIGNED = -1


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything. `sort` is a name of SORTS, with "-" for descending."""

    closed: bool = False
    director: int | None = None
    phase: str = ""
    removability: str | None = None
    location: int | None = None
    nationality: str = ""
    deadline: str = ""
    special_group: str = ""
    contact: str = ""
    waiting: str = ""
    sort: str = "deadline"


@lru_cache(maxsize=512)
def _holding(organisation: str, role: str, section: str, at: Now) -> tuple[tuple[str, frozenset[str]], ...]:
    """The parts in which a role sees a section, each with the grounds it needs (none: whatever the ground)."""
    found = []
    for part in Part.values:
        needed = table_at(at).conditions(organisation, role, part, f"{section}.view", at.day)
        if needed is None:
            continue
        grounds = (
            frozenset() if "" in needed else frozenset(GROUND_CONDITIONS[c] for c in needed if c in GROUND_CONDITIONS)
        )
        if "" in needed or grounds:
            found.append((part, grounds))
    return tuple(found)


def parts_holding(member: Member, section: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return _holding(member.acting_organisation, member.acting_role, section, now())


def columns_of(member: Member) -> frozenset[str]:
    """The columns, filters and sorts that the member's role may see in at least one part."""
    return _columns(member.acting_organisation, member.acting_role, now())


@lru_cache(maxsize=64)
def _columns(organisation: str, role: str, at: Now) -> frozenset[str]:
    return frozenset(name for name, section in SECTION.items() if _holding(organisation, role, section, at))


def sees_offenders(member: Member) -> bool:
    """Criminal content is a matter of risk: without that section not even the choice in the filter exists."""
    return bool(parts_holding(member, "risk"))


@lru_cache(maxsize=64)
def _only_parts(organisation: str, at: Now) -> frozenset[str]:
    return frozenset(
        rule.part
        for rule in table_at(at).rules
        if rule.organisation == organisation and rule.part in Part.values and rule.holds_on(at.day)
    )


def may_see(member: Member, section: str, case: str = "content_object") -> Q:
    """Rows of cases in which the member sees the section. Nothing to test when every part of theirs carries it.

    `case` is the way from the row to its case. That the unit sees the case at all is the caller's question. The cases that
    an exception narrows are few: they are looked up once for the whole list, not once a row.
    """
    held = parts_holding(member, section)
    allowed = Q(pk__in=[])
    for part, grounds in held:
        allowed |= Q(part=part, ground__in=grounds) if grounds else Q(part=part)
    unit = member.acting_unit.pk
    narrowed = SectionException.objects.filter(
        Q(until=None) | Q(until__gt=clock.now()), unit_id=unit, section=section, allowed=False
    )
    condition = ~Q(**{f"{case}__in": narrowed.values("case_id")})
    everywhere = {part for part, grounds in held if not grounds} >= _only_parts(member.acting_organisation, now())
    if not everywhere:
        condition &= Q(Exists(Involvement.objects.in_force().filter(allowed, case=OuterRef(case), unit_id=unit)))
    return condition


def _deadline(which: str) -> Q:
    today = clock.today()
    week_end = today + timedelta(days=6 - today.weekday())
    return {
        "late": Q(sort_deadline__lt=today),
        "today": Q(sort_deadline=today),
        "week": Q(sort_deadline__range=(today, week_end)),
        "none": Q(sort_deadline=NO_DEADLINE),
    }.get(which, Q())


def _chosen(filters: Filters) -> Iterable[tuple[str, Q]]:
    """Each chosen filter with the column it belongs to."""
    if filters.director is not None:
        yield "director", Q(director_id=None if filters.director == UNASSIGNED else filters.director)
    if filters.phase:
        yield "phase", Q(phase=filters.phase)
    if filters.removability is not None:
        yield "removability", Q(removability=filters.removability)
    if filters.location is not None:
        yield "location", Q(location_id=filters.location)
    if filters.nationality:
        yield "nationality", Q(nationality=filters.nationality)
    if filters.special_group:
        yield "special_group", Q(special_group=filters.special_group)
    if filters.contact == "quiet":
        yield "contact", Q(sort_contact__lte=clock.today() - timedelta(days=QUIET_DAYS))


def _narrowed(member: Member, filters: Filters, waiting: Q | None) -> tuple[QuerySet[CaseGrant], frozenset[str]]:
    """The unit's grant rows that the filters leave, and the sections whose values decide which rows and in what order."""
    columns = columns_of(member)
    found: QuerySet[CaseGrant] = closed_for(member) if filters.closed else CaseGrant.grants.listed_for(member)
    if member.acting is None:
        return found, frozenset()
    sections = set()
    wanted = list(_chosen(filters)) + ([("waiting", waiting)] if waiting is not None else [])
    for column, condition in wanted:
        if column not in columns:
            continue
        sections.add(SECTION[column])
        found = found.filter(condition)
    if filters.special_group == SpecialGroup.FOREIGN_OFFENDER:
        found = found.filter(Exists(_risk_grants(member)))
    if filters.sort.lstrip("-") in SECTION and not filters.closed:
        sections.add(SECTION[filters.sort.lstrip("-")])
    return found.filter(_deadline(filters.deadline)), frozenset(sections)


def grants(member: Member, filters: Filters, *, waiting: Q | None = None) -> QuerySet[CaseGrant]:
    """Grant rows that the filters leave, without those whose place here would tell a masked value.

    `waiting` is the condition of the filter of that name.
    """
    found, sections = _narrowed(member, filters, waiting)
    for section in sorted(sections):
        found = found.filter(may_see(member, section))
    return found


def _risk_grants(member: Member) -> QuerySet[CaseGrant]:
    return CaseGrant.grants.filter(
        content_object_id=OuterRef("content_object_id"),
        group_id=member.acting_unit.group_id,
        permission_id=permission_id("risk"),
    )


def closed_for(member: Member) -> QuerySet[CaseGrant]:
    """View rows of closed cases that the unit may still read."""
    if not member.is_active or member.acting_group_id is None:
        return CaseGrant.grants.none()
    return CaseGrant.grants.filter(
        # Every view row has a deadline; saying so lets the index of closed cases serve.
        group_id=member.acting_group_id,
        permission_id=permission_id("view"),
        is_listed=False,
        sort_deadline__isnull=False,
    )


FIELDS = (
    "id",
    "content_object_id",
    "sort_deadline",
    "sort_name",
    "sort_contact",
    "phase",
    "removability",
    "nationality",
    "special_group",
    "location_id",
    "director_id",
    "content_object__number",
    "content_object__closed_on",
    "content_object__outcome",
    "content_object__residence_form",
    "content_object__residence_text",
    "content_object__person__surname",
    "content_object__person__given_names",
    "content_object__person__name_prefix",
)


def with_cells(found: QuerySet[CaseGrant], member: Member, **extra: Any) -> QuerySet[CaseGrant, dict[str, Any]]:
    """The rows with all a page needs, the member's keys in each case included, so that no row asks a query of its own."""
    rows: QuerySet[CaseGrant, dict[str, Any]] = found.values(
        *FIELDS, **keys_in_each(member, "content_object_id"), **extra
    )
    return rows


def order_of(filters: Filters) -> tuple[str, str]:
    if filters.closed:
        return CLOSED_ORDER
    column, key = SORTS.get(filters.sort.lstrip("-"), SORTS["deadline"])
    return (f"-{column}", f"-{key}") if filters.sort.startswith("-") else (column, key)


def allowed_sort(member: Member, sort: str) -> str:
    """The sort asked for, or the deadline when it does not exist or the member may not see that column."""
    name = sort.removeprefix("-")
    return sort if name == "deadline" or (name in SORTS and name in columns_of(member)) else "deadline"


def page_of(
    member: Member,
    filters: Filters,
    *,
    after: str | None = None,
    waiting: Q | None = None,
    size: int = 50,
    **extra: Any,
) -> KeysetPage[dict[str, Any]]:
    """One page. One query, two when sorted by name beyond the first page, one more when the page held a masked row.

    Rows carry the member's parts, so the page is read without testing each row for its rights and judged afterwards; only
    when a row on it must stay out is it read again with the test in the query, which is many times slower.
    """
    filters = replace(filters, sort=allowed_sort(member, filters.sort))
    order = order_of(filters)
    found, sections = _narrowed(member, filters, waiting)
    keys = found if _index_holds(filters) else None
    page = keyset_page(with_cells(found, member, **extra), order=order, after=after, size=size, keys=keys)
    rights = RowRights(member)
    if all(sections <= rights.sections(row) for row in page.rows):
        return page
    rows = with_cells(grants(member, filters, waiting=waiting), member, **extra)
    return keyset_page(rows, order=order, after=after, size=size)


def _index_holds(filters: Filters) -> bool:
    """Whether the index of the sort holds every column the list is narrowed by; a selective filter has one of its own."""
    beside = (filters.director, filters.location) != (None, None) or bool(filters.nationality or filters.waiting)
    few_valued = bool(filters.phase or filters.special_group) or filters.removability is not None
    of_risk = filters.special_group == SpecialGroup.FOREIGN_OFFENDER
    return few_valued and not (beside or of_risk or filters.contact or filters.closed)


def count_of(member: Member, filters: Filters, *, waiting: Q | None = None) -> CappedCount:
    return capped_count(grants(member, filters, waiting=waiting))


class RowRights:
    """Which sections of the list the member sees in each row; rows with the same parts are judged once."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[str]] = {}

    def sections(self, row: Mapping[str, Any]) -> frozenset[str]:
        """Of a row, or of `vars()` of an object, that carries what `keys_in_each` asks."""
        key = (tuple(row["parts"]), tuple(row["exceptions"]))
        if key not in self._known:
            self._known[key] = self._judge(*key)
        return self._known[key]

    def _judge(self, parts: tuple[str, ...], exceptions: tuple[str, ...]) -> frozenset[str]:
        row = {"parts": parts, "exceptions": exceptions, "granted": ("view_returncase",), "named": ()}
        access = access_from(self.member, row, case_closed=False)
        return frozenset(section for section in set(SECTION.values()) if access.can(f"{section}.view"))
