"""Which facts of law stand behind the second wall: those that tell of an illness, a victim or a criminal case."""

from cases.case.models import Part
from cases.case.walls import open_to
from cases.procedure.models import Postponement, PostponementStep
from cases.terms.keeping import KEEPERS
from cases.terms.models import KeptDeadline
from leidraad.lib.wall import let_past, register_wall, widen_wall
from partners.policy import SENSITIVE

# Who decides on such a ground knows of it by law, without the grant on the section: IND, beside others or as the first to lead.
DECIDES = f"""EXISTS (
        SELECT 1 FROM cases_involvement i JOIN partners_unit u ON u.id = i.unit_id
          JOIN partners_organisation o ON o.id = u.organisation_id
         WHERE i.case_id = {{row}}.case_id AND i.unit_id = (SELECT leidraad_unit()) AND i.until IS NULL
           AND o.code = 'ind' AND i.part IN ('{Part.DECISION}', '{Part.LEAD}'))"""  # noqa: S608 - constants of this module
STEP = "EXISTS (SELECT 1 FROM procedure_postponement p WHERE p.id = {row}.postponement_id)"


def register() -> None:
    """Called once when the app is ready."""
    kinds = " ".join(
        f"WHEN {{row}}.section = '{section}' THEN ({open_to(section, '{row}.case_id')} OR {DECIDES})"
        for section in sorted(SENSITIVE)
    )
    register_wall(Postponement, f"CASE {kinds} ELSE ({open_to('case', '{row}.case_id')}) END")
    register_wall(PostponementStep, STEP)
    widen_wall(KeptDeadline, f"{{row}}.key LIKE 'postponement:%' AND {DECIDES}")
    for name in ("demo", "bench", "verify_log", "check_history", "guards", *KEEPERS):
        let_past(name, Postponement, PostponementStep)
