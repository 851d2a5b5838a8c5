"""One fact of law of each kind in a case, stored past every right: for pages that others must not open."""

from datetime import timedelta
from typing import Any

from cases.case.models import ReturnCase
from cases.procedure.models import (
    Decision,
    DecisionKind,
    Hearing,
    LegalFact,
    LegalGround,
    Postponement,
    PostponementKind,
    Procedure,
    ProcedureKind,
    ProcedureStep,
    Remedy,
    SuspensionRule,
    TransferClaim,
    TransferMove,
)
from cases.terms.models import GuardStatement
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member, Unit
from tests.cast import PRINCIPAL


def stored(fact: LegalFact) -> Any:
    """Confirmed, of IND."""
    fact.source, fact.recorded_at, fact.confirmed_at = "IND", clock.now(), clock.now()
    return save_as(fact, by=PRINCIPAL)


def _somebody_of(unit: Unit) -> Member:
    return Member.objects.filter(memberships__unit=unit).order_by("pk")[0]


def recorded_law(case: ReturnCase) -> dict[str, Any]:
    """The keys of a procedure with a step, a decision with a remedy and a hearing, a claim with a move, a postponement."""
    today = clock.today()
    ago = [today - timedelta(days=days) for days in range(60)]
    kind = ProcedureKind.objects.get(code="normal")
    procedure = stored(Procedure(case=case, kind=kind, regime="pact", lodged_on=ago[50]))
    step = ProcedureStep(procedure=procedure, step=kind.steps.get(code="lodged"), on=ago[50], source="IND")
    decision = stored(
        Decision(
            case=case,
            kind=DecisionKind.objects.get(code="unfounded"),
            regime="pact",
            decided_on=ago[20],
            notified_on=ago[19],
            notified_how="in_person",
            is_return_decision=True,
            countries=["DZA"],
            period_days=28,
        )
    )
    rule = SuspensionRule.objects.get(code="pact_unfounded")
    remedy = stored(
        Remedy(case=case, decision=decision, kind="appeal", lodged_on=ago[9], effect=rule.effect, suspension=rule)
    )
    hearing = Hearing(remedy=remedy, at=clock.now() + timedelta(days=9), place="Rechtbank")
    claim = stored(
        TransferClaim(case=case, state="DEU", regime="pact", requested_on=ago[40], replied_on=ago[20], reply="accepted")
    )
    ground = LegalGround.objects.get(topic="transfer_moved", code="prison")
    move = TransferMove(claim=claim, ground=ground, decided_on=ago[5], latest_on=today, source="IND")
    no_fault = PostponementKind.objects.get(code="no_fault")
    postponement = stored(
        Postponement(case=case, kind=no_fault, section=no_fault.section, state="requested", since=ago[3])
    )
    lead = case.led_by
    statement = GuardStatement(
        case=case, topic="fresh_test", value="done", section="procedure", on=ago[2], source="IND"
    )
    statement.recorded_by, statement.unit, statement.recorded_at = _somebody_of(lead), lead, clock.now()
    return {
        "statement": save_as(statement, by=PRINCIPAL).pk,
        "procedure": procedure.pk,
        "step": save_as(step, by=PRINCIPAL).pk,
        "decision": decision.pk,
        "remedy": remedy.pk,
        "hearing": save_as(hearing, by=PRINCIPAL).pk,
        "claim": claim.pk,
        "move": save_as(move, by=PRINCIPAL).pk,
        "postponement": postponement.pk,
    }
