"""Guards about health: G13 article 64, G14 travel conditions, G15 fit to travel."""

from datetime import date, timedelta

from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, none_recorded, notice, unknown
from cases.terms.guards.known import Known, Topic

AROUND_BIRTH = timedelta(weeks=6)  # rule pregnancy: before and after
RELIEF_AWAITED = timedelta(days=1)  # rule art64-relief: relief within 24 hours of the refusal


def g13_article_64(known: Known, plan: Plan) -> Finding:
    """Granted or provisional holds back; asked only warns (policy: wait)."""
    found = known.postponed("art64")
    for one in found:
        if one.is_in_force(plan.on):
            return held(Why.POSTPONED, one, "art64-grant", "art64-provisional", until=one.until)
    if not found:
        return none_recorded(known, plan, None, "art64-grant")
    last = found[-1]
    if last.is_asked:
        return notice(Why.POSTPONEMENT_ASKED, last, "art64-provisional")
    if last.state == "refused" and last.on is not None and plan.on <= last.on + RELIEF_AWAITED:
        return notice(Why.JUST_REFUSED, last, "art64-relief")
    # Vw 8(j) ends with the last day that was granted; provisional or without such a day somebody has to decide first.
    is_over = last.state in ("ended", "refused") or (last.state == "granted" and last.until is not None)
    if is_over and last.confirmed:
        return in_order(Why.ENDED, last, "art64-grant", until=last.until)
    return unknown(Why.NOT_RECORDED, last, "art64-provisional", until=last.until)


def g14_travel_conditions(known: Known, plan: Plan) -> Finding:
    stated = known.stated(Topic.TRAVEL_CONDITIONS, plan.on)
    if stated is None:
        return unknown()
    if stated.value in ("none", "confirmed"):
        return in_order(Why.CONDITIONS_MET, stated)
    return held(Why.CONDITIONS_OPEN, stated)


def g15_fit_to_travel(known: Known, plan: Plan) -> Finding:
    """The weeks around a birth count for a flight; who does not know how the person travels counts it as one."""
    tb, fitness = known.stated(Topic.TUBERCULOSIS, plan.on), known.stated(Topic.FITNESS, plan.on)
    if fitness is not None and fitness.value == "unfit":
        return held(Why.UNFIT, fitness, "unfit")
    if tb is not None and tb.value == "present":
        return held(Why.TUBERCULOSIS, tb, "unfit")
    birth = None if plan.by_air is False else _birth(known, plan)
    if birth is not None:
        return birth
    if tb is None or fitness is None:
        return unknown(Why.NOT_RECORDED, fitness or tb, "unfit")
    return in_order(Why.FIT, fitness, "unfit")


def _birth(known: Known, plan: Plan) -> Finding | None:
    """Nothing when no birth is in sight."""
    stated = known.stated(Topic.BIRTH, plan.on)
    for one in known.postponed("pregnancy"):
        if one.is_in_force(plan.on) and plan.on >= one.since:
            return held(Why.AROUND_BIRTH, one, "pregnancy", until=one.until)
    if stated is not None and stated.day is not None:
        first, last = stated.day - AROUND_BIRTH, stated.day + AROUND_BIRTH
        if first <= plan.on <= last:
            return held(Why.AROUND_BIRTH, stated, "pregnancy", until=last)
        return None
    signal = known.has_signal("pregnant")
    if signal is not None and not (stated is not None and (stated.on or date.min) >= (signal.on or date.max)):
        return unknown(Why.SIGNAL_OPEN, signal, "pregnancy")
    return None
