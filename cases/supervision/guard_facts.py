"""What this room knows for the guards: measures that take liberty and have not ended. Five queries for any number of cases.

Restrictions of an area hold nobody back from anything the guards judge.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch

from cases.supervision.extending import lasting
from cases.supervision.measure_rules import court_terms
from cases.supervision.measure_states import CourtKind, Family
from cases.supervision.models import CourtFact, Measure, MeasureExtension, MeasureKind
from cases.terms.calendars import detention
from cases.terms.calendars.arithmetic import day_of
from cases.terms.calendars.shape import Duration, TermUnit
from cases.terms.guards.known import CustodyFact, Part
from cases.terms.guards.registry import tell_facts

UNITS = {"d": TermUnit.DAYS, "w": TermUnit.WEEKS, "m": TermUnit.MONTHS}


def register() -> None:
    tell_facts("supervision", tell)


def tell(cases: Collection[int]) -> dict[int, list[Part]]:
    told: dict[int, list[Part]] = defaultdict(list)
    found = Measure.objects.running().filter(case__in=cases, family=Family.CUSTODY).select_related("kind")
    court = Prefetch("court_facts", CourtFact.objects.standing())
    extended = Prefetch("extensions", MeasureExtension.objects.standing())
    for measure in found.prefetch_related("rungs", court, extended).order_by("imposed_at", "pk"):
        told[measure.case_id].append(_fact(measure))
    return told


def _fact(measure: Measure) -> CustodyFact:
    kind, imposed = measure.kind, day_of(measure.imposed_at)
    rungs, terms = list(measure.rungs.all()), court_terms(imposed)
    needed = kind.signs if kind.signs_since and kind.signs_since <= imposed else 0
    return CustodyFact(
        source=measure.source,
        on=imposed,
        confirmed=not measure.stated,
        kind=kind.code,
        last_day=last_day(kind, measure),
        checks=frozenset(kind.checks),
        heard=measure.heard_at is not None and measure.heard_at <= measure.imposed_at,
        grounded=bool(measure.ground) and (measure.public_order or (measure.signs or 0) >= needed),
        weighed=bool(rungs) and all(one.considered and one.why_not for one in rungs),
        tested=measure.tested_on is not None and bool(measure.test_result),
        minor_days=kind.minor_days,
        notice_days=terms.notice_days,
        ruling_is_due=terms.ruling,
        notices=_days(measure, CourtKind.NOTICE),
        rulings=_days(measure, CourtKind.RULING),
        appeals=_days(measure, CourtKind.OWN_APPEAL),
    )


def _days(measure: Measure, kind: str) -> tuple[date, ...]:
    return tuple(sorted(day_of(one.at) for one in measure.court_facts.all() if one.kind == kind))


def last_day(kind: MeasureKind, measure: Measure) -> date | None:
    """The last day on which it may stand by the reading that is best for the person; None where no term was found.

    A decision to extend counts that was told in time, and as far as the rules allow.
    """
    if not kind.term:
        return None
    extended = lasting(kind, day_of(measure.imposed_at), measure.extensions.all())
    if extended is not None:
        return extended.end
    count, unit = int(kind.term[:-1]), kind.term[-1]
    if unit == "h":
        return day_of(detention.hold_ends(measure.imposed_at, count).end)
    return detention.ends(day_of(measure.imposed_at), Duration(count, UNITS[unit])).best_for_person
