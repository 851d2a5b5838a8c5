"""What is said in so many words for the guards, and what we set ourselves where no source gives a number."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from cases.terms.models.common import Spoken, added_only
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit

MOST_REASON = 500  # characters


class GuardSettingQuerySet(models.QuerySet["GuardSetting"]):
    def in_force(self, day: date) -> Self:
        """The setting of each code that counts on `day`."""
        return self.filter(valid_from__lte=day).order_by("code", "-number").distinct("code")


class GuardSetting(models.Model):
    """A number or list that no source gives. `value` is "" while nobody has set it: then the guard does not know.

    A new number takes the place of an older one; what was in force stays readable.
    """

    code = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField(default=1)
    value = models.CharField(max_length=300, blank=True)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    shown_nl = models.CharField(max_length=200)
    shown_en = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()

    name = Spoken()
    shown = Spoken()

    objects = GuardSettingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="guard_setting_once")]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class GuardStatementQuerySet(models.QuerySet["GuardStatement"]):
    def standing(self) -> Self:
        """Not struck out as wrong."""
        return self.filter(struck_at=None)


class GuardStatement(models.Model):
    """A dated statement about one case, for which no other room has a place yet. The last one on a topic counts.

    `on` is the day on which it was so, `until` the last day on which it may be relied on, `subject_day` the day that it is
    about (a birth). It says that and by whom, never what ails somebody. Never changed; struck with a reason when wrong.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    topic = models.CharField(max_length=30)
    value = models.CharField(max_length=20)
    # A copy of the topic's, so that the wall of the database can tell whom the row is for.
    section = models.CharField(max_length=40, editable=False)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=3, blank=True)
    subject_day = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=80)
    recorded_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=MOST_REASON, blank=True)

    objects = GuardStatementQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="guard_statement_struck_with_reason",
                condition=Q(struck_at=None, reason="") | (Q(struck_at__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Say why this was recorded wrongly."),
            ),
            models.CheckConstraint(name="guard_statement_names_section", condition=~Q(section="")),
        ]
        indexes = [models.Index(fields=["case", "id"], name="guard_statement_of_case")]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=[
                    "case",
                    "topic",
                    "value",
                    "section",
                    "on",
                    "until",
                    "country",
                    "subject_day",
                    "source",
                    "recorded_by",
                    "unit",
                    "recorded_at",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.value}"
