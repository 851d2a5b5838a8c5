"""Objection, appeal, interim relief and what courts did with them."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.procedure.models.decisions import Decision
from cases.procedure.models.facts import LegalFact, LegalFactQuerySet, out_of_force_with_reason
from cases.procedure.models.kinds import Effect, SuspensionRule
from leidraad.lib.audit import Recorded


class RemedyKind(models.TextChoices):
    OBJECTION = "objection", _("Objection")
    APPEAL = "appeal", _("Appeal")
    HIGHER_APPEAL = "higher_appeal", _("Higher appeal")
    RELIEF = "interim_relief", _("Interim relief")
    ECTHR = "ecthr_measure", _("Interim measure of the ECtHR")


class Ruling(models.TextChoices):
    """What came of a remedy."""

    UPHELD = "upheld", _("granted: the person is right")
    DISMISSED = "dismissed", _("dismissed")
    INADMISSIBLE = "inadmissible", _("not admissible")
    REMITTED = "remitted", _("sent back for a new decision")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LIFTED = "lifted", _("lifted")
    # Only by a dossier that gives the day and not what was ruled.
    NOT_STATED = "not_stated", pgettext_lazy("ruling", "not stated")


class RemedyQuerySet(LegalFactQuerySet["Remedy"]):
    def open(self) -> Self:
        return self.standing().filter(ruled_on=None)

    def for_pages(self) -> Self:
        return self.select_related("decision__kind", "suspension", "recorded_by")


class Remedy(LegalFact):
    """A remedy against one decision, with its effect on removal and the row of the suspension matrix that explains it.

    `effect` is what holds, set by a person; where it is not what the rule proposes, `effect_reason` says why. `late` tells
    that it was lodged after its term: then it does not suspend (Vb 7.3), but it is recorded all the same. A measure of the
    ECtHR bars removal to `country` until it is lifted; the duty to leave stays.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=20, choices=RemedyKind)
    lodged_on = models.DateField()
    late = models.BooleanField(null=True, blank=True)
    court = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=3, blank=True)
    effect = models.CharField(max_length=20, choices=Effect)
    suspension = models.ForeignKey(
        SuspensionRule, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    effect_reason = models.TextField(max_length=500, blank=True)
    ruled_on = models.DateField(null=True, blank=True)
    ruling = models.CharField(max_length=20, choices=Ruling, blank=True)

    objects = RemedyQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(LegalFact.Meta):
        ordering = ["lodged_on", "pk"]
        constraints = [
            out_of_force_with_reason("remedy_out_of_force"),
            models.UniqueConstraint(
                fields=["decision", "kind"],
                condition=Q(ruled_on=None, replaced_at=None, struck_at=None),
                name="remedy_one_open",
                violation_error_message=_("This remedy is open already. Record its ruling first."),
            ),
            models.CheckConstraint(
                name="remedy_ruled_after_lodging",
                condition=Q(ruled_on=None) | Q(ruled_on__gte=F("lodged_on")),
                violation_error_message=_("A ruling cannot lie before the day on which the remedy was lodged."),
            ),
            models.CheckConstraint(
                name="remedy_ruling_with_day",
                condition=Q(ruled_on=None, ruling="") | (Q(ruled_on__isnull=False) & ~Q(ruling="")),
                violation_error_message=_("Say what the ruling is, and of which day."),
            ),
            models.CheckConstraint(
                name="remedy_late_suspends_nothing",
                condition=~Q(late=True) | Q(effect=Effect.NONE) | ~Q(effect_reason=""),
                violation_error_message=_("What was lodged late does not suspend. Say why it does here."),
            ),
            models.CheckConstraint(
                name="remedy_ecthr_names_country",
                condition=~Q(kind=RemedyKind.ECTHR) | ~Q(country=""),
                violation_error_message=_("Name the country to which the measure bars removal."),
            ),
        ]
        indexes = [models.Index(fields=["case", "lodged_on"], name="remedy_of_case")]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        return self.is_standing and self.ruled_on is None

    @property
    def suspends(self) -> bool:
        """Whether removal waits for it. What was ruled on suspends no more, except relief that was granted."""
        if not self.is_standing or self.effect == Effect.NONE:
            return False
        return self.ruled_on is None or self.ruling in (Ruling.UPHELD,)


class Hearing(models.Model):
    """A hearing of a court, held or planned. One that did not go on stays readable."""

    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="hearings")
    at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
