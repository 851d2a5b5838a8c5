"""The police's work on a request: what came of it, and each visit. The status lives in the request alone."""

from datetime import timedelta
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from cases.requests.models import Request
from cases.requests.states import Status
from cases.supervision.states import RESULTS, NextStep, Outcome, TaskStatus, TaskType
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Member
from partners.policy import may_do

# How long an outcome may be taken back before anybody is told.
UNDO_FOR = timedelta(minutes=10)


class SupervisionTaskQuerySet(models.QuerySet["SupervisionTask"]):
    def visible_to(self, member: Member) -> Self:
        """Tasks of the acting unit, for the roles that do this work. The asker reads the result on the request instead."""
        if not may_do(member, "supervision.list"):
            return self.none()
        return self.filter(request__to_unit=member.acting_unit_id)

    def of_case(self, case: ReturnCase) -> Self:
        """All tasks about a case, newest first. The caller has asked `supervision.view`."""
        return self.filter(request__case=case).order_by("-pk")

    def for_pages(self) -> Self:
        return self.select_related(
            "request__case__person",
            "request__kind",
            "request__from_unit__organisation",
            "request__to_unit__organisation",
            "request__place_unit",
            "assignee",
        )


class SupervisionTask(models.Model):
    """Opened when a request is accepted. `outcome` is the one in force; its visits say when, by whom and with whom."""

    request = models.OneToOneField(Request, models.PROTECT, related_name="supervision_task")
    type = models.CharField(max_length=40, choices=TaskType)
    assignee = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="supervision_tasks")
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SupervisionTaskQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="supervision_outcome_is_a_result",
                condition=Q(outcome="") | Q(outcome__in=RESULTS),
                violation_error_message=_("An attempt without result leaves the task open."),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_type_display())

    @property
    def status(self) -> TaskStatus:
        if self.request.status == Status.ACCEPTED:
            return TaskStatus.RECORDED if self.outcome else TaskStatus.OPEN
        return {
            Status.REPORTED_READY: TaskStatus.REPORTED,
            Status.DONE: TaskStatus.DONE,
            Status.NOT_POSSIBLE: TaskStatus.NOT_POSSIBLE,
        }.get(Status(self.request.status), TaskStatus.WITHDRAWN)

    @property
    def is_open(self) -> bool:
        return self.status == TaskStatus.OPEN


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def unsent(self) -> Self:
        """Recorded results that nobody has been told of."""
        return self.standing().filter(sent_at=None, outcome__in=RESULTS)

    def due_to_send(self) -> Self:
        return self.unsent().filter(undo_until__lte=clock.now(), task__request__status=Status.ACCEPTED)


class Attempt(models.Model):
    """One visit and what came of it. What is stated never changes: it is taken back, or corrected by a following row.

    `undo_until` is when the result leaves by itself; `contact_before` is the case's last contact before this result.
    """

    task = models.ForeignKey(SupervisionTask, models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=30, choices=Outcome)
    with_whom = models.CharField(max_length=200, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    next_step = models.CharField(max_length=30, choices=NextStep, default=NextStep.NONE)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    correction_reason = models.CharField(max_length=500, blank=True)
    contact_before = models.DateField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()
    # The link back tells, for an old version, whether the visit was ever sent: until then it is the unit's own.
    history: Any = Recorded(related_name="versions")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(undone_at=None, sent_at=None, outcome__in=RESULTS),
                name="attempt_one_unsent_result",
                violation_error_message=_("A result waits to be sent. Take it back first."),
            ),
            models.CheckConstraint(name="attempt_sent_or_undone", condition=Q(undone_at=None) | Q(sent_at=None)),
            models.CheckConstraint(
                name="attempt_only_results_are_sent", condition=Q(sent_at=None) | Q(outcome__in=RESULTS)
            ),
            models.CheckConstraint(
                name="attempt_corrected_with_reason",
                condition=Q(corrects=None) ^ ~Q(correction_reason=""),
                violation_error_message=_("A correction needs a reason."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["undo_until"],
                condition=Q(undone_at=None, sent_at=None, outcome__in=RESULTS),
                name="attempt_due_to_send",
            ),
            models.Index(fields=["task", "recorded_at"], name="attempt_of_task"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=["task", "at", "outcome", "with_whom", "note", "next_step", "by", "recorded_at", "undo_until"],
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and self.sent_at is None and clock.now() < self.undo_until
