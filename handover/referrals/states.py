"""The course of a referral. What its reporter reads never depends on what intake found."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """In the words that the reporter reads. None of them says whether anybody is known."""

    FILED = "filed", pgettext_lazy("referral", "Received by DT&V")
    TAKEN_UP = "taken_up", pgettext_lazy("referral", "Taken up by DT&V")
    DEALT_WITH = "dealt_with", pgettext_lazy("referral", "Dealt with: DT&V will contact you if needed")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Withdrawn")


OPEN = (Status.FILED, Status.TAKEN_UP)

NEXT: Mapping[Status, frozenset[Status]] = {
    Status.FILED: frozenset({Status.TAKEN_UP, Status.DEALT_WITH, Status.WITHDRAWN}),
    Status.TAKEN_UP: frozenset({Status.DEALT_WITH, Status.WITHDRAWN}),
    # Intake takes its judgement back.
    Status.DEALT_WITH: frozenset({Status.TAKEN_UP}),
    # The reporter takes the withdrawal back.
    Status.WITHDRAWN: frozenset({Status.FILED, Status.TAKEN_UP}),
}


def may_follow(status: str, to: str) -> bool:
    return Status(to) in NEXT[Status(status)]


class Finding(models.TextChoices):
    """What intake found. For intake and, where it matched a case, for the responsible unit of DT&V."""

    MATCHED = "matched", pgettext_lazy("referral", "Matched to a case")
    TO_OPEN = "to_open", pgettext_lazy("referral", "No case yet: one must be opened")
    NO_ACTION = "no_action", pgettext_lazy("referral", "No action")
