"""Who may do what: the version of the policy table that is in force, and the pure functions over it.

Two keys, both needed. The first is the acting unit's part in the case (`cases.case.access`), the second the acting
member's role. This module is the second, and knows which parts carry a section at all. It knows no case.

Which version is in force is read once in each unit of work (`partners.policy_now`), in a request together with the
membership. The table of a version is read once in each process and found by its fingerprint, so it is never an older one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed
from partners import policy_now
from partners.models import Member, PolicyVersion
from partners.policy_models import WAS_IN_FORCE
from partners.policy_rules import ANY_ROLE, EMERGENCY, NO_CASE, SENSITIVE, Rule
from partners.policy_rules import fingerprint as fingerprint_of

READING = frozenset({"view"})
# Opened to named members only, never to a unit as a whole: the sensitive sections, and the text of talks.
BY_NAME_ONLY = SENSITIVE | {"talks"}

Entries = dict[tuple[str, str, str], dict[str, frozenset[str]]]


class Table:
    """Rules, ready to be asked. Nothing here asks the database."""

    def __init__(self, rules: Collection[Rule]) -> None:
        self.rules = tuple(rules)
        self._on: dict[date, Entries] = {}

    def on(self, day: date) -> Entries:
        """(organisation, role, part) -> capability -> the conditions under which it holds ("" = none)."""
        if day not in self._on:
            if len(self._on) > 8:
                self._on = {}
            self._on[day] = self._entries(day)
        return self._on[day]

    def _entries(self, day: date) -> Entries:
        table: dict[tuple[str, str, str], dict[str, set[str]]] = {}
        for rule in self.rules:
            if rule.holds_on(day):
                entry = table.setdefault((rule.organisation, rule.role, rule.part), {})
                entry.setdefault(rule.capability, set()).add(rule.condition)
        return {key: {cap: frozenset(conds) for cap, conds in entry.items()} for key, entry in table.items()}

    def conditions(self, organisation: str, role: str, part: str, capability: str, day: date) -> frozenset[str] | None:
        """Conditions under which the table carries the capability; None when it does not carry it at all."""
        table = self.on(day)
        own = table.get((organisation, role, part), {}).get(capability)
        anyone = table.get((organisation, ANY_ROLE, part), {}).get(capability)
        if own is None and anyone is None:
            return None
        return (own or frozenset()) | (anyone or frozenset())

    def sensitive_sections(self, organisation: str, part: str, day: date) -> frozenset[str]:
        found = {
            capability.split(".")[0]
            for (org, _role, its_part), entry in self.on(day).items()
            if org == organisation and its_part == part
            for capability in entry
        }
        return frozenset(found & SENSITIVE)


@dataclass(frozen=True)
class Now:
    """What the answers of today follow from: a key for who keeps an answer."""

    fingerprint: str
    day: date


def in_force() -> str:
    """The fingerprint of the version in force, "" when there is none: then nobody may anything. At most one query."""
    unit = policy_now.current()
    if unit is not None and unit.fingerprint is not None:
        return unit.fingerprint
    found = PolicyVersion.objects.in_force().order_by().values_list("fingerprint", flat=True).first() or ""
    policy_now.learn(found)
    return found


def hold() -> None:
    """Keep the version in force in force until this transaction ends, and read which one it is. One query.

    For whoever writes what the policy calls for, such as grants: putting a version in force waits for them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_policy_hold()")
        policy_now.learn(cursor.fetchone()[0] or "")


def now() -> Now:
    return Now(in_force(), clock.today())


@lru_cache(maxsize=4)
def _table_of(fingerprint: str) -> Table:
    """Raises LookupError when no version says this: nothing is kept then, and nobody may anything."""
    found = PolicyVersion.objects.filter(fingerprint=fingerprint, state__in=WAS_IN_FORCE).order_by("-number").first()
    rules = found.rules if found is not None else ()
    if fingerprint_of(rules) != fingerprint:
        raise LookupError(f"no version of the policy has the fingerprint {fingerprint}")
    return Table(rules)


NOBODY = Table(())


def table_at(at: Now) -> Table:
    return _table_of(at.fingerprint) if at.fingerprint else NOBODY


def table() -> Table:
    """Of the version in force. Without one nobody may anything."""
    return table_at(now())


def all_rules() -> tuple[Rule, ...]:
    return table().rules


def conditions(organisation: str, role: str, part: str, capability: str) -> frozenset[str] | None:
    """Conditions under which the policy carries the capability; None when it does not carry it at all."""
    return table().conditions(organisation, role, part, capability, clock.today())


def sensitive_sections(organisation: str, part: str) -> frozenset[str]:
    """Sensitive sections for which a unit of this organisation playing this part receives a grant row."""
    return table().sensitive_sections(organisation, part, clock.today())


def may_do(member: Member, capability: str) -> bool:
    """A right that belongs to no case, such as reading dossiers in or answering for one's desk."""
    if not member.is_active or member.acting is None:
        return False
    return conditions(member.acting_organisation, member.acting_role, NO_CASE, capability) is not None


def ground_of(member: Member, capability: str) -> str:
    """On which ground the member's role has a right that belongs to no case; empty when it has none."""
    section, verb = capability.split(".")
    wanted = (member.acting_organisation, NO_CASE, section, verb)
    return next(
        (
            rule.ground
            for rule in all_rules()
            if (rule.organisation, rule.part, rule.section, rule.verb) == wanted
            and rule.role in (member.acting_role, ANY_ROLE)
            and rule.holds_on(clock.today())
        ),
        "",
    )


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
        and rule.capability == capability
        and rule.holds_on(clock.today())
    )


# For the responsible unit only, whatever it arranges: what a reporter told DT&V stands behind a wall that knows no exceptions.
NEVER_OPENED = frozenset({"referrals"})


def case_sections() -> tuple[str, ...]:
    """Every section of a case that some role may view today, and that may be opened or shut in a case, in the order of the
    table; the case itself is none."""
    return _case_sections(now())


@lru_cache(maxsize=8)
def _case_sections(at: Now) -> tuple[str, ...]:
    found = dict.fromkeys(
        rule.section
        for rule in table_at(at).rules
        if rule.part not in (NO_CASE, EMERGENCY) and rule.verb == "view" and rule.holds_on(at.day)
    )
    return tuple(section for section in found if section != "case" and section not in NEVER_OPENED)


def emergency_sections(organisation: str, role: str) -> frozenset[str]:
    """What emergency access opens to this role, the case itself among it; nothing for a role that has none."""
    entry = table().on(clock.today()).get((organisation, role, EMERGENCY), {})
    return frozenset(capability.split(".")[0] for capability in entry)


__all__ = [
    "ANY_ROLE",
    "BY_NAME_ONLY",
    "EMERGENCY",
    "NO_CASE",
    "READING",
    "SENSITIVE",
    "Now",
    "Rule",
    "Table",
    "all_rules",
    "case_sections",
    "conditions",
    "emergency_sections",
    "ground_of",
    "hold",
    "in_force",
    "may_do",
    "now",
    "require_to",
    "roles_with",
    "sensitive_sections",
    "table",
    "table_at",
]
