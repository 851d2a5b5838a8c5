"""The duty to report in a named state, made by the same action that the police use."""

from datetime import date
from typing import Any

from cases.case.models import Mark, Part, ReturnCase
from cases.case.register import Sheet
from cases.case.rhythm import monday_of
from cases.supervision.duties import Terms, impose_reporting
from cases.supervision.models import DutyMark, ReportingDuty
from cases.supervision.reporting_register import DutyRegister
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL, Cast
from tests.factories import involve, received_case, unit

SINCE = date(2026, 9, 14)


def supervised(case: ReturnCase | None = None, police: str = "avim-noord") -> ReturnCase:
    """The police have their part in the case, as after a request they accepted."""
    return involve(case or received_case(), unit(police), Part.SUPERVISION)


def obliged_to_report(
    cast: Cast, case: ReturnCase | None = None, *, by: Member | None = None, since: date = SINCE, **terms: Any
) -> ReportingDuty:
    """Weekly at azc Veenmeer unless `terms` say otherwise."""
    officer = by or cast.politie
    given = supervised(case, officer.acting_unit.code)
    place = unit(terms.pop("place")) if terms.get("place") else terms.pop("place", unit("azc-veenmeer"))
    return impose_reporting(given, Terms(place=place, **terms), since, by=officer)


def noted(duty: ReportingDuty, day: date, mark: str = Mark.SEEN, *, slot: int = 1) -> DutyMark:
    """A mark as it came from another time, without its consequences for the case."""
    moment = DutyRegister(Sheet(monday_of(day), day)).moment_of(duty, slot)
    assert moment is not None, "nothing was due on that day"
    return save_as(
        DutyMark(
            duty=duty,
            case=duty.case,
            due_from=moment.due_from,
            due_to=moment.due_to,
            slot=slot,
            mark=mark,
            at=clock.now(),
        ),
        by=PRINCIPAL,
    )
