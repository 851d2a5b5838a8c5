"""Presence on obliged moments. COA's in-house registration and the police's duty to report are two records with two owners;
what they have in common stands here, so that neither subject needs the other."""

from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.case.models.case import ReturnCase
from partners.models import Member


class Rhythm(models.TextChoices):
    """How often somebody must be seen."""

    WEEKLY = "weekly", pgettext_lazy("rhythm", "weekly")
    WORKDAYS = "workdays", pgettext_lazy("rhythm", "on working days")
    DAILY = "daily", pgettext_lazy("rhythm", "daily")
    TWICE_DAILY = "twice_daily", pgettext_lazy("rhythm", "twice a day")


class Mark(models.TextChoices):
    """What was noted. A moment without a mark was not filled in, which is never the same as missed."""

    SEEN = "seen", pgettext_lazy("presence", "Seen")
    MISSED = "missed", pgettext_lazy("presence", "Missed")
    EXCUSED = "excused", pgettext_lazy("presence", "Excused")
    EXEMPT = "exempt", pgettext_lazy("presence", "Exempt")
    NOT_DUE = "not_due", pgettext_lazy("presence", "Not due")


class PresenceMark(models.Model):
    """One mark on one obliged moment: the week or the day from `due_from` to `due_to`, both included.

    `slot` tells the first from the second moment of a day. `at` is when the mark was stated. A mark is never overwritten
    unseen: changing it needs the version that the page was drawn from, and a reason.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="%(class)ss")
    due_from = models.DateField()
    due_to = models.DateField()
    slot = models.PositiveSmallIntegerField(default=1)
    mark = models.CharField(max_length=10, choices=Mark)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.get_mark_display())

    @property
    def moment(self) -> "tuple[Any, int]":
        """What identifies the obliged moment: its first day, and which of that day."""
        return (self.due_from, self.slot)
