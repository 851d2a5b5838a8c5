"""Which step may follow which in handing over, and whose turn it is in each."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("handover", "Draft")
    OFFERED = "offered", pgettext_lazy("handover", "Offered")
    QUERIED = "queried", pgettext_lazy("handover", "Question open")
    ACCEPTED = "accepted", pgettext_lazy("handover", "Accepted")
    RETURNED = "returned", pgettext_lazy("handover", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("handover", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("handover", "Expired")


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.OFFERED, Status.WITHDRAWN}),
    Status.OFFERED: frozenset({Status.QUERIED, Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN, Status.EXPIRED}),
    # A question that stays unanswered must not keep the receiver waiting for ever: returning stays possible.
    Status.QUERIED: frozenset({Status.OFFERED, Status.RETURNED, Status.EXPIRED}),
    Status.ACCEPTED: frozenset(),
    Status.RETURNED: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.EXPIRED: frozenset(),
}

# The sender has let go of it and the receiver has not answered for good.
AWAITED = (Status.OFFERED, Status.QUERIED)
OPEN = (Status.DRAFT, *AWAITED)
ANSWERED = (Status.ACCEPTED, Status.RETURNED)
# The sender is at turn.
BACK = (Status.QUERIED, Status.RETURNED, Status.WITHDRAWN, Status.EXPIRED)
# From these the sender may offer again, in a new round.
REPEATABLE = (Status.RETURNED, Status.WITHDRAWN, Status.EXPIRED)


class StepKind(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("handover step", "Offered")
    OFFERED_AGAIN = "offered_again", pgettext_lazy("handover step", "Offered again")
    REVISED = "revised", pgettext_lazy("handover step", "Dossier changed by the sender")
    OPENED = "opened", pgettext_lazy("handover step", "Opened")
    QUERIED = "queried", pgettext_lazy("handover step", "Question asked")
    ANSWERED = "answered", pgettext_lazy("handover step", "Question answered")
    RETURNED = "returned", pgettext_lazy("handover step", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("handover step", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("handover step", "Withdrawn")
    OVERDUE = "overdue", pgettext_lazy("handover step", "Not answered in time")
    ESCALATED = "escalated", pgettext_lazy("handover step", "Both managers told")
    EXPIRED = "expired", pgettext_lazy("handover step", "Expired")


def may_follow(status: str, next_status: str) -> bool:
    return Status(next_status) in NEXT[Status(status)]
