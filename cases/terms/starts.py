"""What started terms of the person: coming of age. The room of the case itself lies below this one, and tells nothing."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from cases.case.models import Person, ReturnCase, SpecialGroup
from cases.terms.deadlines import Owner, Start

OF_AGE = 18
SEES = (("identity.view",),)


def starts(cases: Collection[int]) -> Mapping[int, Iterable[Start]]:
    """One query. Reception of an unaccompanied minor lasts until a day after the eighteenth birthday (rec-uam)."""
    alone = ReturnCase.objects.filter(pk__in=cases, special_group=SpecialGroup.UNACCOMPANIED_MINOR)
    return {case.pk: [_of_age(case.person)] for case in alone.select_related("person")}


def _of_age(person: Person) -> Start:
    return Start("rec-uam", birthday(person, OF_AGE), key="of_age", source="", owner=Owner.COA, sees=SEES)


def birthday(person: Person, years: int) -> date | None:
    """None where the day of birth is not known. Who was born on 29 February is a year older on 1 March."""
    if person.birth_year is None or person.birth_month is None or person.birth_day is None:
        return None
    year = person.birth_year + years
    if (person.birth_month, person.birth_day) == (2, 29):
        return date(year, 3, 1)
    return date(year, person.birth_month, person.birth_day)
