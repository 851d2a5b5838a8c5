"""Cases that came in and ended in a chosen month of the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time

from cases.case.actions import NewAxis, NewCase, close_case, open_cases
from cases.case.models import Axis, Ground, Phase, ReturnCase
from leidraad.lib import clock
from partners.models import Member
from tests import factories
from tests.cast import PRINCIPAL

OCTOBER, SEPTEMBER = date(2026, 10, 14), date(2026, 9, 3)


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.as_if(clock.at(day, time(10))):
        yield


def opened(director: Member, count: int, day: date = OCTOBER) -> list[ReturnCase]:
    """Cases of the director's team from the start, all in one act."""
    new = [
        NewCase(
            person=factories.person(),
            ground=Ground.ASYLUM_REFUSED,
            led_by=director.acting_unit,
            axes=[NewAxis(Axis.PHASE, Phase.PLANNING, day, "DT&V")],
        )
        for _ in range(count)
    ]
    with on(day):
        return open_cases(new, by=PRINCIPAL, reason="test")


def closed(director: Member, outcome: str, count: int, day: date = OCTOBER) -> list[ReturnCase]:
    """Opened a month before they were closed."""
    cases = opened(director, count, SEPTEMBER)
    with on(day):
        for case in cases:
            if outcome in factories.LEFT:
                factories.gone(case, factories.LEFT[outcome], by=director)
        return [close_case(case, outcome, by=director, reason="test") for case in cases]
