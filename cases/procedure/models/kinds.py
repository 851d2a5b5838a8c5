"""Kinds of procedures, decisions and grounds as dated data, each with the rule it rests on and how sure that rule is."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Dated, Named, valid_on

# Applications lodged from this day on fall under the Pact, unless a person says otherwise (domain rules, section 0).
PACT_FROM = date(2026, 6, 12)


class Regime(models.TextChoices):
    PACT = "pact", _("current law (Pact)")
    FORMER = "former", _("former law")


class Scope(models.TextChoices):
    """In which regime a kind exists."""

    PACT = "pact", _("current law (Pact)")
    FORMER = "former", _("former law")
    BOTH = "both", _("current and former law")


class Confidence(models.TextChoices):
    """How sure the text of a rule is: read in the statute, taken from guidance or an older text, or from memory."""

    HIGH = "H", pgettext_lazy("confidence", "statute read")
    MEDIUM = "M", pgettext_lazy("confidence", "guidance or older text")
    LOW = "L", pgettext_lazy("confidence", "not verified")


class Effect(models.TextChoices):
    """Whether a remedy suspends removal. Preparing departure goes on whatever the effect (Vw 61(2))."""

    AUTO = "auto", _("suspends by law")
    UNTIL_RELIEF = "until_relief_ruling", _("suspends until the ruling on interim relief")
    NONE = "none", _("does not suspend")
    # Only by a dossier that does not say so: counted as suspending until somebody confirms it.
    NOT_STATED = "not_stated", _("effect not stated")


class KindQuerySet(models.QuerySet[Any]):
    def valid(self, day: date | None = None) -> Self:
        return self.filter(valid_on(day or clock.today()))

    def in_regime(self, regime: str) -> Self:
        return self.filter(scope__in=(regime, Scope.BOTH))


class Ruled(Named, Dated):
    """A kind with its regime, the rule it rests on, where that was read and how sure it is."""

    code = models.SlugField(max_length=40)
    scope = models.CharField(max_length=10, choices=Scope)
    rule_nl = models.CharField(max_length=160, blank=True)
    rule_en = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=120)
    confidence = models.CharField(max_length=1, choices=Confidence)
    position = models.PositiveSmallIntegerField()

    class Meta(Dated.Meta):
        abstract = True
        default_permissions = ()
        ordering = ["position"]

    @property
    def rule(self) -> str:
        return self.rule_en if get_language() == "en" else self.rule_nl

    @property
    def in_full(self) -> str:
        return f"{self.name} ({self.rule})" if self.rule else self.name

    def holds_in(self, regime: str) -> bool:
        return self.scope in (regime, Scope.BOTH)


class ProcedureKind(Ruled):
    """A procedure before IND, in one of the two regimes. `track` is the former handling track, where it had one."""

    track = models.CharField(max_length=4, blank=True)

    objects = KindQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Ruled.Meta):
        constraints = [*Ruled.Meta.constraints, models.UniqueConstraint(fields=["code"], name="procedure_kind_once")]


class StepKind(Named):
    """One step of a kind of procedure, in its order. An optional one may be passed over without a word."""

    kind = models.ForeignKey(ProcedureKind, models.PROTECT, related_name="steps")
    code = models.SlugField(max_length=40)
    day_nl = models.CharField(max_length=40, blank=True)
    day_en = models.CharField(max_length=40, blank=True)
    optional = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120)
    confidence = models.CharField(max_length=1, choices=Confidence)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="procedure_step_kind_once")]

    @property
    def day(self) -> str:
        return self.day_en if get_language() == "en" else self.day_nl


class DecisionKind(Ruled):
    """A kind of decision. `returns`: it is a return decision too; `transfers`: it sends to the responsible state.

    `refuses` says that the person has to leave by it; `term` is the rule of the term in which it may be contested.
    """

    returns = models.BooleanField(default=False)
    transfers = models.BooleanField(default=False)
    bans = models.BooleanField(default=False)
    refuses = models.BooleanField(default=False)
    term = models.CharField(max_length=40, blank=True)

    objects = KindQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Ruled.Meta):
        constraints = [*Ruled.Meta.constraints, models.UniqueConstraint(fields=["code"], name="decision_kind_once")]


class SuspensionRule(Ruled):
    """A row of the suspension matrix: what a remedy does to removal, and by which rule."""

    name_nl = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    effect = models.CharField(max_length=20, choices=Effect)

    objects = KindQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Ruled.Meta):
        constraints = [*Ruled.Meta.constraints, models.UniqueConstraint(fields=["code"], name="suspension_rule_once")]


class Topic(models.TextChoices):
    """What a ground is for."""

    PERIOD_SHORT = "period_short", _("Departure period shorter than four weeks")
    PERIOD_EXTENDED = "period_extended", _("Departure period extended")
    ENTRY_BAN = "entry_ban", _("Length of the entry ban")
    TRANSFER_MOVED = "transfer_moved", _("Latest transfer date moved")


class LegalGround(Ruled):
    """A ground that a decision may rest on. `most` is the most that it allows, in `unit` (days, months or years)."""

    topic = models.CharField(max_length=20, choices=Topic)
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=10, blank=True)

    objects = KindQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Ruled.Meta):
        constraints = [
            *Ruled.Meta.constraints,
            models.UniqueConstraint(fields=["topic", "code"], name="legal_ground_once"),
        ]


class PostponementKind(Ruled):
    """A ground that bars or puts off departure. `section` is the policy section whose viewers may know of it.

    `steps` are the steps that this kind knows, of `PostponementState`.
    """

    section = models.CharField(max_length=40)
    steps = ArrayField(models.CharField(max_length=20))

    objects = KindQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Ruled.Meta):
        constraints = [
            *Ruled.Meta.constraints,
            models.UniqueConstraint(fields=["code"], name="postponement_kind_once"),
        ]
