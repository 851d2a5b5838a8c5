"""Guards of detention: G25 its conditions and its maximum, G26 a child or a family, G27 the court."""

from collections.abc import Iterator
from datetime import date

from cases.terms.guards.child import may_be_minor
from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, unknown
from cases.terms.guards.known import CustodyFact, Known

RULING_DAY, RULING_LAST_DAY, REVIEW_WARN_DAY = 15, 21, 60
MAXIMA = ("det-59-4w", "det-59-6m", "det-59-ext", "det-59b", "det-59b-old")


def running(known: Known) -> CustodyFact | None:
    return max(known.custody, key=lambda one: one.on, default=None)


def g25_conditions(known: Known, plan: Plan) -> Finding:
    measure = running(known)
    if measure is None:
        return unknown()
    if measure.last_day is not None and plan.on > measure.last_day:
        return held(Why.PAST_MAXIMUM, measure, *MAXIMA, until=measure.last_day)
    if not measure.confirmed:
        return unknown(Why.NOT_CONFIRMED, measure)
    missing = next(_missing(measure), None)
    if missing is not None:
        return held(missing, measure)
    if measure.last_day is None:
        return unknown(Why.TERM_NOT_KNOWN, measure, *MAXIMA)
    return in_order(Why.CONDITIONS_OF_MEASURE, measure, until=measure.last_day)


def _missing(measure: CustodyFact) -> Iterator[Why]:
    if "hearing" in measure.checks and not measure.heard:
        yield Why.NOT_HEARD
    if not measure.grounded:
        yield Why.NO_GROUNDS
    if "rungs" in measure.checks and not measure.weighed:
        yield Why.NOT_WEIGHED
    if "test" in measure.checks and not measure.tested:
        yield Why.NOT_TESTED


def g26_child_in_detention(known: Known, plan: Plan) -> Finding:
    """The day of the measure is day 1, as for each term of liberty: the reading that is best for the child."""
    person, measure, rules = known.person, running(known), ("det-family", "det-uam")
    if person is None:
        return unknown(Why.NOT_RECORDED, None, *rules)
    is_minor = may_be_minor(person, plan.on)
    if not is_minor and not person.with_minors:
        return in_order(Why.NO_MINOR, person) if is_minor is False else unknown(Why.AGE_NOT_KNOWN, person, *rules)
    if measure is None:
        return unknown(Why.NOT_RECORDED, person, *rules)
    if measure.minor_days is None:
        return unknown(Why.SOURCES_SILENT, measure, *rules)
    day = (plan.on - measure.on).days + 1
    if day > measure.minor_days:
        return held(Why.CHILD_TOO_LONG, measure, *rules, count=measure.minor_days)
    return in_order(Why.WITHIN_DAYS, measure, *rules, count=measure.minor_days)


def g27_court(known: Known, plan: Plan) -> Finding:
    measure = running(known)
    if measure is None:
        return unknown()
    if not measure.confirmed:
        return unknown(Why.NOT_CONFIRMED, measure)
    if "court" not in measure.checks:
        return in_order(Why.NOT_CONCERNED, measure)
    if measure.rulings:
        return _after_ruling(measure, plan, measure.rulings[-1])
    return _before_ruling(measure, plan)


def _before_ruling(measure: CustodyFact, plan: Plan) -> Finding:
    """As with each term of liberty the day of the measure is day 1, and that of the ruling too: the earliest reading."""
    day = (plan.on - measure.on).days + 1
    if not measure.notices and day > measure.notice_days:
        return held(Why.NOTICE_MISSING, measure, "notify-court")
    if measure.ruling_is_due and day >= RULING_LAST_DAY:
        return held(Why.DAY_21, measure, "rule-court", count=day)
    if measure.ruling_is_due and day >= RULING_DAY:
        return held(Why.DAY_15, measure, "rule-court", count=day)
    if measure.notices and (measure.notices[0] - measure.on).days > measure.notice_days:
        return held(Why.NOTICE_LATE, measure, "notify-court", until=measure.notices[0])
    return in_order(Why.COURT_IN_ORDER, measure, "notify-court")


def _after_ruling(measure: CustodyFact, plan: Plan, ruled: date) -> Finding:
    """The next notice within 68 days, unless the person appealed meanwhile."""
    heard_since = any(day > ruled for day in (*measure.notices, *measure.appeals))
    day = (plan.on - ruled).days + 1
    if not heard_since and day >= REVIEW_WARN_DAY:
        return held(Why.DAY_60, measure, "review-68", until=ruled, count=day)
    return in_order(Why.COURT_IN_ORDER, measure, "review-68", until=ruled)
