"""What goes into a calculation and what comes out of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TermUnit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Duration:
    """A duration as the rule states it. Zero is a term: it ends on the day of its event."""

    count: int
    unit: TermUnit

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("A term does not run backwards: use `counted_back`.")


@dataclass(frozen=True)
class Pause:
    """Days on which a term does not run, both ends included. One that has no end yet stops the term: that is no date."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A pause ends on or after its first day.")

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


class Extension(StrEnum):
    """Whether a term that ends on a Saturday, Sunday or holiday runs on. UNSETTLED gives both readings."""

    YES = "yes"
    NO = "no"
    UNSETTLED = "unsettled"


class Favours(StrEnum):
    """Which end is best for the person: a term to appeal had better be long, detention short."""

    LATER = "later"
    EARLIER = "earlier"


class Why(StrEnum):
    """What one line of an explanation says. `words` puts it into a sentence."""

    EVENT = "event"
    FIRST_DAY = "first_day"
    NOMINAL_END = "nominal_end"
    SHORT_MONTH = "short_month"
    PAUSED = "paused"
    MOVED = "moved"
    TWO_WORKING_DAYS = "two_working_days"
    HOURS_NOT_EXTENDED = "hours_not_extended"
    LONG_NOT_EXTENDED = "long_not_extended"
    LIBERTY_NOT_EXTENDED = "liberty_not_extended"
    BACK_NOT_EXTENDED = "back_not_extended"
    EXTENSION_LEFT_OUT = "extension_left_out"
    EQUATED_NOT_KNOWN = "equated_not_known"
    EQUATED_LEFT_OUT = "equated_left_out"
    EVENT_DAY_COUNTS = "event_day_counts"
    STRICT = "strict"
    THIRTY_DAY_MONTHS = "thirty_day_months"
    DAYS_USED = "days_used"
    NIGHT = "night"
    CLOCK_CHANGE = "clock_change"
    COUNTED_BACK = "counted_back"
    SET = "set"
    OTHER_LENGTH = "other_length"
    END = "end"


@dataclass(frozen=True)
class Line:
    """One step of an explanation: what, on which day or moment, until when, how many, and which holiday (a key)."""

    why: Why
    day: date | None = None
    until: date | None = None
    moment: datetime | None = None
    count: int = 0
    name: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to read the rule. `end` is the last day of the term; the term ends when that day ends, in Amsterdam."""

    end: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outcome:
    """The readings of one term, that of the main rule first. There is always at least one."""

    readings: tuple[Reading, ...]
    favours: Favours = Favours.LATER

    @property
    def end(self) -> date:
        return self.readings[0].end

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.readings[0].lines

    @property
    def both(self) -> tuple[Reading, ...]:
        """The readings where they differ; empty where there is one answer."""
        return self.readings if self.earliest != self.latest else ()

    def beside(self, other: "Outcome") -> "Outcome":
        """With the readings of another length of the same term, where the sources do not agree on the length."""
        return Outcome((*self.readings, *other.readings), self.favours)

    @property
    def earliest(self) -> date:
        """What work signals use."""
        return min(reading.end for reading in self.readings)

    @property
    def latest(self) -> date:
        return max(reading.end for reading in self.readings)

    @property
    def best_for_person(self) -> date:
        """What guards use."""
        return self.latest if self.favours is Favours.LATER else self.earliest


@dataclass(frozen=True)
class MomentOutcome:
    """The end of a term in hours: aware, in Amsterdam. From this moment on the term is over."""

    end: datetime
    lines: tuple[Line, ...]
