"""HOW IT MOVES: kinds with their checklists, dossiers, handovers with their rounds and steps, and files of dossiers,
and referrals."""

from handover.models.dossier import Dossier, DossierVersion
from handover.models.files import DossierFile, DossierRow, FileStatus
from handover.models.handover import Handover, HandoverItem, HandoverStep, ItemState
from handover.models.held import Decision, HeldDecision
from handover.models.kinds import ChecklistItem, HandoverKind, ReturnReason, Supplier, TermUnit
from handover.models.referral import Referral, ReferralJudgement, ReferralReason

__all__ = [
    "ChecklistItem",
    "Decision",
    "Dossier",
    "DossierFile",
    "DossierRow",
    "DossierVersion",
    "FileStatus",
    "Handover",
    "HandoverItem",
    "HandoverKind",
    "HandoverStep",
    "HeldDecision",
    "ItemState",
    "Referral",
    "ReferralJudgement",
    "ReferralReason",
    "ReturnReason",
    "Supplier",
    "TermUnit",
]
