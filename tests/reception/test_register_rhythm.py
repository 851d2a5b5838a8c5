"""When somebody must be seen: every rhythm gives moments in order that never overlap, and leaves no day out."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case.models import Mark, Rhythm
from cases.case.rhythm import Moment, Term, missed_in_a_row, moments, moments_of, monday_of, obliged, on_day

DAY = timedelta(days=1)
DAYS = st.dates(date(2021, 1, 1), date(2030, 12, 31))
RHYTHMS = st.sampled_from(list(Rhythm))


def days_of(found: list[Moment]) -> list[date]:
    return [one.due_from + number * DAY for one in found for number in range((one.due_to - one.due_from).days + 1)]


@given(RHYTHMS, DAYS, st.integers(0, 80))
def test_moments_stand_in_order_and_never_overlap(rhythm: str, first: date, length: int) -> None:
    found = list(moments(rhythm, first, first + length * DAY))

    assert found == sorted(set(found))
    of_one_slot = [one for one in found if one.slot == 1]
    assert all(one.due_to < other.due_from for one, other in pairwise(of_one_slot))


@given(RHYTHMS, DAYS, st.integers(0, 80))
def test_moments_leave_out_no_day_that_the_rhythm_asks(rhythm: str, first: date, length: int) -> None:
    last = first + length * DAY

    covered = set(days_of(list(moments(rhythm, first, last))))

    wanted = {first + number * DAY for number in range(length + 1)}
    wanted = {day for day in wanted if rhythm != Rhythm.WORKDAYS or day.weekday() < 5}
    assert wanted <= covered
    assert covered <= {monday_of(first) + number * DAY for number in range(length + 14)}


@given(st.lists(st.tuples(RHYTHMS, st.integers(1, 40)), min_size=1, max_size=5), DAYS)
def test_rhythms_that_follow_each_other_never_ask_the_same_day_twice(parts: list[tuple[str, int]], start: date) -> None:
    terms, day = [], start
    for rhythm, length in parts:
        terms.append(Term(rhythm, day, day + length * DAY))
        day += length * DAY

    found = moments_of(terms, start, day)

    assert found == sorted(found)
    assert len({one.key for one in found}) == len(found)
    asked = days_of([one for one in found if one.slot == 1])
    assert len(asked) == len(set(asked))


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_a_week_in_which_somebody_moves_is_asked_by_one_of_the_two_sites(start: date, first: int, second: int) -> None:
    moved, left = start + first * DAY, start + (first + second) * DAY
    weeks = list(moments(Rhythm.WEEKLY, start, left))

    old, new = obliged(weeks, since=start, until=moved), obliged(weeks, since=moved, until=left)

    assert not set(old) & set(new)
    assert set(old) | set(new) == set(obliged(weeks, since=start, until=left))


def test_twice_a_day_has_two_moments_and_an_unknown_rhythm_none() -> None:
    day = date(2026, 11, 25)

    assert [one.slot for one in moments(Rhythm.TWICE_DAILY, day, day)] == [1, 2]
    assert list(moments("", day, day)) == list(moments("monthly", day, day)) == []


def test_the_week_belongs_to_each_of_its_days() -> None:
    (week,) = moments(Rhythm.WEEKLY, date(2026, 11, 25), date(2026, 11, 25))

    assert (week.due_from, week.due_to) == (date(2026, 11, 23), date(2026, 11, 29))
    assert on_day([week], date(2026, 11, 29)) == [week]
    assert on_day([week], date(2026, 11, 30)) == []


@pytest.mark.parametrize(
    ("marks", "count"),
    [
        ("", 0),
        ("M", 1),
        ("MM", 2),
        ("SM", 1),
        ("MS", 0),
        ("MEM", 2),  # excused, exempt and not due count for nothing
        ("MXNM", 2),
        ("MM-", 2),  # the last one still has to be filled in
        ("M-M", 1),  # what nobody filled in is not missed, and not seen either
        ("-M", 1),
        ("MSM", 1),
        ("MMM", 3),
    ],
)
def test_only_established_misses_in_a_row_count(marks: str, count: int) -> None:
    words = {"M": Mark.MISSED, "S": Mark.SEEN, "E": Mark.EXCUSED, "X": Mark.EXEMPT, "N": Mark.NOT_DUE}
    weeks = list(moments(Rhythm.WEEKLY, date(2026, 9, 7), date(2026, 9, 7) + timedelta(weeks=len(marks), days=-7)))
    noted = {week.key: words[mark] for week, mark in zip(weeks, marks, strict=False) if mark != "-"}

    assert missed_in_a_row(weeks if marks else [], noted) == count
