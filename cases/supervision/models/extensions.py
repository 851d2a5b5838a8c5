"""Decisions by which a detention lasts longer than the months with which it began. Each is a decision of its own."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.supervision.measure_states import ExtensionGround
from cases.supervision.models.measures import Measure
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class MeasureExtensionQuerySet(models.QuerySet["MeasureExtension"]):
    def standing(self) -> Self:
        return self.filter(voided_at=None)


class MeasureExtension(models.Model):
    """A decision to extend one measure, of which the person was told. Never changed, only struck out and recorded anew.

    `until` is the last day as the decision says it; what the rules allow can be earlier (`cases.supervision.extending`).
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="extensions")
    decided_on = models.DateField()
    notified_on = models.DateField()
    ground = models.CharField(max_length=20, choices=ExtensionGround)
    until = models.DateField()
    form_no = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)

    objects = MeasureExtensionQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["notified_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_told_after_deciding",
                condition=Q(notified_on__gte=F("decided_on")),
                violation_error_message=_("The person cannot be told of a decision before it was made."),
            ),
            models.CheckConstraint(
                name="extension_ends_after_deciding",
                condition=Q(until__gt=F("decided_on")),
                violation_error_message=_("The last day lies after the day of the decision."),
            ),
            models.CheckConstraint(
                name="extension_voided_with_reason",
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                violation_error_message=_("Say why this record should not be there."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=[
                    "measure", "decided_on", "notified_on", "ground", "until", "form_no", "note", "by", "unit",
                    "recorded_at",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_ground_display())
