"""Guards about leaving: G18 prosecutor, G19 IOM, G22 latest transfer date, G23 removability check, G24 final checks."""

from datetime import date

from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, unknown
from cases.terms.guards.known import Known, Topic

FINAL_HOURS = 48


def g18_prosecution(known: Known, plan: Plan) -> Finding:
    """Consent counts when it came after the case was opened. That none is open, only the prosecutor can say."""
    stated, rule = known.stated(Topic.PROSECUTOR, plan.on), "criminal"
    found = known.postponed("criminal_case")
    for one in found:
        if one.is_in_force(plan.on):
            consents = stated is not None and stated.value == "consent" and (stated.on or date.min) >= one.since
            return in_order(Why.CONSENT, stated, rule) if consents else held(Why.CRIMINAL_OPEN, one, rule)
    if stated is not None and stated.value == "refused":
        return held(Why.CRIMINAL_OPEN, stated, rule)
    if stated is not None and stated.value in ("none_open", "consent"):
        return in_order(Why.CONSENT, stated, rule)
    if found and found[-1].state == "ended" and found[-1].confirmed:
        return in_order(Why.ENDED, found[-1], rule)
    return unknown(Why.NOT_RECORDED, None, rule)


def g19_iom(known: Known, plan: Plan) -> Finding:
    stated, rule = known.stated(Topic.IOM, plan.on), "iom-approved"
    if stated is None:
        return unknown(Why.NOT_RECORDED, None, rule)
    return (held if stated.value == "approved" else in_order)(
        Why.IOM_APPROVED if stated.value == "approved" else Why.NOT_APPROVED, stated, rule
    )


def g22_latest_transfer(known: Known, plan: Plan) -> Finding:
    accepted = [one for one in known.claims if one.accepted and plan.destination in ("", one.state)]
    dated = [(one.latest_on, one) for one in accepted if one.latest_on is not None]
    if not dated:
        return unknown(Why.NOT_RECORDED, accepted[-1] if accepted else None, "transfer-latest")
    latest, claim = min(dated, key=lambda pair: pair[0])
    if plan.on > latest:
        return held(Why.TOO_LATE, claim, "transfer-latest", until=latest)
    if not claim.confirmed:
        return unknown(Why.NOT_CONFIRMED, claim, "transfer-latest", until=latest)
    return in_order(Why.IN_TIME, claim, "transfer-latest", until=latest)


def g23_removability_check(known: Known, plan: Plan) -> Finding:
    answer, most = known.answer, plan.settings.removability_days
    if answer is None or answer.on is None:
        return held(Why.NO_ANSWER)
    if answer.doubted or (answer.valid_until is not None and answer.valid_until < plan.on):
        return held(Why.ANSWER_DOUBTED, answer, until=answer.valid_until)
    if most is None:
        return unknown(Why.NO_SETTING, answer)
    if (plan.on - answer.on).days > most:
        return held(Why.ANSWER_OLD, answer, count=most)
    return in_order(Why.ANSWER_RECENT, answer, count=most)


def g24_final_checks(known: Known, plan: Plan) -> Finding:
    """Without the hour, a departure the day after tomorrow may be less than 48 hours off."""
    days_off = (plan.on - plan.today).days
    is_near = plan.hours_left < FINAL_HOURS if plan.hours_left is not None else days_off * 24 <= FINAL_HOURS
    if not is_near:
        return in_order(Why.FAR_OFF, count=days_off)
    stated = known.stated(Topic.FINAL_CHECKS, plan.on)
    if stated is None:
        return unknown()
    return in_order(Why.CHECKS_DONE, stated) if stated.value == "done" else held(Why.CHECKS_OPEN, stated)
