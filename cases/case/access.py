"""The two keys put together: the acting unit's part in a case, and the acting member's role.

`may` and `require` are the only questions anybody asks about a right on a case. A page that shows several sections builds
one `Access` (one query, whatever the number of sections) and asks it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cases.case.keys import all_keys_in_each
from cases.case.models import Involvement, ReturnCase
from cases.case.models.case import permission_id
from leidraad.lib.errors import NotAllowed
from partners.models import Member
from partners.policy import READING, SENSITIVE, conditions

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
    "removability": _("removability"),
    "residence": _("residence"),
    "presence": _("presence"),
    "supervision": _("supervision"),
    "custody": _("custody"),
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
    "case": _("the course of the case"),
    "phase": _("phase"),
    "departure": _("departure"),
    "caseload": _("the caseload of the team"),
    "dossiers": _("reading in dossiers"),
    "reference": _("reference data"),
    "reporting": _("duty to report"),
    "register": _("the register of the site"),
    "reports": _("reports"),
    "looks": _("who looked at what"),
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

    @property
    def sees_case(self) -> bool:
        return "view" in self.granted

    @property
    def leads(self) -> bool:
        return "lead" in self.granted

    def can(self, capability: str) -> bool:
        """Whether the member holds `section.verb`. On a closed case only reading is left, and reopening it."""
        section, verb = capability.split(".")
        if not self.sees_case or (section in SENSITIVE and section not in self.granted):
            return False
        if self.case_closed and verb not in READING and capability != "case.close":
            return False
        exception = self.exceptions.get(section)
        if exception is not None and verb in READING:
            # A widening opens the section to the unit; the member's role is still the second key.
            return exception and any(self._carried(one, "case", "case.view") for one in self.involvements)
        return any(self._carried(involvement, section, capability) for involvement in self.involvements)

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


class NotInSight(ReturnCase.DoesNotExist, Http404):
    """For this member the case does not exist. Wherever it is raised, the answer is the page for what does not exist."""


NO_KEYS: Mapping[str, Sequence[str]] = {"parts": (), "exceptions": (), "granted": (), "named": ()}


def access_from(member: Member, row: Mapping[str, Sequence[str]], *, case_closed: bool) -> Access:
    """Of a row, or of `vars()` of a case, that carries what `all_keys_in_each` asks."""
    parts = (pair.split("|") for pair in row["parts"])
    return Access(
        member=member,
        case_closed=case_closed,
        involvements=tuple(Involvement(part=part, ground=ground) for part, ground in parts),
        granted=frozenset(name.removesuffix("_returncase") for name in row["granted"]),
        named=frozenset(row["named"]),
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
