"""Stops: a sourced, dated fact that ends, placed by a competent organisation, and that forbids acts. And on which grounds."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.models import ReturnCase
from cases.terms.calendars.arithmetic import day_of, over_at
from cases.terms.models.common import Spoken, added_only
from cases.terms.models.guards import Act
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Member, Organisation, Unit


class Scope(models.TextChoices):
    """What of a case the stop holds."""

    ALL_REMOVAL = "all_removal", pgettext_lazy("stop", "All removal")
    DESTINATION = "destination", pgettext_lazy("stop", "This destination only")
    MEASURE = "measure", pgettext_lazy("stop", "This measure only")


class StopGroundQuerySet(models.QuerySet["StopGround"]):
    def in_force(self, day: date) -> Self:
        """The version of each ground that counts on `day`, in the order of the catalogue."""
        held = self.filter(valid_from__lte=day).order_by("code", "-number").distinct("code")
        return self.filter(pk__in=held.values("pk")).order_by("position")


class StopGround(models.Model):
    """On what ground a stop may be placed, by whom, what it forbids and for how long at most. A new number replaces an older.

    `placers` are organisations, `rules` ids of the catalogue, `guards` the guards that ask the same, `acts` what it forbids,
    `scopes` what of a case it may hold. `max_days` counts from the day of placing, which is day 0. `new_facts` names what the
    responsible unit may point to when it lifts the stop. `reason` says what of this is our own choice.
    """

    code = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    placers = ArrayField(models.CharField(max_length=20))
    is_grave = models.BooleanField()
    section = models.CharField(max_length=40)
    rules = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    guards = ArrayField(models.CharField(max_length=5))
    acts = ArrayField(models.CharField(max_length=20, choices=Act))
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope))
    air_only = models.BooleanField(default=False)
    max_days = models.PositiveSmallIntegerField()
    length_nl = models.CharField(max_length=120)
    length_en = models.CharField(max_length=120)
    new_facts = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    ends_nl = models.CharField(max_length=200)
    ends_en = models.CharField(max_length=200)
    reason_nl = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()

    name = Spoken()
    length = Spoken()
    ends = Spoken()
    reason = Spoken()

    objects = StopGroundQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="stop_ground_once")]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class StopQuerySet(models.QuerySet["Stop"]):
    def in_force(self, day: date) -> Self:
        """Placed by then, not yet at its end and not lifted by then; a stop that is lifted no longer counts that same day."""
        next_day = over_at(day)
        return self.filter(placed_at__lt=next_day, until__gte=day).filter(
            Q(lifted_at=None) | Q(lifted_at__gte=next_day)
        )

    def for_pages(self) -> Self:
        return self.select_related("ground", "organisation", "unit__organisation", "placed_by")


class Stop(models.Model):
    """One stop on one case. What was placed never changes: a stop that holds longer is placed anew.

    `until` is the last day on which it holds. `section` and `is_grave` are copies of the ground's, for the wall and for the rule
    that two persons lift a grave stop. `document` is the paper it rests on; never what ails somebody. `measure` names the
    measure, `country` the destination. `lift_asked_for` is the organisation that asks to lift it: of a light stop the same person
    asks and lifts at once. A lift that was refused is asked anew; the history keeps both.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+", db_index=False)
    ground = models.ForeignKey(StopGround, models.PROTECT, related_name="+", db_index=False)
    section = models.CharField(max_length=40, editable=False)
    is_grave = models.BooleanField(editable=False)
    scope = models.CharField(max_length=12, choices=Scope)
    country = models.CharField(max_length=3, blank=True)
    measure = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    document = models.CharField(max_length=80)
    document_number = models.CharField(max_length=40, blank=True)
    document_on = models.DateField()
    source = models.CharField(max_length=80)
    placed_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    placed_at = models.DateTimeField()
    until = models.DateField()
    lift_asked_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    lift_asked_for = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lift_asked_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=300, blank=True)
    new_fact = models.CharField(max_length=60, blank=True)
    new_fact_words = models.CharField(max_length=200, blank=True)
    lift_refused_at = models.DateTimeField(null=True, blank=True)
    lift_refusal = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    lifted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = StopQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="stop_names_section", condition=~Q(section="")),
            models.CheckConstraint(
                name="stop_scope_names_what",
                condition=Q(scope=Scope.ALL_REMOVAL, country="", measure="")
                | (Q(scope=Scope.DESTINATION, measure="") & ~Q(country=""))
                | (Q(scope=Scope.MEASURE, country="") & ~Q(measure="")),
                violation_error_message=_("Name the country or the measure that the stop is about."),
            ),
            models.CheckConstraint(
                name="stop_ends_after_placing",
                condition=Q(until__gte=F("document_on")),
                violation_error_message=_("A stop ends on or after the day of its document."),
            ),
            models.CheckConstraint(
                name="stop_lift_asked_whole",
                condition=Q(lift_asked_by=None, lift_asked_for=None, lift_asked_at=None, lift_reason="", new_fact="")
                | (
                    Q(lift_asked_by__isnull=False, lift_asked_for__isnull=False, lift_asked_at__isnull=False)
                    & ~Q(lift_reason="")
                ),
                violation_error_message=_("Say why the stop may end."),
            ),
            models.CheckConstraint(
                name="stop_lifted_with_reason",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_asked_by__isnull=False),
                violation_error_message=_("Say why the stop may end."),
            ),
            models.CheckConstraint(
                name="stop_grave_lifted_by_two",
                condition=Q(lifted_at=None)
                | Q(is_grave=False)
                | (Q(lift_asked_by__isnull=False) & ~Q(lifted_by=F("lift_asked_by"))),
                violation_error_message=_("Two persons lift this stop. Somebody else must confirm."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "until"], name="stop_of_case"),
            models.Index(fields=["until"], condition=Q(lifted_at=None), name="stop_ending"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stated_once_lifted",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lifted_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=[
                    "case",
                    "ground",
                    "section",
                    "is_grave",
                    "scope",
                    "country",
                    "measure",
                    "rule",
                    "document",
                    "document_number",
                    "document_on",
                    "source",
                    "placed_by",
                    "unit",
                    "organisation",
                    "placed_at",
                    "until",
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.ground.name

    def stands_on(self, day: date) -> bool:
        """As `in_force` asks of the database."""
        return day_of(self.placed_at) <= day <= self.until and (self.lifted_at is None or day_of(self.lifted_at) > day)

    @property
    def stands(self) -> bool:
        return self.stands_on(clock.today())

    def forbids(self, act: str, destination: str = "", *, by_air: bool | None = None) -> bool:
        """Whether it is about this act. Where no destination was chosen it may be the one that is forbidden."""
        if act not in self.ground.acts or (self.ground.air_only and by_air is False):
            return False
        return self.scope != Scope.DESTINATION or destination in ("", self.country)
