"""The guard of reception: G28 the Ferreira test before the shelter of a family with minors ends."""

from cases.terms.guards.child import may_be_minor
from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, unknown
from cases.terms.guards.known import Known, Topic


def g28_family_shelter(known: Known, plan: Plan) -> Finding:
    person, rules = known.person, ("gl", "rec-end")
    if person is None:
        return unknown(Why.NOT_RECORDED, None, *rules)
    of_age = [one.eighteen_until is not None and plan.on >= one.eighteen_until for one in known.members]
    is_family = person.with_minors or (person.in_household and (may_be_minor(person, plan.on) is not False))
    if not is_family and all(of_age) and (known.members or not person.in_household):
        return in_order(Why.NO_FAMILY, person)
    test = known.stated(Topic.FERREIRA, plan.on)
    if test is None:
        return unknown(Why.NO_FERREIRA, person, *rules)
    if test.value != "done" or (test.on is not None and test.on > plan.on):
        return held(Why.NO_FERREIRA, test, *rules)
    return in_order(Why.TESTED, test, *rules)
