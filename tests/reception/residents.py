"""People at a site, with the marks of earlier weeks, in a named state."""

from datetime import date, timedelta
from typing import Any

from cases.case.models import Mark, ReturnCase
from cases.case.register import Sheet
from cases.case.rhythm import monday_of
from cases.reception.models import InHouseMark, Placement
from cases.reception.presence_actions import mark_in_house
from cases.reception.register import InHouseRegister
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL
from tests.factories import at_site, person, received_case, unit

WEEK = timedelta(days=7)
# A Wednesday in week 48.
TODAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)


def resident(
    surname: str = "", *, site: str = "azc-veenmeer", since: date = MONDAY - 10 * WEEK, form: str = "azc", **values: Any
) -> Placement:
    """Stays at the site, whose staff see the case. `room`, `ended_on` are the stay's; everything else is the case's."""
    stay = {name: values.pop(name) for name in ("room", "ended_on", "end_reason") if name in values}
    case = received_case(person(surname=surname) if surname else None, residence_unit=unit(site), **values)
    at_site(case, unit(site))
    return stay_of(case, site=site, since=since, form=form, **stay)


def stay_of(case: ReturnCase, *, site: str, since: date, form: str = "azc", **values: Any) -> Placement:
    defaults = {"status": "ended" if values.get("ended_on") else "present", "status_since": since, "source": "COA"}
    return save_as(
        Placement(case=case, site=unit(site), form=form, started_on=since, **(defaults | values)), by=PRINCIPAL
    )


def noted(placement: Placement, day: date, mark: str = Mark.SEEN, *, slot: int = 1) -> InHouseMark:
    """A mark as it came from another time, without its consequences for the case."""
    moment = InHouseRegister(Sheet(monday_of(day), day)).moment_of(placement, slot)
    assert moment is not None, "nothing was due on that day"
    return save_as(
        InHouseMark(
            placement=placement,
            case=placement.case,
            due_from=moment.due_from,
            due_to=moment.due_to,
            slot=slot,
            mark=mark,
            at=clock.now(),
        ),
        by=PRINCIPAL,
    )


def seen_by(member: Member, placement: Placement, mark: str = Mark.SEEN) -> InHouseMark:
    return mark_in_house(placement, clock.today(), mark, by=member)


def contact_of(placement: Placement) -> date | None:
    return ReturnCase.objects.get(pk=placement.case_id).last_contact_on
