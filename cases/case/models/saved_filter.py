"""A choice of filters on the list of cases that somebody wants to find back."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leidraad.lib.audit import Recorded
from partners.models import Member, Unit

NAME_LENGTH = 60


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def known_to(self, member: Member) -> Self:
        """The member's own in the unit they act for, and those of that team; own ones first, then by name."""
        if member.acting_unit_id is None:
            return self.none()
        mine = Q(owner=member) | Q(owner=None)
        return self.filter(mine, unit_id=member.acting_unit_id).order_by(
            models.F("owner").asc(nulls_last=True), "name", "pk"
        )


class SavedFilter(models.Model):
    """`values` holds what stands in the address of the list: names and codes, nothing of a person. It carries no right: on
    each use the reader's own rights decide which of the values count, and a filter with one that does not is not shown.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="saved_filters")
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="saved_filters")
    name = models.CharField(max_length=NAME_LENGTH)
    values = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    objects = SavedFilterQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "owner", "name"],
                name="saved_filter_name_once",
                nulls_distinct=False,
                violation_error_message=_("There is a filter with this name already. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_team(self) -> bool:
        return self.owner_id is None
