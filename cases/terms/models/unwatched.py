"""That somebody said that a term needs no watching, with the reason."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class UnwatchedQuerySet(models.QuerySet["Unwatched"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Unwatched(models.Model):
    """A term of a case of which nobody is reminded any more. It changes no day and no guard.

    It holds for the term with this key as long as its last day is `due` (empty: no day can be counted): what gets another last
    day is watched again. `section` and `sees` are of the term: who may not know of it reads neither this nor the reason.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    due = models.DateField(null=True, blank=True)
    section = models.CharField(max_length=40, editable=False)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = UnwatchedQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], condition=Q(ended_at=None), name="unwatched_once"),
            models.CheckConstraint(
                name="unwatched_with_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why this term needs no watching."),
            ),
        ]

    def __str__(self) -> str:
        return self.rule
