"""Stops in a named state, placed by the same acts that users use."""

from datetime import timedelta
from typing import Any

from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.terms.models import Stop, StopGround
from cases.terms.stop_actions import NewStop, place_stop
from leidraad.lib import clock
from partners.models import Member
from tests.cast import Cast, member_of
from tests.factories import involve, unit
from tests.procedure.law import in_procedure


def ground(code: str) -> StopGround:
    return StopGround.objects.in_force(clock.today()).get(code=code)


def new_stop(code: str = "appeal", days: int = 30, **more: Any) -> NewStop:
    today = clock.today()
    values: dict[str, Any] = {"ground": code, "until": today + timedelta(days=days), "document": "Beroepschrift"}
    return NewStop(**(values | {"document_on": today - timedelta(days=2), "document_number": "AWB 26/1234"} | more))


def stopped(case: ReturnCase, by: Member, code: str = "appeal", days: int = 30, **more: Any) -> Stop:
    return fresh(place_stop(case, new_stop(code, days, **more), by=by))


def fresh(stop: Stop) -> Stop:
    return Stop.objects.for_pages().get(pk=stop.pk)


def with_police(cast: Cast) -> ReturnCase:
    """A case of the regievoerder in which IND decides and the police supervises."""
    return involve(in_procedure(cast), unit("avim-noord"), Part.SUPERVISION, InvolvementGround.TASK)


def colleague(of: Member, role: str = "") -> Member:
    """Somebody else of the same unit, in the same role unless another is named."""
    return member_of(of.acting_unit, role or of.acting_role)


def stop_row(case: ReturnCase, by: Member, code: str, **more: Any) -> Stop:
    """Not saved: for what the acts would refuse."""
    found, today = ground(code), clock.today()
    values: dict[str, Any] = {
        "case": case,
        "ground": found,
        "section": found.section,
        "is_grave": found.is_grave,
        "scope": found.scopes[0],
        "document": "Brief",
        "document_on": today,
        "source": "IND",
        "placed_by": by,
        "unit": by.acting_unit,
        "organisation": by.acting_unit.organisation,
        "placed_at": clock.now(),
        "until": today,
    }
    return Stop(**(values | more))
