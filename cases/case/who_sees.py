"""Who sees a case and which sections: worked out for units and roles with the same functions that judge every request.

The number of queries does not depend on the number of units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cases.case.access import Access, access_from, stand_in
from cases.case.grants import grants_for
from cases.case.models import CaseGrant, Involvement, ReturnCase, SectionException
from leidraad.lib import clock
from partners.models import Member, Role, Unit, valid_on
from partners.policy import case_sections


@dataclass(frozen=True)
class UnitKeys:
    """What one unit has in one case: parts with their grounds, grants of its group, exceptions that run."""

    parts: frozenset[tuple[str, str]] = frozenset()
    granted: frozenset[str] = frozenset()
    exceptions: Mapping[str, bool] = field(default_factory=dict)

    def access(self, member: Member, case: ReturnCase) -> Access:
        row: Mapping[str, Sequence[str]] = {
            "parts": [f"{part}|{ground}" for part, ground in sorted(self.parts)],
            "exceptions": [f"{section}|{str(allowed).lower()}" for section, allowed in self.exceptions.items()],
            "granted": [f"{name}_returncase" for name in self.granted],
            "named": (),
        }
        return access_from(member, row, case_closed=case.is_closed)

    def with_parts(self, organisation: str, parts: Iterable[tuple[str, str]]) -> "UnitKeys":
        """As they would be with exactly these parts: the grants follow."""
        parts = frozenset(parts)
        return replace(self, parts=parts, granted=grants_for(organisation, [part for part, _ground in parts]))

    def with_exception(self, section: str, allowed: bool | None) -> "UnitKeys":
        """As they would be with this exception, or with None: without one."""
        others = {name: value for name, value in self.exceptions.items() if name != section}
        return replace(self, exceptions=others if allowed is None else others | {section: allowed})


@dataclass(frozen=True)
class RoleRights:
    """The sections that members of a unit in this role may view, in the order of the policy."""

    role: Role
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What changes for one role of a unit."""

    unit: Unit
    role: Role
    gets: tuple[str, ...]
    loses: tuple[str, ...]
    whole_case: bool  # the case itself comes into sight, or out of it


def keys_by_unit(case: ReturnCase) -> dict[int, UnitKeys]:
    """By unit, of every unit that takes part. Three queries."""
    parts: dict[int, set[tuple[str, str]]] = {}
    groups: dict[int, int] = {}
    found = Involvement.objects.in_force().filter(case=case).values_list("unit_id", "unit__group_id", "part", "ground")
    for unit, group, part, ground in found:
        parts.setdefault(unit, set()).add((part, ground))
        groups[unit] = group
    granted: dict[int, set[str]] = {}
    grants = CaseGrant.objects.filter(content_object=case, group_id__in=groups.values())
    for group, name in grants.values_list("group_id", "permission__codename"):
        granted.setdefault(group, set()).add(name.removesuffix("_returncase"))
    exceptions: dict[int, dict[str, bool]] = {}
    running = SectionException.objects.running().filter(case=case)
    for unit, section, allowed in running.values_list("unit_id", "section", "allowed"):
        exceptions.setdefault(unit, {})[section] = allowed
    return {
        unit: UnitKeys(frozenset(its_parts), frozenset(granted.get(groups[unit], ())), exceptions.get(unit, {}))
        for unit, its_parts in parts.items()
    }


def roles_by_organisation(organisations: Iterable[int]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {}
    roles = Role.objects.filter(valid_on(clock.today()), organisation__in=set(organisations))
    for role in roles.select_related("organisation"):
        found.setdefault(role.organisation_id, []).append(role)
    return found


def sections_in(access: Access) -> tuple[str, ...]:
    return tuple(section for section in case_sections() if access.can(f"{section}.view"))


def rights_of(case: ReturnCase, unit: Unit, keys: UnitKeys, roles: Iterable[Role]) -> list[RoleRights]:
    """The roles of a unit that see the case at all, with what they see."""
    asked = ((role, keys.access(stand_in(unit, role), case)) for role in roles)
    return [RoleRights(role, sections_in(access)) for role, access in asked if access.can("case.view")]


def effects(case: ReturnCase, unit: Unit, before: UnitKeys, after: UnitKeys) -> list[Effect]:
    """For each role of the unit what the change gives and takes; roles for which nothing changes are left out."""
    found = []
    for role in roles_by_organisation([unit.organisation_id]).get(unit.organisation_id, []):
        was, will = (keys.access(stand_in(unit, role), case) for keys in (before, after))
        had, has = sections_in(was), sections_in(will)
        whole = was.can("case.view") != will.can("case.view")
        gets = tuple(section for section in has if section not in had)
        loses = tuple(section for section in had if section not in has)
        if whole or gets or loses:
            found.append(Effect(unit, role, gets, loses, whole))
    return found
