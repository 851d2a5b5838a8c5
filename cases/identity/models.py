"""Where an identity comes from, how sure it is, and that somebody reported an error in it. Identity itself is the register's.

The identification protocol (PIL) knows eight source levels; a datum is overwritten only from a higher level. How the levels are
called, which is the highest and which source has which level is not in the sources we have: it is dated data, and "level not
established" is a value like any other.
"""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.access import access_of
from cases.case.models import IdentityConflict, Person, ReturnCase
from cases.requests.models import Request
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Dated, Member, Named, Organisation, valid_on

DECIDE = "identity.decide"


class ValidQuerySet(models.QuerySet[Any]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class IdentityLevel(Named, Dated):
    """One of the eight source levels. `rank` orders them: a higher one goes before a lower one."""

    number = models.PositiveSmallIntegerField(unique=True)
    rank = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=160)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="identity_level_one_to_eight", condition=Q(number__range=(1, 8))),
        ]


class SourceKind(models.TextChoices):
    REGISTER = "register", pgettext_lazy("source of identity", "register")
    SENDER = "sender", pgettext_lazy("source of identity", "sender of the dossier")
    DOCUMENT = "document", pgettext_lazy("source of identity", "identity document")


class IdentitySource(Named, Dated):
    """What may state a fact of identity: a register, a sender, a document. `level` is empty while it is not established."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=SourceKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.ForeignKey(IdentityLevel, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=160)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]

    @property
    def in_full(self) -> str:
        """BVV (register)"""
        return f"{self.name} ({self.get_kind_display()})"


class IdentityField(Named, Dated):
    """A field of the identity: the register that keeps it, and the organisation that answers when nobody nearer does.

    `is_changed_here` is false for the V-number: dossiers find the person by it.
    """

    code = models.SlugField(max_length=40, unique=True)
    register = models.CharField(max_length=80)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_changed_here = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=160)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]


class Outcome(models.TextChoices):
    """What the owner answered."""

    WAITING = "", pgettext_lazy("error report", "not answered yet")
    MENDED = "mended", pgettext_lazy("error report", "mended in the register")
    NO_ERROR = "no_error", pgettext_lazy("error report", "not an error")


class ErrorReportQuerySet(models.QuerySet["ErrorReport"]):
    def shown_in(self, case: ReturnCase, member: Member) -> Self:
        """Of one case, newest first: what the own unit reported or answers, and everything for who decides or leads."""
        found = self.filter(case=case).order_by("-pk")
        access = access_of(member, case)
        if access.leads or access.can(DECIDE):
            return found
        unit = member.acting_unit_id
        return found.filter(Q(request__from_unit=unit) | Q(request__to_unit=unit))

    def for_pages(self) -> Self:
        return self.select_related(
            "request__kind", "request__to_unit__organisation", "request__from_unit__organisation", "conflict"
        )


class ErrorReport(models.Model):
    """Somebody doubts a field of the identity and asks its owner. The request carries the course, this row what is doubted.

    `stored_value` is what stood here then. `disputed` is the difference that came of an answer from a lower level than the
    value here; `conflict` is the difference from which the question was asked.
    """

    request = models.OneToOneField(Request, models.PROTECT, related_name="error_report")
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="error_reports", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="error_reports", db_index=False)
    conflict = models.ForeignKey(
        IdentityConflict, models.PROTECT, null=True, blank=True, related_name="asked_about", db_index=False
    )
    field = models.CharField(max_length=40)
    stored_value = models.CharField(max_length=200, blank=True)
    stored_source = models.CharField(max_length=40)
    proposed_value = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    new_value = models.CharField(max_length=200, blank=True)
    new_source = models.CharField(max_length=40, blank=True)
    new_level = models.PositiveSmallIntegerField(null=True, blank=True)
    explanation = models.TextField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    disputed = models.ForeignKey(
        IdentityConflict, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    objects = ErrorReportQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="error_report_answered_whole",
                condition=Q(outcome="", answered_at=None, new_value="", new_source="")
                | Q(outcome="mended", answered_at__isnull=False) & ~Q(new_value="") & ~Q(new_source="")
                | Q(outcome="no_error", answered_at__isnull=False, new_value="", new_source=""),
                violation_error_message=_("Say whether it was mended, with the new value and its source."),
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="error_report_of_case")]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=[
                    "request",
                    "case",
                    "person",
                    "conflict",
                    "field",
                    "stored_value",
                    "stored_source",
                    "proposed_value",
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.field
