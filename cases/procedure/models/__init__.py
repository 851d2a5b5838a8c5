"""IND's records: procedures, what was decided, what came of it, and what IND answered to others; who speaks for the person."""

from cases.procedure.models.answers import AnswerGround, RemovabilityAnswer
from cases.procedure.models.claims import ClaimReply, TransferClaim, TransferMove
from cases.procedure.models.decisions import Authority, Decision, Notified, PeriodChange
from cases.procedure.models.facts import LegalFact
from cases.procedure.models.kinds import (
    Confidence,
    DecisionKind,
    Effect,
    LegalGround,
    PostponementKind,
    ProcedureKind,
    Regime,
    Scope,
    StepKind,
    SuspensionRule,
    Topic,
)
from cases.procedure.models.postponements import Postponement, PostponementState, PostponementStep
from cases.procedure.models.procedures import Procedure, ProcedureStep, Result, regime_of
from cases.procedure.models.remedies import Hearing, Remedy, RemedyKind, Ruling
from cases.procedure.models.representatives import (
    HowInformed,
    InformedMatter,
    Representative,
    RepresentativeInformed,
    RepresentativeKind,
)

__all__ = [
    "AnswerGround",
    "Authority",
    "ClaimReply",
    "Confidence",
    "Decision",
    "DecisionKind",
    "Effect",
    "Hearing",
    "HowInformed",
    "InformedMatter",
    "LegalFact",
    "LegalGround",
    "Notified",
    "PeriodChange",
    "Postponement",
    "PostponementKind",
    "PostponementState",
    "PostponementStep",
    "Procedure",
    "ProcedureKind",
    "ProcedureStep",
    "Regime",
    "Remedy",
    "RemedyKind",
    "RemovabilityAnswer",
    "Representative",
    "RepresentativeInformed",
    "RepresentativeKind",
    "Result",
    "Ruling",
    "Scope",
    "StepKind",
    "SuspensionRule",
    "Topic",
    "TransferClaim",
    "TransferMove",
    "regime_of",
]
