"""Facts of law in a named state, recorded by the same acts that users use."""

from datetime import date, timedelta
from typing import Any

from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.procedure.actions.claims import ClaimFacts, record_claim
from cases.procedure.actions.decisions import NewDecision, Notification, record_decision
from cases.procedure.actions.procedures import NewProcedure, begin_procedure
from cases.procedure.actions.remedies import NewRemedy, lodge_remedy
from cases.procedure.models import (
    Decision,
    DecisionKind,
    LegalGround,
    Notified,
    PostponementKind,
    Procedure,
    ProcedureKind,
    Regime,
    Remedy,
    StepKind,
    SuspensionRule,
    TransferClaim,
)
from leidraad.lib import clock
from partners.models import Member
from tests.cast import Cast
from tests.factories import involve, led_case, person, unit

COUNTRY = "DZA"


def in_procedure(cast: Cast, **values: Any) -> ReturnCase:
    """A case of the regievoerder in which IND decides."""
    case = led_case(cast.regievoerder, person(**values)) if values else led_case(cast.regievoerder)
    return involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)


def days_ago(count: int) -> date:
    return clock.today() - timedelta(days=count)


def procedure_kind(code: str) -> ProcedureKind:
    found: ProcedureKind = ProcedureKind.objects.get(code=code)
    return found


def step_kind(kind: str, code: str) -> StepKind:
    return StepKind.objects.get(kind__code=kind, code=code)


def decision_kind(code: str) -> DecisionKind:
    found: DecisionKind = DecisionKind.objects.get(code=code)
    return found


def legal_ground(topic: str, code: str) -> LegalGround:
    found: LegalGround = LegalGround.objects.get(topic=topic, code=code)
    return found


def rule(code: str) -> SuspensionRule:
    found: SuspensionRule = SuspensionRule.objects.get(code=code)
    return found


def postponement_kind(code: str) -> PostponementKind:
    found: PostponementKind = PostponementKind.objects.get(code=code)
    return found


def begun(case: ReturnCase, by: Member, kind: str = "normal", lodged: int = 60, **more: Any) -> Procedure:
    """`lodged` days ago, in the regime of the kind."""
    found = procedure_kind(kind)
    regime = found.scope if found.scope in Regime.values else Regime.PACT
    return begin_procedure(case, NewProcedure(found, regime, days_ago(lodged), **more), by=by)


def refusing(kind: str = "unfounded", decided: int = 20, *, told: int | None = 19, **more: Any) -> NewDecision:
    """A refusal that is a return decision with a period of 28 days. `told` days ago; None: not told yet."""
    values: dict[str, Any] = {
        "kind": decision_kind(kind),
        "regime": Regime.PACT,
        "decided_on": days_ago(decided),
        "is_return_decision": True,
        "countries": (COUNTRY,),
        "period_days": 28,
        "notification": None if told is None else Notification(days_ago(told), Notified.IN_PERSON, language="ara"),
    }
    return NewDecision(**(values | more))


def decided(case: ReturnCase, by: Member, new: NewDecision | None = None) -> Decision:
    (decision,) = record_decision([case], new or refusing(), by=by)
    return decision


def lodged(decision: Decision, by: Member, kind: str = "appeal", days: int = 10, **more: Any) -> Remedy:
    (remedy,) = lodge_remedy([decision], NewRemedy(kind, days_ago(days), **more), by=by)
    return remedy


def accepted_claim(case: ReturnCase, by: Member, **more: Any) -> TransferClaim:
    values: dict[str, Any] = {
        "requested_on": days_ago(40),
        "replied_on": days_ago(20),
        "reply": "accepted",
        "latest_on": days_ago(-160),
    }
    return record_claim(case, ClaimFacts("DEU", Regime.PACT, **(values | more)), by=by)
