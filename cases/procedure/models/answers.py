"""IND's part: whether a person may be removed now. An answer has a source and a date, expires, and may be overtaken."""

from datetime import date, timedelta
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cases.case.models import Removability, ReturnCase
from cases.requests.models import Request
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Dated, Member, Named, valid_on


class AnswerGroundQuerySet(models.QuerySet["AnswerGround"]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class AnswerGround(Named, Dated):
    """Why the answer is what it is, as dated data: which values it may support, and the rule it rests on.

    `proposed_days` is how long the form proposes that the answer holds: a planning rule of ours, not a statutory term.
    """

    code = models.SlugField(max_length=40, unique=True)
    values = ArrayField(models.CharField(max_length=20, choices=Removability))
    proposed_days = models.PositiveSmallIntegerField(null=True, blank=True)
    rule_nl = models.CharField(max_length=120, blank=True)
    rule_en = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)

    objects = AnswerGroundQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]

    @property
    def rule(self) -> str:
        return self.rule_en if get_language() == "en" else self.rule_nl

    @property
    def in_full(self) -> str:
        """The ground with the rule it rests on."""
        return f"{self.name} ({self.rule})" if self.rule else self.name

    @property
    def proposed_until(self) -> date | None:
        """Until when an answer of today would hold by our own planning rule; None when the ground has no end to plan."""
        return clock.today() + timedelta(days=self.proposed_days) if self.proposed_days else None


class RemovabilityAnswerQuerySet(models.QuerySet["RemovabilityAnswer"]):
    def final(self) -> Self:
        """Answers with a value; the others only say when one is expected."""
        return self.exclude(value="")

    def in_force(self) -> Self:
        """Not replaced by a later answer. It may have expired or been overtaken: ask the row."""
        return self.final().filter(replaced_at=None)

    def for_pages(self) -> Self:
        """With everything a line about an answer shows, in the same query."""
        return self.select_related("ground", "request__to_unit__organisation", "request__from_unit__organisation")


class RemovabilityAnswer(models.Model):
    """What IND answered to one question, or that it is not known yet and when it will be.

    What is stated never changes. `overtaken_at` says that a later fact put it in doubt (`overtaken_by` in words, and
    `overtaken_fact` as a key, so that the same fact told again does not put the next answer in doubt); `expired_at` that
    its validity ended and the axis went back to unknown; `replaced_at` that a later answer took its place. An answer that
    `corrects` another was wrong there, for the reason given.
    """

    request = models.ForeignKey(Request, models.PROTECT, related_name="removability_answers")
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="removability_answers", db_index=False)
    value = models.CharField(max_length=20, choices=Removability, blank=True)
    ground = models.ForeignKey(AnswerGround, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    valid_until = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    correction_reason = models.TextField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)
    overtaken_at = models.DateTimeField(null=True, blank=True)
    overtaken_by = models.CharField(max_length=200, blank=True)
    overtaken_fact = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RemovabilityAnswerQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="answer_value_or_expected_day",
                condition=(Q(value="") & Q(expected_on__isnull=False, ground=None, valid_until=None))
                | (~Q(value="") & Q(expected_on=None, ground__isnull=False)),
                violation_error_message=_("Give an answer with its ground, or the day on which you expect one."),
            ),
            models.CheckConstraint(
                name="answer_overtaken_with_fact",
                condition=Q(overtaken_at=None, overtaken_by="") | (Q(overtaken_at__isnull=False) & ~Q(overtaken_by="")),
            ),
            models.CheckConstraint(
                name="answer_corrected_with_reason",
                condition=Q(corrects=None, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
                violation_error_message=_("Say why the answer is corrected."),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=~Q(value="") & Q(replaced_at=None), name="answer_one_in_force"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="answer_of_case"),
            models.Index(
                fields=["valid_until"],
                condition=~Q(value="") & Q(replaced_at=None, expired_at=None, valid_until__isnull=False),
                name="answer_expiring",
            ),
            models.Index(
                fields=["-overtaken_at", "-id"],
                condition=~Q(value="") & Q(replaced_at=None, overtaken_at__isnull=False),
                name="answer_overtaken",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=[
                    "request",
                    "case",
                    "value",
                    "ground",
                    "valid_until",
                    "expected_on",
                    "note",
                    "corrects",
                    "correction_reason",
                    "answered_by",
                    "answered_at",
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_value_display())

    @property
    def is_final(self) -> bool:
        return self.value != ""

    @property
    def has_expired(self) -> bool:
        """An answer that has expired is no answer, whether or not the job has seen it."""
        return self.expired_at is not None or (self.valid_until is not None and self.valid_until < clock.today())

    @property
    def is_overtaken(self) -> bool:
        return self.overtaken_at is not None

    @property
    def holds(self) -> bool:
        """Whether somebody may rely on it today."""
        return self.is_final and self.replaced_at is None and not self.has_expired and not self.is_overtaken

    @property
    def overtaken_words(self) -> str:
        """What happened since. The program's own sentences are stored in English, what IND typed stays as typed."""
        return gettext(self.overtaken_by) if self.overtaken_by else ""
