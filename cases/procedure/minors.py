"""Whether somebody may be under age, for warnings: an uncertain birth date counts in favour of the child."""

from datetime import date

from cases.case.models import Person

OF_AGE = 18


def may_be_minor(person: Person, today: date) -> bool:
    """Whether the person may be younger than eighteen on this day. Nothing known of the birth date is no sign of it."""
    if person.birth_year is None:
        return False
    return (person.birth_year + OF_AGE, person.birth_month or 12, person.birth_day or 31) > (
        today.year,
        today.month,
        today.day,
    )
