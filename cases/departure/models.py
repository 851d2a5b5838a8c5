"""A departure that is planned, booked and let go ahead, and what became of it."""

from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.case.models import ReturnCase
from cases.departure.states import GUARDED, OPEN, State
from cases.terms.guards.findings import Plan
from cases.terms.models import Act, KeptJudgement
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit

ACTS = (Act.FORCED_REMOVAL, Act.DUBLIN_TRANSFER, Act.OWN_DEPARTURE)


class DepartureQuerySet(models.QuerySet["Departure"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def guarded(self) -> Self:
        """Booked, or with permission to go ahead: what a new fact may put an end to."""
        return self.filter(state__in=GUARDED)

    def for_pages(self) -> Self:
        return self.select_related(
            "case", "unit", "prepared_by", "booked_by", "authorised_by", "recorded_by", "judgement"
        )


class Departure(models.Model):
    """One attempt to leave. A case has at most one that is open.

    `leaves_on` is the planned day and `leaves_at` the hour where it is known; `judgement` the passing one on which a booking or
    a permission stands. `phase_before` is where the case goes back to when a booking falls away. `happened_on` is the day on
    which the person left, or on which it turned out not to go ahead.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20, choices=[(one.value, one.label) for one in ACTS])
    destination = models.CharField(max_length=3)
    leaves_on = models.DateField()
    leaves_at = models.TimeField(null=True, blank=True)
    by_air = models.BooleanField(null=True, blank=True)
    escorted = models.BooleanField(default=False)
    reference = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PREPARED)
    judgement = models.ForeignKey(KeptJudgement, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    prepared_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    prepared_at = models.DateTimeField()
    booked_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    booked_at = models.DateTimeField(null=True)
    authorised_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    authorised_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(null=True)
    happened_on = models.DateField(null=True, blank=True)
    phase_before = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DepartureQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=OPEN),
                name="departure_one_open",
                violation_error_message=_("There is an open departure already. Change that one, or cancel it first."),
            ),
            models.CheckConstraint(
                name="departure_stands_on_judgement",
                condition=~Q(state__in=GUARDED) | Q(judgement__isnull=False, booked_by__isnull=False),
                violation_error_message=_("A departure is booked only after the guards were asked."),
            ),
            models.CheckConstraint(
                name="departure_authorised_by_somebody",
                condition=~Q(state=State.AUTHORISED) | Q(authorised_by__isnull=False, authorised_at__isnull=False),
            ),
            models.CheckConstraint(
                name="departure_permitted_by_another",
                condition=Q(booked_by=None) | Q(authorised_by=None) | ~Q(booked_by=F("authorised_by")),
                violation_error_message=_("Who booked this departure does not give permission. Somebody else does."),
            ),
            models.CheckConstraint(
                name="departure_happened_on_a_day",
                condition=~Q(state__in=(State.DEPARTED, State.FAILED))
                | Q(happened_on__isnull=False, recorded_by__isnull=False),
                violation_error_message=_("Fill in on which day it happened."),
            ),
            models.CheckConstraint(
                name="departure_ended_with_reason",
                condition=~Q(state__in=(State.FAILED, State.CANCELLED)) | ~Q(reason=""),
                violation_error_message=_("Say why it did not go ahead."),
            ),
            models.CheckConstraint(name="departure_of_known_act", condition=Q(act__in=[one.value for one in ACTS])),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="departure_of_case"),
            models.Index(fields=["leaves_on"], condition=Q(state__in=GUARDED), name="departure_guarded"),
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.act} {self.destination} {self.leaves_on}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def leaves(self) -> datetime | None:
        """The planned moment, None while the hour is not known."""
        return clock.at(self.leaves_on, self.leaves_at) if self.leaves_at is not None else None

    def plan(self, today: Any = None) -> Plan:
        """What the guards are asked: on the planned day, but never on one that has passed."""
        today = today or clock.today()
        moment = self.leaves
        hours = max(int((moment - clock.now()).total_seconds() // 3600), 0) if moment is not None else None
        return Plan(
            act=Act(self.act),
            on=max(self.leaves_on, today),
            today=today,
            destination=self.destination,
            hours_left=hours,
            by_air=self.by_air,
        )
