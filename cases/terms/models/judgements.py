"""Judgements that were asked for an act, kept as they were: what was known and decided at that moment."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from cases.case.models import ReturnCase
from cases.terms.models.guards import Act, Effect, GuardVersion
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class Purpose(models.TextChoices):
    """Why it was judged. HAPPENED: something was recorded that had happened. AGAIN: whether a permission still stands."""

    BOOK = "book", pgettext_lazy("judgement", "Booking")
    AUTHORISE = "authorise", pgettext_lazy("judgement", "Permission to leave")
    AGAIN = "again", pgettext_lazy("judgement", "Looked at again")
    HAPPENED = "happened", pgettext_lazy("judgement", "It happened")


class KeptJudgement(models.Model):
    """One judgement of one act. `passes`: no block and no stop stood, and each warning was answered with a reason.

    `blocks` counts guards and stops, `warnings` guards, whether or not a reader may see them. `member` is who asked, None when
    the system looked again. `transaction` is that of the database, which refuses another one: by it the trigger on a departure
    knows that this was judged in the very transaction that gives permission.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20, choices=Act)
    on = models.DateField()
    destination = models.CharField(max_length=3, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    passes = models.BooleanField()
    blocks = models.PositiveSmallIntegerField()
    warnings = models.PositiveSmallIntegerField()
    judged_at = models.DateTimeField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    transaction = models.BigIntegerField(editable=False)

    objects: Any = models.Manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["case", "id"], name="kept_judgement_of_case")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.on}"


class KeptFinding(models.Model):
    """What one guard found then, or a stop that stood then. The sentence is made of `why` when it is shown.

    `section` is the sensitive part of the case that the guard is about, "" for none. `reason` is why a warning was passed by.
    """

    judgement = models.ForeignKey(KeptJudgement, models.PROTECT, related_name="findings", db_index=False)
    # The case of the judgement, so that the wall of the database can tell whom the row is for.
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    section = models.CharField(max_length=40, blank=True)
    guard = models.ForeignKey(GuardVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    stop = models.BigIntegerField(null=True)
    applies = models.CharField(max_length=5, choices=Effect)
    effect = models.CharField(max_length=5, choices=Effect)
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=80, blank=True)
    on = models.DateField(null=True)
    until = models.DateField(null=True)
    country = models.CharField(max_length=3, blank=True)
    count = models.IntegerField(default=0)
    rules = ArrayField(models.CharField(max_length=40), default=list)
    confirmed = models.BooleanField(default=True)
    reason = models.CharField(max_length=500, blank=True)

    objects: Any = models.Manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["judgement", "guard", "stop"], name="kept_finding_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="kept_finding_of_guard_or_stop",
                condition=Q(guard__isnull=False, stop=None) | Q(guard=None, stop__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.judgement_id} {self.guard_id or self.stop}"
