"""The catalogue of rules: when a term starts, how long it is, by which calendar, on which source, and how sure that is."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.terms.calendars.shape import Extension, Favours, TermUnit
from cases.terms.models.common import Confidence, Spoken, Version, added_only, may_hold_on
from leidraad.lib.audit import Recorded

__all__ = ["Calendar", "Confidence", "DurationKind", "Group", "Rule", "RuleDuration", "RuleVersion", "Validity"]


class Group(models.TextChoices):
    COUNTING = "counting", _("Counting days")
    ASYLUM_CURRENT = "asylum_current", _("Asylum procedures now")
    ASYLUM_FORMER = "asylum_former", _("Asylum procedures before 12 June 2026")
    APPEAL = "appeal", _("Appeal and interim relief")
    RESPONSIBLE_STATE = "responsible_state", _("Responsible state (Dublin)")
    RETURN = "return", _("Departure period and entry ban")
    POSTPONEMENT = "postponement", _("What blocks or postpones departure")
    FREEDOM = "freedom", _("Freedom measures and detention")
    RECEPTION = "reception", _("End of reception")
    DATA = "data", _("Data and records")


class Calendar(models.TextChoices):
    """How the days of a rule are counted. `calendar`: the source says days of the calendar and is silent on weekends."""

    NONE = "none", pgettext_lazy("calendar", "No term")
    CALENDAR = "calendar", _("Calendar days")
    WORKING = "working", _("Working days")
    ATW = "atw", _("Calendar days, moved by the Algemene termijnenwet")
    DETENTION = "detention", _("Strict calendar for detention")
    EU = "eu", _("Calendar of the Union")
    HOURS = "hours", pgettext_lazy("calendar", "Hours")


class Validity(models.TextChoices):
    CURRENT = "current", _("Valid since 12 June 2026")
    FORMER = "former", _("Former rules, until 11 June 2026")
    BOTH = "both", _("Valid now and before")
    NOT_ESTABLISHED = "not_established", _("Not established whether this still holds")


class FirstDay(models.TextChoices):
    AFTER = "after", _("the day after the event")
    SAME = "same", _("the day of the event")
    MOMENT = "moment", _("the moment of the event")


class DurationKind(models.TextChoices):
    MAIN = "main", _("Term")
    ALTERNATIVE = "alternative", pgettext_lazy("duration", "Otherwise")
    ADDITION = "addition", pgettext_lazy("duration", "Added")
    MAXIMUM = "maximum", pgettext_lazy("duration", "At most")
    MINIMUM = "minimum", pgettext_lazy("duration", "At least")
    STEP = "step", pgettext_lazy("duration", "Step")
    BEFORE = "before", pgettext_lazy("duration", "Before the event")
    TOTAL = "total", pgettext_lazy("duration", "In all")


class Rule(models.Model):
    """A rule by its id, which pages, deadlines and guards refer to. What it says stands in its versions."""

    code = models.SlugField(max_length=40, unique=True)
    group = models.CharField(max_length=20, choices=Group)
    position = models.PositiveSmallIntegerField()

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def in_force(self, day: date) -> Self:
        """The version of each rule that counts on `day`. A former rule whose last day is not known counts on no day."""
        unknown_end = Q(validity=Validity.FORMER, valid_until=None)
        held = self.filter(may_hold_on(day)).exclude(unknown_end)
        return held.order_by("rule_id", "-number").distinct("rule_id")


class RuleVersion(Version):
    """What a rule says from one day on. Added, never edited: what was decided under it can be read for ever."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    title_nl = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    start_event = models.SlugField(max_length=40, blank=True)
    starts_nl = models.CharField(max_length=200, blank=True)
    starts_en = models.CharField(max_length=200, blank=True)
    plain_nl = models.TextField()
    plain_en = models.TextField()
    calendar = models.CharField(max_length=10, choices=Calendar)
    first_day = models.CharField(max_length=6, choices=FirstDay)
    extension = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Extension])
    favours = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Favours])
    at_end_nl = models.TextField(blank=True)
    at_end_en = models.TextField(blank=True)
    exceptions_nl = models.TextField(blank=True)
    exceptions_en = models.TextField(blank=True)
    validity = models.CharField(max_length=20, choices=Validity)
    note_nl = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    title = Spoken()
    starts = Spoken()
    plain = Spoken()
    at_end = Spoken()
    exceptions = Spoken()
    note = Spoken()

    objects = RuleVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        ordering = ["rule__position", "-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{self.rule} {self.number}"

    @property
    def says(self) -> str:
        return self.plain


class RuleDuration(models.Model):
    """One duration of a version: the term itself, what may be added, what holds instead and when."""

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="durations")
    position = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=15, choices=[(one.value, one.value) for one in TermUnit])
    kind = models.CharField(max_length=15, choices=DurationKind)
    when_nl = models.CharField(max_length=120, blank=True)
    when_en = models.CharField(max_length=120, blank=True)

    when = Spoken()

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="rule_duration_once")]
        triggers = added_only()

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    @property
    def in_words(self) -> str:
        """4 weken."""
        from cases.terms.words import duration

        return duration(self.count, TermUnit(self.unit))
