"""Measures that restrict or take somebody's liberty: what was imposed, by whom and why, what a court said, when it ended.

Leidraad is not the register of these measures. The form is made elsewhere: here stand its number, its time and the system
that made it. A record is corrected with a reason and never written over unseen; one that should not be there is struck out.
"""

from typing import Any, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from cases.case.access import Access
from cases.case.models import ReturnCase
from cases.supervision.measure_states import (
    SECTIONS,
    Authority,
    Counsel,
    CourtKind,
    Family,
    LiftReason,
    Ruling,
    TestResult,
)
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Dated, Member, Named, Unit, in_language, valid_on


class MeasureKindQuerySet(models.QuerySet["MeasureKind"]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))

    def offered(self) -> Self:
        """Those that an officer may record; the others stand for a dossier that does not say which paragraph."""
        return self.filter(is_offered=True)


class MeasureKind(Named, Dated):
    """A kind of measure as dated data: which family, who is competent, what must precede it, how long it may last.

    `authorities` are competent by law, `agreed_authorities` those that impose it by agreement (empty: no agreement found).
    `checks` holds "hearing", "rungs", "test" and "court". `signs` is how many signs of Vb 5.6 or 5.6(2) the ground needs, for
    measures from `signs_since` on. `term` is a number with h, d, w or m ("4w"), blank when no fixed term was found;
    `lapse_days` the day on which it is lifted by law when no court has ruled. `minor_days` is the most for families and
    unaccompanied minors. `confidence`: H law read, M guidance or older text, L from memory.
    """

    code = models.SlugField(max_length=20, unique=True)
    family = models.CharField(max_length=10, choices=Family)
    authorities = ArrayField(models.CharField(max_length=20, choices=Authority), blank=True, default=list)
    agreed_authorities = ArrayField(models.CharField(max_length=20, choices=Authority), blank=True, default=list)
    form_no = models.CharField(max_length=20, blank=True)
    checks = ArrayField(models.CharField(max_length=20), blank=True, default=list)
    signs = models.PositiveSmallIntegerField(default=0)
    signs_since = models.DateField(null=True, blank=True)
    term = models.CharField(max_length=5, blank=True)
    lapse_days = models.PositiveSmallIntegerField(null=True, blank=True)
    minor_days = models.PositiveSmallIntegerField(null=True, blank=True)
    minors_excluded = models.BooleanField(default=False)
    is_offered = models.BooleanField(default=True)
    rules = ArrayField(models.CharField(max_length=20), blank=True, default=list)
    rule_nl = models.CharField(max_length=200, blank=True)
    rule_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)
    confidence = models.CharField(max_length=1)

    objects = MeasureKindQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]

    @property
    def rule(self) -> str:
        return str(getattr(self, in_language("rule")))

    @property
    def section(self) -> str:
        return SECTIONS[self.family]

    @property
    def takes_liberty(self) -> bool:
        return self.family == Family.CUSTODY


class LighterMeansQuerySet(models.QuerySet["LighterMeans"]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class LighterMeans(Named, Dated):
    """A rung of the ladder of lighter means (Vw 59c): whoever skips it says why it is not enough."""

    code = models.SlugField(max_length=20, unique=True)
    rule_nl = models.CharField(max_length=120, blank=True)
    rule_en = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)

    objects = LighterMeansQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]

    @property
    def rule(self) -> str:
        return str(getattr(self, in_language("rule")))


class MeasureQuerySet(models.QuerySet["Measure"]):
    def standing(self) -> Self:
        """Not struck out."""
        return self.filter(voided_at=None)

    def running(self) -> Self:
        return self.standing().filter(lifted_at=None)

    def shown_in(self, case: ReturnCase, access: Access) -> Self:
        """What a reader may know of in this case, newest first. Custody leaves no trace for who may not see it."""
        seen = [family for family, section in SECTIONS.items() if access.can(f"{section}.view")]
        return self.filter(case=case, family__in=seen).order_by("-imposed_at", "-pk")

    def for_pages(self) -> Self:
        return self.select_related("kind", "unit__organisation", "place_unit")


class Measure(models.Model):
    """One measure of one person, from imposing to lifting.

    `unit` recorded it, `authority` imposed it. `stated` says that a dossier names it and nobody has confirmed it; its time of
    day is then unknown (`time_known`). `lifted_at` is the moment from which it no longer holds. `family` is a copy of the
    kind's, for the constraints and for the wall.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="measures")
    kind = models.ForeignKey(MeasureKind, models.PROTECT, related_name="+", db_index=False)
    family = models.CharField(max_length=10, choices=Family)
    authority = models.CharField(max_length=20, choices=Authority, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    officer = models.CharField(max_length=120, blank=True)
    imposed_at = models.DateTimeField()
    time_known = models.BooleanField(default=True)
    place_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    place_text = models.CharField(max_length=200, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    signs = models.PositiveSmallIntegerField(null=True, blank=True)
    public_order = models.BooleanField(default=False)
    ground = models.TextField(max_length=2000, blank=True)
    form_no = models.CharField(max_length=40, blank=True)
    form_system = models.CharField(max_length=40, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    counsel = models.CharField(max_length=10, choices=Counsel, blank=True)
    interpreter = models.CharField(max_length=80, blank=True)
    tested_on = models.DateField(null=True, blank=True)
    test_result = models.CharField(max_length=10, choices=TestResult, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=20, choices=LiftReason, blank=True)
    lift_note = models.CharField(max_length=500, blank=True)
    lift_form_no = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=80)
    stated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeasureQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            ExclusionConstraint(
                name="measure_no_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("family", RangeOperators.EQUAL),
                    (
                        Func(
                            F("imposed_at"),
                            F("lifted_at"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(voided_at=None, stated=False),
                violation_error_message=_(
                    "Another measure of this kind already holds in that period. Record first when that one ended,"
                    " or say that this one takes its place."
                ),
            ),
            models.UniqueConstraint(
                fields=["case", "family"],
                condition=Q(stated=True, voided_at=None, lifted_at=None),
                name="measure_one_stated",
                violation_error_message=_("The dossier states such a measure already. Confirm that one."),
            ),
            models.CheckConstraint(
                name="measure_lifted_after_imposing",
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("imposed_at")),
                violation_error_message=_("A measure cannot be lifted before it was imposed."),
            ),
            models.CheckConstraint(
                name="measure_lifted_with_reason",
                condition=Q(lifted_at=None, lift_reason="") | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                violation_error_message=_("A measure that was lifted has a moment and a reason."),
            ),
            models.CheckConstraint(
                name="measure_authority_when_confirmed",
                condition=Q(stated=True) | ~Q(authority=""),
                violation_error_message=_("Say which authority imposed the measure."),
            ),
            models.CheckConstraint(
                name="measure_voided_with_reason",
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                violation_error_message=_("Say why this record should not be there."),
            ),
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(lifted_at=None, voided_at=None), name="measure_running"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="stated_once", fields=["case", "unit", "recorded_at"]),
        ]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def section(self) -> str:
        return SECTIONS[self.family]

    @property
    def is_running(self) -> bool:
        return self.lifted_at is None and self.voided_at is None

    @property
    def place(self) -> str:
        return str(self.place_unit) if self.place_unit is not None else self.place_text


class MeasureRung(models.Model):
    """One lighter means as it was weighed for one measure: considered or not, and why it was not enough."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="rungs")
    means = models.ForeignKey(LighterMeans, models.PROTECT, related_name="+", db_index=False)
    considered = models.BooleanField(default=False)
    why_not = models.TextField(max_length=1000, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["means__position"]
        constraints = [models.UniqueConstraint(fields=["measure", "means"], name="measure_rung_once")]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.means)


class VulnerabilityNote(models.Model):
    """What a vulnerability test found. Medical content: for who may see that, and for the unit that wrote it."""

    measure = models.OneToOneField(Measure, models.PROTECT, related_name="vulnerability")
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(max_length=2000)
    version = models.PositiveIntegerField(default=1)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.measure_id)


class CourtFactQuerySet(models.QuerySet["CourtFact"]):
    def standing(self) -> Self:
        return self.filter(voided_at=None)


class CourtFact(models.Model):
    """Something before the court about one measure: a notice, an appeal, a hearing, a ruling. Never changed, only struck out.

    `at` is when it was sent, lodged, is or was heard, or was given; only a hearing may lie ahead.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="court_facts")
    kind = models.CharField(max_length=20, choices=CourtKind)
    at = models.DateTimeField()
    time_known = models.BooleanField(default=True)
    court = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=20, choices=Ruling, blank=True)
    compensation = models.BooleanField(default=False)
    note = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)

    objects = CourtFactQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="court_ruling_says_what",
                condition=Q(kind=CourtKind.RULING) & ~Q(result="")
                | ~Q(kind=CourtKind.RULING) & Q(result="", compensation=False),
                violation_error_message=_("Say what the court ruled; only a ruling has a result."),
            ),
            models.CheckConstraint(
                name="court_fact_voided_with_reason",
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                violation_error_message=_("Say why this record should not be there."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="stated_once",
                fields=[
                    "measure", "kind", "at", "time_known", "court", "reference", "result", "compensation", "note", "by",
                    "unit", "recorded_at",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_over(self) -> bool:
        return self.at <= clock.now()
