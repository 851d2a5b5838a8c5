"""The catalogue of guards, and which guard holds which act. Data only: what judges a case reads it."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.terms.models.common import Spoken, Version, added_only, may_hold_on
from leidraad.lib.audit import Recorded


class Level(models.TextChoices):
    """BLOCK: only a new fact lifts it. WARN: allowed with a reason by a named person."""

    BLOCK = "block", pgettext_lazy("guard", "Block")
    WARN = "warn", pgettext_lazy("guard", "Warning")


class Effect(models.TextChoices):
    BLOCK = "block", pgettext_lazy("guard", "Block")
    WARN = "warn", pgettext_lazy("guard", "Warning")
    NONE = "none", pgettext_lazy("guard", "Does not apply")


class Act(models.TextChoices):
    """What somebody may want to authorise. Recording what happened is no act in this sense."""

    FORCED_REMOVAL = "forced_removal", _("Forced removal")
    DUBLIN_TRANSFER = "dublin_transfer", _("Dublin transfer")
    OWN_DEPARTURE = "own_departure", _("Assisted or own departure")
    PRESENTATION = "presentation", _("Presentation to authorities")
    DETENTION = "detention", _("Detention")
    END_OF_RECEPTION = "end_of_reception", _("End of reception")
    DISCLOSURE = "disclosure", _("Disclosure of data")


class Guard(models.Model):
    """A guard by its id, G01 to G31."""

    code = models.CharField(max_length=5, unique=True)
    position = models.PositiveSmallIntegerField()

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class GuardVersionQuerySet(models.QuerySet["GuardVersion"]):
    def in_force(self, day: date) -> Self:
        """The version of each guard that counts on `day`."""
        return self.filter(may_hold_on(day)).order_by("guard_id", "-number").distinct("guard_id")


class GuardVersion(Version):
    """What a guard says from one day on: its condition is what goes wrong, so that it holds the act back."""

    guard = models.ForeignKey(Guard, models.PROTECT, related_name="versions")
    level = models.CharField(max_length=5, choices=Level)
    title_nl = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    condition_nl = models.TextField()
    condition_en = models.TextField()
    changed_by_nl = models.CharField(max_length=200)
    changed_by_en = models.CharField(max_length=200)
    rules = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    title = Spoken()
    condition = Spoken()
    changed_by = Spoken()

    objects = GuardVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        ordering = ["guard__position", "-number"]
        constraints = [models.UniqueConstraint(fields=["guard", "number"], name="guard_version_once")]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{self.guard} {self.number}"

    @property
    def says(self) -> str:
        return self.condition


class GuardActQuerySet(models.QuerySet["GuardAct"]):
    def in_force(self, day: date) -> Self:
        """The cell of each guard and act that counts on `day`: there is one for every pair."""
        held = self.filter(valid_from__lte=day)
        return held.order_by("guard_id", "act", "-number").distinct("guard_id", "act")


class GuardAct(models.Model):
    """One cell of guard × act: what the guard does to the act, and our reason. A new number takes the place of an older one."""

    guard = models.ForeignKey(Guard, models.PROTECT, related_name="acts")
    act = models.CharField(max_length=20, choices=Act)
    number = models.PositiveSmallIntegerField(default=1)
    effect = models.CharField(max_length=5, choices=Effect)
    reason_nl = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)
    valid_from = models.DateField()

    reason = Spoken()

    objects = GuardActQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["guard__position", "act", "-number"]
        constraints = [models.UniqueConstraint(fields=["guard", "act", "number"], name="guard_act_once")]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{self.guard} {self.act}"
