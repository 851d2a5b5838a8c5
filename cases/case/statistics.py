"""Counts of cases per month. Numbers leave here and nothing else: no case, no key, no queryset of somebody else's cases.

They are exact; whoever shows them rounds and suppresses (`leidraad.lib.figures`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from cases.case.models import Outcome, Part, ReturnCase, SectionException
from leidraad.lib import clock
from leidraad.lib.who import principal
from partners.models import Member, Unit
from partners.policy import conditions, may_do

# Leaving was shown. Whereabouts unknown is not among them: nobody saw the person leave.
DEMONSTRATED: Final = frozenset({Outcome.DEPARTED_INDEPENDENTLY, Outcome.DEPARTED_FORCED, Outcome.TRANSFERRED_DUBLIN})


class Scope(Enum):
    """Which cases a member's counts are about."""

    ALL = "all"  # every case of the installation: for who supervises and sees no case
    LED = "led"  # what the acting unit sees; closed cases too, for a responsible unit keeps them
    SHARED = "shared"  # what the acting unit sees; closing a case ends that, so closings cannot be counted


@dataclass(frozen=True)
class MonthCounts:
    """One calendar month, by its first day. `closed` has no outcomes for who cannot count closings."""

    first: date
    opened: int
    closed: Mapping[str, int]

    def ended_as(self, *outcomes: str) -> int:
        return sum(self.closed.get(outcome, 0) for outcome in outcomes)

    @property
    def all_closed(self) -> int:
        return sum(self.closed.values())

    @property
    def demonstrated(self) -> int:
        return self.ended_as(*DEMONSTRATED)

    @property
    def otherwise(self) -> int:
        """Closed without a departure, shown or not: a permit, an error, and whatever outcome is added later."""
        return self.all_closed - self.ended_as(*DEMONSTRATED, Outcome.DEPARTED_UNSUPERVISED)


def scope_of(member: Member) -> Scope:
    if may_do(member, "reports.all"):
        return Scope.ALL
    leads = conditions(member.acting_organisation, member.acting_role, Part.LEAD, "phase.view")
    return Scope.SHARED if leads is None else Scope.LED


def months_back(day: date, count: int) -> list[date]:
    """First days of the month of `day` and of the `count` months before it, oldest first."""
    firsts = [day.replace(day=1)]
    for _ in range(count):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[::-1]


@principal("figures")
def counts_per_month(member: Member, firsts: list[date], *, team: Unit | None = None) -> list[MonthCounts]:
    """What came in and what was closed in each of these months, which follow each other. Two queries.

    `team` narrows to the cases that a unit is responsible for; only who counts all cases can ask that.
    """
    scope = scope_of(member)
    cases = _all_cases(team) if scope is Scope.ALL else ReturnCase.objects.visible_to(member)
    came_in = cases.filter(opened_on__gte=firsts[0]).order_by().annotate(month=TruncMonth("opened_on"))
    opened: dict[date, int] = dict(came_in.values("month").annotate(n=Count("*")).values_list("month", "n"))
    closed: dict[date, dict[str, int]] = {}
    if scope is not Scope.SHARED:
        for month, outcome, count in _closings(cases, member, scope, firsts[0]):
            closed.setdefault(month, {})[outcome] = count
    return [MonthCounts(first, opened.get(first, 0), closed.get(first, {})) for first in firsts]


def _closings(
    cases: QuerySet[ReturnCase], member: Member, scope: Scope, since: date
) -> Iterable[tuple[date, str, int]]:
    ended = cases.filter(closed_on__gte=since).order_by().annotate(month=TruncMonth("closed_on"))
    if scope is Scope.LED:
        ended = ended.exclude(Exists(_narrowed(member)))
    counted: Iterable[tuple[date, str, int]] = (
        ended.values("month", "outcome").annotate(n=Count("*")).values_list("month", "outcome", "n")
    )
    return counted


def _all_cases(team: Unit | None) -> QuerySet[ReturnCase]:
    """Every case there is, for counting only; see docs/decisions/0007-published-figures.md."""
    cases = ReturnCase.objects.all()
    return cases if team is None else cases.filter(led_by=team)


def _narrowed(member: Member) -> QuerySet[SectionException]:
    """Cases in which the unit may not see the phase: there the outcome is masked as well, in counts too."""
    running = Q(until=None) | Q(until__gt=clock.now())
    return SectionException.objects.filter(
        running, case=OuterRef("pk"), unit=member.acting_unit, section="phase", allowed=False
    )
