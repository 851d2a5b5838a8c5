"""Guards about children and families: G10 the fresh test, G11 unaccompanied minor, G12 a family that would be split."""

from collections.abc import Iterator
from datetime import date, timedelta

from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, unknown
from cases.terms.guards.known import Known, PersonFact, Topic

NOTICE = timedelta(weeks=1)  # Vc15 A3/6.1: at least a week between telling and leaving


def may_be_minor(person: PersonFact, day: date) -> bool | None:
    """Whether the person may be younger than eighteen on the day; None when nothing of the birth date is known."""
    return None if person.eighteen_until is None else day < person.eighteen_until


def last_new_fact(known: Known) -> date | None:
    """The day of the last fact that asks for a fresh test: an application, a ground, a signal, a ruling, a review."""
    days = [
        *(one.lodged_on for one in known.applications),
        *(one.on for one in known.postponements),
        *(one.on for one in known.signals),
        *(one.ruled_on for one in known.remedies),
        *(day for measure in known.custody for day in measure.rulings),
        *(one.decided_on for one in known.decisions if one.roles),
    ]
    return max((day for day in days if day is not None), default=None)


def g10_fresh_test(known: Known, plan: Plan) -> Finding:
    """A test of the same day as the fact may have come before it: then it is not known whether it saw the fact."""
    test, rule = known.stated(Topic.FRESH_TEST, plan.on), "relapse-test"
    if test is None or test.on is None:
        return unknown(Why.NOT_RECORDED, None, rule)
    if test.value != "done":
        return held(Why.TEST_DANGER, test, rule)
    since = last_new_fact(known)
    if since is not None and test.on < since:
        return held(Why.TEST_OLD, test, rule, until=since)
    if test.on == since:
        return unknown(Why.SAME_DAY, test, rule, until=since)
    return in_order(Why.TESTED, test, rule)


def g11_unaccompanied_minor(known: Known, plan: Plan) -> Finding:
    person, rule = known.person, "uam-reception"
    if person is None:
        return unknown(Why.NOT_RECORDED, None, rule)
    is_minor = may_be_minor(person, plan.on)
    if is_minor is False:
        return in_order(Why.NO_MINOR, person, until=person.eighteen_until)
    if person.unaccompanied is False:
        return in_order(Why.NOT_CONCERNED, person)
    if person.unaccompanied is None:
        return unknown(Why.AGE_NOT_KNOWN if is_minor is None else Why.NOT_RECORDED, person, rule)
    wanting = list(_wanting(known, plan))
    if wanting:
        return next((one for one in wanting if one.state == "held"), wanting[0])
    return in_order(Why.CHILD_READY, known.postponed("uam_reception")[-1], rule)


def _wanting(known: Known, plan: Plan) -> Iterator[Finding]:
    """What is missing for an unaccompanied minor, the reception first."""
    reception = known.postponed("uam_reception")
    if not reception:
        yield unknown(Why.RECEPTION_NOT_VERIFIED, None, "uam-reception")
    elif reception[-1].state != "verified":
        yield held(Why.RECEPTION_NOT_VERIFIED, reception[-1], "uam-reception")
    elif not reception[-1].confirmed:
        yield unknown(Why.NOT_CONFIRMED, reception[-1], "uam-reception")
    told = max(
        (one.informed_on for one in known.representatives if one.kind == "guardian" and one.informed_on), default=None
    )
    guardian = next((one for one in known.representatives if one.kind == "guardian"), None)
    if told is None:
        yield unknown(Why.GUARDIAN_NOT_INFORMED, guardian)
    elif plan.on < told + NOTICE:
        yield held(Why.LESS_THAN_WEEK, guardian, until=told + NOTICE)
    interpreter = known.stated(Topic.INTERPRETER, plan.on)
    if interpreter is None or interpreter.value != "arranged":
        yield (unknown if interpreter is None else held)(Why.NO_INTERPRETER, interpreter)
    if not any(one.kind == "lawyer" and one.confirmed for one in known.representatives):
        yield unknown(Why.NO_LEGAL_AID)


def g12_family(known: Known, plan: Plan) -> Finding:
    """Whether the others travel too is not recorded yet: somebody has to say that the family stays together."""
    person, stated = known.person, known.stated(Topic.FAMILY, plan.on)
    if person is None:
        return unknown()
    stays = next((one for one in known.members if one.outcome == "residence_granted"), None)
    if stays is not None:
        return held(Why.FAMILY_SPLIT, stays)
    if stated is not None and stated.value == "split":
        return held(Why.FAMILY_SPLIT, stated)
    if stated is not None and stated.value == "together":
        return in_order(Why.TOGETHER, stated)
    if person.in_household or known.members or person.with_minors:
        return unknown()
    return in_order(Why.ALONE, person) if person.confirmed else unknown(Why.NOT_CONFIRMED, person)
