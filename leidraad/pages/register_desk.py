"""The register as one member works with it: COA's in-house registration of the own site, or the police's duty to report.

Two registers with two owners stand beside each other. Whoever opens one may write their own and reads the other's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from cases.case.access import Access
from cases.case.marking import Entry, Result
from cases.case.models import PresenceMark
from cases.case.register import FILTERS, Counts, Line, Noted, Person, Register, Sheet
from cases.case.rhythm import DAY, WEEK, monday_of
from cases.reception.models import InHouseMark
from cases.reception.presence_actions import correct_in_house, mark_many_in_house
from cases.reception.register import InHouseRegister
from cases.supervision.models import DutyMark
from cases.supervision.reporting_actions import correct_duty, mark_many_duty
from cases.supervision.reporting_register import DutyRegister
from leidraad.lib import clock
from leidraad.lib.pagination import KeysetPage
from partners.models import Member, Unit
from partners.policy import require_to

POLICE = "police"
WEEK_WORDS = re.compile(r"(\d{4})-W(\d{2})")
FIRST_YEAR, LAST_YEAR = 2000, 2099


def week_words(day: date) -> str:
    """2026-W48, as addresses have it."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_from(words: str) -> date:
    """Raises Http404 for what is no week of our time."""
    found = WEEK_WORDS.fullmatch(words)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Http404
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as no_week:
        raise Http404 from no_week


def sheet_of(monday: date, chosen: str = "") -> Sheet:
    """The week, at the day chosen (1 to 7), else at today; of another week at its last working day."""
    if chosen.isdecimal() and 1 <= int(chosen) <= 7:
        return Sheet(monday, monday + timedelta(days=int(chosen) - 1))
    if monday == monday_of(clock.today()):
        return Sheet(monday, clock.today())
    return Sheet(monday, monday + 4 * DAY)


@dataclass(frozen=True)
class Desk:
    """One member at one register. `which` is the filter, one of FILTERS."""

    member: Member
    site: Unit
    sheet: Sheet
    which: str = ""

    @property
    def is_police(self) -> bool:
        return self.member.acting_organisation == POLICE

    @property
    def right(self) -> str:
        return "reporting.change" if self.is_police else "presence.change"

    def may_note(self, access: Access) -> bool:
        return access.can(self.right)

    # --- what is in it ----------------------------------------------------------------------------------------------

    @cached_property
    def own(self) -> Register[Any]:
        return DutyRegister(self.sheet) if self.is_police else InHouseRegister(self.sheet)

    @cached_property
    def rows(self) -> QuerySet[Any, Any]:
        if isinstance(self.own, DutyRegister):
            return self.own.reporting_at(self.member, self.site)
        assert isinstance(self.own, InHouseRegister)  # noqa: S101  # tells the type checker what `own` says
        return self.own.residents(self.member, self.site)

    @cached_property
    def people(self) -> list[Person]:
        return self.own.people(self.rows)

    @cached_property
    def noted(self) -> Noted:
        return self.own.noted(self.people)

    @cached_property
    def missed(self) -> frozenset[int]:
        return self.own.often_missed(self.people)

    def counts(self) -> Counts:
        return self.own.counts(self.people, self.noted, self.missed)

    def progress(self) -> Counts:
        """Only how far the work is, for a row that was just saved."""
        return self.own.counts(self.people, self.noted)

    def page(self, after: str | None) -> KeysetPage[Any]:
        shown = self.own.narrowed(self.rows, self.which, self.people, self.noted, self.missed)
        return self.own.page(shown, after=after)

    def owners(self, keys: Iterable[int]) -> list[Any]:
        """Those of the people in the register that have these keys, in the order of the list."""
        known = {one.pk for one in self.people}
        found = self.rows.model._default_manager.filter(pk__in=[key for key in keys if key in known])
        return list(found.select_related("case__person").order_by("case__sort_name", "pk"))

    def others(self, owners: Sequence[Any]) -> dict[int, Line[Any]]:
        """What the other organisation keeps about the same people in the same week, by case."""
        cases = [one.case for one in owners]
        if self.is_police:
            return InHouseRegister(self.sheet).of_cases(cases)
        return DutyRegister(self.sheet).of_cases(cases)

    # --- what may be done -------------------------------------------------------------------------------------------

    def note(self, entries: Sequence[Entry[Any]]) -> list[Result[Any]]:
        if isinstance(self.own, InHouseRegister):
            return mark_many_in_house(entries, self.sheet.day, by=self.member, register=self.own)
        return mark_many_duty(entries, self.sheet.day, by=self.member)

    def find_mark(self, pk: int) -> PresenceMark:
        """A mark of somebody in this register. Http404 for any other."""
        owner, marks = self.own.owner, self.own.marks._default_manager
        found = marks.filter(**{f"{owner}__in": self.rows}, pk=pk).select_related("by", "case__person", owner).first()
        if found is None:
            raise Http404
        return found

    def correct(self, mark: PresenceMark, new: str, reason: str, version: int) -> PresenceMark:
        if isinstance(mark, DutyMark):
            return correct_duty(mark, new, reason, by=self.member, version=version)
        assert isinstance(mark, InHouseMark)  # noqa: S101  # there are two kinds of marks
        return correct_in_house(mark, new, reason, by=self.member, version=version)

    # --- addresses --------------------------------------------------------------------------------------------------

    @property
    def args(self) -> list[str]:
        return [self.site.code, week_words(self.sheet.monday)]

    def url(self, name: str = "week", *more: object, day: date | None = None, which: str | None = None) -> str:
        """The address of a page of this register, with the day and the filter of this one unless others are given."""
        path, shown = reverse(f"register:{name}", args=[*self.args, *more]), day or self.sheet.day
        kept = self.which if which is None else which
        parts = [f"dag={shown.isoweekday()}"] if shown != sheet_of(self.sheet.monday).day else []
        parts += [f"toon={kept}"] if kept else []
        return f"{path}?{'&'.join(parts)}" if parts else path

    def week_url(self, weeks: int) -> str:
        return reverse("register:week", args=[self.site.code, week_words(self.sheet.monday + weeks * WEEK)])


def open_desk(member: Member, site: str, week: str, asked: Any) -> Desk:
    """The register at this address. NotAllowed without the right to any register, Http404 for another place or no week."""
    require_to(member, "register.list")
    monday = monday_from(week)
    found = next((unit for unit in places_of(member) if unit.code == site), None)
    if found is None:
        raise Http404
    which = asked.get("toon", "")
    if which not in FILTERS:
        which = ""
    return Desk(member, found, sheet_of(monday, asked.get("dag", "")), which)


def places_of(member: Member) -> list[Unit]:
    """Where the member keeps a register: COA its own site, the police wherever somebody reports to the unit."""
    if member.acting_organisation != POLICE:
        return [member.acting_unit]
    return [unit for unit, _count in police_places(member)]


def police_places(member: Member) -> list[tuple[Unit, int]]:
    """Each place with how many people report there, the unit itself last. Two queries."""
    counts = DutyRegister(sheet_of(monday_of(clock.today()))).places(member)
    sites = Unit.objects.in_bulk([key for key in counts if key is not None])
    found = [(sites[key], number) for key, number in counts.items() if key is not None]
    found.sort(key=lambda pair: pair[0].name)
    return [*found, (member.acting_unit, counts[None])] if None in counts else found


def ending_in(places: Sequence[Unit], name: str) -> Unit | None:
    """The one place whose code ends so ("veenmeer"); nobody when several do."""
    found = [unit for unit in places if unit.code.endswith(f"-{name}")]
    return found[0] if len(found) == 1 else None
