"""The terms of all cases of a unit in one list, by day. What a member may not know of does not stand in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from cases.case.access import Access, accesses_of
from cases.case.models import CaseGrant, Part, ReturnCase
from cases.terms.deadlines import all_sees
from cases.terms.models import KeptDeadline
from leidraad.lib import clock
from leidraad.lib.pagination import KeysetPage, keyset_page
from partners.models import Member
from partners.policy import conditions

SIZE = 50
MOST_LIBERTY = 50


@dataclass(frozen=True)
class Range:
    """Days to show, both included; None is without a limit."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Filters:
    days: Range = Range()
    group: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Row:
    """A term with its case, and what the member may do in that case."""

    deadline: KeptDeadline
    case: ReturnCase
    access: Access


def may_know(member: Member) -> list[str]:
    """The sets of capabilities, as they are kept, that the member's role may hold in some part at all."""
    return sorted("+".join(needed) for needed in all_sees() if all(_holds(member, one) for one in needed))


def _holds(member: Member, capability: str) -> bool:
    return any(conditions(member.acting_organisation, member.acting_role, part, capability) for part in Part.values)


def _of_unit(member: Member) -> QuerySet[KeptDeadline]:
    """Not done, in an open case of the unit: still to come, or passed although an authority had to act."""
    mine = CaseGrant.grants.listed_for(member).values("content_object_id")
    counts = Q(until__gte=clock.today()) | Q(obliges=True)
    found: QuerySet[KeptDeadline] = KeptDeadline.objects.filter(counts, case__in=mine, done_on=None, due__isnull=False)
    return found.filter(sees__overlap=may_know(member))


def _narrowed(member: Member, filters: Filters) -> QuerySet[KeptDeadline]:
    found = _of_unit(member)
    if filters.days.first is not None:
        found = found.filter(due__gte=filters.days.first)
    if filters.days.last is not None:
        found = found.filter(due__lte=filters.days.last)
    if filters.group:
        found = found.filter(group=filters.group)
    return found.filter(owner=filters.owner) if filters.owner else found


def liberty(member: Member, filters: Filters) -> list[Row]:
    """Terms of liberty, which stand first whatever their day. Three queries."""
    return rows_of(member, _narrowed(member, filters).filter(is_liberty=True).order_by("due", "pk")[:MOST_LIBERTY])


def page_of(member: Member, filters: Filters, after: str | None) -> tuple[KeysetPage[KeptDeadline], list[Row]]:
    """One page of the others. A row that its case keeps from the member is left out: then the page holds fewer."""
    page = keyset_page(_narrowed(member, filters).filter(is_liberty=False), order=("due", "id"), after=after, size=SIZE)
    return page, rows_of(member, page.rows)


MOST_IN_CALENDAR = 1000


def for_calendar(member: Member, first: date, last: date) -> list[Row]:
    """The terms of these days, the first thousand by day. Three queries."""
    found = _narrowed(member, Filters(Range(first, last))).order_by("due", "pk")[:MOST_IN_CALENDAR]
    return rows_of(member, found)


def rows_of(member: Member, found: Iterable[KeptDeadline]) -> list[Row]:
    """With the case of each, as the member may see it. Two queries."""
    deadlines = list(found)
    seen = ReturnCase.objects.visible_to(member).filter(pk__in={one.case_id for one in deadlines})
    cases = {case.pk: case for case in seen.select_related("person")}
    accesses = accesses_of(member, cases.values())
    rows = [Row(one, cases[one.case_id], accesses[one.case_id]) for one in deadlines if one.case_id in cases]
    return [row for row in rows if row.deadline.may_be_known(row.access.can)]


def of_case(case: ReturnCase, access: Access) -> list[KeptDeadline]:
    """What counts in one case now: liberty first, then by day; what has no day stands last. One query."""
    today = clock.today()
    found = KeptDeadline.objects.filter(case=case, done_on=None)
    shown = [
        one
        for one in found
        if one.may_be_known(access.can) and (one.obliges or one.until is None or one.until >= today)
    ]
    return sorted(shown, key=lambda one: (not one.is_liberty, one.due is None, one.due or date.max, one.pk))
