"""A register of one place and one week: who must be seen, what was noted, and how far the work is.

COA's in-house registration and the police's duty to report are two such registers, each in its own room. What they have in
common stands here. The number of queries never depends on how many people a place has.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from cases.case.listing import may_see
from cases.case.models import Ground, Mark, PresenceMark, ReturnCase, SpecialGroup
from cases.case.rhythm import (
    DAY,
    MANY_MISSED,
    MANY_MISSED_DUBLIN,
    WEEK,
    Moment,
    Term,
    missed_in_a_row,
    moments_of,
    obliged,
    on_day,
)
from leidraad.lib import clock
from leidraad.lib.arrays import among
from leidraad.lib.pagination import KeysetPage, keyset_page
from partners.models import Member

PAGE = 50
EARLIER = 4
# Four weekly moments before this one, and how far back a row of misses is looked for.
LOOK_BACK, LOOK_FOR_MISSES = 5 * WEEK, 13 * WEEK
ALL, UNFILLED, MISSED, MINORS = "", "niet-ingevuld", "tweede-gemist", "amv"
FILTERS = (ALL, UNFILLED, MISSED, MINORS)
ORDER = ("case__sort_name", "id")

O = TypeVar("O", bound=Model)  # noqa: E741 - what obliges: a stay, or a duty to report


@dataclass(frozen=True)
class Sheet:
    """The week that is asked for, and the day of it for who must be seen more often than weekly."""

    monday: date
    day: date

    @property
    def sunday(self) -> date:
        return self.monday + WEEK - DAY

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(7)]

    @property
    def has_come(self) -> bool:
        return self.monday <= clock.today()


@dataclass(frozen=True)
class Counts:
    """`due` and `filled` are moments of the sheet; the others are people. `keys` are the forms or rhythms that occur."""

    people: int = 0
    due: int = 0
    filled: int = 0
    unfilled: int = 0
    missed: int = 0
    minors: int = 0
    keys: tuple[str, ...] = ()

    def of(self, which: str) -> int:
        return {UNFILLED: self.unfilled, MISSED: self.missed, MINORS: self.minors}.get(which, self.people)


class Person(NamedTuple):
    """Somebody in the register, with what decides when they must be seen."""

    pk: int
    key: str
    since: date
    until: date | None
    ground: str
    special_group: str


# The record that obliges, the first day of the moment, and its number.
Noted = frozenset[tuple[int, date, int]]


@dataclass(frozen=True)
class Slot:
    """An obliged moment with what was noted of it, or nothing."""

    moment: Moment
    mark: PresenceMark | None

    @property
    def may_be_marked(self) -> bool:
        return self.mark is None and self.moment.due_from <= clock.today()


@dataclass(frozen=True)
class Line(Generic[O]):
    """One person: the moments of the sheet, the four before them, and the rhythm (None when none is known)."""

    owner: O
    slots: list[Slot]
    earlier: list[Slot]
    term: Term | None
    has_missed: bool = False


@lru_cache(maxsize=256)
def _known_moments(terms: tuple[Term, ...], monday: date) -> tuple[Moment, ...]:
    """The same for every reader of this week: some hundreds of moments for who must be seen twice a day."""
    return tuple(moments_of(terms, monday - LOOK_FOR_MISSES, monday))


class Register(ABC, Generic[O]):
    """`owner` names the record on the mark, `key` its column that decides the rhythm, `since` its first day."""

    marks: ClassVar[type[PresenceMark]]
    owner: ClassVar[str]
    key: ClassVar[str]
    since: ClassVar[str]
    until: ClassVar[str] = "ended_on"

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @abstractmethod
    def terms(self) -> Mapping[str, Sequence[Term]]:
        """What each value of `key` obliges to."""

    @cached_property
    def _terms(self) -> Mapping[str, Sequence[Term]]:
        return self.terms()

    # --- moments ----------------------------------------------------------------------------------------------------

    @cached_property
    def moments(self) -> dict[str, tuple[Moment, ...]]:
        """All moments by key, far enough back to tell a row of misses."""
        return {key: _known_moments(tuple(terms), self.sheet.monday) for key, terms in self._terms.items()}

    def asked(self, key: str) -> list[Moment]:
        return on_day(self.moments.get(key, ()), self.sheet.day)

    def term_of(self, key: str) -> Term | None:
        return next((term for term in self._terms.get(key, ()) if term.covers(self.sheet.day)), None)

    def has_days(self, keys: Iterable[str]) -> bool:
        """Whether anybody must be seen more often than once in this week."""
        return any(
            not moment.is_week and moment.due_from >= self.sheet.monday
            for key in keys
            for moment in self.moments.get(key, ())
        )

    @cached_property
    def _groups(self) -> dict[Moment, list[str]]:
        """The moments of the sheet that have come, each with the keys that have it."""
        found: dict[Moment, list[str]] = {}
        for key in self._terms:
            for moment in self.asked(key):
                if moment.due_from <= clock.today():
                    found.setdefault(moment, []).append(key)
        return found

    # --- conditions -------------------------------------------------------------------------------------------------

    def in_week(self) -> Q:
        """Whoever is on the books on a day of the week."""
        since, until = {f"{self.since}__lte": self.sheet.sunday}, {f"{self.until}__gt": self.sheet.monday}
        return Q(**since) & (Q(**{self.until: None}) | Q(**until))

    # --- a whole place ----------------------------------------------------------------------------------------------

    def visible(self, rows: QuerySet[O, O], member: Member) -> QuerySet[O, O]:
        """Only cases that the acting unit sees, still open, in which the member knows who it is and whether they were seen."""
        if member.acting is None:
            return rows.none()
        cases = ReturnCase.objects.visible_to(member).open()
        return rows.filter(may_see(member, "presence", "case"), may_see(member, "identity", "case"), case__in=cases)

    def people(self, rows: QuerySet[O, O]) -> list[Person]:
        """Everybody among the rows, in no order. One query."""
        columns = ("pk", self.key, self.since, self.until, "case__ground", "case__special_group")
        return [Person(*row) for row in rows.order_by().values_list(*columns)]

    def person_of(self, owner: O) -> Person:
        """The same of one row that was read with its case."""
        case: ReturnCase = owner.case  # type: ignore[attr-defined]  # every record that obliges is of a case
        key, since, until = (getattr(owner, name) for name in (self.key, self.since, self.until))
        return Person(owner.pk, key, since, until, case.ground, case.special_group)

    def noted(self, people: Sequence[Person]) -> Noted:
        """What was noted of them at the moments of the sheet. One query."""
        found = self.marks._default_manager.filter(
            among(self.owner, (one.pk for one in people)), due_from__in={moment.due_from for moment in self._groups}
        )
        return frozenset(found.values_list(self.owner, "due_from", "slot"))

    def _due(self, people: Sequence[Person], noted: Noted) -> Iterator[tuple[Person, bool]]:
        """Everybody at each moment of the sheet at which they must be seen, and whether that was noted."""
        for moment, keys in self._groups.items():
            day, due_from, slot = moment.due_to, moment.due_from, moment.slot
            for one in people:
                if one.key in keys and one.since <= day and (one.until is None or one.until > day):
                    yield one, (one.pk, due_from, slot) in noted

    def unfilled(self, people: Sequence[Person], noted: Noted) -> frozenset[int]:
        return frozenset(one.pk for one, is_noted in self._due(people, noted) if not is_noted)

    def counts(self, people: Sequence[Person], noted: Noted, missed: frozenset[int] = frozenset()) -> Counts:
        """Progress and the numbers of the filters."""
        due = [is_noted for _one, is_noted in self._due(people, noted)]
        return Counts(
            people=len(people),
            due=len(due),
            filled=sum(due),
            unfilled=len(self.unfilled(people, noted)),
            missed=len(missed),
            minors=sum(one.special_group == SpecialGroup.UNACCOMPANIED_MINOR for one in people),
            keys=tuple(sorted({one.key for one in people})),
        )

    def often_missed(self, people: Sequence[Person]) -> frozenset[int]:
        """Keys of those who missed twice in a row (Dublin: once), up to the day of the sheet. One query, of few rows."""
        horizon, owner = self.sheet.monday - LOOK_FOR_MISSES, self.owner
        since_then = self.marks._default_manager.filter(due_from__gte=horizon, due_from__lte=self.sheet.day)
        same = since_then.filter(**{owner: OuterRef(owner)})
        seen_later = same.filter(mark=Mark.SEEN).filter(
            Q(due_from__gt=OuterRef("due_from")) | Q(due_from=OuterRef("due_from"), slot__gt=OuterRef("slot"))
        )
        by_key = {one.pk: one for one in people}
        found = since_then.filter(~Exists(seen_later), Exists(same.filter(mark=Mark.MISSED)), among(owner, by_key))
        noted: dict[int, dict[tuple[date, int], str]] = {}
        for pk, due_from, slot, mark in found.values_list(owner, "due_from", "slot", "mark"):
            noted.setdefault(pk, {})[(due_from, slot)] = mark
        return frozenset(pk for pk, marks in noted.items() if self._too_many(marks, by_key[pk]))

    def _too_many(self, noted: Mapping[tuple[date, int], str], one: Person) -> bool:
        known = [moment for moment in self.moments.get(one.key, ()) if moment.due_from <= self.sheet.day]
        limit = MANY_MISSED_DUBLIN if one.ground == Ground.DUBLIN else MANY_MISSED
        return missed_in_a_row(obliged(known, since=one.since, until=one.until), noted) >= limit

    def narrowed(
        self, rows: QuerySet[O, O], which: str, people: Sequence[Person], noted: Noted, missed: frozenset[int]
    ) -> QuerySet[O, O]:
        if which == UNFILLED:
            return rows.filter(among("pk", self.unfilled(people, noted)))
        if which == MISSED:
            return rows.filter(pk__in=missed)
        if which == MINORS:
            return rows.filter(case__special_group=SpecialGroup.UNACCOMPANIED_MINOR)
        return rows

    def page(self, rows: QuerySet[O, O], *, after: str | None, size: int = PAGE) -> KeysetPage[O]:
        return keyset_page(rows.select_related("case__person"), order=ORDER, after=after, size=size)

    # --- lines ------------------------------------------------------------------------------------------------------

    def lines(self, owners: Sequence[O], missed: frozenset[int] = frozenset()) -> list[Line[O]]:
        """One query, whatever the number of owners."""
        found = self.marks._default_manager.filter(
            **{f"{self.owner}__in": [one.pk for one in owners]},
            due_from__gte=self.sheet.monday - LOOK_BACK,
            due_from__lte=self.sheet.sunday,
        )
        marks: dict[int, dict[tuple[date, int], PresenceMark]] = {}
        for mark in found.select_related("by"):
            marks.setdefault(getattr(mark, f"{self.owner}_id"), {})[mark.moment] = mark
        return [self._line(one, marks.get(one.pk, {}), one.pk in missed) for one in owners]

    def _line(self, owner: O, marks: Mapping[tuple[date, int], PresenceMark], has_missed: bool) -> Line[O]:
        key, since = getattr(owner, self.key), getattr(owner, self.since)
        own = obliged(self.moments.get(key, ()), since=since, until=getattr(owner, self.until))
        asked = on_day(own, self.sheet.day)
        first = asked[0] if asked else Moment(self.sheet.day, self.sheet.day)
        earlier = [one for one in own if one.due_to < first.due_from][-EARLIER:]
        return Line(
            owner=owner,
            slots=[Slot(one, marks.get(one.key)) for one in asked],
            earlier=[Slot(one, marks.get(one.key)) for one in earlier],
            term=self.term_of(key),
            has_missed=has_missed,
        )

    def moment_of(self, owner: O, slot: int) -> Moment | None:
        """The obliged moment of the sheet with this number, if this person has it."""
        key, since = getattr(owner, self.key), getattr(owner, self.since)
        own = obliged(self.asked(key), since=since, until=getattr(owner, self.until))
        return next((one for one in own if one.slot == slot), None)


def by_case(lines: Iterable[Line[Any]]) -> dict[int, Line[Any]]:
    """The last line of each case."""
    return {line.owner.case_id: line for line in lines}
