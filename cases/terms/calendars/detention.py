"""Terms of liberty: strict calendar. No weekend and no holiday moves them; a day is a day of somebody's freedom.

Whether the day of the measure is itself the first day is not established in the sources consulted. The first reading counts
it, which ends everything a day earlier; the second starts the day after, as other terms do (Awb 6:8). Guards and signals both
use the earliest, because for liberty the shortest reading is the best for the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.terms.calendars.arithmetic import AMSTERDAM, DAY, aware, day_of, is_shortened, later, on
from cases.terms.calendars.shape import Duration, Favours, Line, MomentOutcome, Outcome, Reading, TermUnit, Why

# Rule count-detention-month: in the total of 18 months a month is thirty days.
DAYS_OF_MONTH = 30
# Rule hold: the hours between midnight and nine in the morning do not count.
NIGHT_ENDS = time(9)


def ends(imposed: date, term: Duration) -> Outcome:
    """The last day on which a measure may stand that was imposed on `imposed`. Day 15 of a measure is `Duration(15, DAYS)`."""
    if term.unit in (TermUnit.HOURS, TermUnit.WORKING_DAYS) or not term.count:
        raise ValueError("Detention is counted in whole days, weeks, months or years.")
    after = on(imposed, term)
    short = (Line(Why.SHORT_MONTH, count=imposed.day),) if is_shortened(imposed, term) else ()
    event = Line(Why.EVENT, day=imposed)

    def reading(first: date, end: date, *counts: Line) -> Reading:
        nominal = Line(Why.NOMINAL_END, day=end, count=term.count, name=term.unit)
        lines = (event, *counts, Line(Why.FIRST_DAY, day=first), *short, nominal, Line(Why.STRICT))
        return Reading(end, (*lines, Line(Why.END, day=end)))

    strict = reading(imposed, after - DAY, Line(Why.EVENT_DAY_COUNTS))
    return Outcome((strict, reading(imposed + DAY, after)), Favours.EARLIER)


@dataclass(frozen=True)
class Stay:
    """Days in detention, both ends included. Without `last` it goes on."""

    first: date
    last: date | None = None


@dataclass(frozen=True)
class Total:
    """What the stays take of a maximum. `outcome` is its last day: None while nobody is detained."""

    used: int
    left: int
    outcome: Outcome | None


def total(stays: Sequence[Stay], months: int, *, until: date) -> Total:
    """Days used of a maximum of `months` months of thirty days, up to and including `until`, and when it is reached.

    A day in two stays counts once. `used` and `left` count the first day of each stay, as the strictest reading does.
    """
    maximum = months * DAYS_OF_MONTH
    used = len(_counted(stays, until, DAY * 0))
    running = [stay for stay in stays if stay.last is None]
    outcome = None
    if running:
        readings = tuple(_reached(stays, maximum, skip) for skip in (DAY * 0, DAY))
        outcome = Outcome(readings, Favours.EARLIER)
    return Total(used, max(maximum - used, 0), outcome)


def _counted(stays: Sequence[Stay], until: date, skip: timedelta) -> set[date]:
    """The days that count. With `skip` of a day the first of each stay does not, unless another stay holds it."""
    found: set[date] = set()
    for stay in stays:
        first = stay.first + skip
        last = until if stay.last is None else min(stay.last, until)
        found.update(first + timedelta(days=number) for number in range((last - first).days + 1))
    return found


def _reached(stays: Sequence[Stay], maximum: int, skip: timedelta) -> Reading:
    """When the maximum is reached while the open stay goes on."""
    opened = min(stay.first for stay in stays if stay.last is None)
    horizon = opened + timedelta(days=maximum + 1)
    counted = sorted(_counted(stays, horizon, skip))
    end = counted[maximum - 1]
    earlier = sum(day < opened for day in counted)
    counts = Line(Why.FIRST_DAY, day=opened + skip) if skip else Line(Why.EVENT_DAY_COUNTS)
    used = (Line(Why.DAYS_USED, count=earlier),) if earlier else ()
    thirty = Line(Why.THIRTY_DAY_MONTHS, count=maximum)
    return Reading(end, (Line(Why.EVENT, day=opened), counts, *used, thirty, Line(Why.STRICT), Line(Why.END, day=end)))


def hold_ends(arrived: datetime, hours: int = 6) -> MomentOutcome:
    """When a hold ends that began at the place of hearing: the time from midnight to nine does not count (Vw 50).

    The clock changes between two and three in the night, so never within the hours that count.
    """
    start = aware(arrived).astimezone(AMSTERDAM)
    moment, left, nights = start, timedelta(hours=hours), 0
    while True:
        morning = datetime.combine(day_of(moment), NIGHT_ENDS, tzinfo=AMSTERDAM)
        if moment < morning:
            moment, nights = morning, nights + 1
        midnight = datetime.combine(day_of(moment) + DAY, time(), tzinfo=AMSTERDAM)
        today = midnight - moment
        if left <= today:
            break
        moment, left = midnight, left - today
    end = later(moment, left)
    night = (Line(Why.NIGHT, count=nights),) if nights else ()
    lines = (Line(Why.EVENT, moment=start), *night, Line(Why.NOMINAL_END, moment=end, count=hours))
    return MomentOutcome(end, (*lines, Line(Why.HOURS_NOT_EXTENDED), Line(Why.END, moment=end)))
