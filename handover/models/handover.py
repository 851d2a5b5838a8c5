"""The handover: responsibility for a case moves from one unit to another, and only when the other accepts it."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.access import may
from cases.case.models import ReturnCase
from handover.intake.checklist import REASON_LABELS, Reason
from handover.models.dossier import Dossier
from handover.models.files import DossierFile
from handover.models.kinds import ChecklistItem, HandoverKind, ReturnReason
from handover.states import ANSWERED, AWAITED, BACK, OPEN, Status, StepKind, may_follow
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from leidraad.lib.errors import NotPossible
from partners.models import Member, Unit
from partners.policy import may_do


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, member: Member) -> Self:
        """Handovers of the acting unit: those it sent, those sent to it, and accepted ones of cases it is responsible for.

        A draft is the sender's alone. Nothing for a member whose role does not list handovers.
        """
        if not may_do(member, "handovers.list"):
            return self.none()
        unit = member.acting_unit_id
        received = Q(to_unit=unit) & ~Q(status=Status.DRAFT)
        return self.filter(Q(from_unit=unit) | received | Q(status=Status.ACCEPTED, case__led_by=unit))

    def of_case(self, case: ReturnCase, member: Member) -> Self:
        """The handovers of one case, newest first, as far as this member may know of them.

        `opens` on each says whether its own page opens too: that is for the two sides and who is responsible now.
        """
        own = Handover.objects.visible_to(member).filter(pk=OuterRef("pk"))
        found = self.filter(case=case).annotate(opens=Exists(own)).order_by("-pk")
        if may(member, "handovers.view", case):
            return found.filter(~Q(status=Status.DRAFT) | Q(from_unit=member.acting_unit_id))
        return found.visible_to(member)

    def awaited(self) -> Self:
        """Offered and not answered for good."""
        return self.filter(status__in=AWAITED)

    def received_by(self, member: Member) -> Self:
        """What was sent to the acting unit. Part of `visible_to`, in a shape that one index serves."""
        found = self.filter(to_unit=member.acting_unit_id).exclude(status=Status.DRAFT)
        return found if may_do(member, "handovers.list") else self.none()

    def sent_by(self, member: Member) -> Self:
        return self.filter(from_unit=member.acting_unit_id) if may_do(member, "handovers.list") else self.none()

    def taken_over_by(self, member: Member) -> Self:
        """Accepted for the acting unit, which still is responsible."""
        unit = member.acting_unit_id
        found = self.filter(status=Status.ACCEPTED, team=unit, case__led_by=unit)
        return found if may_do(member, "handovers.list") else self.none()

    def back_with_sender(self) -> Self:
        """Where the sender is at turn: questions, and what came back and was not offered again. Closed cases are left out."""
        later = Handover.objects.filter(
            Q(first=OuterRef("pk")) | Q(first=OuterRef("first")), round_number__gt=OuterRef("round_number")
        )
        back = self.filter(status__in=BACK, case__closed_on=None)
        return back.filter(Q(status=Status.QUERIED) | ~Exists(later))

    def for_pages(self) -> Self:
        """With everything a line of a list shows, in the same query."""
        return self.select_related(
            "case__person", "case__residence_unit", "kind", "from_unit__organisation", "to_unit__organisation"
        )


class Handover(models.Model):
    """One round of handing over one case. Until acceptance the sender stays responsible.

    Offering again after a return makes a new round: another row, tied to the first one by `first`. `frozen` is copied
    when the offer ends: at acceptance all that was handed over, which the sender keeps, otherwise who it was about, which
    the receiver keeps. Nothing that happens to the case later changes it.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="handovers")
    kind = models.ForeignKey(HandoverKind, models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="handovers")
    dossier_version = models.PositiveIntegerField(null=True, blank=True)
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="handovers_sent")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="handovers_received")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    moves_lead = models.BooleanField(default=True)
    liberty_clock = models.BooleanField(default=False)
    round_number = models.PositiveSmallIntegerField(default=1)
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later_rounds")
    offered_at = models.DateTimeField(null=True, blank=True)
    answer_due = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    queried_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.ForeignKey(ReturnReason, models.PROTECT, null=True, blank=True, related_name="+")
    return_text = models.TextField(blank=True, max_length=2000)
    team = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    director = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True, max_length=2000)
    items_present = models.PositiveSmallIntegerField(default=0)
    items_applicable = models.PositiveSmallIntegerField(default=0)
    # How far an unanswered offer has climbed: 0 in time, 1 person and desk told, 2 both managers told.
    climbed = models.PositiveSmallIntegerField(default=0)
    frozen = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    # Set by `of_case`: whether the viewer may open the handover's own page.
    opens: bool

    objects = HandoverQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=OPEN, moves_lead=True),
                name="handover_one_open_of_lead",
                violation_error_message=gettext_lazy("This case is being handed over already."),
            ),
            models.UniqueConstraint(fields=["first", "round_number"], name="handover_round_once"),
            models.CheckConstraint(
                name="handover_answered_exactly_when_accepted_or_returned",
                condition=Q(status__in=ANSWERED, answered_at__isnull=False, answered_by__isnull=False)
                | (~Q(status__in=ANSWERED) & Q(answered_at=None, answered_by=None)),
                violation_error_message=gettext_lazy("An answer has a moment and a person, and nothing else has."),
            ),
            models.CheckConstraint(
                name="handover_accepted_names_team_and_director",
                condition=Q(status=Status.ACCEPTED, team__isnull=False, director__isnull=False)
                | (~Q(status=Status.ACCEPTED) & Q(team=None, director=None)),
                violation_error_message=gettext_lazy("Accepting names the team and the case director."),
            ),
            models.CheckConstraint(
                name="handover_returned_with_reason",
                condition=Q(status=Status.RETURNED, return_reason__isnull=False)
                | (~Q(status=Status.RETURNED) & Q(return_reason=None)),
                violation_error_message=gettext_lazy("A handover is returned with a reason."),
            ),
            models.CheckConstraint(
                name="handover_offered_has_term",
                condition=Q(status__in=[Status.DRAFT, Status.WITHDRAWN])
                | Q(offered_at__isnull=False, answer_due__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_between_two_units",
                condition=~Q(from_unit=F("to_unit")),
                violation_error_message=gettext_lazy("A unit hands over to another unit, not to itself."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_unit", "offered_at", "id"], condition=Q(status__in=AWAITED), name="handover_inbox"
            ),
            models.Index(
                fields=["from_unit", "offered_at", "id"], condition=Q(status__in=AWAITED), name="handover_sent"
            ),
            models.Index(
                fields=["to_unit", "-answered_at", "-id"], condition=Q(status__in=ANSWERED), name="handover_answered"
            ),
            models.Index(
                fields=["from_unit", "-answered_at", "-id"], condition=Q(status__in=ANSWERED), name="handover_heard"
            ),
            models.Index(
                fields=["team", "-answered_at", "-id"], condition=Q(team__isnull=False), name="handover_taken"
            ),
            models.Index(fields=["from_unit", "id"], condition=Q(status__in=BACK), name="handover_back"),
            models.Index(fields=["answer_due"], condition=Q(status__in=AWAITED), name="handover_due"),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}, {self.kind}"

    def move_to(self, status: Status) -> None:
        """Raises NotPossible, with what happened instead, when the table does not know the step."""
        if not may_follow(self.status, status):
            raise NotPossible(self.why_no_longer())
        self.status = status

    def why_no_longer(self) -> str:
        """What somebody reads whose step comes too late, or too early."""
        who = {"who": self.answered_by, "unit": self.to_unit, "sender": self.from_unit}
        texts = {
            Status.DRAFT: _("This handover has not been offered yet."),
            Status.OFFERED: _("This handover waits for an answer of %(unit)s. This step is not possible now."),
            Status.QUERIED: _("A question about this handover is open. First %(sender)s answers it."),
            Status.ACCEPTED: _("%(who)s accepted this handover a moment earlier. Nothing of yours was saved."),
            Status.RETURNED: _("%(who)s returned this handover already. Nothing of yours was saved."),
            Status.WITHDRAWN: _("%(sender)s withdrew this handover. An answer is no longer possible."),
            Status.EXPIRED: _("This handover expired without an answer. %(sender)s may offer it again."),
        }
        return texts[Status(self.status)] % who

    @property
    def is_awaited(self) -> bool:
        return self.status in AWAITED

    @property
    def is_late(self) -> bool:
        return self.is_awaited and self.answer_due is not None and self.answer_due < clock.now()

    @property
    def responsible_unit(self) -> Unit:
        """Who answers for the case as far as this handover goes: the sender, until somebody accepts."""
        return self.team if self.status == Status.ACCEPTED and self.team else self.from_unit

    @property
    def turn_unit(self) -> Unit | None:
        """Who has to do something now; None when nobody has."""
        if self.status == Status.OFFERED:
            return self.to_unit
        return None if self.status == Status.ACCEPTED else self.from_unit

    @property
    def source(self) -> str:
        """The source of the receiver's task."""
        return f"handover:{self.pk}"

    @property
    def root_id(self) -> int:
        return self.first_id or self.pk

    @property
    def rounds(self) -> HandoverQuerySet:
        """All rounds of this handover, newest first."""
        return Handover.objects.filter(Q(pk=self.root_id) | Q(first=self.root_id)).order_by("-round_number")


class ItemState(models.TextChoices):
    PRESENT = "present", pgettext_lazy("dossier checklist", "Present")
    ABSENT = "absent", pgettext_lazy("dossier checklist", "Absent")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("dossier checklist", "Not applicable")


class HandoverItem(models.Model):
    """One line of the checklist as the sender filled it in, and what the receiver says about it when it is returned."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items", db_index=False)
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=15, choices=ItemState)
    # A code of `handover.intake.checklist.Reason`; what a person writes stands in `text`.
    reason = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=300, blank=True)
    remark = models.CharField(max_length=300, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["handover", "item"], name="handover_item_once")]

    @property
    def reason_text(self) -> str:
        """Why the item is not there, in the reader's language."""
        known = REASON_LABELS.get(Reason(self.reason)) if self.reason in set(Reason) else None
        return " ".join(part for part in (str(known or ""), self.text) if part)


class HandoverStep(models.Model):
    """What happened, by whom, when. Append-only: the course of a handover is never rewritten.

    `changed` holds the items that changed with this step: a list of {"code", "was", "now"}. With `file` the step came in
    with a dossier file that `member` read in; `unit` is the unit it counts for.
    """

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="steps", db_index=False)
    kind = models.CharField(max_length=15, choices=StepKind)
    at = models.DateTimeField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    file = models.ForeignKey(DossierFile, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.TextField(blank=True, max_length=2000)
    changed = models.JSONField(default=list, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["handover", "id"], name="handover_step_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
