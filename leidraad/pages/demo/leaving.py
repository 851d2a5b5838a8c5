"""Departures: own ones that are booked, forced ones that are prepared and that the guards still hold back."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import time, timedelta

from cases.case.models import Phase, ReturnCase
from cases.departure import actions
from cases.departure.actions import NewDeparture
from cases.terms.authorising import AskedForReason, Held
from cases.terms.models import Act
from leidraad.lib import clock
from leidraad.pages.demo.stage import Stage, plan_anew
from partners.models import Member

BOOKED, PREPARED = 3, 4
WHY = "Besproken met de persoon en met de teamleider; het kan zo doorgaan."


def leave(stage: Stage) -> Iterator[None]:
    plan_anew()
    director: Member = stage.people["regievoerder"]
    day = stage.plan.today - timedelta(days=3)
    own = ReturnCase.objects.open().filter(director=director)
    for number, case in enumerate(own.filter(phase=Phase.TRACK_VOLUNTARY).order_by("pk")[:BOOKED]):
        with stage.at(day, 10, 5 + number):
            _book(case, _new(case, Act.OWN_DEPARTURE, 12 + number), director)
        yield
    for number, case in enumerate(own.filter(phase=Phase.TRACK_FORCED).order_by("pk")[:PREPARED]):
        with stage.at(day, 11, 5 + number):
            row = actions.prepare(case, _new(case, Act.FORCED_REMOVAL, 15 + number), by=director)
            if number == 0:
                with suppress(Held):
                    actions.book(row, {}, by=director)
        yield


def _book(case: ReturnCase, new: NewDeparture, director: Member) -> None:
    row = actions.prepare(case, new, by=director)
    try:
        actions.book(row, {}, by=director)
    except AskedForReason as asked:
        actions.book(row, dict.fromkeys(asked.codes, WHY), by=director)


def _new(case: ReturnCase, act: Act, days: int) -> NewDeparture:
    return NewDeparture(
        act=act,
        destination=case.person.nationality,
        leaves_on=clock.today() + timedelta(days=days),
        leaves_at=time(13, 45),
        by_air=True,
        escorted=act is Act.FORCED_REMOVAL,
    )
