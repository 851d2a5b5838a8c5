"""What is kept about looks (the explanation that was asked, the judgement), and redactions with who asked and who read them."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class RedactionGround(models.TextChoices):
    WRONG_CASE = "wrong_case", _("recorded in the wrong case")
    RECTIFICATION = "rectification", _("rectification: it was wrong")
    ERASURE = "erasure", _("erasure at the request of the person")


class Redaction(models.Model):
    """Content of one record that has to go: asked by one privacy officer, read by another. Never changed, only answered.

    The database itself reads this row and its steps before it blanks anything (`pages_redact`), so nothing here is checked by
    the program alone.
    """

    case_number = models.CharField(max_length=20)
    table = models.CharField(max_length=63)
    key = models.BigIntegerField()
    columns = models.JSONField()
    ground = models.CharField(max_length=20, choices=RedactionGround)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class RedactionAct(models.TextChoices):
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DONE = "done", _("blanked")


class RedactionStep(models.Model):
    """What became of a redaction. The last one, `done`, is written by the database with what it blanked."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10, choices=RedactionAct)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    certificate_id = models.BigIntegerField(null=True)
    places = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["redaction"], condition=~models.Q(act="done"), name="redaction_answered_once"
            ),
            models.UniqueConstraint(fields=["redaction"], condition=models.Q(act="done"), name="redaction_done_once"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
