"""Procedures before IND and their dated steps."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.procedure.models.facts import LegalFact, LegalFactQuerySet, out_of_force_with_reason
from cases.procedure.models.kinds import PACT_FROM, ProcedureKind, Regime, StepKind
from leidraad.lib.audit import Recorded


def regime_of(lodged_on: Any) -> Regime:
    """What the day of lodging proposes. A person decides: the Dutch transitional law was not found."""
    return Regime.PACT if lodged_on >= PACT_FROM else Regime.FORMER


class Result(models.TextChoices):
    """How a procedure ended."""

    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn by the person")
    OTHER_PROCEDURE = "other_procedure", _("went on in another procedure")


class ProcedureQuerySet(LegalFactQuerySet["Procedure"]):
    def for_pages(self) -> Self:
        return self.select_related("kind", "recorded_by")


class Procedure(LegalFact):
    """An application, or another procedure in which is decided whether the person may stay, under one regime.

    `regime` is set by a person; where it is not what the day of lodging proposes, `regime_reason` says why.
    """

    kind = models.ForeignKey(ProcedureKind, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    regime = models.CharField(max_length=10, choices=Regime)
    regime_reason = models.TextField(max_length=500, blank=True)
    lodged_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=20, choices=Result, blank=True)

    objects = ProcedureQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(LegalFact.Meta):
        constraints = [
            out_of_force_with_reason("procedure_out_of_force"),
            models.CheckConstraint(
                name="procedure_ends_after_lodging",
                condition=Q(ended_on=None) | Q(lodged_on=None) | Q(ended_on__gte=F("lodged_on")),
                violation_error_message=_("A procedure cannot end before the day on which it was lodged."),
            ),
            models.CheckConstraint(
                name="procedure_result_with_end",
                condition=Q(ended_on=None, result="") | (Q(ended_on__isnull=False) & ~Q(result="")),
                violation_error_message=_("Say how the procedure ended, and on which day."),
            ),
        ]
        indexes = [models.Index(fields=["case", "lodged_on"], name="procedure_of_case")]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind.name if self.kind else str(_("Procedure not named"))

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


# The step belongs to the kind of the procedure, so that none of the other regime can be recorded by any door.
STEP_OF_KIND = """
    IF NOT EXISTS (
        SELECT 1 FROM procedure_procedure p JOIN procedure_stepkind k ON k.kind_id = p.kind_id
         WHERE p.id = NEW.procedure_id AND k.id = NEW.step_id) THEN
        RAISE EXCEPTION 'step % does not belong to the kind of procedure %', NEW.step_id, NEW.procedure_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ProcedureStep(models.Model):
    """One step that was taken, on a day, by a source. One taken back in error stays readable, with the reason."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="steps", db_index=False)
    step = models.ForeignKey(StepKind, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80)
    struck_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=500, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "step"],
                condition=Q(struck_at=None),
                name="procedure_step_once",
                violation_error_message=_("This step is recorded already. Take the other one back first."),
            ),
            models.CheckConstraint(
                name="procedure_step_struck_with_reason",
                condition=Q(struck_at=None) | ~Q(reason=""),
                violation_error_message=_("Say why the step is taken back."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="step_of_kind",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=STEP_OF_KIND,
            ),
        ]

    def __str__(self) -> str:
        return self.step.name
