"""Guards about the decision: G01 notified, G02 country of return, G03 departure period, G21 an old one about an EU citizen."""

from datetime import date

from cases.terms.calendars import statutory
from cases.terms.calendars.shape import Duration, Extension, TermUnit
from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, unknown
from cases.terms.guards.known import DecisionFact, DecisionRole, Known, RemedyType, Suspension
from cases.terms.models import Act

REMOVING = frozenset({DecisionRole.RETURN, DecisionRole.TRANSFER, DecisionRole.ENTRY_REFUSED})
# dublin-period-old: four weeks, unless shortened. What shortened it is not recorded, so the longest counts.
FORMER_TRANSFER_PERIOD = Duration(4, TermUnit.WEEKS)
SUSPENDING = (Suspension.AUTO, Suspension.UNTIL_RELIEF, Suspension.NOT_STATED)


def newest(known: Known, *roles: DecisionRole) -> DecisionFact | None:
    """The newest decision in force with one of these roles, the person told of it or not."""
    found = [one for one in known.decisions if one.roles & frozenset(roles)]
    return max(found, key=lambda one: (one.decided_on, one.key), default=None)


def is_told(decision: DecisionFact, plan: Plan) -> bool:
    return decision.notified_on is not None and decision.notified_on <= plan.today


def carrying(known: Known, plan: Plan) -> DecisionFact | None:
    """The decision on which the act rests: told and confirmed before others, the newest first."""
    found = [one for one in known.decisions if one.roles & REMOVING]
    wanted = DecisionRole.TRANSFER if plan.act is Act.DUBLIN_TRANSFER else DecisionRole.RETURN

    def order(one: DecisionFact) -> tuple[bool, bool, date, int]:
        return (wanted in one.roles, is_told(one, plan) and one.confirmed, one.decided_on, one.key)

    return max(found, key=order, default=None)


def g01_notified_decision(known: Known, plan: Plan) -> Finding:
    decisions = [one for one in known.decisions if one.roles & REMOVING]
    if not decisions:
        return held(Why.NO_DECISION)
    told = [one for one in decisions if is_told(one, plan)]
    if not told:
        return held(Why.NOT_NOTIFIED, decisions[-1])
    sure = [one for one in told if one.confirmed]
    if not sure:
        return unknown(Why.NOT_CONFIRMED, told[-1])
    return in_order(Why.NOTIFIED, sure[-1], until=sure[-1].notified_on)


def g02_country_of_return(known: Known, plan: Plan) -> Finding:
    if plan.act is Act.DUBLIN_TRANSFER:
        return _state_of_transfer(known, plan)
    decision = newest(known, DecisionRole.RETURN)
    if decision is None or not decision.countries:
        return unknown()
    if not plan.destination:
        return unknown(Why.NO_DESTINATION, decision)
    if plan.destination not in decision.countries:
        return held(Why.COUNTRY_NOT_NAMED, decision, country=plan.destination)
    if not decision.confirmed:
        return unknown(Why.NOT_CONFIRMED, decision)
    return in_order(Why.COUNTRY_NAMED, decision, country=plan.destination)


def _state_of_transfer(known: Known, plan: Plan) -> Finding:
    """The state that accepted: the transfer decision rests on its reply."""
    accepted = [one for one in known.claims if one.accepted]
    if not accepted:
        return unknown()
    if not plan.destination:
        return unknown(Why.NO_DESTINATION, accepted[-1])
    right = [one for one in accepted if one.state == plan.destination]
    if not right:
        return held(Why.COUNTRY_NOT_NAMED, accepted[-1], country=plan.destination)
    if not right[-1].confirmed:
        return unknown(Why.NOT_CONFIRMED, right[-1])
    return in_order(Why.COUNTRY_NAMED, right[-1], country=plan.destination)


def g03_departure_period(known: Known, plan: Plan) -> Finding:
    decision = carrying(known, plan)
    if decision is None:
        return unknown()
    if DecisionRole.RETURN not in decision.roles:
        return _period_of_transfer(decision, plan)
    if decision.changed_until is not None:
        return _by(decision, plan, decision.changed_until, "period-ext")
    if decision.period_days is None:
        return unknown(Why.TERM_NOT_KNOWN, decision, "period-std", "period-zero")
    return _period(known, decision, plan, decision.period_days)


def _period(known: Known, decision: DecisionFact, plan: Plan, period: int) -> Finding:
    """From the decision, or from the ruling where a remedy suspended (Vw 62): then the later day counts."""
    suspended = [
        one
        for one in known.remedies
        if one.decision == decision.key and one.effect in SUSPENDING and one.kind is not RemedyType.ECTHR
    ]
    if any(one.is_open for one in suspended):
        return held(Why.PERIOD_NOT_STARTED, decision, "period-std")
    if not period:
        return _sure(in_order(Why.NO_PERIOD, decision, "period-zero"), decision)
    start = max([decision.decided_on, *(one.ruled_on for one in suspended if one.ruled_on is not None)])
    term = statutory.ends(start, Duration(period, TermUnit.DAYS), extension=Extension.UNSETTLED)
    return _by(decision, plan, term.best_for_person, "period-std")


def _period_of_transfer(decision: DecisionFact, plan: Plan) -> Finding:
    if DecisionRole.TRANSFER not in decision.roles:
        return unknown(Why.SOURCES_SILENT, decision)
    if not decision.former_law:
        return _sure(in_order(Why.NO_PERIOD, decision), decision)
    term = statutory.ends(decision.decided_on, FORMER_TRANSFER_PERIOD, extension=Extension.UNSETTLED)
    return _by(decision, plan, term.best_for_person, "dublin-period-old")


def _by(decision: DecisionFact, plan: Plan, until: date, rule: str) -> Finding:
    if plan.on <= until:
        return held(Why.PERIOD_RUNNING, decision, rule, until=until)
    return _sure(in_order(Why.PERIOD_OVER, decision, rule, until=until), decision)


def _sure(finding: Finding, decision: DecisionFact) -> Finding:
    return finding if decision.confirmed else unknown(Why.NOT_CONFIRMED, decision, *finding.rules)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def g21_eu_citizen(known: Known, plan: Plan) -> Finding:
    person = known.person
    if not plan.settings.eu_citizens:
        return unknown(Why.NO_SETTING)
    if person is None or not person.nationality or person.nationality.startswith("XX"):
        return unknown()
    if person.nationality not in plan.settings.eu_citizens:
        return in_order(Why.NO_EU_CITIZEN, person)
    decision = newest(known, *REMOVING)
    if decision is None:
        return unknown()
    last = years_after(decision.decided_on, 2)
    if plan.on > last:
        return held(Why.DECISION_OLD, decision, until=last)
    return _sure(in_order(Why.DECISION_RECENT, decision, until=last), decision)
