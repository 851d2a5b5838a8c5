"""Reference data of handing over: what kinds there are, what belongs in each, who sends files, and why one is returned."""

from datetime import datetime, time, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Dated, Named, Unit, valid_on

# What arrives later in the day is the work of the next working day. Our own rule; no source sets an hour.
DAY_ENDS_FOR_INTAKE = time(16)


class ValidQuerySet(models.QuerySet[Any]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class TermUnit(models.TextChoices):
    WORKING_DAYS = "working_days", _("working days")
    HOURS = "hours", _("hours")


class HandoverKind(Named, Dated):
    """What moves, how fast it must be answered, and how an unanswered one climbs."""

    code = models.SlugField(max_length=40, unique=True)
    asks_nl = models.CharField(max_length=200)
    asks_en = models.CharField(max_length=200)
    term_unit = models.CharField(max_length=20, choices=TermUnit)
    term_count = models.PositiveSmallIntegerField()
    liberty_clock = models.BooleanField(default=False)
    moves_lead = models.BooleanField(default=True)
    # Minutes after the answer was due: then both managers are told, and at last the offer expires.
    escalate_minutes = models.PositiveIntegerField()
    expire_minutes = models.PositiveIntegerField()
    source = models.CharField(max_length=80)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["code"]

    @property
    def asks(self) -> str:
        """What the sender asks of the receiver, as a sentence."""
        return self.asks_en if get_language() == "en" else self.asks_nl

    def due_after(self, moment: datetime) -> datetime:
        """When an answer is due to what was offered (or answered) at `moment`."""
        if self.term_unit == TermUnit.HOURS:
            return moment + timedelta(hours=self.term_count)
        local = moment.astimezone(clock.now().tzinfo)
        day = local.date()
        if local.time() >= DAY_ENDS_FOR_INTAKE or day.weekday() >= 5:
            day = clock.working_days_after(day, 1)
        return clock.end_of(clock.working_days_after(day, self.term_count))


class ChecklistItem(Named, Dated):
    """One thing that belongs in a dossier of this kind. A mandatory item must be present before it may be offered."""

    kind = models.ForeignKey(HandoverKind, models.PROTECT, related_name="checklist")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    mandatory = models.BooleanField(default=False)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "code"], condition=Q(valid_until=None), name="checklist_item_once"),
        ]


class ReturnReason(Named, Dated):
    """Why a receiver sends a handover back. No handover is refused without one of these and a text."""

    code = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]


class Supplier(Dated):
    """Who sends files of dossiers, as a file names it (`aanleveraar`), and the unit that is responsible until acceptance."""

    code = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
