"""What of a case stands behind the second wall, and which work of the system may look over it."""

from cases.case.models import CaseSearch, ProtectedAddress, ReturnCase, Signal, SilentCase
from cases.case.models.choices import SIGNAL_SECTION
from leidraad.lib.wall import register_principal, register_wall
from partners.policy import SENSITIVE

# A grant of the acting unit on the case. Each subquery that names no row is evaluated once a statement. With OFFSET 0 the grant
# is looked up for each row: otherwise, from some ten rows on, the planner reads all grants of the unit first, and has no idea
# how many they are (40 ms for 51 found cases of a unit that sees 70,000).
GRANTED = """EXISTS (
        SELECT 1 FROM cases_casegrant g
         WHERE g.content_object_id = {case} AND g.group_id = (SELECT leidraad_group())
           AND g.permission_id = (SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
                                   WHERE t.app_label = 'cases' AND p.codename = '{right}_returncase')
        OFFSET 0)"""
# Emergency access is of one member and has no grant. Whether its hour is over, `visible_to` says: this is the wall.
NAMED = """EXISTS (
        SELECT 1 FROM cases_namedaccess n
         WHERE n.case_id = {case} AND n.member_id = (SELECT leidraad_member()) AND n.ended_at IS NULL
           AND n.section = '{section}')"""


def open_to(section: str, case: str) -> str:
    """SQL: the acting unit has the grant on this section ("case": on the case itself), or its member emergency access."""
    granted = GRANTED.replace("{case}", case).replace("{right}", "view" if section == "case" else section)
    return f"{granted} OR {NAMED.replace('{case}', case).replace('{section}', section)}"


def _signal() -> str:
    """A signal shows to who may see the case, and one of a sensitive kind only with the grant on that section."""
    kinds = {
        section: [str(kind) for kind, its in SIGNAL_SECTION.items() if its == section]
        for section in sorted(SENSITIVE & set(SIGNAL_SECTION.values()))
    }
    walled = " ".join(
        f"WHEN {{row}}.kind IN ({', '.join(repr(kind) for kind in its)}) THEN ({open_to(section, '{row}.case_id')})"
        for section, its in kinds.items()
    )
    return f"CASE {walled} ELSE ({open_to('case', '{row}.case_id')}) END"


def register() -> None:
    register_wall(ReturnCase, open_to("case", "{row}.id"))
    register_wall(ProtectedAddress, open_to("protected_address", "{row}.case_id"))
    register_wall(Signal, _signal())
    register_wall(SilentCase, open_to("case", "{row}.case_id"))

    # Found through `cases_find` only. The row of a case with its groups is the one that names it.
    register_wall(CaseSearch, "{row}.group_ids @> ARRAY[(SELECT leidraad_group())]")
    register_principal(
        "demo", "Fills an empty demo database with people who do not exist.", ReturnCase, ProtectedAddress, Signal
    )
    everything = (ReturnCase, ProtectedAddress, Signal, SilentCase, CaseSearch)
    register_principal("bench", "Measures questions on a database of invented cases.", *everything)
    register_principal(
        "lib.seal_history", "Seals every version and every look by their fingerprints, without reading one."
    )
    register_principal("verify_log", "Compares every version and every look with its seal.", *everything)
    register_principal("check_grants", "Compares the grants with the parts that units play.", ReturnCase, CaseSearch)
    register_principal(
        "check_history", "Compares each record with its last version.", ReturnCase, ProtectedAddress, Signal
    )
    register_principal(
        "cases.go_on_redistributing", "Gives cases to other directors, as a manager ordered.", ReturnCase
    )
    register_principal("cases.resume_redistributions", "Takes up a redistribution that came to a stop.")
    register_principal("cases.go_on_granting", "Makes grants equal to a new version of the policy.", ReturnCase)
    register_principal("cases.follow_policy", "Takes up such work that came to a stop, and starts it on a new day.")
    register_principal(
        "protection", "Tells whether an address is protected, never which, so that no place is shown.", ProtectedAddress
    )
    register_principal(
        "figures",
        "Counts cases, for reports and to say that there are others; no row leaves it.",
        ReturnCase,
        SilentCase,
    )
    register_principal("cases.keep_silent", "Finds cases for which nobody is at turn.", ReturnCase, SilentCase)
