"""What of a departure stands behind the second wall, and the work that looks over it."""

from cases.case.models import ReturnCase, Signal
from cases.case.walls import open_to
from cases.departure.looking_again import PRINCIPAL
from cases.departure.models import Departure
from cases.terms.models import KeptFinding, KeptJudgement
from leidraad.lib.wall import let_past, register_principal, register_wall


def register() -> None:
    """Called once when the app is ready."""
    register_wall(Departure, open_to("case", "{row}.case_id"))
    register_principal(
        PRINCIPAL,
        "Takes back bookings and permissions that a new fact holds back.",
        ReturnCase,
        Signal,
        Departure,
        KeptJudgement,
        KeptFinding,
    )
    for name in ("demo", "bench", "verify_log", "check_history"):
        let_past(name, Departure)
