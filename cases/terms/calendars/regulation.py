"""Terms of Union regulations (RBP 11): the day of the event is not counted, weekends are, and a last day that is no working
day gives way to the next working day.

Which days are holidays for that purpose, the regulation leaves to the Member State. The first reading takes the holidays of
ATW 3(1); the second adds Good Friday and the days that a decree equates, which the Dutch act does for its own terms only.
Whether a term of months or years is moved too is not limited here: the exclusions of ATW 4 are no Union law.
"""

from collections.abc import Sequence
from datetime import date

from cases.terms.calendars import arithmetic
from cases.terms.calendars.arithmetic import DAY, is_paused, is_shortened, lengthened, nth_counting, on, pause_lines
from cases.terms.calendars.holidays import Kind, is_working_day, why_free
from cases.terms.calendars.shape import Duration, Extension, Favours, Line, Outcome, Pause, Reading, TermUnit, Why

NARROW = frozenset({Kind.GOOD_FRIDAY, Kind.EQUATED})
WIDE: frozenset[Kind] = frozenset()


def ends(
    event: date,
    term: Duration,
    *,
    pauses: Sequence[Pause] = (),
    extension: Extension = Extension.YES,
    favours: Favours = Favours.LATER,
) -> Outcome:
    """The last day of a term of a regulation that an event on `event` started. Terms in hours are refused."""
    if term.unit is TermUnit.HOURS:
        raise ValueError("A term in hours ends at a moment: use hours_end.")
    readings: list[Reading] = []
    for without in (NARROW, WIDE):
        if extension is not Extension.NO:
            readings.append(_reading(event, term, pauses, without, moves=True))
        if extension is not Extension.YES:
            readings.append(_reading(event, term, pauses, without, moves=False))
    different: dict[date, Reading] = {}
    for reading in readings:
        different.setdefault(reading.end, reading)
    return Outcome(tuple(different.values()), favours)


def counted_back(event: date, term: Duration) -> Outcome:
    return arithmetic.counted_back(event, term, lambda day: not is_working_day(day, NARROW))


def _reading(event: date, term: Duration, pauses: Sequence[Pause], without: frozenset[Kind], *, moves: bool) -> Reading:
    end, lines = _nominal(event, term, pauses, without)
    if not moves:
        lines.append(Line(Why.EXTENSION_LEFT_OUT))
    elif term.count:
        while why := why_free(end, without):
            end += DAY
            lines.append(Line(Why.MOVED, day=end - DAY, name=why))
        if without is NARROW and why_free(end):
            lines.append(Line(Why.EQUATED_LEFT_OUT, day=end))
    return Reading(end, (*lines, Line(Why.END, day=end)))


def _nominal(event: date, term: Duration, pauses: Sequence[Pause], without: frozenset[Kind]) -> tuple[date, list[Line]]:
    short: tuple[Line, ...] = ()
    if term.unit is TermUnit.WORKING_DAYS:
        counts = nth_counting(
            event, term.count, lambda day: is_working_day(day, without) and not is_paused(day, pauses)
        )
        end, paused = counts, pause_lines(event, counts, pauses)
    else:
        end, paused = lengthened(event, on(event, term), pauses)
        short = (Line(Why.SHORT_MONTH, count=event.day),) if is_shortened(event, term) else ()
    first = nth_counting(event, 1, lambda day: not is_paused(day, pauses))
    begin = [Line(Why.EVENT, day=event), *([Line(Why.FIRST_DAY, day=first)] if term.count else [])]
    return end, [*begin, *paused, *short, Line(Why.NOMINAL_END, day=end, count=term.count, name=term.unit)]
