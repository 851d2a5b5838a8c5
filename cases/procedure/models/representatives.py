"""Who speaks for the person: lawyers, guardians, others. From when, until when, and what they were informed of.

The register of facts is elsewhere (INDiGO, the Legal Aid Council): this is what the organisations tell each other about it.
"""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.models import ReturnCase
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Dated, Member, Named, Unit, valid_on


class ValidQuerySet(models.QuerySet[Any]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class RepresentativeKind(Named, Dated):
    """Lawyer, guardian, other: dated data. `may_be_main` says whether one of this kind can be the main representative."""

    code = models.SlugField(max_length=40, unique=True)
    may_be_main = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]


class InformedMatter(Named, Dated):
    """Of what a representative can be informed. Who may know of it is who may view `section`: a flight tells of itself."""

    code = models.SlugField(max_length=40, unique=True)
    section = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def running(self) -> Self:
        return self.filter(until=None)

    def of_case(self, case: ReturnCase) -> Self:
        """The main one first, then those that run, then the latest that ended."""
        found = self.filter(case=case).select_related("kind", "confirmed_by")
        return found.order_by(F("until").desc(nulls_first=True), "-is_main", "kind__position", "pk")


class Representative(models.Model):
    """One representative of one person. Running while `until` is empty; of the main one there is one at a time.

    Without `confirmed_at` it is what a sender stated in a dossier: shown with that source until somebody confirms it.
    `until` is the last day. `replaces` is whom this one took the place of, in the same act.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="representatives", db_index=False)
    kind = models.ForeignKey(RepresentativeKind, models.PROTECT, related_name="+", db_index=False)
    is_main = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    office = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=120)
    confirmed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    version = models.PositiveIntegerField(default=1)

    objects = RepresentativeQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_main=True, until=None),
                name="representative_one_main",
                violation_error_message=_("There is a main representative already. Replace that one."),
            ),
            models.CheckConstraint(
                name="representative_named",
                condition=~Q(name=""),
                violation_error_message=_("Fill in the name of the representative."),
            ),
            models.CheckConstraint(
                name="representative_days_in_order",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The last day must not lie before the first day."),
            ),
            models.CheckConstraint(
                name="representative_ended_with_reason",
                condition=Q(until=None, end_reason="") | (Q(until__isnull=False) & ~Q(end_reason="")),
                violation_error_message=_("Say why this representative stopped."),
            ),
            models.CheckConstraint(
                name="representative_confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="representative_of_case")]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="stated_once", fields=["case", "source", "replaces"]),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.office) if part)

    @property
    def is_running(self) -> bool:
        return self.until is None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class HowInformed(models.TextChoices):
    LETTER = "letter", pgettext_lazy("informed", "by letter")
    EMAIL = "email", pgettext_lazy("informed", "by secure e-mail")
    PHONE = "phone", pgettext_lazy("informed", "by telephone")
    IN_PERSON = "in_person", pgettext_lazy("informed", "in person")


class RepresentativeInformed(models.Model):
    """That a representative was informed: of what, how, on which day, by whom. Never changed; struck with a reason when wrong."""

    representative = models.ForeignKey(Representative, models.PROTECT, related_name="informed")
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(InformedMatter, models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=20, choices=HowInformed)
    informed_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="informed_struck_with_reason",
                condition=Q(struck_at=None, struck_reason="") | (Q(struck_at__isnull=False) & ~Q(struck_reason="")),
                violation_error_message=_("Say why this was recorded wrongly."),
            )
        ]
        indexes = [models.Index(fields=["case", "-informed_on", "-id"], name="informed_of_case")]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=["representative", "case", "matter", "how", "informed_on", "note", "by", "unit", "recorded_at"],
            ),
        ]
