"""Decisions with their notification, the duty to return that follows from them, and changes of the departure period."""

from datetime import date, timedelta
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.procedure.models.facts import LegalFact, LegalFactQuerySet, out_of_force_with_reason
from cases.procedure.models.kinds import DecisionKind, LegalGround, Regime
from cases.procedure.models.procedures import Procedure
from leidraad.lib.audit import Recorded


class Authority(models.TextChoices):
    """Who decided."""

    IND = "ind", "IND"
    POLICE = "police", _("police (AVIM)")
    KMAR = "kmar", "KMar"
    OTHER = "other", pgettext_lazy("authority", "other")
    # Only by a dossier that does not say so.
    NOT_STATED = "not_stated", pgettext_lazy("authority", "not stated")


class Notified(models.TextChoices):
    """How a decision was made known."""

    IN_PERSON = "in_person", _("handed over in person")
    BY_POST = "by_post", _("sent to the address")
    TO_REPRESENTATIVE = "to_representative", _("sent to the representative")
    ANNOUNCED = "announced", _("published, address unknown")
    UNKNOWN = "unknown", _("way not known")


class DecisionQuerySet(LegalFactQuerySet["Decision"]):
    def for_pages(self) -> Self:
        related = ("kind", "procedure__kind", "period_ground", "ban_ground", "recorded_by", "confirmed_by")
        return self.select_related(*related)

    def returning(self) -> Self:
        return self.filter(is_return_decision=True)


class Decision(LegalFact):
    """What was decided, when, and how the person was told. A newer decision takes its place; none is written over.

    A return decision names the countries of return (a set of codes as in the dossier) and the departure period in days,
    which starts on the day of the decision, or on the ruling where a remedy suspends. An entry ban counts from the actual
    departure. `replaces` is the decision whose place it takes.
    """

    kind = models.ForeignKey(DecisionKind, models.PROTECT, related_name="+", db_index=False)
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="decisions", db_index=False
    )
    regime = models.CharField(max_length=10, choices=Regime)
    authority = models.CharField(max_length=10, choices=Authority, default=Authority.IND)
    reference = models.CharField(max_length=40, blank=True)
    decided_on = models.DateField()

    notified_on = models.DateField(null=True, blank=True)
    notified_how = models.CharField(max_length=20, choices=Notified, blank=True)
    notified_to = models.CharField(max_length=120, blank=True)
    notified_language = models.CharField(max_length=3, blank=True)

    is_return_decision = models.BooleanField(default=False)
    countries = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    period_days = models.PositiveSmallIntegerField(null=True, blank=True)
    period_ground = models.ForeignKey(
        LegalGround, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ban_years = models.PositiveSmallIntegerField(null=True, blank=True)
    ban_ground = models.ForeignKey(LegalGround, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = DecisionQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(LegalFact.Meta):
        ordering = ["decided_on", "pk"]
        constraints = [
            out_of_force_with_reason("decision_out_of_force"),
            models.CheckConstraint(
                name="decision_notified_after_decision",
                condition=Q(notified_on=None) | Q(notified_on__gte=F("decided_on")),
                violation_error_message=_("A decision cannot be made known before the day on which it was taken."),
            ),
            models.CheckConstraint(
                name="decision_notified_how",
                condition=Q(notified_on=None, notified_how="") | (Q(notified_on__isnull=False) & ~Q(notified_how="")),
                violation_error_message=_("Say how the decision was made known."),
            ),
            models.CheckConstraint(
                name="decision_return_names_country",
                condition=Q(is_return_decision=False, countries=[]) | (Q(is_return_decision=True) & ~Q(countries=[])),
                violation_error_message=_("A return decision names the country to which the person has to return."),
            ),
            models.CheckConstraint(
                name="decision_period_of_return",
                condition=Q(period_days=None) | Q(is_return_decision=True, period_days__lte=90),
                violation_error_message=_("Only a return decision has a departure period, of at most 90 days."),
            ),
            models.CheckConstraint(
                name="decision_period_shortened_with_ground",
                condition=Q(period_ground=None) | Q(period_days__isnull=False),
                violation_error_message=_("A ground for a shorter period needs the period."),
            ),
            models.CheckConstraint(
                name="decision_ban_most_years",
                condition=Q(ban_years=None) | Q(ban_years__gte=1, ban_years__lte=20),
                violation_error_message=_("An entry ban lasts from 1 to 20 years (Vb 6.5a)."),
            ),
        ]
        indexes = [models.Index(fields=["case", "-decided_on"], name="decision_of_case")]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind.name

    @property
    def period_ends_on(self) -> date | None:
        """The last day of the departure period as the decision gives it, without suspension or extension."""
        return None if self.period_days is None else self.decided_on + timedelta(days=self.period_days)


class PeriodChangeQuerySet(LegalFactQuerySet["PeriodChange"]):
    pass


class PeriodChange(LegalFact):
    """A departure period that was made longer or shorter after the decision. `until` is its new last day."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="period_changes")
    ground = models.ForeignKey(LegalGround, models.PROTECT, related_name="+", db_index=False)
    decided_on = models.DateField()
    until = models.DateField()

    objects = PeriodChangeQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(LegalFact.Meta):
        ordering = ["decided_on", "pk"]
        constraints = [
            out_of_force_with_reason("period_change_out_of_force"),
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(replaced_at=None, struck_at=None),
                name="period_change_one_in_force",
                violation_error_message=_("The period was changed already. Replace that change."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
