"""Guards about the stay: G04 lawful stay, G16 trafficking, G17 moratorium, G20 protection in another member state."""

from datetime import date

from cases.terms.guards.decision import REMOVING, newest
from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, none_recorded, unknown
from cases.terms.guards.known import (
    DecisionRole,
    Known,
    PostponementFact,
    RemedyType,
    Suspension,
    Topic,
)
from cases.terms.models import Act

# Grounds that are lawful stay under Vw 8(j) and (k).
STAY_J_K = ("art64", "moratorium", "temporary_protection", "trafficking")


def g04_lawful_stay(known: Known, plan: Plan) -> Finding:
    """Vw 8(f) to (h), (j), (k); with (m) only the transfer to the responsible state."""
    for one in known.postponed(*STAY_J_K):
        if one.is_in_force(plan.on):
            return held(Why.POSTPONED, one, until=one.until)
    found = _pending(known, plan) or _granted(known) or _answered(known, plan)
    return found or none_recorded(known, plan, _last_decision(known))


def _last_decision(known: Known) -> date | None:
    return max((one.decided_on for one in known.decisions), default=None)


def _pending(known: Known, plan: Plan) -> Finding | None:
    """An application (f, g), or a remedy that suspends (h)."""
    excepted = known.stated(Topic.APPLICATION_EXCEPTION, plan.on)
    for one in known.applications:
        undecided = one.ended_on is None and one.decided_on is None
        is_excepted = (
            excepted and one.lodged_on and excepted.value == "applies" and (excepted.on or date.min) >= one.lodged_on
        )
        if undecided and not is_excepted:
            return held(Why.APPLICATION_PENDING, one)
    for remedy in known.remedies:
        suspends = remedy.effect in (Suspension.AUTO, Suspension.NOT_STATED) and remedy.kind is not RemedyType.ECTHR
        if remedy.is_open and suspends:
            return held(Why.REMEDY_PENDING, remedy)
    return None


def _granted(known: Known) -> Finding | None:
    granted, removing = newest(known, DecisionRole.GRANTED), newest(known, *REMOVING)
    if granted is None or (removing is not None and removing.decided_on > granted.decided_on):
        return None
    return held(Why.STAY_GRANTED, granted)


def _answered(known: Known, plan: Plan) -> Finding | None:
    """IND said so, or a transfer decision leaves only the transfer (8(m))."""
    answer = known.answer
    if answer is not None and answer.value == "lawful_stay" and answer.ground != "transfer_only":
        return held(Why.LAWFUL_STAY, answer)
    if plan.act is Act.DUBLIN_TRANSFER:
        return None
    transfer, back = newest(known, DecisionRole.TRANSFER), newest(known, DecisionRole.RETURN)
    if transfer is not None and (back is None or back.decided_on < transfer.decided_on):
        return held(Why.ONLY_TRANSFER, transfer)
    if answer is not None and answer.value == "lawful_stay":
        return held(Why.ONLY_TRANSFER, answer)
    return None


def _running(found: list[PostponementFact], plan: Plan, *rules: str) -> Finding | None:
    for one in found:
        if one.is_in_force(plan.on) or one.is_asked:
            return held(Why.POSTPONED, one, *rules, until=one.until)
    return None


def _over(found: list[PostponementFact], *rules: str) -> Finding | None:
    """In order only when somebody recorded that it ended or was refused; a last day that passed is no such record."""
    if not found:
        return None
    last = found[-1]
    if last.state in ("ended", "refused") and last.confirmed:
        return in_order(Why.ENDED, last, *rules)
    return unknown(Why.NOT_RECORDED, last, *rules, until=last.until)


def g16_trafficking(known: Known, plan: Plan) -> Finding:
    """The reflection period, or the application that goes with it. A signal without either is not enough to go by."""
    found, rule = known.postponed("trafficking"), "b8-reflection"
    signal = known.has_signal("trafficking")
    running = _running(found, plan, rule)
    if running:
        return running
    if signal is not None and not (found and (found[-1].on or date.min) >= (signal.on or date.max)):
        return unknown(Why.SIGNAL_OPEN, signal, rule)
    return _over(found, rule) or none_recorded(known, plan, None, rule)


def g17_moratorium(known: Known, plan: Plan) -> Finding:
    found = known.postponed("moratorium", "temporary_protection")
    for one in found:
        if one.is_in_force(plan.on):
            return held(Why.POSTPONED, one, "moratorium", until=one.until)
    return _over(found, "moratorium") or none_recorded(known, plan, None, "moratorium")


def g20_protected_elsewhere(known: Known, plan: Plan) -> Finding:
    stated, person = known.stated(Topic.PROTECTION, plan.on), known.person
    if stated is not None and stated.value == "none":
        contradicted = person is not None and person.ground == "protection_elsewhere"
        return unknown(Why.NOT_RECORDED, stated) if contradicted else in_order(Why.NOT_PROTECTED, stated)
    if stated is not None:
        if not plan.destination or stated.country != plan.destination:
            return held(Why.PROTECTED_ELSEWHERE, stated, country=stated.country)
        if stated.value == "consulted":
            return in_order(Why.GOES_THERE, stated, country=stated.country)
        return held(Why.NOT_CONSULTED, stated, country=stated.country)
    if person is not None and person.ground == "protection_elsewhere":
        return held(Why.PROTECTED_ELSEWHERE, person)
    return unknown()
