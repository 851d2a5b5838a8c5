"""What happens to requests that nobody answers in time. Nothing expires in silence, and nothing that runs expires."""

import structlog
from django.db import transaction
from django.utils.translation import gettext_noop

from cases.case.models import ReturnCase
from cases.requests.common import add_step, end_with, locked, tell, tell_managers
from cases.requests.models import Request
from cases.requests.states import Status, StepKind
from leidraad.lib import clock
from partners.models import Member

logger = structlog.get_logger(__name__)

PRINCIPAL = "expire_requests"
CASE_CLOSED = gettext_noop("The case was closed.")


def expire_requests() -> int:
    """Expire offers past their term, and tell of accepted work past its term.

    Each in a transaction of its own; running it again, or twice at once, does nothing more. Returns how many it acted on.
    """
    done = 0
    for pk in _late():
        try:
            done += _settle(pk)
        except Exception:  # one faulty row must not keep the others waiting
            logger.exception("request_not_settled", request=pk)
    return done


def _late() -> list[int]:
    late = Request.objects.running().filter(due_at__lt=clock.now())
    told = late.filter(steps__kind=StepKind.OVERDUE).values("pk")
    return list(late.exclude(pk__in=told).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _settle(pk: int) -> bool:
    """Decide again under the lock: somebody may have answered since the rows were listed."""
    case, asked = locked(Request.objects.get(pk=pk))
    if asked.status == Status.OFFERED and asked.is_late:
        asked.move_to(Status.EXPIRED)
        end_with(case, asked, StepKind.EXPIRED, by=PRINCIPAL)
        tell_managers(asked, "request_expired", by=PRINCIPAL)
    elif asked.status == Status.ACCEPTED and asked.is_late and not _told(asked):
        add_step(asked, StepKind.OVERDUE, by=PRINCIPAL)
        tell_managers(asked, "request_overdue", by=PRINCIPAL)
    else:
        return False
    return True


def _told(asked: Request) -> bool:
    return asked.steps.filter(kind=StepKind.OVERDUE).exists()


def end_with_case(case: ReturnCase, outcome: str, by: Member) -> None:
    """Hears that a case closes: its open requests end in the same transaction, before the parts in it end."""
    for request in Request.objects.open().filter(case=case).order_by("pk"):
        _case, asked = locked(request)
        _end(asked, by=by)


def _end(asked: Request, *, by: Member) -> None:
    """What was reported counts as read; the rest is withdrawn."""
    reported = asked.status == Status.REPORTED_READY
    asked.move_to(Status.DONE if reported else Status.WITHDRAWN)
    step = StepKind.CONFIRMED if reported else StepKind.WITHDRAWN
    end_with(asked.case, asked, step, by=by, text=CASE_CLOSED)
    tell(asked, "request_confirmed" if reported else "request_withdrawn", asked.to_unit, by=by)
