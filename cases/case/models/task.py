"""What is to be done, by which unit, before when. *Mijn werk* reads tasks and nothing else."""

from datetime import datetime, timedelta
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.case.models.case import ReturnCase
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit

REFRESH_DEADLINE = """
    UPDATE cases_casegrant g SET sort_deadline = d.deadline
      FROM (SELECT DISTINCT r.case_id, u.group_id, cases_unit_deadline(r.case_id, u.group_id) AS deadline
              FROM ({rows}) r JOIN partners_unit u ON u.id = r.unit_id) d
     WHERE g.content_object_id = d.case_id AND g.group_id = d.group_id
       AND g.sort_deadline IS NOT NULL AND g.sort_deadline <> d.deadline;
    RETURN NULL;
"""


class TaskKind(models.TextChoices):
    NEXT_STEP = "next_step", _("next step")
    REQUEST = "request", _("request")
    SUPERVISION = "supervision", _("supervision task")
    CONFIRM = "confirm", _("report to confirm")
    INTAKE = "intake", _("dossier to judge")
    ACCESS = "access", _("question for access")
    OTHER = "other", _("task")


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def of_unit(self, member: Member) -> Self:
        return self.filter(unit_id=member.acting_unit_id)

    def mine(self, member: Member) -> Self:
        return self.of_unit(member).filter(assignee=member)

    def by_due(self) -> Self:
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")


class Task(models.Model):
    """Work of one unit. `source` names the record it stands for ("request:12"); each source has exactly one open task a unit."""

    case = models.ForeignKey(ReturnCase, models.PROTECT, null=True, blank=True, related_name="tasks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks")
    assignee = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField(max_length=20, choices=TaskKind)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=60, blank=True)
    url_name = models.CharField(max_length=60, blank=True)
    url_arg = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    liberty_clock = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["source", "unit"], condition=Q(done_at=None) & ~Q(source=""), name="task_one_open_per_source"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(done_at=None, kind=TaskKind.NEXT_STEP),
                name="task_one_next_step",
                violation_error_message=_("A case has one next step at a time."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "assignee", "due_at"], condition=Q(done_at=None), name="task_open_unit"),
            # The groups of *Mijn werk* are ranges of this one, and it holds all that counting them asks.
            models.Index(
                fields=["unit", "liberty_clock", "due_at", "id"],
                include=["assignee"],
                condition=Q(done_at=None),
                name="task_open_due",
            ),
            models.Index(fields=["case", "unit", "due_at"], condition=Q(done_at=None), name="task_open_case"),
            models.Index(fields=["unit", "kind"], condition=Q(done_at=None), name="task_open_kind"),
            models.Index(fields=["unit", "-done_at"], condition=Q(done_at__isnull=False), name="task_done_unit"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name=f"refresh_deadline_{name}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=referencing,
                func=pgtrigger.Func(REFRESH_DEADLINE.replace("{rows}", rows)),
            )
            for name, operation, referencing, rows in (
                (
                    "insert",
                    pgtrigger.Insert,
                    pgtrigger.Referencing(new="new_rows"),
                    "SELECT case_id, unit_id FROM new_rows WHERE case_id IS NOT NULL",
                ),
                (
                    "update",
                    pgtrigger.Update,
                    pgtrigger.Referencing(old="old_rows", new="new_rows"),
                    "SELECT case_id, unit_id FROM new_rows WHERE case_id IS NOT NULL"
                    " UNION SELECT case_id, unit_id FROM old_rows WHERE case_id IS NOT NULL",
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """In the reader's language: titles of the program's own tasks are stored in English, typed ones stay as typed."""
        return gettext(self.title) if self.title else ""

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at is not None and self.due_at < clock.now()

    @property
    def days_late(self) -> int:
        return (clock.today() - self.due_at.astimezone(clock.now().tzinfo).date()).days if self.due_at else 0


def end_of_week(moment: datetime) -> datetime:
    """Sunday's last second of the week `moment` lies in."""
    return clock.end_of((moment + timedelta(days=6 - moment.weekday())).date())
