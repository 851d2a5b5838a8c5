"""In which term a decision may be contested, and its last day. What the sources leave open has no last day."""

from collections.abc import Mapping
from datetime import date

from cases.procedure.models import Decision, Regime, RemedyKind
from cases.terms.calendars import statutory
from cases.terms.calendars.shape import Duration, TermUnit

# Rule of the decision -> weeks (Vw 69): appeal, or objection where that comes first.
WEEKS: Mapping[str, int] = {"appeal-short": 1, "appeal-mid": 2, "appeal-general": 4}
# Vw 69: two weeks in the class of one week, four in the class of two. For the others the sources name none.
HIGHER_WEEKS: Mapping[str, int] = {"appeal-short": 2, "appeal-mid": 4}
# Vw-o 69: one week for a refusal in the general procedure, 30-30c and 62b; else four.
FORMER_WEEK = frozenset({"other_state", "inadmissible", "manifestly_unfounded", "discontinued", "transfer"})
GENERAL_PROCEDURES = frozenset({"general_6", "general_8"})
RELIEF_WEEKS = 1  # relief-stay, current law


def weeks_for(decision: Decision, kind: str) -> int | None:
    """Weeks from the notification (from the ruling for a higher appeal) in which the remedy is in time; None: not known."""
    rule, former = decision.kind.term, decision.regime == Regime.FORMER
    if kind == RemedyKind.RELIEF:
        return None if former or rule in ("", "appeal-general") else RELIEF_WEEKS
    if kind == RemedyKind.HIGHER_APPEAL:
        return None if former else HIGHER_WEEKS.get(rule)
    if kind == RemedyKind.ECTHR or not rule:
        return None
    return former_weeks(decision) if former and rule != "appeal-general" else WEEKS.get(rule)


def former_weeks(decision: Decision) -> int:
    procedure = decision.procedure
    general = procedure is not None and procedure.kind is not None and procedure.kind.code in GENERAL_PROCEDURES
    return 1 if general or decision.kind.code in FORMER_WEEK else 4


def last_day_of(decision: Decision, kind: str) -> date | None:
    """The last day on which the remedy is in time, by the reading that is best for the person.

    None while the person was not told of the decision, and where the sources leave the term open. One query for a higher
    appeal: its term starts with the ruling on the appeal.
    """
    weeks, start = weeks_for(decision, kind), decision.notified_on
    if kind == RemedyKind.HIGHER_APPEAL:
        appeal = decision.remedies.filter(kind=RemedyKind.APPEAL, struck_at=None, ruled_on__isnull=False)
        start = appeal.order_by("-ruled_on").values_list("ruled_on", flat=True).first()
    if weeks is None or start is None:
        return None
    return statutory.ends(start, Duration(weeks, TermUnit.WEEKS)).best_for_person
