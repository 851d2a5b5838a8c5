"""Obliged moments, computed from a rhythm and never counted up. Pure: no database, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cases.case.models.presence import Rhythm

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Moment:
    """One obliged moment: within these days, both included, somebody must be seen once. `slot` counts within a day."""

    due_from: date
    due_to: date
    slot: int = 1

    @property
    def key(self) -> tuple[date, int]:
        return (self.due_from, self.slot)


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
