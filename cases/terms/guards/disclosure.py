"""Guards about giving data away: G29 contact with the country of origin, G30 data that may not be shared."""

from datetime import date

from cases.terms.guards.findings import Finding, Plan, State, Why, held, in_order, none_recorded, unknown
from cases.terms.guards.known import Known
from cases.terms.guards.stay import g04_lawful_stay
from cases.terms.models import Act

NOT_FOR_NGOS = frozenset({"biometric", "medical"})


def g29_contact_with_origin(known: Known, plan: Plan) -> Finding:
    if plan.act is Act.DISCLOSURE and plan.receiver != "origin":
        return in_order(Why.NOT_CONCERNED) if plan.receiver else unknown(Why.NOT_TOLD)
    asylum = [one for one in known.applications if one.asylum]
    decided = [one for one in asylum if one.decided_on is not None and one.decided_on <= plan.on and one.confirmed]
    if decided:
        first = min(decided, key=lambda one: one.decided_on or date.max)
        return in_order(Why.FIRST_DECISION, first, until=first.decided_on)
    if asylum:
        return held(Why.BEFORE_DECISION, asylum[0])
    return none_recorded(known, plan)


def g30_sharing(known: Known, plan: Plan) -> Finding:
    """Criminal police data go to DT&V about who does not stay lawfully; NGOs get no biometrics and no medical content."""
    if plan.shared is None or not plan.receiver:
        return unknown(Why.NOT_TOLD, None, "dp-need")
    if plan.receiver == "ngo" and plan.shared & NOT_FOR_NGOS:
        return held(Why.NOT_FOR_NGO, None, "dp-ngo", "dp-special")
    if plan.receiver == "dtv" and "criminal" in plan.shared:
        stay = g04_lawful_stay(known, plan)
        if stay.state is State.HELD:
            return held(Why.CRIMINAL_DATA, None, "dp-police-dtv", on=stay.on, source=stay.source)
        if stay.state is not State.IN_ORDER:
            return unknown(stay.why, None, "dp-police-dtv")
    return in_order(Why.MAY_BE_SHARED, None, "dp-need")
