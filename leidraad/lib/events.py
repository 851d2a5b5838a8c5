"""Writing the event log. It has its own connection, so a look stays on record when the request's transaction rolls back.

A view records what it shows with `record` or `record_list`. What no view recorded is recorded by `LookLogMiddleware`, so a
new page is logged before anybody thinks of it; a page that shows nobody's data says so with `shows_nobody`.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

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


V = TypeVar("V", bound=Callable[..., Any])


@dataclass
class Looks:
    """What was recorded in the request that runs now."""

    count: int = 0
    shows_nobody: bool = False


looks: ContextVar[Looks | None] = ContextVar("looks", default=None)


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
    running = looks.get()
    if running is not None:
        running.count += 1


def record_list(
    request: HttpRequest, shown: int, *, filters: Iterable[str] = (), kind: EventKind = EventKind.READ, **detail: Any
) -> None:
    """One row for a page of a list: how many rows it shows and by which filters. Never what a filter asks: that may name
    a person. `filters` are the names the page knows; those in force are kept."""
    kept = {"shown": shown, **detail}
    used = sorted(name for name in filters if request.GET.get(name))
    if used:
        kept["filters"] = used
    record(kind, getattr(request, "member", None), route=route_of(request), detail=kept)


def route_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def shows_nobody(view: V) -> V:
    """Marks a view whose pages hold no data of persons, so that looking at them leaves no row."""
    view.shows_nobody = True  # type: ignore[attr-defined]  # read by LookLogMiddleware
    return view


def nothing_shown() -> None:
    """For a view that shows nobody's data in this answer, such as how far an import is."""
    running = looks.get()
    if running is not None:
        running.shows_nobody = True


def record_unrecorded(request: HttpRequest, status: int) -> None:
    """The look that no view recorded: the page is known, and the case where the address holds one.

    A page that failed may have shown nothing, but was asked for: that is told with its status, and a log that cannot be
    written then does not make the fault page fail too.
    """
    match = request.resolver_match
    number = str(match.kwargs.get("number", "")) if match else ""
    detail = {} if status == 200 else {"status": status}
    try:
        record(
            EventKind.READ, getattr(request, "member", None), case_number=number, route=route_of(request), detail=detail
        )
    except DatabaseError:
        if status < 500:
            raise
        logger.exception("look_not_logged", status=status)


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
