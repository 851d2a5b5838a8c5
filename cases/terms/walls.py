"""What of the guards stands behind the second wall, and the work that looks over it to judge a case whole."""

from cases.case.models import ReturnCase, Signal
from cases.case.walls import open_to
from cases.terms.models import GuardStatement
from leidraad.lib.wall import let_past, register_principal, register_wall
from partners.policy import SENSITIVE

PRINCIPAL = "guards"


def register() -> None:
    """Called once when the app is ready. Other rooms let this principal past their own walls."""
    kinds = " ".join(
        f"WHEN {{row}}.section = '{section}' THEN ({open_to(section, '{row}.case_id')})"
        for section in sorted(SENSITIVE)
    )
    register_wall(GuardStatement, f"CASE {kinds} ELSE ({open_to('case', '{row}.case_id')}) END")
    register_principal(
        PRINCIPAL,
        "Judges whether an act may go ahead by everything that is known, also what the asker may not read.",
        ReturnCase,
        Signal,
        GuardStatement,
    )
    for name in ("demo", "bench", "verify_log", "check_history"):
        let_past(name, GuardStatement)
