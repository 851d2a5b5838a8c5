"""COA's part: where a person stays, from reservation to end, and the in-house registration of a site."""

from datetime import date, datetime, timedelta
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.models import Mark, PresenceMark, ReturnCase, Rhythm
from cases.case.protection import is_protected
from cases.reception.states import (
    CHOSEN_ENDS,
    EXPECTED,
    RUNNING,
    STAYING,
    EndReason,
    PlacementStatus,
    StepKind,
    may_follow,
)
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from leidraad.lib.errors import NotPossible
from partners.models import Dated, Member, Named, Unit, valid_on

# Who has not arrived 48 hours after the reservation (Leidraad, bericht van vertrek); we count from the end of that day.
NO_SHOW_AFTER = timedelta(hours=48)
# How long a site finds back what it ended, to put a wrong date or reason right. A choice of ours, no rule.
ENDED_LATELY = timedelta(days=31)


class LegalBasis(models.TextChoices):
    """Which rules apply to the stay."""

    ORDINARY = "rva", pgettext_lazy("legal basis", "ordinary reception (Rva)")
    OUTSIDE_LAW = "buitenwettelijk", pgettext_lazy("legal basis", "reception outside the law")
    CUSTODY = "bewaring", pgettext_lazy("legal basis", "custody")
    MUNICIPAL = "gemeentelijk", pgettext_lazy("legal basis", "municipal reception")


class ReceptionFormQuerySet(models.QuerySet["ReceptionForm"]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class ReceptionForm(Named, Dated):
    """A form of reception as dated data: its legal basis and how often in-house registration is due.

    `is_established` is false where no current source was found for the rhythm: screens say so.
    """

    code = models.SlugField(max_length=20, unique=True)
    legal_basis = models.CharField(max_length=20, choices=LegalBasis, blank=True)
    in_house_rhythm = models.CharField(max_length=12, choices=Rhythm, blank=True)
    is_established = models.BooleanField(default=True)
    source = models.CharField(max_length=120)

    objects = ReceptionFormQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["code"]


class PlacementQuerySet(models.QuerySet["Placement"]):
    def running(self) -> Self:
        return self.filter(status__in=RUNNING)

    def staying(self) -> Self:
        """On the books of a site now, present or not."""
        return self.filter(status__in=STAYING)

    def expected(self) -> Self:
        return self.filter(status__in=EXPECTED)

    def at_unit_of(self, member: Member) -> Self:
        """Placements at the site the member works for; of none without a unit."""
        return self.filter(site_id=member.acting_unit_id) if member.acting_unit_id else self.none()

    def ended_lately_by(self, member: Member) -> Self:
        """Stays that the member's own site ended by hand, in cases that are still open: what it may put right.

        They tell of the site's own record only: the case it may not see.
        """
        since = clock.today() - ENDED_LATELY
        own_hand = PlacementStep.objects.filter(placement=OuterRef("pk"), kind=StepKind.ENDED, unit=OuterRef("site"))
        return self.at_unit_of(member).filter(
            Exists(own_hand),
            status=PlacementStatus.ENDED,
            end_reason__in=CHOSEN_ENDS,
            ended_on__gte=since,
            case__closed_on=None,
        )

    def shown_in(self, case: ReturnCase, member: Member) -> Self:
        """The placements of a case that a reader is told of, newest first. The caller has asked `residence.view`.

        With a protected address that is none but those at the reader's own site: another site would tell where to look.
        """
        found = self.filter(case=case).order_by("-pk")
        return found.at_unit_of(member) if is_protected(case) else found


class Placement(models.Model):
    """One stay of one person at one site, from reservation to end.

    `expected_on` is the day of arrival of a reservation; `started_on` the first night, `ended_on` the first day that the
    person no longer stays, so that one stay may begin on the day another ends. `source` says who states it: "COA", or the
    sender of the dossier that named the site. The dated course stands in `steps`.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="placements")
    site = models.ForeignKey(Unit, models.PROTECT, related_name="placements", db_index=False)
    form = models.CharField(max_length=20)
    room = models.CharField(max_length=20, blank=True)
    legal_basis = models.CharField(max_length=20, choices=LegalBasis, blank=True)
    status = models.CharField(max_length=20, choices=PlacementStatus)
    status_since = models.DateField()
    expected_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)
    source = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)

    objects = PlacementQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            ExclusionConstraint(
                name="placement_no_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    (
                        Func(
                            F("started_on"),
                            F("ended_on"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(started_on__isnull=False),
                violation_error_message=_("This person already stays somewhere in that period. End that stay first."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=EXPECTED),
                name="placement_one_expected",
                violation_error_message=_("This person is expected at a site already. Cancel that reservation first."),
            ),
            models.CheckConstraint(
                name="placement_ended_exactly_when_over",
                condition=Q(status=PlacementStatus.ENDED, ended_on__isnull=False) & ~Q(end_reason="")
                | ~Q(status=PlacementStatus.ENDED) & Q(ended_on=None, end_reason=""),
                violation_error_message=_("A stay that has ended has a last day and a reason."),
            ),
            models.CheckConstraint(
                name="placement_started_when_staying",
                condition=Q(status__in=STAYING, started_on__isnull=False)
                | Q(status__in=EXPECTED, started_on=None, expected_on__isnull=False)
                | Q(status=PlacementStatus.ENDED),
                violation_error_message=_("A stay has a first day; a reservation has a day of arrival."),
            ),
            models.CheckConstraint(
                name="placement_ends_after_start",
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A stay cannot end before it began."),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "case"], condition=Q(status__in=RUNNING), name="placement_of_site"),
            models.Index(fields=["site", "ended_on"], name="placement_ended_site"),
        ]

    def __str__(self) -> str:
        return f"{self.site}, {self.get_status_display()}"

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def arrival_deadline(self) -> datetime | None:
        """When a reservation becomes a no-show: 48 hours after the end of the day of arrival."""
        return clock.end_of(self.expected_on) + NO_SHOW_AFTER if self.expected_on else None

    def move_to(self, status: str, on: date) -> None:
        """Raises NotPossible for a step that the table does not know."""
        if not may_follow(self.status, status):
            raise NotPossible(
                _("From “%(was)s” this step is not possible. Choose one that the page offers.")
                % {"was": self.get_status_display()}
            )
        self.status, self.status_since = status, on


class PlacementStep(models.Model):
    """One dated step of a stay, for the stay log. Append-only, so it is its own history. Without a member: by the program.

    `status` and `since` are what held after the step. `value` is what the kind says more: the new room, the new planned end
    as an ISO date, the code of the end reason. `note` is the reason as typed, for the organisation that wrote it.
    """

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind, default=StepKind.STATUS)
    value = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, choices=PlacementStatus)
    since = models.DateField()
    noted_at = models.DateTimeField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.get_status_display())


class InHouseMark(PresenceMark):
    """COA's own registration that a resident still lives at the site. Belongs to the stay, so another site starts anew."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="marks", db_index=False)

    history: Any = Recorded()

    class Meta(PresenceMark.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "due_from", "slot"],
                name="in_house_mark_once",
                violation_error_message=_("A colleague has noted this already."),
            ),
            models.CheckConstraint(name="in_house_mark_order", condition=Q(due_to__gte=F("due_from"))),
        ]
        # Of all marks few are misses; who missed twice in a row is looked up on every page of the register.
        indexes = [
            models.Index(fields=["placement", "due_from"], condition=Q(mark=Mark.MISSED), name="in_house_mark_missed")
        ]
