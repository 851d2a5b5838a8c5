"""What the case itself knows for the guards: who it is, the household, signals. Three queries for any number of cases."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection
from datetime import date

from cases.case.models import Person, ReturnCase, Signal, SpecialGroup
from cases.terms.guards.known import MemberFact, Part, PersonFact, SignalFact
from cases.terms.guards.registry import tell_facts

OF_AGE = 18


def register() -> None:
    tell_facts("case", tell)


def tell(cases: Collection[int]) -> dict[int, list[Part]]:
    rows = list(ReturnCase.objects.filter(pk__in=cases).select_related("person"))
    told: dict[int, list[Part]] = {row.pk: [person_fact(row)] for row in rows}
    households = {row.household_id for row in rows if row.household_id}
    members = ReturnCase.objects.filter(household_id__in=households).select_related("person").order_by("pk")
    by_household: dict[int | None, list[ReturnCase]] = defaultdict(list)
    for member in members:
        by_household[member.household_id].append(member)
    for row in rows:
        others = [one for one in by_household.get(row.household_id, []) if one.pk != row.pk]
        told[row.pk] += [_member(one) for one in others]
    for signal in Signal.objects.filter(case__in=cases, ended_on=None).order_by("pk"):
        told.setdefault(signal.case_id, []).append(
            SignalFact(kind=signal.kind, source=signal.source, on=signal.noted_on)
        )
    return told


def person_fact(case: ReturnCase) -> PersonFact:
    person = case.person
    first, last = eighteen(person)
    is_uam = case.special_group == SpecialGroup.UNACCOMPANIED_MINOR
    return PersonFact(
        source=person.source,
        on=case.opened_on,
        nationality=person.nationality,
        sex=person.sex,
        eighteen_from=first,
        eighteen_until=last,
        unaccompanied=True if is_uam else person.unaccompanied_minor,
        with_minors=case.special_group == SpecialGroup.FAMILY_WITH_MINORS,
        in_household=case.household_id is not None,
        ground=case.ground,
    )


def _member(case: ReturnCase) -> MemberFact:
    outcome = case.outcome or ("" if case.closed_on is None else "other")
    return MemberFact(
        source=case.person.source,
        on=case.closed_on or case.opened_on,
        case=case.pk,
        outcome=outcome,
        eighteen_until=eighteen(case.person)[1],
    )


def eighteen(person: Person) -> tuple[date | None, date | None]:
    """The first and the last day on which somebody with this birth date may turn eighteen; the same where it is whole."""
    if person.birth_year is None:
        return None, None
    year, month = person.birth_year + OF_AGE, person.birth_month
    last_month = month or 12
    first = _day(year, month or 1, person.birth_day or 1)
    return first, _day(year, last_month, person.birth_day or monthrange(year, last_month)[1])


def _day(year: int, month: int, day: int) -> date:
    """1 March for who was born on 29 February and turns eighteen in another year."""
    return date(year, month, day) if day <= monthrange(year, month)[1] else date(year, month + 1, 1)
