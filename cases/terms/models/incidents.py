"""What was done although a guard held it back, and what the two units say of it."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from cases.terms.models.guards import Act
from cases.terms.models.judgements import KeptJudgement
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class Incident(models.Model):
    """Something was done although a guard or a stop held it back, or without permission. It was recorded, never refused.

    The managers of both units look at it: that of the unit responsible for the case (`lead`) and that of the unit that recorded
    it (`unit`). `source` names the record ("departure:12"): it raises at most one.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20, choices=Act)
    happened_on = models.DateField()
    judgement = models.ForeignKey(KeptJudgement, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=60)
    without_permission = models.BooleanField(default=False)
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    raised_at = models.DateTimeField()

    objects: Any = models.Manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["source"], name="incident_once_a_record")]
        indexes = [models.Index(fields=["case", "-id"], name="incident_of_case")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.act} {self.happened_on}"


class IncidentReply(models.Model):
    """What one of the two units found, and does so that it does not happen again. Each writes once."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="replies", db_index=False)
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()

    objects: Any = models.Manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit"],
                name="incident_one_reply_a_unit",
                violation_error_message=_("Your unit has answered this already."),
            ),
            models.CheckConstraint(
                name="incident_reply_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write what you found and what you do about it."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.unit_id}"
