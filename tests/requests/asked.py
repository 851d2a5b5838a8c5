"""Requests in a named state, made by the same actions that users use."""

from datetime import timedelta
from typing import Any

from cases.case.models import Part, ReturnCase
from cases.requests.actions import NewRequest, Place, accept_request, ask_request, report_ready
from cases.requests.models import PlaceKind, Request, RequestKind
from leidraad.lib import clock
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import led_case, unit

POLICE = "avim-noord"


def address_check() -> RequestKind:
    kind: RequestKind = RequestKind.objects.get(code="address_check")
    return kind


def at_site(code: str = "azc-veenmeer", room: str = "kamer B-214") -> Place:
    return Place(PlaceKind.SITE, unit(code), room)


def at_address(street: str = "Lindelaan 12", city: str = "Veenmeer") -> Place:
    return Place(PlaceKind.ADDRESS, None, street, city)


def new_request(**more: Any) -> NewRequest:
    values: dict[str, Any] = {
        "kind": address_check(),
        "to_unit": unit(POLICE),
        "reason": "Is hij er nog? Twee meldingen gemist.",
        "due_at": clock.now() + timedelta(hours=3),
        "risk": "physical",
        "place": at_site(),
    }
    return NewRequest(**(values | more))


def offered(cast: Cast, case: ReturnCase | None = None, *, by: Member | None = None, **more: Any) -> Request:
    director = by or cast.regievoerder
    return stored(ask_request(case or led_case(director), new_request(**more), by=director))


def accepted(cast: Cast, case: ReturnCase | None = None, *, by: Member | None = None, **more: Any) -> Request:
    return stored(accept_request(offered(cast, case, **more), by=by or cast.politie))


def reported(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Request:
    return stored(report_ready(accepted(cast, case, **more), by=cast.politie))


def stored(request: Request) -> Request:
    """As it is in the database now, with what lists show."""
    return Request.objects.for_pages().get(pk=request.pk)


def make_late(request: Request) -> Request:
    """Let the term pass, as time would."""
    Request.objects.filter(pk=request.pk).update(due_at=clock.now() - timedelta(hours=1))
    return stored(request)


def officer(code: str = POLICE, role: str = "supervision_officer") -> Member:
    return member_of(unit(code), role)


__all__ = ["POLICE", "PRINCIPAL", "Part"]
