"""What of measures stands behind the second wall: custody with the grant on it, the rest with the case."""

from cases.case.walls import open_to
from cases.supervision.measure_actions import PRINCIPAL
from cases.supervision.measure_states import Family
from cases.supervision.models import CourtFact, Measure, MeasureExtension, MeasureRung, VulnerabilityNote
from cases.terms.keeping import KEEPERS
from leidraad.lib.wall import let_past, register_principal, register_wall

# Policies ask the measure's own policy: whoever finds the measure finds what belongs to it.
OF_MEASURE = "EXISTS (SELECT 1 FROM supervision_measure m WHERE m.id = {row}.measure_id)"
ALL = (Measure, MeasureRung, VulnerabilityNote, CourtFact, MeasureExtension)


def _measure() -> str:
    custody, case = open_to("custody", "{row}.case_id"), open_to("case", "{row}.case_id")
    return f"CASE WHEN {{row}}.family = '{Family.CUSTODY}' THEN ({custody}) ELSE ({case}) END"


def register() -> None:
    """Called once when the app is ready."""
    register_wall(Measure, _measure())
    register_wall(MeasureRung, OF_MEASURE)
    register_wall(CourtFact, OF_MEASURE)
    register_wall(MeasureExtension, OF_MEASURE)
    own = "{row}.unit_id = (SELECT leidraad_unit())"
    register_wall(VulnerabilityNote, f"({open_to('medical', '{row}.case_id')} OR {own}) AND {OF_MEASURE}")
    for name in ("demo", "bench", "verify_log", "check_history"):
        let_past(name, *ALL)
    let_past("guards", Measure, MeasureRung, CourtFact, MeasureExtension)
    for name in KEEPERS:
        let_past(name, Measure, CourtFact, MeasureExtension)
    register_principal(PRINCIPAL, "Puts down the measures that accepted dossiers state.", Measure)
