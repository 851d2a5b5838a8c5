"""Whether bookings and permissions still stand: asked after every act on a case, and each minute in case that was missed."""

import structlog

from cases.departure.actions import look_again, stands
from cases.departure.models import Departure
from cases.terms.guards.judging import judge_each
from leidraad.lib.who import principal

logger = structlog.get_logger(__name__)

PRINCIPAL = "departure.look_again"
BATCH = 200


def look_soon(case: int) -> None:
    """After the transaction of an act. What fails here the next run takes up."""
    try:
        with principal(PRINCIPAL):
            _look_at(list(Departure.objects.guarded().filter(case_id=case).select_related("judgement")))
    except Exception:  # the act itself is done and stays done
        logger.exception("departure_not_looked_at", case=case)


def look_at_all() -> int:
    """Every booking and permission there is. Returns how many fell away, each in a transaction of its own."""
    gone, after = 0, 0
    guarded = Departure.objects.guarded().select_related("judgement").order_by("pk")
    while rows := list(guarded.filter(pk__gt=after)[:BATCH]):
        gone, after = gone + _look_at(rows), rows[-1].pk
    return gone


def _look_at(rows: list[Departure]) -> int:
    """Judged without a lock first: most stand, and locking a case has others look at it again."""
    if not rows:
        return 0
    judged = judge_each({row.case_id: [row.plan()] for row in rows})[0]
    return sum(_taken_back(row.case_id) for row in rows if not stands(row, judged[row.case_id]))


def _taken_back(case: int) -> bool:
    try:
        return look_again(case, by=PRINCIPAL)
    except Exception:  # one case holds up no other
        logger.exception("departure_not_looked_at", case=case)
        return False
