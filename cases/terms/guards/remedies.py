"""Guards about courts and applications: G05 suspensive appeal, G06 relief, G07 later relief, G08 application, G09 ECtHR."""

from collections.abc import Iterator
from datetime import date, timedelta

from cases.terms.guards.findings import (
    Finding,
    Plan,
    State,
    Why,
    clearing,
    held,
    in_order,
    none_recorded,
    unknown,
)
from cases.terms.guards.known import DecisionFact, DecisionRole, Known, RemedyFact, RemedyType, Suspension, Topic

FIRST = frozenset({RemedyType.OBJECTION, RemedyType.APPEAL})
SUSPENDS = frozenset({Suspension.AUTO, Suspension.NOT_STATED})
DAY = timedelta(days=1)
APPEAL_RULES = ("appeal-short", "appeal-mid", "appeal-general", "appeal-old")
RELIEF_RULES = ("relief-stay", "relief-transfer")


def worst(findings: Iterator[Finding] | list[Finding]) -> Finding:
    """What holds back before what is unknown, and that before what is in order; the first of its kind."""
    order = (State.HELD, State.NOTICE, State.UNKNOWN, State.IN_ORDER)
    return min(findings, key=lambda one: order.index(one.state))


def _contestable(known: Known) -> list[DecisionFact]:
    return [one for one in known.decisions if DecisionRole.GRANTED not in one.roles]


def _of(known: Known, decision: DecisionFact, *kinds: RemedyType) -> list[RemedyFact]:
    return [one for one in known.remedies if one.decision == decision.key and one.kind in kinds]


def g05_suspensive_appeal(known: Known, plan: Plan) -> Finding:
    decisions = _contestable(known)
    if not decisions:
        return none_recorded(known, plan, None, *APPEAL_RULES)
    return worst([_first_remedy(known, one, plan) for one in decisions])


def _first_remedy(known: Known, decision: DecisionFact, plan: Plan) -> Finding:
    lodged = _of(known, decision, *FIRST)
    for one in lodged:
        if one.is_open and one.effect in SUSPENDS:
            return held(Why.REMEDY_PENDING, one, "court-rule")
        if one.is_won:
            return held(Why.REMEDY_WON, one, until=one.ruled_on)
    if lodged:
        return _lodged(lodged[-1])
    if decision.suspension is Suspension.UNTIL_RELIEF:
        return in_order(Why.NOT_SUSPENSIVE, decision)
    if decision.notified_on is None:
        return held(Why.TERM_NOT_STARTED, decision, *APPEAL_RULES)
    return _term(known, decision, plan, decision.remedy_until)


def _lodged(remedy: RemedyFact) -> Finding:
    if not remedy.confirmed:
        return unknown(Why.NOT_CONFIRMED, remedy)
    if remedy.is_open:
        return in_order(Why.NOT_SUSPENSIVE, remedy)
    return in_order(Why.RULED, remedy, until=remedy.ruled_on)


def _term(known: Known, decision: DecisionFact, plan: Plan, until: date | None) -> Finding:
    """No remedy is recorded: the term of one that would suspend, and then whether IND says that there was none."""
    if decision.suspension is Suspension.NONE:
        return in_order(Why.NOT_SUSPENSIVE, decision)
    if until is None:
        return unknown(Why.TERM_NOT_KNOWN, decision, *APPEAL_RULES)
    if plan.on <= until and decision.suspension is not Suspension.UNSURE:
        return held(Why.TERM_OPEN, decision, *APPEAL_RULES, until=until)
    return none_recorded(known, plan, until + DAY, *APPEAL_RULES)


def g06_interim_relief(known: Known, plan: Plan) -> Finding:
    decisions = _contestable(known)
    if not decisions:
        return none_recorded(known, plan, None, *RELIEF_RULES)
    return worst([_relief(known, one, plan) for one in decisions])


def _relief(known: Known, decision: DecisionFact, plan: Plan) -> Finding:
    asked = _of(known, decision, RemedyType.RELIEF)
    for one in asked:
        if one.is_open and one.effect is not Suspension.NONE:
            return held(Why.RELIEF_PENDING, one, *RELIEF_RULES)
        if one.is_won:
            return held(Why.RELIEF_GRANTED, one, until=one.ruled_on)
    if decision.suspension is not Suspension.UNTIL_RELIEF:
        return _relief_beside(known, decision, plan, asked)
    if decision.notified_on is None:
        return held(Why.TERM_NOT_STARTED, decision, *RELIEF_RULES)
    if asked:
        return _lodged(asked[-1])
    until = decision.relief_until
    if until is None:
        return unknown(Why.TERM_NOT_KNOWN, decision, *RELIEF_RULES)
    if plan.on <= until:
        return held(Why.RELIEF_OPEN, decision, *RELIEF_RULES, until=until)
    return none_recorded(known, plan, until + DAY, *RELIEF_RULES)


def _relief_beside(known: Known, decision: DecisionFact, plan: Plan, asked: list[RemedyFact]) -> Finding:
    """Where removal does not wait for the term of relief. Where nothing is known of the effect, IND has to say."""
    if asked:
        return _lodged(asked[-1])
    if decision.suspension is Suspension.AUTO:
        return in_order(Why.SUSPENDS_BY_ITSELF, decision)
    return none_recorded(known, plan, decision.notified_on or decision.decided_on, *RELIEF_RULES)


def g07_later_relief(known: Known, plan: Plan) -> Finding:
    """Late, second or in higher appeal. IND's answer after it was lodged is the answer that the rule asks for."""
    pending = [one for one in known.remedies if one.kind is RemedyType.RELIEF and one.is_open and _is_later(known, one)]
    if not pending:
        since = max((one.lodged_on for one in known.remedies), default=None)
        return none_recorded(known, plan, since, "higher-appeal")
    last = max(pending, key=lambda one: one.lodged_on)
    answer = clearing(known, plan, last.lodged_on)
    if answer is not None:
        return in_order(Why.ANSWER_AFTER, answer, "higher-appeal")
    return held(Why.LATE_RELIEF, last, "higher-appeal")


def _is_later(known: Known, relief: RemedyFact) -> bool:
    same = [one for one in known.remedies if one.decision == relief.decision and one is not relief]
    second = any(one.kind is RemedyType.RELIEF and not one.is_open for one in same)
    higher = any(one.kind is RemedyType.HIGHER_APPEAL and one.is_open for one in same)
    return relief.late is True or second or higher


def g08_new_application(known: Known, plan: Plan) -> Finding:
    """An open application that was lodged after the decision. One without a day may be such a one."""
    decided = max((one.decided_on for one in known.decisions if one.roles), default=None)
    new = [
        one
        for one in known.applications
        if one.ended_on is None
        and decided is not None
        and one.decided_on is None
        and (one.lodged_on is None or one.lodged_on >= decided)
    ]
    if not new:
        return none_recorded(known, plan, decided)
    last = max(new, key=lambda one: one.lodged_on or date.max)
    excepted = known.stated(Topic.APPLICATION_EXCEPTION, plan.on)
    if excepted and excepted.on and last.lodged_on and excepted.value == "applies" and excepted.on >= last.lodged_on:
        return in_order(Why.EXCEPTION_RECORDED, excepted)
    return held(Why.NEW_APPLICATION, last)


def g09_court_measure(known: Known, plan: Plan) -> Finding:
    measures = [one for one in known.remedies if one.kind is RemedyType.ECTHR]
    in_force = [one for one in measures if one.is_open or one.is_won]
    for one in in_force:
        if not plan.destination or one.country == plan.destination:
            return held(Why.COURT_MEASURE, one, "rule39", country=one.country)
    answer = clearing(known, plan, max((one.lodged_on for one in in_force), default=None))
    if in_force and answer is not None:
        return in_order(Why.OTHER_COUNTRY, in_force[-1], "rule39", country=in_force[-1].country)
    if measures and not in_force:
        return in_order(Why.RULED, measures[-1], "rule39", until=measures[-1].ruled_on)
    return none_recorded(known, plan, None, "rule39")
