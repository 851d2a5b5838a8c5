"""Obliged moments, computed from a rhythm and never counted up. Pure: no database, no clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cases.case.models.presence import Mark, Rhythm

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
# "Twice missed" asks for an answer; of somebody whom another member state takes over, the first (Leidraad, bericht van vertrek).
MANY_MISSED, MANY_MISSED_DUBLIN = 2, 1


@dataclass(frozen=True, order=True)
class Moment:
    """One obliged moment: within these days, both included, somebody must be seen once. `slot` counts within a day."""

    due_from: date
    due_to: date
    slot: int = 1

    @property
    def key(self) -> tuple[date, int]:
        return (self.due_from, self.slot)

    @property
    def is_week(self) -> bool:
        return self.due_to > self.due_from


@dataclass(frozen=True)
class Term:
    """A rhythm and the days on which it holds. `until` is the first day on which it no longer does."""

    rhythm: str
    since: date = date.min
    until: date | None = None
    is_established: bool = True

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def moments(rhythm: str, first: date, last: date) -> Iterator[Moment]:
    """The moments that begin on or after the week, or day, of `first`, up to the one in which `last` lies, in order.

    A weekly moment is the ISO week, Monday to Sunday. An unknown or empty rhythm obliges to nothing.
    """
    if rhythm == Rhythm.WEEKLY:
        start = monday_of(first)
        while start <= last:
            yield Moment(start, start + WEEK - DAY)
            start += WEEK
        return
    if rhythm not in Rhythm.values:
        return
    day = first
    while day <= last:
        if rhythm != Rhythm.WORKDAYS or day.weekday() < 5:
            for slot in (1, 2) if rhythm == Rhythm.TWICE_DAILY else (1,):
                yield Moment(day, day, slot)
        day += DAY


def moments_of(terms: Iterable[Term], first: date, last: date) -> list[Moment]:
    """The moments of the weeks of `first` to `last` under rhythms that follow each other, in order and never overlapping.

    A week belongs to the rhythm of its last day; days of that week which had moments of their own are not asked twice.
    """
    start, end = monday_of(first), monday_of(last) + WEEK - DAY
    found: list[Moment] = []
    for term in sorted(terms, key=lambda term: term.since):
        for moment in moments(term.rhythm, start, end):
            if not term.covers(moment.due_to):
                continue
            if found and moment.due_from <= found[-1].due_to < moment.due_to:
                moment = replace(moment, due_from=found[-1].due_to + DAY)
            found.append(moment)
    return found


def obliged(moments: Iterable[Moment], *, since: date, until: date | None) -> list[Moment]:
    """Those of the moments that fall to somebody who is there from `since`, and no longer on the day `until`.

    A moment belongs to where somebody is on its last day, so a week in which somebody moves is asked once, by the new place.
    """
    stay = Term("", since, until)
    return [moment for moment in moments if stay.covers(moment.due_to)]


def on_day(moments: Iterable[Moment], day: date) -> list[Moment]:
    """The moments that this day is part of: the week's own, and those of the day itself."""
    return [moment for moment in moments if moment.due_from <= day <= moment.due_to]


def missed_in_a_row(moments: Sequence[Moment], marks: Mapping[tuple[date, int], str]) -> int:
    """How many of these moments, the last one first, were missed with none seen and none left open between them.

    Excused, exempt and not due count for nothing. The last moments may still have to be filled in; any other moment without
    a mark ends the row, because nobody established what happened.
    """
    count, has_mark = 0, False
    for moment in sorted(moments, reverse=True):
        mark = marks.get(moment.key)
        if mark is None and has_mark:
            break
        if mark == Mark.SEEN:
            break
        count += mark == Mark.MISSED
        has_mark = has_mark or mark is not None
    return count
