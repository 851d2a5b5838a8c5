"""The referral (*aanmelding*): who has no case in sight tells DT&V about somebody, and learns nothing by it.

The referral itself says nothing about what DT&V knows. What intake found stands in a table of its own, which the reporter's
unit cannot read, not even with a raw question.
"""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case.models import ReturnCase
from handover.referrals.states import OPEN, Finding, Status, may_follow
from leidraad.lib import clock, display
from leidraad.lib.audit import Recorded
from leidraad.lib.errors import NotPossible
from partners.models import Dated, Member, Named, Unit, valid_on
from partners.policy import may_do

FILE, JUDGE = "referrals.file", "referrals.judge"


class ReferralReasonQuerySet(models.QuerySet["ReferralReason"]):
    def for_member(self, member: Member) -> Self:
        """Valid today, and for the organisation that the member works for."""
        return self.filter(valid_on(clock.today()), filed_by__contains=[member.acting_organisation])


class ReferralReason(Named, Dated):
    """Why somebody is referred, as dated data: which organisations give it, which desk answers, and by when it should.

    `answer_working_days` is a planning rule of ours, not a statutory term; `source` says where a reason stands.
    """

    code = models.SlugField(max_length=40, unique=True)
    filed_by = ArrayField(models.CharField(max_length=20))
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    answer_working_days = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    objects = ReferralReasonQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, member: Member) -> Self:
        """For intake what was sent to its desk, for a reporter what its own unit filed; nothing for anybody else."""
        if may_do(member, JUDGE):
            return self.filter(desk=member.acting_unit_id)
        if may_do(member, FILE):
            return self.filter(from_unit=member.acting_unit_id)
        return self.none()

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def to_open(self) -> Self:
        """Dealt with, and a case must still be opened for the person."""
        standing = ReferralJudgement.objects.standing().filter(referral=OuterRef("pk"), finding=Finding.TO_OPEN)
        return self.filter(Exists(standing), status=Status.DEALT_WITH)

    def for_pages(self) -> Self:
        """With everything a line or a page shows, in the same query."""
        return self.select_related(
            "from_unit__organisation",
            "desk__organisation",
            "filed_by",
            "taken_by",
            "reason",
            "corrects",
            "corrected_by",
        )


class Referral(models.Model):
    """What one unit tells DT&V's intake about one person. What was told never changes: a mistake is put right by a new one.

    `key` is made with the form: sent twice, it is one referral. `consented`: the person agrees that it is passed on, asked
    of organisations that only work with consent.
    """

    key = models.UUIDField()
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="referrals_filed", db_index=False)
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="referrals_received", db_index=False)
    filed_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    filed_at = models.DateTimeField()
    v_number = models.CharField(max_length=10, blank=True)
    surname = models.CharField(max_length=200)
    given_names = models.CharField(max_length=200, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    nationality = models.CharField(max_length=3, blank=True)
    reason = models.ForeignKey(ReferralReason, models.PROTECT, related_name="+", db_index=False)
    asked = models.TextField(max_length=500)
    contact = models.CharField(max_length=200)
    note = models.TextField(max_length=1000, blank=True)
    consented = models.BooleanField(null=True, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    status = models.CharField(max_length=10, choices=Status, default=Status.FILED)
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["from_unit", "key"], name="referral_sent_once"),
            models.CheckConstraint(
                name="referral_v_number_digits",
                condition=Q(v_number="") | Q(v_number__regex=r"^[0-9]{8,10}$"),
                violation_error_message=gettext_lazy("A V-number has 8 to 10 digits."),
            ),
            models.CheckConstraint(
                name="referral_birth_date_whole",
                condition=(Q(birth_day=None) | Q(birth_month__isnull=False))
                & (Q(birth_month=None) | Q(birth_year__isnull=False)),
                violation_error_message=gettext_lazy("A day needs a month, and a month needs a year."),
            ),
            models.CheckConstraint(name="referral_between_two_units", condition=~Q(from_unit=F("desk"))),
        ]
        indexes = [
            models.Index(fields=["desk", "filed_at", "id"], condition=Q(status__in=OPEN), name="referral_inbox"),
            models.Index(fields=["desk", "-filed_at", "-id"], name="referral_of_desk"),
            models.Index(fields=["from_unit", "-filed_at", "-id"], name="referral_of_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people name it to each other."""
        return _("Referral %(number)s") % {"number": self.pk}

    @property
    def name(self) -> str:
        return display.full_name(self.surname, self.given_names)

    @property
    def filed_on(self) -> date:
        """The day here, whatever the database keeps."""
        return timezone.localtime(self.filed_at).date()

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def source(self) -> str:
        """The source of the tasks that stand for it."""
        return f"referral:{self.pk}"

    def move_to(self, status: Status) -> None:
        """Raises NotPossible, with what happened instead, when the table does not know the step."""
        if not may_follow(self.status, status):
            raise NotPossible(self.why_no_longer())
        self.status = status

    def why_no_longer(self) -> str:
        """What a reporter reads whose step comes too late; the same whatever intake found."""
        texts = {
            Status.FILED: _("This referral waits for DT&V. This step is not possible now."),
            Status.TAKEN_UP: _("DT&V has taken this referral up already."),
            Status.DEALT_WITH: _("DT&V has dealt with this referral already. Nothing of yours was saved."),
            Status.WITHDRAWN: _("This referral was withdrawn. Nothing of yours was saved."),
        }
        return texts[Status(self.status)]


class ReferralJudgementQuerySet(models.QuerySet["ReferralJudgement"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def of_case(self, case: ReturnCase) -> Self:
        """What was matched to the case, the newest first. The caller has asked the right in the case."""
        found = self.standing().filter(case=case).order_by("-decided_at", "-pk")
        return found.select_related("referral__from_unit__organisation", "referral__reason", "referral__filed_by")


class ReferralJudgement(models.Model):
    """What intake found. It stands until intake takes it back, or matches a case that was opened meanwhile."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="judgements")
    finding = models.CharField(max_length=10, choices=Finding)
    case = models.ForeignKey(ReturnCase, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    decided_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralJudgementQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(undone_at=None), name="referral_one_standing_judgement"
            ),
            models.CheckConstraint(
                name="referral_case_exactly_when_matched",
                condition=Q(finding=Finding.MATCHED, case__isnull=False) | (~Q(finding=Finding.MATCHED) & Q(case=None)),
            ),
            models.CheckConstraint(
                name="referral_no_action_says_why",
                condition=~Q(finding=Finding.NO_ACTION) | ~Q(reason=""),
                violation_error_message=gettext_lazy("Write why nothing has to be done."),
            ),
        ]
