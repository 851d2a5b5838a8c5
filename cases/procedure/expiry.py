"""Answers whose days are counted: the task to ask again a week before, and the axis back to unknown when they have expired.

Run each hour. What was missed is caught up with at the next run, and running it again does nothing more. Nobody has to wait
for it: an answer past its last day is shown as expired whether or not this has run.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from cases.case.actions import lock_case
from cases.case.models import Task
from cases.procedure.common import ask_again, source_of, tell_lead, unknown_again
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.states import REMOVABILITY_CHECK, WARN_DAYS
from cases.requests.models import Request
from leidraad.lib import clock
from leidraad.lib.audit import save_as

logger = structlog.get_logger(__name__)

PRINCIPAL = "expire_answers"
EXPIRED = gettext_noop("Answer expired")
EXPIRES = gettext_noop("Answer expires within a week")


def expire_answers() -> int:
    """Each case in a transaction of its own, decided again under its lock. Returns how many it acted on."""
    done = 0
    for pk in [*_expired(), *_expiring()]:
        try:
            done += _settle(pk)
        except Exception:  # one faulty row must not keep the others waiting
            logger.exception("answer_not_expired", answer=pk)
    return done


def _expired() -> list[int]:
    over = RemovabilityAnswer.objects.in_force().filter(expired_at=None, valid_until__lt=clock.today())
    return list(over.filter(case__closed_on=None).order_by("valid_until", "pk").values_list("pk", flat=True))


def _expiring() -> list[int]:
    """In their last week, and nobody is at it: no open task to ask again, no open question."""
    today = clock.today()
    last_week = RemovabilityAnswer.objects.in_force().filter(
        expired_at=None, valid_until__range=(today, today + timedelta(days=WARN_DAYS)), case__closed_on=None
    )
    task = Task.objects.open().filter(case=OuterRef("case"), source__startswith=source_of(0).removesuffix("0"))
    question = Request.objects.open().filter(case=OuterRef("case"), kind__code=REMOVABILITY_CHECK)
    waiting = last_week.filter(~Exists(task), ~Exists(question))
    return list(waiting.order_by("valid_until", "pk").values_list("pk", flat=True))


@transaction.atomic
def _settle(pk: int) -> bool:
    case = lock_case(RemovabilityAnswer.objects.values_list("case_id", flat=True).get(pk=pk))
    answer = RemovabilityAnswer.objects.in_force().for_pages().filter(pk=pk, expired_at=None).first()
    if answer is None or answer.valid_until is None or case.is_closed:
        return False
    due_at = clock.end_of(answer.valid_until)
    if not answer.has_expired:
        if Task.objects.open().filter(source=source_of(case)).exists():
            return False
        ask_again(case, due_at, by=PRINCIPAL, reason=EXPIRES)
        return True
    answer.expired_at = clock.now()
    save_as(answer, by=PRINCIPAL, reason=EXPIRED)
    unknown_again(case, answer, answer.valid_until + timedelta(days=1), by=PRINCIPAL, reason=EXPIRED)
    if not Request.objects.open().filter(case=case, kind__code=REMOVABILITY_CHECK).exists():
        ask_again(case, due_at, by=PRINCIPAL, reason=EXPIRED)
    tell_lead(case, "removability_expired", by=PRINCIPAL)
    return True
