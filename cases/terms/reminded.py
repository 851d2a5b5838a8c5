"""Who is reminded of a term: of the unit that has to watch it who holds the case there, else its desk; later those above.

Nobody hears of a term that they may not know of in that case. One query for each role of a unit, whatever the number of cases,
and a handful besides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from cases.case.access import Access, accesses_of, stand_in
from cases.case.models import Involvement, NamedAccess, ReturnCase, Task
from cases.terms.deadlines import Owner
from cases.terms.models import Audience, Reminder
from leidraad.lib import clock
from leidraad.lib.arrays import among
from partners.models import Member, Membership, Unit, valid_on
from partners.policy import roles_with

ORGANISATIONS: Mapping[str, str] = {
    Owner.DTV: "dtv",
    Owner.IND: "ind",
    Owner.COA: "coa",
    Owner.POLICE: "police",
    Owner.KMAR: "kmar",
}
DIVIDES = "caseload.change"


@dataclass(frozen=True)
class Addressee:
    """A member in a unit, or without one the unit's desk."""

    unit: Unit
    member: Member | None = None


@dataclass(frozen=True)
class Told:
    reminder: Reminder
    case: ReturnCase


def addressees(reminders: Sequence[Reminder], cases: Mapping[int, ReturnCase]) -> dict[Addressee, list[Told]]:
    """Everybody who is to hear of something, with what: in the order of the reminders."""
    asked = _Asked(cases)
    told: dict[Addressee, list[Told]] = defaultdict(list)
    for one in reminders:
        case = cases.get(one.case_id)
        if case is not None:
            for addressee in dict.fromkeys(asked.of(one, case)):
                told[addressee].append(Told(one, case))
    return told


class _Asked:
    """What is looked up once for all of these cases."""

    def __init__(self, cases: Mapping[int, ReturnCase]) -> None:
        self.cases = cases
        # The units of each case, and the cases of each unit.
        self.units: dict[int, dict[int, Unit]] = {pk: {case.led_by_id: case.led_by} for pk, case in cases.items()}
        taking_part = Involvement.objects.in_force().filter(among("case_id", cases)).order_by("pk")
        for part in taking_part.select_related("unit__organisation"):
            self.units[part.case_id].setdefault(part.unit_id, part.unit)
        self.of_unit: dict[int, list[ReturnCase]] = defaultdict(list)
        for pk, units in self.units.items():
            for unit in units:
                self.of_unit[unit].append(cases[pk])
        self.staff: dict[int, list[Member]] = defaultdict(list)
        for membership in _memberships(self.of_unit):
            self.staff[membership.unit_id].append(membership.member.work_as(membership))
        self.holders = self._holders()
        self.named = set(NamedAccess.objects.running().filter(among("case_id", cases)).values_list("member", "case"))
        self._roles: dict[tuple[int | None, str], dict[int, Access]] = {}

    def _holders(self) -> dict[tuple[int, int], int]:
        """Who in a unit works on a case: with an open task in it; for who leads, its regievoerder."""
        tasks = Task.objects.open().filter(among("case_id", self.cases)).exclude(assignee=None).order_by("pk")
        found = {(case, unit): member for case, unit, member in tasks.values_list("case_id", "unit_id", "assignee_id")}
        leading = {
            (pk, case.led_by_id): case.director_id for pk, case in self.cases.items() if case.director_id is not None
        }
        return {**found, **leading}

    def of(self, one: Reminder, case: ReturnCase) -> Iterator[Addressee]:
        told = [to for unit in self._responsible(one, case) for to in self._in_unit(one, unit)]
        # Where nobody there may know of it, who leads has to watch it.
        told = told or self._in_unit(one, case.led_by)
        yield from told
        if one.audience != Audience.UNIT:
            for unit in {to.unit.pk: to.unit for to in told}.values():
                yield from self._above(one, unit)
        if one.audience == Audience.BOTH:
            yield from self._above(one, case.led_by)

    def _responsible(self, one: Reminder, case: ReturnCase) -> list[Unit]:
        organisation = ORGANISATIONS.get(one.owner, "")
        if case.led_by.organisation.code == organisation:
            return [case.led_by]
        found = [unit for unit in self.units[case.pk].values() if unit.organisation.code == organisation]
        return found or [case.led_by]

    def _in_unit(self, one: Reminder, unit: Unit) -> list[Addressee]:
        holder = self.holders.get((one.case_id, unit.pk))
        found = [member for member in self.staff[unit.pk] if member.pk == holder and self._knows(member, one)]
        return [Addressee(unit, found[0])] if found else self._desk(one, unit)

    def _above(self, one: Reminder, unit: Unit) -> list[Addressee]:
        divides = roles_with(DIVIDES, unit.organisation.code)
        above = [member for member in self.staff[unit.pk] if member.acting_role in divides and self._knows(member, one)]
        return [Addressee(unit, member) for member in above] or self._desk(one, unit)

    def _desk(self, one: Reminder, unit: Unit) -> list[Addressee]:
        """What the desk may know is what one of its roles may; others do not read it (`reminding.hidden_from`)."""
        roles = {member.acting_role: member for member in self.staff[unit.pk]}
        return [Addressee(unit)] if any(self._role_knows(member, one) for member in roles.values()) else []

    def _knows(self, member: Member, one: Reminder) -> bool:
        """As `Access` says: by the role, or by what was opened to this member by name."""
        if self._role_knows(member, one):
            return True
        if (member.pk, one.case_id) not in self.named:
            return False
        case = self.cases[one.case_id]
        return one.may_be_known(accesses_of(member, [case])[case.pk].can)

    def _role_knows(self, member: Member, one: Reminder) -> bool:
        if member.acting is None:
            return False
        key = (member.acting_unit_id, member.acting_role)
        if key not in self._roles:
            anybody = stand_in(member.acting.unit, member.acting.role)
            self._roles[key] = accesses_of(anybody, self.of_unit[member.acting.unit_id])
        access = self._roles[key].get(one.case_id)
        return access is not None and one.may_be_known(access.can)


def _memberships(units: Iterable[int]) -> Iterable[Membership]:
    today = clock.today()
    ended_role = Q(role__valid_until__lt=today)
    found = Membership.objects.filter(valid_on(today), among("unit_id", units), member__is_active=True)
    return found.exclude(ended_role).select_related("member", "unit__organisation", "role").order_by("member", "pk")
