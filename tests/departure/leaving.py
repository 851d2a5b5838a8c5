"""Departures in a named state, made by the same actions that users use, of somebody of whom everything is known that must be."""

from datetime import date, timedelta
from typing import Any

from cases.case.models import Part, ReturnCase
from cases.departure import actions
from cases.departure.actions import NewDeparture
from cases.departure.models import Departure
from cases.procedure.actions.remedies import record_ruling
from cases.procedure.models import RemovabilityAnswer
from cases.terms.actions import Statement, state_for_guards
from cases.terms.authorising import AskedForReason
from cases.terms.guards.known import Topic
from cases.terms.models import Act
from leidraad.lib import clock
from partners.models import Member
from tests.cast import Cast
from tests.factories import involve, unit
from tests.procedure.answered import answered
from tests.procedure.law import COUNTRY, days_ago, decided, in_procedure, lodged, refusing

WHY = "Besproken met de teamleider; het kan zo doorgaan."
# What somebody has to state of a grown man whose refusal is final, before he may be removed.
STATED = (
    (Topic.FRESH_TEST, "done"),
    (Topic.TRAVEL_CONDITIONS, "none"),
    (Topic.FITNESS, "fit"),
    (Topic.TUBERCULOSIS, "none"),
    (Topic.PROSECUTOR, "none_open"),
    (Topic.IOM, "none"),
    (Topic.PROTECTION, "none"),
    (Topic.FINAL_CHECKS, "done"),
)


def in_days(count: int) -> date:
    return clock.today() + timedelta(days=count)


def refused_for_good(cast: Cast, **values: Any) -> ReturnCase:
    """A grown man, refused, his appeal dismissed, the period over, IND's answer and every statement there: he could go."""
    born = {"birth_year": 1990, "birth_month": 3, "birth_day": 14, "unaccompanied_minor": False}
    case = in_procedure(cast, **(born | values))
    for code, part in (("dtv-uitvoering", Part.DEPARTURE), ("dtv-boekingen", Part.BOOKING)):
        involve(case, unit(code), part)
    decision = decided(case, cast.ind, refusing(decided=120, told=119))
    appeal = lodged(decision, cast.ind, days=110)
    record_ruling([appeal], days_ago(40), "dismissed", by=cast.ind)
    answered(cast, case)
    for topic, value in STATED:
        stated(cast, case, topic, value)
    return case


def stated(cast: Cast, case: ReturnCase, topic: Topic, value: str, **more: Any) -> None:
    by: Member = cast.regievoerder
    state_for_guards(case, Statement(topic, value, clock.today(), "Dossier", **more), by=by)


def new(days: int = 7, act: Act = Act.FORCED_REMOVAL, destination: str = COUNTRY, **more: Any) -> NewDeparture:
    return NewDeparture(act, destination, in_days(days), by_air=True, reference="AH 1234", **more)


def prepared(cast: Cast, case: ReturnCase | None = None, **values: Any) -> Departure:
    return actions.prepare(case or refused_for_good(cast), new(**values), by=cast.regievoerder)


def reasons_for(act: Any, departure: Departure, by: Member) -> dict[str, str]:
    """A reason for each warning that the act asks one for."""
    try:
        act(departure, {}, by=by)
    except AskedForReason as asked:
        return dict.fromkeys(asked.codes, WHY)
    return {}


def booked(cast: Cast, case: ReturnCase | None = None, **values: Any) -> Departure:
    row = prepared(cast, case, **values)
    return actions.book(row, reasons_for(actions.book, row, cast.regievoerder), by=cast.regievoerder)


def permitted(cast: Cast, case: ReturnCase | None = None, **values: Any) -> Departure:
    row = booked(cast, case, **values)
    return actions.permit(row, reasons_for(actions.permit, row, cast.ua), by=cast.ua)


def fresh(row: Departure) -> Departure:
    return Departure.objects.for_pages().get(pk=row.pk)


def answer_of(case: ReturnCase) -> RemovabilityAnswer:
    return RemovabilityAnswer.objects.get(case=case, replaced_at=None)
