"""Facts as a subject would tell them, and plans, for the pure tests of the guards. The day is Thursday 26 November 2026."""

from datetime import date, timedelta
from typing import Any

from cases.terms.guards.findings import Plan, Settings
from cases.terms.guards.known import (
    AnswerFact,
    ApplicationFact,
    ClaimFact,
    CustodyFact,
    DecisionFact,
    DecisionRole,
    IdentityFact,
    Known,
    MemberFact,
    Part,
    PersonFact,
    PostponementFact,
    RemedyFact,
    RemedyType,
    RepresentativeFact,
    SignalFact,
    StatementFact,
    Suspension,
    Topic,
)
from cases.terms.models import Act

TODAY = date(2026, 11, 26)
SETTINGS = Settings(removability_days=30, identity_rank=5, eu_citizens=frozenset({"POL", "DEU"}))
CHECKS = frozenset({"hearing", "rungs", "test", "court"})


def _with(values: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return values | more


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def plan(act: Act = Act.FORCED_REMOVAL, on: date = TODAY, **more: Any) -> Plan:
    values: dict[str, Any] = {"today": TODAY, "destination": "DZA", "settings": SETTINGS}
    return Plan(act=act, on=on, **(values | more))


def transfer(on: date = TODAY, **more: Any) -> Plan:
    return plan(Act.DUBLIN_TRANSFER, on, **({"destination": "DEU"} | more))


def refusal(**more: Any) -> DecisionFact:
    """A refusal that is a return decision to Algeria, long final: its terms and its period are over."""
    values: dict[str, Any] = {
        "source": "IND",
        "on": ago(100),
        "key": 1,
        "roles": frozenset({DecisionRole.RETURN}),
        "decided_on": ago(100),
        "notified_on": ago(99),
        "countries": frozenset({"DZA"}),
        "period_days": 28,
        "suspension": Suspension.AUTO,
        "remedy_until": ago(80),
        "relief_until": ago(90),
    }
    return DecisionFact(**(values | more))


def short_refusal(**more: Any) -> DecisionFact:
    """One of the classes in which removal waits for the term of relief."""
    return refusal(**({"suspension": Suspension.UNTIL_RELIEF} | more))


def transfer_decision(**more: Any) -> DecisionFact:
    values: dict[str, Any] = {
        "roles": frozenset({DecisionRole.TRANSFER}),
        "countries": frozenset(),
        "period_days": None,
        "suspension": Suspension.UNTIL_RELIEF,
    }
    return refusal(**(values | more))


def granted(days: int) -> DecisionFact:
    return refusal(key=2, roles=frozenset({DecisionRole.GRANTED}), decided_on=ago(days), countries=frozenset())


def remedy(kind: str = "appeal", effect: str = "auto", lodged: int = 85, **more: Any) -> RemedyFact:
    values: dict[str, Any] = {
        "source": "IND",
        "on": ago(lodged),
        "decision": 1,
        "kind": RemedyType(kind),
        "lodged_on": ago(lodged),
        "late": False,
        "effect": Suspension(effect),
    }
    return RemedyFact(**(values | more))


def ruled(
    kind: str = "appeal", effect: str = "auto", days: int = 60, ruling: str = "dismissed", **more: Any
) -> RemedyFact:
    return remedy(kind, effect, ruled_on=ago(days), ruling=ruling, **more)


def relief(**more: Any) -> RemedyFact:
    return remedy("interim_relief", **({"effect": "until_relief_ruling"} | more))


def claim(latest: date | None = TODAY, **more: Any) -> ClaimFact:
    return ClaimFact(
        **_with({"source": "IND", "on": ago(20), "state": "DEU", "accepted": True, "latest_on": latest}, more)
    )


def application(lodged: int | None = 10, *, asylum: bool = True, **more: Any) -> ApplicationFact:
    day = None if lodged is None else ago(lodged)
    return ApplicationFact(source="IND", on=day, asylum=asylum, lodged_on=day, **more)


def postponed(kind: str, state: str = "granted", **more: Any) -> PostponementFact:
    section = {"art64": "medical", "pregnancy": "medical", "trafficking": "risk", "criminal_case": "risk"}
    values: dict[str, Any] = {
        "source": "IND",
        "on": ago(10),
        "since": ago(10),
        "section": section.get(kind, "decisions"),
    }
    return PostponementFact(kind=kind, state=state, **(values | more))


def answer(days: int = 1, value: str = "removable", **more: Any) -> AnswerFact:
    return AnswerFact(**_with({"source": "IND", "on": ago(days), "value": value, "ground": "no_obstacle"}, more))


def custody(days: int = 3, **more: Any) -> CustodyFact:
    """An orderly detention of the current law that began `days` ago, its notice sent the same day."""
    values: dict[str, Any] = {
        "source": "AVIM",
        "on": ago(days),
        "kind": "art59_1a",
        "last_day": ahead(150),
        "checks": CHECKS,
        "heard": True,
        "grounded": True,
        "weighed": True,
        "tested": True,
        "minor_days": 14,
        "ruling_is_due": True,
        "notices": (ago(days),),
    }
    return CustodyFact(**(values | more))


def adult(**more: Any) -> PersonFact:
    values: dict[str, Any] = {
        "source": "IND",
        "on": ago(100),
        "nationality": "DZA",
        "sex": "M",
        "eighteen_from": ago(4000),
        "eighteen_until": ago(4000),
        "unaccompanied": False,
    }
    return PersonFact(**(values | more))


def child(eighteen: date = date(2028, 1, 1), *, unaccompanied: bool | None = True, **more: Any) -> PersonFact:
    return adult(eighteen_from=eighteen, eighteen_until=eighteen, unaccompanied=unaccompanied, **more)


def member(**more: Any) -> MemberFact:
    return MemberFact(**_with({"source": "IND", "on": ago(100), "case": 2}, more))


def signal(kind: str, days: int = 5) -> SignalFact:
    return SignalFact(source="DT&V", on=ago(days), kind=kind)


def lawyer(**more: Any) -> RepresentativeFact:
    return RepresentativeFact(**_with({"source": "IND", "kind": "lawyer"}, more))


def guardian(informed: date | None) -> RepresentativeFact:
    return RepresentativeFact(source="Nidos", kind="guardian", informed_on=informed)


def identity(differences: int = 0, rank: int | None = 5) -> IdentityFact:
    return IdentityFact(source="IND", differences=differences, rank=rank)


def stated(topic: Topic, value: str, days: int = 1, **more: Any) -> StatementFact:
    return StatementFact(source="DT&V", on=ago(days), topic=topic, value=value, **more)


def known(*parts: Part) -> Known:
    return Known.of(parts)


READY_CHILD = (
    postponed("uam_reception", "verified"),
    guardian(ago(7)),
    lawyer(),
    stated(Topic.INTERPRETER, "arranged"),
)
