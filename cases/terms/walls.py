"""What of guards and deadlines stands behind the second wall, and the work that looks over it to judge or count a case whole."""

from cases.case.models import ReturnCase, Signal
from cases.case.walls import open_to
from cases.terms.keeping import KEEPERS
from cases.terms.models import (
    GuardStatement,
    Incident,
    IncidentReply,
    KeptDeadline,
    KeptFinding,
    KeptJudgement,
    Reminder,
    Stop,
    Unwatched,
)
from cases.terms.reminding import OTHERS as ENDS
from cases.terms.reminding import PRINCIPALS as REMINDERS
from leidraad.lib.wall import let_past, register_principal, register_wall
from partners.policy import SENSITIVE

PRINCIPAL = "guards"
# Tells that a stop stands; what is about a closed section never leaves `cases.terms.stops`.
STOPS = "stops"
# Who placed a stop knows of it without the grant on its section.
PLACED = """({row}.organisation_id = (SELECT u.organisation_id FROM partners_unit u WHERE u.id = (SELECT leidraad_unit())))"""
COUNTS = "Counts the deadlines of cases from what is recorded, and keeps them for lists."


def register() -> None:
    """Called once when the app is ready. Other rooms let this principal past their own walls."""
    register_wall(GuardStatement, _open_by("section"))
    register_wall(Stop, f"{_open_by('section')} OR ({PLACED} AND ({open_to('case', '{row}.case_id')}))")
    # That a term runs may tell of a detention, an illness or a victim.
    register_wall(KeptDeadline, _open_by("walled"))
    register_wall(KeptFinding, _open_by("section"))
    register_wall(KeptJudgement, open_to("case", "{row}.case_id"))
    # Both units answer for what happened, also after their part in the case has ended.
    ours = "(SELECT leidraad_unit()) IN ({row}.lead_id, {row}.unit_id)"
    register_wall(Incident, f"{ours} OR {open_to('case', '{row}.case_id')}")
    register_wall(IncidentReply, "EXISTS (SELECT 1 FROM terms_incident i WHERE i.id = {row}.incident_id)")
    for keeper in KEEPERS:
        register_principal(keeper, COUNTS, ReturnCase, KeptDeadline)
    register_wall(Reminder, _open_by("walled"))
    register_wall(Unwatched, _open_by("section"))
    for reminder in REMINDERS:
        register_principal(
            reminder, "Reminds of terms those who may know of them.", ReturnCase, KeptDeadline, Reminder, Unwatched
        )
    let_past(ENDS, Stop)
    register_principal(
        PRINCIPAL,
        "Judges whether an act may go ahead by everything that is known, also what the asker may not read.",
        ReturnCase,
        Signal,
        GuardStatement,
        Stop,
        KeptJudgement,
        KeptFinding,
    )
    register_principal(
        STOPS, "Tells that a stop stands, of whom and until when, also to who may not read its ground.", Stop
    )
    kept = (
        GuardStatement,
        KeptDeadline,
        Reminder,
        Stop,
        Unwatched,
        KeptJudgement,
        KeptFinding,
        Incident,
        IncidentReply,
    )
    for name in ("demo", "bench", "verify_log", "check_history"):
        let_past(name, *kept)


def _open_by(column: str) -> str:
    """A row shows with the case, and one of a sensitive section, which the column names, with the grant on that."""
    kinds = " ".join(
        f"WHEN {{row}}.{column} = '{section}' THEN ({open_to(section, '{row}.case_id')})"
        for section in sorted(SENSITIVE)
    )
    return f"CASE {kinds} ELSE ({open_to('case', '{row}.case_id')}) END"
