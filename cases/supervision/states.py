"""What may come of a supervision task, and where a task stands. The status itself follows from its request."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TaskType(models.TextChoices):
    """The same codes as the kinds of request that open the task."""

    ADDRESS_CHECK = "address_check", _("Address check")


class Outcome(models.TextChoices):
    FOUND = "found", pgettext_lazy("outcome", "Found")
    NOT_FOUND = "not_found", pgettext_lazy("outcome", "Not found")
    THIRD_PARTY_STATEMENT = "third_party_statement", pgettext_lazy("outcome", "Statement of somebody else")
    WRONG_ADDRESS = "wrong_address", pgettext_lazy("outcome", "Address is wrong")
    FAILED = "failed", pgettext_lazy("outcome", "Did not succeed")
    OTHER = "other", pgettext_lazy("outcome", "Other outcome")


# An attempt without result: nothing is reported and the task stays open.
RESULTS = tuple(outcome for outcome in Outcome if outcome != Outcome.FAILED)


class NextStep(models.TextChoices):
    """What the officer proposes to the asker, who decides."""

    NONE = "none", pgettext_lazy("proposed step", "Nothing more needed")
    REPEAT = "repeat_check", pgettext_lazy("proposed step", "Check again at another hour")
    OTHER_ADDRESS = "other_address", pgettext_lazy("proposed step", "Check another address")
    DEPARTURE_NOTICE = "departure_notice", pgettext_lazy("proposed step", "Consider a departure notice")
    CONSULT = "consult", pgettext_lazy("proposed step", "Consult with the asker first")


# What the form proposes for each outcome; the officer may choose another.
PROPOSED: Mapping[Outcome, NextStep] = {
    Outcome.FOUND: NextStep.NONE,
    Outcome.NOT_FOUND: NextStep.REPEAT,
    Outcome.THIRD_PARTY_STATEMENT: NextStep.CONSULT,
    Outcome.WRONG_ADDRESS: NextStep.OTHER_ADDRESS,
    Outcome.FAILED: NextStep.REPEAT,
    Outcome.OTHER: NextStep.CONSULT,
}


class TaskStatus(models.TextChoices):
    """Never stored: derived from the request and the outcome."""

    OPEN = "open", pgettext_lazy("supervision task", "Open")
    RECORDED = "recorded", pgettext_lazy("supervision task", "Recorded, not sent yet")
    REPORTED = "reported", pgettext_lazy("supervision task", "Sent")
    DONE = "done", pgettext_lazy("supervision task", "Done")
    NOT_POSSIBLE = "not_possible", pgettext_lazy("supervision task", "Not possible")
    WITHDRAWN = "withdrawn", pgettext_lazy("supervision task", "Withdrawn")
