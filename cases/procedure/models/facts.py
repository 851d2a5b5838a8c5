"""What every fact of law has: whose it is, who says so, since when we know, and how it went out of force."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from partners.models import Member

# Official facts that the sender of a dossier stated, and that nobody of the organisation that owns them has confirmed yet.
STATED = _("stated in the dossier, not confirmed")

M = TypeVar("M", bound="LegalFact")


class LegalFactQuerySet(models.QuerySet[M]):
    def standing(self) -> Self:
        """Neither replaced by a later statement nor struck out as wrong."""
        return self.filter(replaced_at=None, struck_at=None)

    def of_case(self, case: ReturnCase) -> Self:
        return self.filter(case=case)


class LegalFact(models.Model):
    """A dated fact with its source. It is never written over: a later one takes its place, or it is struck out as wrong.

    `source` names the register or the dossier that it comes from; Leidraad is not that register. `confirmed_at` is empty
    while only a dossier states it. `reason` says why it was replaced, changed or struck out.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=80)
    recorded_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["pk"]

    @property
    def is_standing(self) -> bool:
        return self.replaced_at is None and self.struck_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


def out_of_force_with_reason(name: str) -> models.CheckConstraint:
    """A constraint: what is replaced or struck out says why, and not both."""
    standing: Any = Q(replaced_at=None, struck_at=None)
    either = Q(replaced_at=None) | Q(struck_at=None)
    return models.CheckConstraint(
        name=name,
        condition=standing | (either & ~Q(reason="")),
        violation_error_message=_("Say why this is no longer in force. It stays readable."),
    )
