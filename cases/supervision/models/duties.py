"""The duty to report to the police, and what was marked of it."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import Mark, PresenceMark, ReturnCase, Rhythm
from leidraad.lib.audit import Recorded
from partners.models import Unit


class ReportingDutyQuerySet(models.QuerySet["ReportingDuty"]):
    def running(self) -> Self:
        return self.filter(ended_on=None)


class ReportingDuty(models.Model):
    """The duty to report to the police (art. 54 Vw), in principle weekly and adjustable per person. The police own it.

    `place` is the site where the person reports, when that is one. `form_no` is the form by which it was imposed, with the
    number of the register that made it. `ended_on` is the first day without the duty.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="reporting_duties")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reporting_duties", db_index=False)
    rhythm = models.CharField(max_length=12, choices=Rhythm, default=Rhythm.WEEKLY)
    place = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    imposed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    form_no = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)

    objects = ReportingDutyQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_on=None),
                name="reporting_duty_one_running",
                violation_error_message=_("This person has a duty to report already. Change that one."),
            ),
            models.CheckConstraint(
                name="reporting_duty_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("imposed_on")),
                violation_error_message=_("The last day must not lie before the first day."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "place", "case"], condition=Q(ended_on=None), name="reporting_duty_of_unit")
        ]

    def __str__(self) -> str:
        return str(self.get_rhythm_display())


class DutyMark(PresenceMark):
    """Whether somebody reported to the police on one obliged moment. The police's own record; COA's is another one."""

    duty = models.ForeignKey(ReportingDuty, models.PROTECT, related_name="marks", db_index=False)

    history: Any = Recorded()

    class Meta(PresenceMark.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "due_from", "slot"],
                name="duty_mark_once",
                violation_error_message=_("A colleague has noted this already."),
            ),
            models.CheckConstraint(name="duty_mark_order", condition=Q(due_to__gte=F("due_from"))),
        ]
        indexes = [models.Index(fields=["duty", "due_from"], condition=Q(mark=Mark.MISSED), name="duty_mark_missed")]
