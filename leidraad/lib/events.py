"""Writing the event log. It has its own connection, so a refusal stays on record when the request's transaction rolls back."""

from typing import Any, Protocol

import structlog
from django.db import DatabaseError
from django.http import HttpRequest

from leidraad.lib import clock
from leidraad.lib.audit import request_id
from leidraad.lib.models import Event, EventKind

logger = structlog.get_logger(__name__)


class Viewer(Protocol):
    @property
    def pk(self) -> Any: ...
    @property
    def display_name(self) -> str: ...
    @property
    def acting_unit_id(self) -> int | None: ...
    @property
    def acting_organisation(self) -> str: ...
    @property
    def acting_role(self) -> str: ...


class CaseRef(Protocol):
    @property
    def pk(self) -> Any: ...
    @property
    def number(self) -> str: ...
    @property
    def person_id(self) -> int: ...


def record(
    kind: EventKind,
    viewer: Viewer | None,
    *,
    case: CaseRef | None = None,
    case_number: str = "",
    route: str = "",
    purpose: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one event, committed at once. A log that cannot be written stops the act: nobody reads unseen."""
    event = Event(
        at=clock.now(),
        kind=kind,
        member_id=viewer.pk if viewer else None,
        member_name=viewer.display_name if viewer else "",
        organisation=viewer.acting_organisation if viewer else "",
        unit_id=viewer.acting_unit_id if viewer else None,
        role=viewer.acting_role if viewer else "",
        case_id=case.pk if case else None,
        case_number=(case.number if case else case_number)[:20],
        person_id=case.person_id if case else None,
        route=route[:80],
        purpose=purpose[:200],
        detail=detail or {},
        request_id=request_id.get(),
    )
    event.save(using="log", force_insert=True)


def record_refusal(request: HttpRequest, status: int, capability: str = "") -> None:
    """Log a 403 or 404 on a case path. Never turns the refusal itself into an error page."""
    match = request.resolver_match
    member = getattr(request, "member", None)
    try:
        record(
            EventKind.REFUSED,
            member,
            case_number=str(match.kwargs.get("number", "")) if match else "",
            route=match.view_name if match else "",
            detail={"status": status, "capability": capability},
        )
    except DatabaseError:
        logger.exception("refusal_not_logged", status=status)
