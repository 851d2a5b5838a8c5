"""Which step may follow which in a request, and who has the turn in each."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("request", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
    REPORTED_READY = "reported_ready", pgettext_lazy("request", "Reported ready")
    DONE = "done", pgettext_lazy("request", "Done")
    DECLINED = "declined", pgettext_lazy("request", "Declined")
    NOT_POSSIBLE = "not_possible", pgettext_lazy("request", "Not possible")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("request", "Expired")


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.OFFERED: frozenset({Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED}),
    Status.ACCEPTED: frozenset({Status.REPORTED_READY, Status.NOT_POSSIBLE, Status.WITHDRAWN}),
    # What was done cannot be taken back by who asked for it: the report is confirmed, and corrected where it is wrong.
    Status.REPORTED_READY: frozenset({Status.DONE}),
    Status.DONE: frozenset(),
    Status.DECLINED: frozenset(),
    Status.NOT_POSSIBLE: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.EXPIRED: frozenset(),
}

# The unit that was asked has the turn.
RUNNING = (Status.OFFERED, Status.ACCEPTED)
# The unit that was asked has its part in the case.
AT_WORK = (Status.ACCEPTED, Status.REPORTED_READY)
OPEN = (*RUNNING, Status.REPORTED_READY)
ENDED = tuple(status for status in Status if not NEXT[status])
# The receiver's refusals, each with a reason.
REFUSED = (Status.DECLINED, Status.NOT_POSSIBLE)


def may_follow(now: str, wanted: str) -> bool:
    return Status(wanted) in NEXT[Status(now)]


class StepKind(models.TextChoices):
    """What the course of a request shows, each with person and moment."""

    ASKED = "asked", pgettext_lazy("request step", "Asked")
    OPENED = "opened", pgettext_lazy("request step", "Opened by the receiver")
    ACCEPTED = "accepted", pgettext_lazy("request step", "Accepted")
    OVERDUE = "overdue", pgettext_lazy("request step", "Past its term: asker and managers told")
    EXPECTED = "expected", pgettext_lazy("request step", "Not known yet")
    REPORTED = "reported", pgettext_lazy("request step", "Reported ready")
    CORRECTED = "corrected", pgettext_lazy("request step", "Report corrected")
    CONFIRMED = "confirmed", pgettext_lazy("request step", "Confirmed by the asker")
    DECLINED = "declined", pgettext_lazy("request step", "Declined")
    NOT_POSSIBLE = "not_possible", pgettext_lazy("request step", "Reported as not possible")
    WITHDRAWN = "withdrawn", pgettext_lazy("request step", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("request step", "Expired without an answer: asker and managers told")


# Steps that may come more than once in the course of one request.
REPEATED_STEPS = (StepKind.EXPECTED, StepKind.CORRECTED)
