"""What is kept about looks: the explanation that was asked, and the judgement."""

from typing import Any

from django.db import models

from leidraad.lib.audit import Recorded
from partners.models import Member


class LookReview(models.Model):
    """Control over one row of the event log. No foreign key to it: its months go after their period, this stays.

    The key of the event is found with its moment, because the log is kept by month.
    """

    event_id = models.BigIntegerField(unique=True)
    event_at = models.DateTimeField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="looks_reviewed")
    question = models.TextField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    judgement = models.TextField(max_length=1000, blank=True)
    judged_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["member", "-asked_at"], name="look_review_member")]

    @property
    def waits(self) -> bool:
        """Whether the member was asked and has not answered yet."""
        return self.asked_at is not None and self.answered_at is None
