"""Cases that break the rule "a next step, a unit and a date". A pure derivation: no history, made anew from tasks."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.case.models.case import ReturnCase


class Missing(models.TextChoices):
    """What keeps an open case from having somebody at turn."""

    STEP = "step", _("no next step")
    DATE = "date", _("a next step without a date")
    UNIT = "unit", _("a next step of a unit that is no more")


class SilentCase(models.Model):
    """An open case for which nobody is at turn. The database itself keeps this table, by triggers on tasks and cases.

    A step is the next step that the responsible unit planned, or the task of who judges or completes its handover. `since` is
    the day from which there was none: the last one was done, the case was opened, or opened again. Counted anew it is the same.
    """

    case = models.OneToOneField(ReturnCase, models.CASCADE, primary_key=True, related_name="silent")
    since = models.DateField()
    missing = models.CharField(max_length=10, choices=Missing)

    objects: Any = models.Manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["since", "case"], name="silent_since")]
