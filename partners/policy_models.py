"""Versions of the policy and their lines. The database holds them still: lines from the proposal on, a version for good."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leidraad.lib.audit import Recorded
from partners.policy_rules import Line, Rule, rules_of


class PolicyState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("policy", "draft")
    PROPOSED = "proposed", pgettext_lazy("policy", "proposed")
    IN_FORCE = "in_force", pgettext_lazy("policy", "in force")
    WITHDRAWN = "withdrawn", pgettext_lazy("policy", "withdrawn")
    REPLACED = "replaced", pgettext_lazy("policy", "replaced")


OPEN = (PolicyState.DRAFT, PolicyState.PROPOSED)
WAS_IN_FORCE = (PolicyState.IN_FORCE, PolicyState.REPLACED)

# What holds even for who writes SQL: a version goes one way only, and what it said stays as it was.
STEADY = """
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a policy version is never removed';
    END IF;
    IF NEW.number <> OLD.number OR NEW.file_text <> OLD.file_text THEN
        RAISE EXCEPTION 'number and origin of a policy version never change';
    END IF;
    IF OLD.state IN ('withdrawn', 'replaced') THEN
        RAISE EXCEPTION 'a % policy version never changes', OLD.state;
    END IF;
    IF OLD.state = 'in_force' AND NEW.state <> 'replaced' THEN
        RAISE EXCEPTION 'a policy version in force is only ever replaced';
    END IF;
    IF OLD.state IN ('in_force', 'proposed') AND NEW.state <> 'draft'
       AND (NEW.fingerprint, NEW.sensitive, NEW.proposed_by_id, NEW.based_on_id)
           IS DISTINCT FROM (OLD.fingerprint, OLD.sensitive, OLD.proposed_by_id, OLD.based_on_id) THEN
        RAISE EXCEPTION 'what was proposed does not change any more';
    END IF;
    IF OLD.state = 'in_force' AND NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id THEN
        RAISE EXCEPTION 'who confirmed a policy version does not change';
    END IF;
    IF NEW.state = 'in_force' AND OLD.state <> 'proposed' AND OLD.number > 1 THEN
        RAISE EXCEPTION 'a policy version comes into force by confirming a proposal';
    END IF;
    RETURN NEW;
"""
LINES_STEADY = """
    IF EXISTS (SELECT FROM (SELECT state FROM partners_policyversion
                             WHERE id IN (NEW.policy_id, OLD.policy_id) FOR SHARE) v WHERE v.state <> 'draft') THEN
        RAISE EXCEPTION 'the lines of a policy version change only while it is a draft';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def in_force(self) -> Self:
        return self.filter(state=PolicyState.IN_FORCE)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)


class PolicyVersion(models.Model):
    """The whole table of who may do what, as one numbered version. One is in force.

    `fingerprint` is that of its rules from the proposal on; a process keeps the tables it read by it. `sensitive` says
    whether somebody else than who proposed it must confirm it. `file_text` is the file of the release that a version was
    made of. Versions of a file have no maker.
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=PolicyState, default=PolicyState.DRAFT)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="")
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    sensitive = models.BooleanField(default=False)
    file_text = models.TextField(blank=True, default="")
    made_by = models.ForeignKey("partners.Member", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    proposed_by = models.ForeignKey("partners.Member", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("partners.Member", models.PROTECT, null=True, related_name="+")
    in_force_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PolicyVersionQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=PolicyState.IN_FORCE), name="policy_one_in_force"
            ),
            models.CheckConstraint(
                name="policy_second_person",
                condition=~Q(state__in=WAS_IN_FORCE)
                | Q(sensitive=False)
                | Q(number=1)
                | (Q(confirmed_by__isnull=False, proposed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
                violation_error_message=_("Another person than who proposed this has to confirm it."),
            ),
            models.CheckConstraint(
                name="policy_in_force_is_known",
                condition=~Q(state__in=(PolicyState.PROPOSED, *WAS_IN_FORCE)) | ~Q(fingerprint=""),
            ),
            models.CheckConstraint(
                name="policy_confirmed_by_somebody",
                condition=~Q(state__in=WAS_IN_FORCE) | Q(number=1) | Q(confirmed_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="steady", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Delete, func=STEADY
            )
        ]

    def __str__(self) -> str:
        return str(_("version %(number)s")) % {"number": self.number}

    @property
    def is_of_a_file(self) -> bool:
        return bool(self.file_text)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """One query."""
        return rules_of(line.as_line for line in self.lines.order_by("position", "pk"))


class PolicyLine(models.Model):
    """One row of the table. Organisations, roles, parts, sections and verbs by their codes, several apart by a space."""

    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    organisation = models.CharField(max_length=20)
    role = models.CharField(max_length=40)
    part = models.CharField(max_length=20)
    sections = models.CharField(max_length=600)
    verbs = models.CharField(max_length=200)
    condition = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="policy_line_valid_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day must not lie before the first day."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="steady",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=LINES_STEADY,
            )
        ]

    @property
    def as_line(self) -> Line:
        return Line(
            organisation=self.organisation,
            role=self.role,
            part=self.part,
            sections=tuple(self.sections.split()),
            verbs=tuple(self.verbs.split()),
            condition=self.condition,
            ground=self.ground,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )

    @classmethod
    def of(cls, policy: PolicyVersion, position: int, line: Line) -> "PolicyLine":
        return cls(
            policy=policy,
            position=position,
            organisation=line.organisation,
            role=line.role,
            part=line.part,
            sections=" ".join(line.sections),
            verbs=" ".join(line.verbs),
            condition=line.condition,
            ground=line.ground,
            valid_from=line.valid_from,
            valid_until=line.valid_until,
        )
