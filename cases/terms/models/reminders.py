"""When people are reminded of a term, and what they were reminded of."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from cases.terms.models.common import added_only


class Audience(models.TextChoices):
    """Of a term each holds the former. The responsible unit is of the organisation that has to watch the term; else who leads."""

    UNIT = "unit", _("who holds the case in the responsible unit, else its desk")
    ABOVE = "above", _("also the manager of that unit")
    BOTH = "both", _("also the manager of the unit that leads the case")
    STOP = "stop", _("the unit that placed the stop, and who leads the case")


class About(models.TextChoices):
    """What ends: a term that follows from a fact, or a stop that an organisation placed."""

    TERM = "term", _("term")
    STOP = "stop", _("stop")


class ReminderStepQuerySet(models.QuerySet["ReminderStep"]):
    def in_force(self, day: date) -> Self:
        """The version of each step that counts on `day`, of terms and of stops."""
        held = self.filter(valid_from__lte=day)
        return held.order_by("about", "is_liberty", "days", "-number").distinct("about", "is_liberty", "days")


class ReminderStep(models.Model):
    """One step of our own schedule: `days` after the last day of a term, negative before it. No source sets any of this.

    `repeats`: each day after it again. `is_off` ends a step from that version on. A new number takes the place of an older one.
    """

    about = models.CharField(max_length=4, choices=About, default=About.TERM)
    is_liberty = models.BooleanField()
    days = models.SmallIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    repeats = models.BooleanField(default=False)
    is_off = models.BooleanField(default=False)
    audience = models.CharField(max_length=5, choices=Audience)
    valid_from = models.DateField()

    objects = ReminderStepQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["about", "-is_liberty", "days", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["about", "is_liberty", "days", "number"], name="reminder_step_once")
        ]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{'stop' if self.about == About.STOP else 'liberty' if self.is_liberty else 'other'} {self.days}"


class Reminder(models.Model):
    """That a step of a term was reached, once: what stands here is not sent again, whoever runs it and how often.

    The term by its key and its last day, so that another last day begins anew. `overtaken`: a later step was reached as well
    when the job came by, and only that one was sent. `sees` and `walled` are those of the term at that moment.
    """

    case = models.ForeignKey(ReturnCase, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    due = models.DateField()
    days = models.SmallIntegerField()
    is_liberty = models.BooleanField()
    audience = models.CharField(max_length=5, choices=Audience)
    owner = models.CharField(max_length=10, blank=True)
    sees = ArrayField(models.CharField(max_length=120))
    walled = models.CharField(max_length=40, blank=True)
    overtaken = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    objects: Any = models.Manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "key", "due", "days"], name="reminder_once")]

    def may_be_known(self, can: Any) -> bool:
        return any(all(can(one) for one in needed.split("+")) for needed in self.sees)
