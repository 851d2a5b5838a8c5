"""What a remedy does to removal: the row of the suspension matrix that the law points at. A person may say otherwise."""

from datetime import date

from cases.procedure.models import Decision, Regime, RemedyKind
from cases.procedure.remedy_terms import last_day_of

REGULAR = frozenset({"regular_refused", "regular_withdrawn", "objection_decided"})
# APR 68(3), as far as the sources name the classes.
SHORT_CLASS = frozenset({"inadmissible", "manifestly_unfounded", "discontinued"})
SHORT_PROCEDURES = frozenset({"accelerated", "border", "return_border"})
FULL_CLASS = frozenset({"unfounded", "permit_withdrawn"})
FORMER_SHORT = SHORT_CLASS | {"other_state"}
ASYLUM = FULL_CLASS | SHORT_CLASS


def is_late(decision: Decision, kind: str, lodged_on: date, appeal_on: date | None = None) -> bool | None:
    """Whether the remedy came after its term; None where the notification or the term is not known.

    Relief against a transfer is in time only with the appeal (Vw 69(7)); `appeal_on` is its day.
    """
    if kind == RemedyKind.ECTHR:
        return None
    if kind == RemedyKind.RELIEF and decision.kind.transfers:
        return None if appeal_on is None else lodged_on > appeal_on
    last = last_day_of(decision, kind)
    return None if last is None else lodged_on > last


def proposed_rule(decision: Decision, kind: str, *, late: bool | None) -> str:
    """Code of the `SuspensionRule`. What is not known to be late counts for the person."""
    if kind == RemedyKind.ECTHR:
        return "ecthr"
    if late:
        return "late"
    if kind == RemedyKind.HIGHER_APPEAL:
        return "higher_appeal"
    if kind == RemedyKind.RELIEF:
        return "relief_unsure" if late is None else "relief_asked"
    if decision.kind.code in REGULAR:
        return "regular" if kind == RemedyKind.OBJECTION else "general_none"
    return _of_appeal(decision)


def _of_appeal(decision: Decision) -> str:
    code, former = decision.kind.code, decision.regime == Regime.FORMER
    if former and code in FORMER_SHORT:
        return "former_none"
    if decision.kind.transfers:
        return "transfer"
    if former and code in FULL_CLASS:
        return "former_auto"
    if code in SHORT_CLASS or (code in ASYLUM and _procedure(decision) in SHORT_PROCEDURES):
        return "pact_apr68"
    return "pact_unfounded" if code in FULL_CLASS else "general_none"


def _procedure(decision: Decision) -> str:
    return decision.procedure.kind.code if decision.procedure and decision.procedure.kind else ""
