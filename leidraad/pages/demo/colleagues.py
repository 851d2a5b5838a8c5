"""The people beside the named accounts, so that caseloads and registers are shared as they are in real life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from leidraad.lib.audit import bulk_create_as
from leidraad.pages.demo.timing import OWN
from partners.models import Member, Membership, Role, Unit
from partners.reference_data import PRINCIPAL, lines

FOLDER = Path(__file__).parent


def colleague_lines() -> list[dict[str, str]]:
    return list(lines("colleagues.csv", FOLDER))


def directors() -> dict[str, list[str]]:
    """User names of the regievoerders of each team, the named account first."""
    found = {"dtv-noord-2": [OWN], "dtv-zuid-1": ["regievoerder2"]}
    for line in colleague_lines():
        if line["role"] == "case_director":
            found[line["unit"]].append(line["username"])
    return found


def load_colleagues() -> None:
    """Made after the named accounts, with the same public password; their names stand in no list of accounts."""
    password = Member.objects.get(username=OWN).password
    members = [
        Member(
            username=line["username"],
            display_name=line["display_name"],
            email=f"{line['username']}@leidraad.invalid",
            is_demo=True,
            password=password,
        )
        for line in colleague_lines()
    ]
    made = {member.username: member for member in bulk_create_as(members, by=PRINCIPAL)}
    units, roles = Unit.objects.in_bulk(field_name="code"), Role.objects.in_bulk(field_name="code")
    bulk_create_as(
        [
            Membership(member=made[line["username"]], unit=units[line["unit"]], role=roles[line["role"]])
            for line in colleague_lines()
        ],
        by=PRINCIPAL,
    )


@dataclass(frozen=True)
class People:
    """Everybody of the demo by user name, each acting, looked up once."""

    members: Mapping[str, Member]

    @classmethod
    def all(cls) -> "People":
        found = {member.username: member for member in Member.objects.filter(is_demo=True)}
        memberships = Membership.objects.filter(member__is_demo=True).order_by("-valid_from", "-pk")
        for membership in memberships.select_related("unit__organisation", "unit__group", "role", "member"):
            found[membership.member.username].work_as(membership)
        return cls(found)

    def __getitem__(self, username: str) -> Member:
        return self.members[username]

    @cached_property
    def by_unit(self) -> Mapping[tuple[str, str], Sequence[Member]]:
        """Members by unit code and role code."""
        found: dict[tuple[str, str], list[Member]] = {}
        for member in self.members.values():
            found.setdefault((member.acting_unit.code, member.acting_role), []).append(member)
        return found

    def of(self, unit: str, role: str) -> Member:
        return self.by_unit[unit, role][0]
