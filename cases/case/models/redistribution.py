"""Many cases of one unit that go to other case directors in one act."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.models.case import ReturnCase
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class LineStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("redistribution", "waits")
    DONE = "done", pgettext_lazy("redistribution", "done")
    REFUSED = "refused", pgettext_lazy("redistribution", "not done")


class Refusal(models.TextChoices):
    """Why one case was left as it was, as the manager reads it."""

    CHANGED = (
        "changed",
        _("Somebody changed this case in the meantime. It was left as it is; look at it and decide again."),
    )
    CLOSED = "closed", _("This case was closed in the meantime.")
    NOT_ALLOWED = "not_allowed", _("Only the manager of the responsible team can reassign this case.")
    NO_DIRECTOR = "no_director", _("The chosen colleague is no case director of the responsible team.")
    FAULT = "fault", _("A fault in the program: nothing was changed in this case. Try it again.")


class RedistributionQuerySet(models.QuerySet["Redistribution"]):
    def of_unit(self, member: Member) -> Self:
        return self.filter(unit_id=member.acting_unit_id)


class Redistribution(models.Model):
    """One act of a manager on many cases. Each of its lines is carried out in a transaction of its own.

    `key` is made with the page that asks to confirm: sent twice, it is one act.
    """

    key = models.UUIDField(unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="redistributions")
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RedistributionQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["made_at"], condition=Q(finished_at=None), name="redistribution_running"),
        ]


class RedistributionLine(models.Model):
    """One case: from whom to whom, and what became of it. What happened to the case stands in the case's own history.

    `seen_version` is the version the manager looked at, `done_version` the one this line left behind.
    """

    redistribution = models.ForeignKey(Redistribution, models.PROTECT, related_name="lines", db_index=False)
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+")
    from_director = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    to_director = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    seen_version = models.PositiveIntegerField()
    done_version = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, choices=LineStatus, default=LineStatus.PLANNED)
    refusal = models.CharField(max_length=20, choices=Refusal, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["redistribution", "case"], name="redistribution_case_once"),
            models.CheckConstraint(
                name="redistribution_line_says_why",
                condition=Q(status=LineStatus.REFUSED) ^ Q(refusal=""),
            ),
            models.CheckConstraint(
                name="redistribution_line_done_version",
                condition=Q(status=LineStatus.DONE) ^ Q(done_version=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["redistribution", "id"], condition=Q(status=LineStatus.PLANNED), name="redistribution_to_do"
            ),
        ]
