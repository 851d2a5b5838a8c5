"""The secret address by which a calendar asks for somebody's terms."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from leidraad.lib.audit import Recorded
from partners.models import Member, Membership


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)


class CalendarFeed(models.Model):
    """One address of one member in one membership. Of the secret only the fingerprint is kept: shown once, never again."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()
    history: Any = Recorded(excluded_fields=["fingerprint"])

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(ended_at=None), name="calendar_feed_one_running")
        ]
