"""What a calculator refuses, and what its explanation says where it matters."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from cases.terms.calendars import arithmetic, detention, regulation, statutory
from cases.terms.calendars.holidays import Kind, is_working_day
from cases.terms.calendars.shape import Duration, Line, Outcome, Pause, TermUnit, Why
from cases.terms.words import SENTENCES, duration, sentence


def reasons(outcome: Outcome) -> list[tuple[Why, str]]:
    return [(line.why, line.name) for line in outcome.lines if line.why is Why.MOVED]


def test_the_explanation_names_each_day_that_moved_the_end() -> None:
    outcome = statutory.ends(date(2026, 5, 7), Duration(1, TermUnit.WEEKS))

    assert [name for _why, name in reasons(outcome)] == ["ascension", "equated", "saturday", "sunday"]


def test_a_year_without_a_known_decree_says_so() -> None:
    unknown = statutory.ends(date(2021, 5, 6), Duration(1, TermUnit.WEEKS))
    known = statutory.ends(date(2026, 11, 16), Duration(1, TermUnit.WEEKS))

    assert Line(Why.EQUATED_NOT_KNOWN, count=2021) in unknown.lines
    assert Why.EQUATED_NOT_KNOWN not in {line.why for line in known.lines}


def test_a_pause_shows_the_days_that_it_took() -> None:
    outcome = statutory.ends(
        date(2026, 11, 2), Duration(1, TermUnit.WEEKS), pauses=[Pause(date(2026, 10, 30), date(2026, 11, 4))]
    )

    assert Line(Why.PAUSED, day=date(2026, 11, 3), until=date(2026, 11, 4), count=2) in outcome.lines


def test_good_friday_is_a_holiday_of_the_act_and_may_be_left_out() -> None:
    good_friday = date(2026, 4, 3)

    assert not is_working_day(good_friday)
    assert is_working_day(good_friday, frozenset({Kind.GOOD_FRIDAY}))


@pytest.mark.parametrize("calculator", [statutory.ends, regulation.ends, detention.ends])
def test_hours_have_no_last_day(calculator: object) -> None:
    assert callable(calculator)
    with pytest.raises(ValueError, match=r"hours|whole days"):
        calculator(date(2026, 11, 2), Duration(6, TermUnit.HOURS))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        arithmetic.hours_end(datetime(2026, 11, 2, 12), 6)  # noqa: DTZ001


def test_a_term_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Duration(-1, TermUnit.DAYS)


def test_a_pause_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="pause"):
        Pause(date(2026, 11, 2), date(2026, 11, 1))


def test_the_day_of_a_moment_is_the_day_in_amsterdam() -> None:
    assert arithmetic.day_of(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert arithmetic.day_of(datetime(2026, 7, 22, 22, 30, tzinfo=UTC)) == date(2026, 7, 23)


def test_nobody_in_detention_has_no_end_of_the_total_but_days_left() -> None:
    total = detention.total([detention.Stay(date(2026, 1, 1), date(2026, 1, 10))], 18, until=date(2026, 11, 26))

    assert (total.used, total.left, total.outcome) == (10, 530, None)


@pytest.mark.parametrize("why", list(Why))
def test_every_line_has_a_sentence_in_both_languages(why: Why) -> None:
    line = Line(why, day=date(2026, 5, 15), until=date(2026, 5, 18), count=2, name="equated")
    if why is Why.NOMINAL_END:
        line = Line(why, day=date(2026, 5, 15), count=2, name=TermUnit.WEEKS)
    texts = []
    for language in ("nl", "en"):
        with translation.override(language):
            texts.append(sentence(line))

    assert set(SENTENCES) == set(Why)
    assert texts[0] != texts[1]
    assert not any("%(" in text for text in texts)


def test_a_duration_is_said_in_words() -> None:
    with translation.override("nl"):
        assert [duration(1, TermUnit.WEEKS), duration(6, TermUnit.MONTHS)] == ["1 week", "6 maanden"]
        assert duration(10, TermUnit.WORKING_DAYS) == "10 werkdagen"
