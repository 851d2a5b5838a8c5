"""What a new version of the policy may not be, and which changes another person than the proposer must confirm."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.utils.translation import gettext as _

from leidraad.lib import clock
from leidraad.lib.display import date_long
from partners.models import Member, Membership, Organisation, Role, valid_on
from partners.policy import READING, Table
from partners.policy_rules import ANY_ROLE, EMERGENCY, NO_CASE, SENSITIVE, Line, Rule, difference, file_rules

VIEW, CHANGE, CONFIRM = "policy.view", "policy.change", "policy.confirm"
# Sections that decide over rights themselves, and those of who watches over others.
POWERS = frozenset({"policy", "reference"})
OVERSIGHT = POWERS | {"looks", "redactions"}
CONDITIONS = ("", "named", "consented", "own_pupil", "own_flight")
GROUNDS = ("task", "law", "consent", "location")


class Why(Enum):
    """Why a change needs a second person."""

    SECTION = "section"
    EMERGENCY = "emergency"
    POWERS = "powers"
    ADMINISTRATORS = "administrators"
    OVERSIGHT = "oversight"
    OWN_ROLE = "own_role"


Roles = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Sensitivity:
    """Judges single rights of one change. Roles are pairs of organisation and role."""

    administrators: Roles
    overseers: Roles
    own: Roles

    def of(self, rule: Rule) -> frozenset[Why]:
        found = set()
        if rule.section in SENSITIVE:
            found.add(Why.SECTION)
        if rule.part == EMERGENCY:
            found.add(Why.EMERGENCY)
        if rule.section in POWERS:
            found.add(Why.POWERS)
        if _touches(rule, self.administrators):
            found.add(Why.ADMINISTRATORS)
        if _touches(rule, self.overseers) and (rule.part != NO_CASE or rule.section == "cases"):
            found.add(Why.OVERSIGHT)
        if _touches(rule, self.own):
            found.add(Why.OWN_ROLE)
        return frozenset(found)

    def why(self, rules: Iterable[Rule]) -> tuple[Why, ...]:
        found = {why for rule in rules for why in self.of(rule)}
        return tuple(why for why in Why if why in found)


def sensitivity(before: Collection[Rule], after: Collection[Rule], by: Member | None) -> Sensitivity:
    """Who administers or oversees before or after the change, and in which roles its proposer works. One query."""
    both = [*before, *after]
    own: Roles = frozenset()
    if by is not None:
        roles = Membership.objects.filter(member=by).values_list("unit__organisation__code", "role__code")
        own = frozenset(roles)
    return Sensitivity(
        administrators=frozenset((one.organisation, one.role) for one in both if one.section in POWERS - {"policy"})
        | frozenset((one.organisation, one.role) for one in both if one.capability == CHANGE),
        overseers=frozenset((one.organisation, one.role) for one in both if one.section in OVERSIGHT),
        own=own,
    )


def _touches(rule: Rule, roles: Roles) -> bool:
    """A line for everybody of an organisation is a line for each of its roles."""
    if rule.role == ANY_ROLE:
        return any(organisation == rule.organisation for organisation, _role in roles)
    return (rule.organisation, rule.role) in roles or (rule.organisation, ANY_ROLE) in roles


# --- what may not be ------------------------------------------------------------------------------------------------


def problems(before: Collection[Rule], after: Collection[Rule]) -> list[str]:
    """Full sentences, none when the version may come into force. Two queries."""
    change = difference(before, after)
    if not change:
        return [_("Nothing differs from the version in force. Change a line first.")]
    return [*_locked_out(after), *_sections_without_case(change.added, after)]


def _days(rules: Iterable[Rule]) -> list[date]:
    """Today, and each later day on which something begins or has ended."""
    today = clock.today()
    later = {rule.valid_from for rule in rules} | {
        rule.valid_until + timedelta(days=1) for rule in rules if rule.valid_until is not None
    }
    return sorted({today} | {day for day in later if day > today})


def _locked_out(after: Collection[Rule]) -> list[str]:
    """On each day somebody who works here may change the policy, and somebody may confirm it."""
    table, members = Table(after), members_by_role()
    for day in _days(after):
        if not who_may(table, CHANGE, day, members) or not who_may(table, CONFIRM, day, members):
            return [
                _("From %(day)s nobody could change or confirm the policy any more. Leave these rights to somebody.")
                % {"day": date_long(day)}
            ]
    return []


def members_by_role() -> Mapping[tuple[str, str], frozenset[int]]:
    """Keys of the members who work in each role of each organisation today. One query."""
    today = clock.today()
    found: dict[tuple[str, str], set[int]] = {}
    rows = Membership.objects.filter(valid_on(today), member__is_active=True)
    for organisation, role, member in rows.values_list("unit__organisation__code", "role__code", "member_id"):
        found.setdefault((organisation, role), set()).add(member)
    return {key: frozenset(members) for key, members in found.items()}


def who_may(
    table: Table, capability: str, day: date, members: Mapping[tuple[str, str], frozenset[int]]
) -> frozenset[int]:
    """Keys of the members to whom the table gives a right outside cases."""
    return frozenset(
        member
        for (organisation, role), its in members.items()
        if table.conditions(organisation, role, NO_CASE, capability, day) is not None
        for member in its
    )


def _sections_without_case(added: Iterable[Rule], after: Collection[Rule]) -> list[str]:
    """A section opens only for who sees the case in that part."""
    table = Table(after)
    for rule in added:
        if rule.part == NO_CASE:
            continue
        day = max(rule.valid_from, clock.today())
        if table.conditions(rule.organisation, rule.role, rule.part, "case.view", day) is None:
            return [_sentence(rule)]
    return []


def _sentence(rule: Rule) -> str:
    found = Role.objects.filter(organisation__code=rule.organisation, code=rule.role).first()
    organisation = Organisation.objects.filter(code=rule.organisation).first()
    return _(
        "A line opens a section to %(role)s (%(organisation)s) in a part in which this role does not see the case. It"
        " would stay shut. Add the case, or take the line out."
    ) % {"role": found or _("everybody of the organisation"), "organisation": organisation or rule.organisation}


# --- what a line may say --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vocabulary:
    """What the program knows how to ask: the words of its own file and of the version in force."""

    organisations: frozenset[str]
    roles: Roles
    parts: frozenset[str]
    capabilities: frozenset[tuple[bool, str]]

    def verbs_of(self, part: str, section: str) -> frozenset[str]:
        if part == EMERGENCY:
            return READING if (True, f"{section}.view") in self.capabilities else frozenset()
        outside = part == NO_CASE
        return frozenset(
            capability.partition(".")[2]
            for in_case, capability in self.capabilities
            if in_case is not outside and capability.partition(".")[0] == section
        )

    def sections_of(self, part: str) -> frozenset[str]:
        outside = part == NO_CASE
        return frozenset(cap.partition(".")[0] for in_case, cap in self.capabilities if in_case is not outside)


def vocabulary(standing: Iterable[Rule]) -> Vocabulary:
    """Two queries."""
    known = [*file_rules(), *standing]
    return Vocabulary(
        organisations=frozenset(Organisation.objects.values_list("code", flat=True)),
        roles=frozenset(Role.objects.values_list("organisation__code", "code")),
        parts=frozenset(rule.part for rule in known) | {NO_CASE, EMERGENCY},
        capabilities=frozenset((rule.part != NO_CASE, rule.capability) for rule in known),
    )


def fault_of(line: Line, words: Vocabulary) -> str:
    """A full sentence about what a line says and the program does not know; "" when it may stand."""
    if line.organisation not in words.organisations or not (
        line.role == ANY_ROLE or (line.organisation, line.role) in words.roles
    ):
        return _("Choose a role of this organisation.")
    if line.part not in words.parts or line.condition not in CONDITIONS or line.ground not in GROUNDS:
        return _("Choose one of the options shown.")
    if not line.sections or not line.verbs:
        return _("Choose at least one section and at least one thing that may be done with it.")
    if line.valid_until is not None and line.valid_until < line.valid_from:
        return _("The last day must not lie before the first day.")
    for section in line.sections:
        if not words.verbs_of(line.part, section).issuperset(line.verbs):
            return _("Not all that was chosen can be done with each of these sections. Make lines of their own.")
    return ""
