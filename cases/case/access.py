"""The two keys put together: the acting unit's part in a case, and the acting member's role.

`may` and `require` are the only questions anybody asks about a right on a case. A page that shows several sections builds
one `Access` (one query, whatever the number of sections) and asks it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cases.case.keys import all_keys_in_each
from cases.case.models import Involvement, ReturnCase
from cases.case.models.access import WHOLE_CASE
from cases.case.models.case import permission_id
from leidraad.lib.errors import NotAllowed
from partners.models import Member, Membership, Role, Unit
from partners.policy import EMERGENCY, READING, SENSITIVE, conditions

# Whether these hold is a fact of the case or of the person. A condition that nobody has recorded does not hold.
GROUND_CONDITIONS = {"consented": "consent", "own_pupil": "law", "own_flight": "task"}

# What a refused colleague reads: the right that is missing, in the words of the work.
CAPABILITY_NAMES = {
    "identity": _("identity"),
    "address": _("address"),
    "plan": _("departure plan"),
    "plan_steps": _("own steps of the departure plan"),
    "talks": _("departure interviews"),
    "talk_dates": _("dates of departure interviews"),
    "decisions": _("decisions"),
    "procedure": _("procedures and remedies"),
    "postponement": _("postponement and protection"),
    "stops": _("stops"),
    "removability": _("removability"),
    "residence": _("residence"),
    "presence": _("presence"),
    "supervision": _("supervision"),
    "custody": _("custody"),
    "measures": _("measures that restrict liberty"),
    "measure_reasons": _("reasons of measures"),
    "travel_document": _("travel document"),
    "assisted_departure": _("assisted departure"),
    "medical": _("medical facts"),
    "care": _("continuity of care"),
    "escort_need": _("need of escort"),
    "risk": _("risk"),
    "protected_address": _("protected address"),
    "documents": _("documents"),
    "meetings": _("meetings"),
    "requests": _("requests"),
    "handovers": _("handovers"),
    "questions": _("questions to IND"),
    "history": _("history"),
    "activity": _("activity"),
    "people": _("who is involved"),
    "departure_date": _("departure date"),
    "iom_content": _("content of assisted departure"),
    "consent": _("consent of the person"),
    "case": _("the course of the case"),
    "phase": _("phase"),
    "departure": _("departure"),
    "incidents": _("steps that were held back"),
    "caseload": _("the caseload of the team"),
    "dossiers": _("reading in dossiers"),
    "reference": _("reference data"),
    "reporting": _("duty to report"),
    "representatives": _("representatives"),
    "register": _("the register of the site"),
    "reports": _("reports"),
    "looks": _("who looked at what"),
    "emergency": _("emergency access"),
    "redactions": _("blanking content"),
    "policy": _("who may do what"),
    "referrals": _("referrals"),
}


@dataclass(frozen=True)
class Access:
    """What one member may do in one case, fixed at the moment it was asked."""

    member: Member
    case_closed: bool
    involvements: tuple[Involvement, ...]
    granted: frozenset[str]
    named: frozenset[str]
    exceptions: dict[str, bool]
    emergency: frozenset[str] = frozenset()

    @property
    def sees_case(self) -> bool:
        return "view" in self.granted or self.in_emergency

    @property
    def in_emergency(self) -> bool:
        """Whether running emergency access opens the case, which the member's role must still carry."""
        return self._emergency(WHOLE_CASE, "case.view")

    @property
    def leads(self) -> bool:
        return "lead" in self.granted

    def can(self, capability: str) -> bool:
        """Whether the member holds `section.verb`. On a closed case only reading is left, and reopening it."""
        section, verb = capability.split(".")
        if not self.sees_case:
            return False
        if verb in READING and (self._emergency(section, capability) or self._named(section, capability)):
            return True
        if "view" not in self.granted or (section in SENSITIVE and section not in self.granted):
            return False
        if self.case_closed and verb not in READING and capability != "case.close":
            return False
        exception = self.exceptions.get(section)
        if exception is False:
            return False
        if exception and verb in READING:
            # A widening opens the section to the unit; the member's role is still the second key.
            return self._sees_by_role
        return any(self._carried(involvement, section, capability) for involvement in self.involvements)

    @property
    def _sees_by_role(self) -> bool:
        return any(self._carried(one, WHOLE_CASE, "case.view") for one in self.involvements)

    def _emergency(self, section: str, capability: str) -> bool:
        if section not in self.emergency or WHOLE_CASE not in self.emergency:
            return False
        member = self.member
        return conditions(member.acting_organisation, member.acting_role, EMERGENCY, capability) is not None

    def _named(self, section: str, capability: str) -> bool:
        """A section opened to this member by name. A sensitive one only where the policy has a line for it."""
        if section not in self.named or "view" not in self.granted:
            return False
        if section not in SENSITIVE:
            return self._sees_by_role
        return section in self.granted and any(self._carried(one, section, capability) for one in self.involvements)

    def _carried(self, involvement: Involvement, section: str, capability: str) -> bool:
        member = self.member
        found = conditions(member.acting_organisation, member.acting_role, involvement.part, capability)
        return found is not None and any(self._holds(condition, involvement, section) for condition in found)

    def _holds(self, condition: str, involvement: Involvement, section: str) -> bool:
        if condition == "":
            return True
        if condition == "named":
            return section in self.named
        return involvement.ground == GROUND_CONDITIONS[condition]


@dataclass(frozen=True, kw_only=True)
class LookingAs(Access):
    """What somebody else would see, looked at by a member who sees no more by it than before: only to read."""

    looker: Access

    def can(self, capability: str) -> bool:
        return capability.split(".")[1] in READING and super().can(capability) and self.looker.can(capability)


def looking_as(access: Access, looker: Access) -> LookingAs:
    return LookingAs(**{one.name: getattr(access, one.name) for one in fields(access)}, looker=looker)


class NotInSight(ReturnCase.DoesNotExist, Http404):
    """For this member the case does not exist. Wherever it is raised, the answer is the page for what does not exist."""


# The key of no member: nothing was ever opened to it by name.
NOBODY = 0
NO_KEYS: Mapping[str, Sequence[str]] = {"parts": (), "exceptions": (), "granted": (), "named": ()}


def access_from(member: Member, row: Mapping[str, Sequence[str]], *, case_closed: bool) -> Access:
    """Of a row, or of `vars()` of a case, that carries what `all_keys_in_each` asks."""
    parts = (pair.split("|") for pair in row["parts"])
    named = [name.partition("|") for name in row["named"]]
    return Access(
        member=member,
        case_closed=case_closed,
        involvements=tuple(Involvement(part=part, ground=ground) for part, ground in parts),
        granted=frozenset(name.removesuffix("_returncase") for name in row["granted"]),
        named=frozenset(section for section, _bar, kind in named if not kind),
        emergency=frozenset(section for section, _bar, kind in named if kind),
        exceptions={name: value == "true" for name, value in (pair.split("|") for pair in row["exceptions"])},
    )


def accesses_of(member: Member, cases: Iterable[ReturnCase]) -> dict[int, Access]:
    """What the member may do in each case, by key. One query. A case that the unit does not see opens nothing."""
    by_key = {case.pk: case for case in cases}
    rows: dict[int, Mapping[str, Sequence[str]]] = {}
    if member.is_active and member.acting is not None and by_key:
        keys: Any = ReturnCase.objects.filter(pk__in=by_key).values("pk", **all_keys_in_each(member))
        rows = {row["pk"]: row for row in keys}
    return {pk: access_from(member, rows.get(pk, NO_KEYS), case_closed=case.is_closed) for pk, case in by_key.items()}


def access_of(member: Member, case: ReturnCase) -> Access:
    """Read the member's keys for this case: involvements, grants, named access and exceptions of the acting unit."""
    return accesses_of(member, [case])[case.pk]


def stand_in(unit: Unit, role: Role) -> Member:
    """Nobody in particular, working for the unit in the role: to ask what such a colleague would see. Never saved."""
    nobody = Member(pk=NOBODY, username="", display_name=f"{role}, {unit.full_name}")
    nobody.acting = Membership(unit=unit, role=role)
    return nobody


def may(member: Member, capability: str, case: ReturnCase) -> bool:
    return access_of(member, case).can(capability)


def require(member: Member, capability: str, case: ReturnCase) -> None:
    """Raises NotInSight for an outsider (404) and NotAllowed for a colleague without the right (403)."""
    access = access_of(member, case)
    if not access.sees_case:
        raise NotInSight
    if not access.can(capability):
        raise NotAllowed(capability, case)


def view_permission() -> int:
    return permission_id("view")
