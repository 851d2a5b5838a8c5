"""Whether bookings and permissions still stand: asked after every act on a case, and each minute in case that was missed."""

import structlog
from django.db import transaction

from cases.departure.actions import look_again
from cases.departure.models import Departure
from leidraad.lib.who import principal

logger = structlog.get_logger(__name__)

PRINCIPAL = "departure.look_again"


def look_soon(case: int) -> None:
    """After the transaction of an act. What fails here the next run takes up."""
    try:
        with principal(PRINCIPAL), transaction.atomic():
            if Departure.objects.guarded().filter(case_id=case).exists():
                look_again(case, by=PRINCIPAL)
    except Exception:  # the act itself is done and stays done
        logger.exception("departure_not_looked_at", case=case)


def look_at_all() -> int:
    """Every booking and permission there is, each in a transaction of its own. Returns how many fell away."""
    found = list(Departure.objects.guarded().order_by("leaves_on", "pk").values_list("case_id", flat=True))
    return sum(_looked_at(case) for case in found)


def _looked_at(case: int) -> bool:
    try:
        return look_again(case, by=PRINCIPAL)
    except Exception:  # one case holds up no other
        logger.exception("departure_not_looked_at", case=case)
        return False
