"""What a person decided about a row of a file that the import could not decide by itself."""

from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from handover.models.files import DossierRow
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class Decision(models.TextChoices):
    KEEP = "keep", pgettext_lazy("held row", "Nothing changes")
    TAKE_OVER = "take_over", pgettext_lazy("held row", "Taken over as a new version")


class HeldDecision(models.Model):
    """One held row has one decision, with its reason. The row's verdict stays `held`: the totals of a file never change."""

    row = models.OneToOneField(DossierRow, models.PROTECT, related_name="decision")
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.TextField(max_length=500)
    decided_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    decided_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
