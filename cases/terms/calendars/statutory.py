"""Terms of Dutch law: the day after notification is the first (Awb 6:8), and the General Act on Terms (ATW) moves the end."""

from collections.abc import Sequence
from datetime import date

from cases.terms.calendars import arithmetic
from cases.terms.calendars.arithmetic import (
    DAY,
    days,
    is_paused,
    is_shortened,
    lengthened,
    nth_counting,
    on,
    pause_lines,
)
from cases.terms.calendars.holidays import decree_is_known, is_working_day, why_free
from cases.terms.calendars.shape import Duration, Extension, Favours, Line, Outcome, Pause, Reading, TermUnit, Why

# ATW 4(a): the act leaves alone what is longer than this.
LONGEST = {TermUnit.DAYS: 90, TermUnit.WORKING_DAYS: 90, TermUnit.WEEKS: 12, TermUnit.MONTHS: 3, TermUnit.YEARS: 0}
SHORTEST_DAYS_WITH_TWO_WORKING_DAYS = 3


def ends(
    event: date,
    term: Duration,
    *,
    pauses: Sequence[Pause] = (),
    liberty: bool = False,
    extension: Extension = Extension.YES,
    favours: Favours = Favours.LATER,
) -> Outcome:
    """The last day of a term that an event on `event` started.

    `liberty`: the term concerns deprivation of liberty, which ATW 4 leaves alone. With UNSETTLED the first reading applies
    the act and the second does not. A term in hours has no last day and is refused: see `arithmetic.hours_end`.
    """
    if term.unit is TermUnit.HOURS:
        raise ValueError("A term in hours ends at a moment: use hours_end.")
    nominal, start = _nominal(event, term, pauses)
    if term.count == 0:
        return Outcome((Reading(nominal, (*start, Line(Why.END, day=nominal))),), favours)
    moved = _reading(start, _extended(event, nominal, term, pauses, liberty))
    if extension is Extension.YES:
        return Outcome((moved,), favours)
    kept = _reading(start, (nominal, (Line(Why.EXTENSION_LEFT_OUT),)))
    return Outcome((kept,) if extension is Extension.NO else (moved, kept), favours)


def counted_back(event: date, term: Duration) -> Outcome:
    """The day that lies one term before `event`; ATW 1(2) leaves it where it falls."""
    return arithmetic.counted_back(event, term, lambda day: not is_working_day(day))


def _nominal(event: date, term: Duration, pauses: Sequence[Pause]) -> tuple[date, tuple[Line, ...]]:
    """Where the term ends before the act moves anything, and the lines up to there."""
    if term.unit is TermUnit.WORKING_DAYS:
        end = nth_counting(event, term.count, lambda day: is_working_day(day) and not is_paused(day, pauses))
        paused = pause_lines(event, end, pauses)
    else:
        end, paused = lengthened(event, on(event, term), pauses)
    first = nth_counting(event, 1, lambda day: not is_paused(day, pauses))
    begin = (Line(Why.EVENT, day=event), *((Line(Why.FIRST_DAY, day=first),) if term.count else ()))
    short = (Line(Why.SHORT_MONTH, count=event.day),) if _is_short(event, term) else ()
    return end, (*begin, *paused, *short, Line(Why.NOMINAL_END, day=end, count=term.count, name=term.unit))


def _is_short(event: date, term: Duration) -> bool:
    return term.unit is not TermUnit.WORKING_DAYS and is_shortened(event, term)


def _reading(start: tuple[Line, ...], moved: tuple[date, tuple[Line, ...]]) -> Reading:
    end, lines = moved
    return Reading(end, (*start, *lines, Line(Why.END, day=end)))


def exclusion(term: Duration, *, liberty: bool = False) -> Why | None:
    """Why ATW 4 keeps the act from this term; None when the act applies."""
    if term.unit is TermUnit.HOURS:
        return Why.HOURS_NOT_EXTENDED
    if liberty:
        return Why.LIBERTY_NOT_EXTENDED
    return Why.LONG_NOT_EXTENDED if term.count > LONGEST[term.unit] else None


def _extended(
    event: date, nominal: date, term: Duration, pauses: Sequence[Pause], liberty: bool
) -> tuple[date, tuple[Line, ...]]:
    """The end as ATW 1 and 2 move it, with a line for each day that it was moved over."""
    excluded = exclusion(term, liberty=liberty)
    if excluded:
        return nominal, (Line(excluded),)
    end, lines = nominal, []
    while why := why_free(end):
        end += DAY
        lines.append(Line(Why.MOVED, day=end - DAY, name=why))
    if _holds_two_working_days(term):
        end, added = _with_two_working_days(event, end, pauses)
        lines += added
    if not decree_is_known(end.year):
        lines.append(Line(Why.EQUATED_NOT_KNOWN, count=end.year))
    return end, tuple(lines)


def _holds_two_working_days(term: Duration) -> bool:
    """A term in working days holds as many as it has: a single one is no term of three days."""
    if term.unit is TermUnit.DAYS:
        return term.count >= SHORTEST_DAYS_WITH_TWO_WORKING_DAYS
    return term.unit is not TermUnit.WORKING_DAYS


def _with_two_working_days(event: date, end: date, pauses: Sequence[Pause]) -> tuple[date, list[Line]]:
    """ATW 2: a term of three days or more holds at least two that are no Saturday, Sunday or holiday."""
    found = 0
    for day in days(event + DAY, end):
        found += is_working_day(day) and not is_paused(day, pauses)
        if found == 2:
            return end, []
    last = nth_counting(end, 2 - found, lambda day: is_working_day(day) and not is_paused(day, pauses))
    return last, [Line(Why.TWO_WORKING_DAYS, day=end, until=last)]
