"""What the rows of a file state of procedure, decision, appeal and claim, handed to the subject that keeps it. Set-based."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases.case.models import ReturnCase
from cases.procedure.models import Authority, Effect, Regime
from cases.procedure.stated_facts import NOT_NAMED, Stated, record_stated, revise_stated
from cases.procedure.stated_left_out import LeftOut
from handover.importing.context import REASON, Context
from handover.importing.outcomes import left_out_remarks
from handover.intake.judging import GoodRow

Pair = tuple[ReturnCase, GoodRow]
Remarks = dict[int, list[dict[str, Any]]]

# The ground names the decision only here; elsewhere it may rest on more than one article.
DECISIONS: Mapping[str, str] = {
    "dublin": "transfer",
    "geen_rechtmatig_verblijf": "return_decision",
    "regulier_ingetrokken": "regular_withdrawn",
}
# On these only IND decides; who decided on the others a dossier does not say.
OF_IND = frozenset({"asiel_afgewezen", "dublin", "bescherming_elders_eu", "regulier_ingetrokken"})
REGIMES: Mapping[str, str] = {"": "", "pact": Regime.PACT, "oud": Regime.FORMER}
EFFECTS: Mapping[str, str] = {
    "": "",
    "auto": Effect.AUTO,
    "tot_vovo_uitspraak": Effect.UNTIL_RELIEF,
    "geen": Effect.NONE,
}


def add_law(pairs: Sequence[Pair], context: Context) -> Remarks:
    """Of cases that were opened just now. What was left out, as remarks by the number of the row."""
    left = record_stated([stated_of(case, row) for case, row in pairs], by=context.by, reason=REASON)
    return _remarks(pairs, left)


def update_law(pairs: Sequence[Pair], context: Context) -> Remarks:
    """Of dossiers with other content. The caller holds the locks of the cases."""
    left = revise_stated([stated_of(case, row) for case, row in pairs], by=context.by, reason=REASON)
    return _remarks(pairs, left)


def stated_of(case: ReturnCase, row: GoodRow) -> Stated:
    return Stated(
        case=case,
        source=f"dossier {row.supplier}, referentie {row.reference}",
        decision=DECISIONS.get(row.ground, NOT_NAMED),
        authority=Authority.IND if row.ground in OF_IND else Authority.NOT_STATED,
        applied_on=row.applied_on,
        regime=REGIMES[row.regime],
        return_decision_on=row.return_decision_on,
        notified_on=row.notified_on,
        return_country=row.return_country,
        departure_period_days=row.departure_period_days,
        suspensive_effect=EFFECTS[row.suspensive_effect],
        appealed_on=row.appealed_on,
        ruled_on=row.ruled_on,
        entry_ban_years=row.entry_ban_years,
        responsible_state=row.responsible_state,
        claim_accepted_on=row.claim_accepted_on,
        transfer_deadline=row.transfer_deadline,
    )


def _remarks(pairs: Sequence[Pair], left: Mapping[int, list[LeftOut]]) -> Remarks:
    return {row.row_number: left_out_remarks(left[case.pk]) for case, row in pairs}
