"""Days, months and hours, counted as the three calendars agree on them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from cases.terms.calendars.shape import Duration, Line, MomentOutcome, Outcome, Pause, Reading, TermUnit, Why

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)


def on(event: date, term: Duration) -> date:
    """The day that lies one term after `event`: the same day of the week, or the same number in the later month.

    A month without that number gives its last day (HR 1 September 2017, ECLI:NL:HR:2017:2225; APR 73 and Reg. 1182/71 art. 3
    say the same for the Union). Terms in hours and in working days are no distance on the calendar and are refused.
    """
    return _moved(event, term, 1)


def _moved(event: date, term: Duration, direction: int) -> date:
    count = term.count * direction
    match term.unit:
        case TermUnit.DAYS:
            return event + timedelta(days=count)
        case TermUnit.WEEKS:
            return event + timedelta(weeks=count)
        case TermUnit.MONTHS:
            moved: date = event + relativedelta(months=count)
            return moved
        case TermUnit.YEARS:
            moved = event + relativedelta(years=count)
            return moved
    raise ValueError(f"A term in {term.unit} is not counted on the calendar.")


def is_shortened(event: date, term: Duration) -> bool:
    """Whether the month in which the term ends lacks the number of the day of the event."""
    return term.unit in (TermUnit.MONTHS, TermUnit.YEARS) and on(event, term).day != event.day


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def nth_counting(event: date, count: int, counts: Callable[[date], bool]) -> date:
    """The `count`-th day after `event` that counts; with zero the day of the event itself."""
    day = event
    while count:
        day += DAY
        count -= counts(day)
    return day


def is_paused(day: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.holds(day) for pause in pauses)


def lengthened(event: date, end: date, pauses: Sequence[Pause]) -> tuple[date, tuple[Line, ...]]:
    """`end` moved on by the days of the term that lay in a pause. The days that are added may lie in a pause themselves."""
    if not pauses:
        return end, ()
    day, running = event, (end - event).days
    while running:
        day += DAY
        running -= not is_paused(day, pauses)
    return day, pause_lines(event, day, pauses)


def pause_lines(event: date, end: date, pauses: Sequence[Pause]) -> tuple[Line, ...]:
    """One line for each pause that took days of the term, with those days; a day in two pauses counts in the first."""
    lines: list[Line] = []
    seen = event
    for pause in sorted(pauses, key=lambda pause: (pause.first, pause.last)):
        first, last = max(pause.first, seen + DAY), min(pause.last, end)
        if first <= last:
            lines.append(Line(Why.PAUSED, day=first, until=last, count=(last - first).days + 1))
            seen = last
    return tuple(lines)


def day_of(moment: datetime) -> date:
    """The day in Amsterdam on which a moment falls. 23:30 in London on Monday is Tuesday here."""
    return aware(moment).astimezone(AMSTERDAM).date()


def over_at(last_day: date) -> datetime:
    """The first moment that no longer belongs to a term that ends on `last_day`."""
    return datetime.combine(last_day + DAY, time(), tzinfo=AMSTERDAM)


def in_time(moment: datetime, last_day: date) -> bool:
    """Whether something done at `moment` is within a term that ends on `last_day`: 23:59 is, 00:00 the next day is not."""
    return aware(moment) < over_at(last_day)


def aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment


def later(moment: datetime, lapse: timedelta) -> datetime:
    """Real time later. When the clock goes forward the wall shows an hour more, when it goes back an hour less."""
    return (aware(moment).astimezone(UTC) + lapse).astimezone(AMSTERDAM)


def hours_end(start: datetime, hours: int) -> MomentOutcome:
    """A term in hours is never extended (ATW 4) and runs through the night, the weekend and the change of the clock."""
    return _hours(start, hours, Why.NOMINAL_END, Why.HOURS_NOT_EXTENDED)


def hours_before(event: datetime, hours: int) -> MomentOutcome:
    """The moment that lies `hours` before `event`: what must be done by then is late afterwards."""
    return _hours(event, -hours, Why.COUNTED_BACK, Why.BACK_NOT_EXTENDED)


def _hours(event: datetime, hours: int, what: Why, rule: Why) -> MomentOutcome:
    start = aware(event).astimezone(AMSTERDAM)
    end = later(start, timedelta(hours=hours))
    change = (Line(Why.CLOCK_CHANGE),) if start.utcoffset() != end.utcoffset() else ()
    steps = (Line(Why.EVENT, moment=start), Line(what, moment=end, count=abs(hours)), *change, Line(rule))
    return MomentOutcome(end, (*steps, Line(Why.END, moment=end)))


def counted_back(
    event: date, term: Duration, is_free: Callable[[date], bool] = lambda day: day.weekday() > 4
) -> Outcome:
    """The day that lies one term before `event`; the day of the event is not counted.

    Never extended, in any of the three calendars (ATW 1(2)). `is_free` says which days no term in working days counts.
    """
    if term.unit is TermUnit.WORKING_DAYS:
        day = event
        count = term.count
        while count:
            day -= DAY
            count -= not is_free(day)
    else:
        day = _moved(event, term, -1)
    lines = (Line(Why.EVENT, day=event), Line(Why.COUNTED_BACK, day=day), Line(Why.BACK_NOT_EXTENDED))
    return Outcome((Reading(day, (*lines, Line(Why.END, day=day))),))
