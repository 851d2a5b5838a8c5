"""Who may do what: the dated policy table `reference/policy.csv` and the pure functions over it.

Two keys, both needed. The first is the acting unit's part in the case (`cases.case.access`), the second the acting
member's role. This module is the second, and knows which parts carry a section at all. It knows no case.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed
from partners.models import Member

POLICY_FILE = Path(__file__).parent / "reference" / "policy.csv"

# Sections whose opening is a guardian grant of its own per case, because it is truly per object.
SENSITIVE = frozenset({"medical", "custody", "protected_address", "risk", "iom_content"})
NO_CASE = "-"
# Not a part that a unit plays: what a role may see in a case that emergency access has opened to one member.
EMERGENCY = "emergency"
ANY_ROLE = "*"
READING = frozenset({"view"})


@dataclass(frozen=True)
class Rule:
    """One line: members of `organisation` in `role` may `verb` the `section` when their unit plays `part`."""

    organisation: str
    role: str
    part: str
    section: str
    verb: str
    condition: str
    ground: str
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def _rules(line: dict[str, str]) -> Iterable[Rule]:
    for section in line["sections"].split():
        for verb in line["verbs"].split():
            yield Rule(
                organisation=line["organisation"],
                role=line["role"],
                part=line["part"],
                section=section,
                verb=verb,
                condition=line["condition"],
                ground=line["ground"],
                valid_from=date.fromisoformat(line["valid_from"]),
                valid_until=date.fromisoformat(line["valid_until"]) if line["valid_until"] else None,
            )


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    with POLICY_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(rule for line in csv.DictReader(file) for rule in _rules(line))


@lru_cache(maxsize=8)
def _table(day: date) -> dict[tuple[str, str, str], dict[str, frozenset[str]]]:
    """(organisation, role, part) -> capability -> the conditions under which it holds ("" = none)."""
    table: dict[tuple[str, str, str], dict[str, set[str]]] = {}
    for rule in all_rules():
        if rule.holds_on(day):
            entry = table.setdefault((rule.organisation, rule.role, rule.part), {})
            entry.setdefault(f"{rule.section}.{rule.verb}", set()).add(rule.condition)
    return {key: {cap: frozenset(conds) for cap, conds in entry.items()} for key, entry in table.items()}


def conditions(organisation: str, role: str, part: str, capability: str) -> frozenset[str] | None:
    """Conditions under which the policy carries the capability; None when it does not carry it at all."""
    table = _table(clock.today())
    own = table.get((organisation, role, part), {}).get(capability)
    anyone = table.get((organisation, ANY_ROLE, part), {}).get(capability)
    if own is None and anyone is None:
        return None
    return (own or frozenset()) | (anyone or frozenset())


def sensitive_sections(organisation: str, part: str) -> frozenset[str]:
    """Sensitive sections for which a unit of this organisation playing this part receives a grant row."""
    table = _table(clock.today())
    found = {
        capability.split(".")[0]
        for (org, _role, its_part), entry in table.items()
        if org == organisation and its_part == part
        for capability in entry
    }
    return frozenset(found & SENSITIVE)


def may_do(member: Member, capability: str) -> bool:
    """A right that belongs to no case, such as reading dossiers in or answering for one's desk."""
    if not member.is_active or member.acting is None:
        return False
    return conditions(member.acting_organisation, member.acting_role, NO_CASE, capability) is not None


def require_to(member: Member, capability: str) -> None:
    """Raises NotAllowed when the member's role does not carry the capability."""
    if not may_do(member, capability):
        raise NotAllowed(capability)


def roles_with(capability: str, organisation: str, part: str = NO_CASE) -> frozenset[str]:
    """Role codes of the organisation that carry the capability in that part."""
    return frozenset(
        rule.role
        for rule in all_rules()
        if rule.organisation == organisation
        and rule.part == part
        and f"{rule.section}.{rule.verb}" == capability
        and rule.holds_on(clock.today())
    )


# Opened to named members only, never to a unit as a whole: the sensitive sections, and the text of talks.
BY_NAME_ONLY = SENSITIVE | {"talks"}


def case_sections() -> tuple[str, ...]:
    """Every section of a case that some role may view today, in the order of the table; the case itself is none."""
    return _case_sections(clock.today())


@lru_cache(maxsize=8)
def _case_sections(day: date) -> tuple[str, ...]:
    found = dict.fromkeys(
        rule.section
        for rule in all_rules()
        if rule.part not in (NO_CASE, EMERGENCY) and rule.verb == "view" and rule.holds_on(day)
    )
    return tuple(section for section in found if section != "case")


def emergency_sections(organisation: str, role: str) -> frozenset[str]:
    """What emergency access opens to this role, the case itself among it; nothing for a role that has none."""
    entry = _table(clock.today()).get((organisation, role, EMERGENCY), {})
    return frozenset(capability.split(".")[0] for capability in entry)
