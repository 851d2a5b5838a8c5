"""What holds for every term from 2000 to 2040, whatever the day it starts."""

from datetime import UTC, date, datetime, timedelta

from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from cases.terms.calendars import arithmetic, detention, regulation, statutory
from cases.terms.calendars.arithmetic import AMSTERDAM, in_time, over_at
from cases.terms.calendars.holidays import equated_days, holidays_of, is_working_day, why_free
from cases.terms.calendars.shape import Duration, Extension, Favours, Pause, TermUnit, Why
from cases.terms.catalogue import CountedRule, catalogue_of, last_day
from cases.terms.deadlines import Start, State, deadlines_of
from cases.terms.models import Calendar, DurationKind, Group
from cases.terms.models.rules import FirstDay

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SHORT = st.one_of(
    st.builds(Duration, st.integers(1, 90), st.just(TermUnit.DAYS)),
    st.builds(Duration, st.integers(1, 12), st.just(TermUnit.WEEKS)),
    st.builds(Duration, st.integers(1, 3), st.just(TermUnit.MONTHS)),
)
LONG = st.one_of(
    st.builds(Duration, st.integers(91, 900), st.just(TermUnit.DAYS)),
    st.builds(Duration, st.integers(13, 120), st.just(TermUnit.WEEKS)),
    st.builds(Duration, st.integers(4, 36), st.just(TermUnit.MONTHS)),
    st.builds(Duration, st.integers(1, 20), st.just(TermUnit.YEARS)),
)
PAUSES = st.lists(
    st.builds(lambda first, length: Pause(first, first + timedelta(days=length)), DAYS, st.integers(0, 40)), max_size=4
)


def act_says_free(day: date) -> bool:
    """ATW 3 in our own words and with another Easter: what the package is held against."""
    easter_day = easter(day.year)
    moving = {easter_day + timedelta(days=days) for days in (-2, 1, 39, 50)}
    king = date(day.year, 4, 27) if day.year >= 2014 else date(day.year, 4, 30)
    if king.weekday() == 6:
        king -= timedelta(days=1)
    fixed = {(1, 1), (5, 5), (12, 25), (12, 26)}
    named = day in moving or day == king or (day.month, day.day) in fixed or day in equated_days().days
    return named or day.weekday() > 4


def test_the_holidays_are_those_of_the_act_in_each_year() -> None:
    days = [date(2000, 1, 1) + timedelta(days=number) for number in range(41 * 365 + 11)]

    assert days[-1] == date(2040, 12, 31)
    assert [day for day in days if not is_working_day(day)] == [day for day in days if act_says_free(day)]


def test_good_friday_and_the_fifth_of_may_count_in_each_year() -> None:
    for year in range(2000, 2041):
        assert date(year, 5, 5) in holidays_of(year)
        assert why_free(easter(year) - timedelta(days=2)) == "good_friday"


def test_each_equated_day_would_else_be_a_working_day() -> None:
    for day in equated_days().days:
        assert day not in holidays_of(day.year)
        assert day.weekday() < 5


@given(DAYS, SHORT)
def test_a_short_statutory_term_ends_on_a_working_day_and_not_before_its_time(event: date, term: Duration) -> None:
    end = statutory.ends(event, term).end

    nominal = arithmetic.on(event, term)
    assert not act_says_free(end)
    assert end >= nominal
    # Five free days in a row are the most there are: 5 May, Ascension, an equated Friday and a weekend, and the like.
    assert (end - nominal).days <= 6


@given(DAYS, st.integers(3, 90))
def test_a_term_of_three_days_holds_two_working_days(event: date, count: int) -> None:
    end = statutory.ends(event, Duration(count, TermUnit.DAYS)).end

    inside = [event + timedelta(days=number) for number in range(1, (end - event).days + 1)]
    assert sum(not act_says_free(day) for day in inside) >= 2


@given(DAYS, SHORT)
def test_the_act_adds_no_day_too_many(event: date, term: Duration) -> None:
    """The day before the end breaks one of the two articles, or lies before the nominal end."""
    end = statutory.ends(event, term).end

    before = end - timedelta(days=1)
    inside = [event + timedelta(days=number) for number in range(1, (before - event).days + 1)]
    holds_two = sum(not act_says_free(day) for day in inside) >= 2
    needs_two = term.unit is not TermUnit.DAYS or term.count >= 3
    assert before < arithmetic.on(event, term) or act_says_free(before) or (needs_two and not holds_two)


@given(DAYS, LONG)
def test_a_long_term_stays_where_it_falls(event: date, term: Duration) -> None:
    outcome = statutory.ends(event, term)

    assert outcome.end == arithmetic.on(event, term)
    assert Why.LONG_NOT_EXTENDED in {line.why for line in outcome.lines}


@given(DAYS, SHORT)
def test_liberty_is_never_longer_for_a_weekend(event: date, term: Duration) -> None:
    assert statutory.ends(event, term, liberty=True).end == arithmetic.on(event, term)


@given(DAYS, st.integers(1, 40))
def test_a_term_in_working_days_holds_just_those(event: date, count: int) -> None:
    end = statutory.ends(event, Duration(count, TermUnit.WORKING_DAYS)).end

    inside = [event + timedelta(days=number) for number in range(1, (end - event).days + 1)]
    assert sum(not act_says_free(day) for day in inside) == count
    assert not act_says_free(end)


@given(DAYS, st.integers(1, 60), PAUSES)
def test_as_many_days_run_as_the_term_has_whatever_pauses(event: date, count: int, pauses: list[Pause]) -> None:
    term = Duration(count, TermUnit.DAYS)
    end = statutory.ends(event, term, pauses=pauses, extension=Extension.NO).end

    inside = [event + timedelta(days=number) for number in range(1, (end - event).days + 1)]
    assert sum(not any(pause.holds(day) for pause in pauses) for day in inside) == count


@given(DAYS, SHORT, PAUSES)
def test_a_pause_never_brings_the_end_nearer(event: date, term: Duration, pauses: list[Pause]) -> None:
    assert statutory.ends(event, term, pauses=pauses).end >= statutory.ends(event, term).end
    assert regulation.ends(event, term, pauses=pauses).end >= regulation.ends(event, term).end


@given(DAYS, st.one_of(SHORT, LONG))
def test_a_later_event_never_ends_earlier(event: date, term: Duration) -> None:
    next_day = event + timedelta(days=1)

    assert statutory.ends(next_day, term).end >= statutory.ends(event, term).end
    assert detention.ends(next_day, term).earliest >= detention.ends(event, term).earliest
    assert regulation.ends(next_day, term).end >= regulation.ends(event, term).end


@given(DAYS, st.one_of(SHORT, LONG))
def test_unsettled_gives_both_and_the_best_is_what_the_person_needs(event: date, term: Duration) -> None:
    with_act = statutory.ends(event, term).end
    kept = statutory.ends(event, term, extension=Extension.NO).end
    for favours, best in ((Favours.LATER, max(with_act, kept)), (Favours.EARLIER, min(with_act, kept))):
        outcome = statutory.ends(event, term, extension=Extension.UNSETTLED, favours=favours)
        assert outcome.best_for_person == best
        assert outcome.earliest == min(with_act, kept)
        assert bool(outcome.both) == (with_act != kept)


@given(DAYS, st.one_of(SHORT, LONG))
def test_detention_is_strict_and_its_best_reading_the_earliest(event: date, term: Duration) -> None:
    outcome = detention.ends(event, term)

    assert outcome.latest == arithmetic.on(event, term)
    assert outcome.best_for_person == outcome.earliest == outcome.latest - timedelta(days=1)


@given(DAYS, st.integers(1, 400))
def test_the_total_counts_a_day_once_and_thirty_days_a_month(first: date, closed: int) -> None:
    stays = [
        detention.Stay(first, first + timedelta(days=closed - 1)),
        detention.Stay(first, first),
        detention.Stay(first + timedelta(days=1000)),
    ]
    total = detention.total(stays, 18, until=first + timedelta(days=1000))

    assert total.used == closed + 1
    assert total.outcome is not None
    assert total.outcome.end == first + timedelta(days=1000 + 540 - closed - 1)
    assert total.left == 540 - total.used


@given(MOMENTS, st.integers(1, 240))
def test_hours_pass_in_real_time(start: datetime, hours: int) -> None:
    end = arithmetic.hours_end(start, hours).end

    assert end.astimezone(UTC) - start == timedelta(hours=hours)
    assert arithmetic.hours_before(end, hours).end.astimezone(UTC) == start


@given(MOMENTS)
def test_a_hold_counts_six_hours_between_nine_and_midnight(start: datetime) -> None:
    end = detention.hold_ends(start).end.astimezone(UTC)

    minutes = range(int((end - start) / timedelta(minutes=1)))
    counted = sum(
        (start.replace(second=0, microsecond=0) + timedelta(minutes=minute)).astimezone(AMSTERDAM).hour >= 9
        for minute in minutes
    )
    assert abs(counted - 360) <= 1


@given(DAYS, st.one_of(SHORT, LONG))
def test_a_regulation_ends_on_a_working_day_whatever_its_length(event: date, term: Duration) -> None:
    outcome = regulation.ends(event, term)

    assert outcome.latest >= outcome.end >= arithmetic.on(event, term)
    assert not act_says_free(outcome.latest)
    assert why_free(outcome.end) in ("", "good_friday", "equated")


@given(DAYS, SHORT)
def test_counting_back_never_moves(event: date, term: Duration) -> None:
    assert statutory.counted_back(event, term).end == regulation.counted_back(event, term).end
    if term.unit is not TermUnit.MONTHS:
        assert arithmetic.on(statutory.counted_back(event, term).end, term) == event


@given(DAYS)
def test_the_last_minute_of_the_last_day_is_in_time_and_midnight_is_not(day: date) -> None:
    midnight = over_at(day)

    assert (midnight.hour, midnight.minute) == (0, 0)
    assert in_time(midnight.astimezone(UTC) - timedelta(minutes=1), day)
    assert not in_time(midnight.astimezone(UTC), day)


@given(DAYS, st.one_of(SHORT, LONG), PAUSES)
def test_every_explanation_starts_at_the_event_and_ends_at_the_end(
    event: date, term: Duration, pauses: list[Pause]
) -> None:
    outcomes = [
        statutory.ends(event, term, pauses=pauses, extension=Extension.UNSETTLED),
        detention.ends(event, term),
        regulation.ends(event, term, pauses=pauses),
    ]
    for reading in [reading for outcome in outcomes for reading in outcome.readings]:
        assert reading.lines[0].day == event
        assert reading.lines[-1].why is Why.END
        assert reading.lines[-1].day == reading.end


RULE = CountedRule(
    "rule", 1, Group.APPEAL, Calendar.ATW, FirstDay.AFTER, Extension.YES, Favours.LATER,
    {1: (DurationKind.MAIN, Duration(4, TermUnit.WEEKS))},
)  # fmt: skip


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 60))
def test_the_same_facts_give_the_same_date_whenever_they_are_asked_for(event: date, later: int) -> None:
    start, catalogue = Start("rule", on=event), catalogue_of([RULE])

    now = deadlines_of([start], catalogue, noon(event))[0]
    then = deadlines_of([start], catalogue, noon(event + timedelta(days=later)))[0]

    assert (now.due, now.until) == (then.due, then.until) == (last_day(RULE, [1], event).end,) * 2
    assert (then.state is State.MISSED) == (event + timedelta(days=later) > last_day(RULE, [1], event).end)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM)
