"""The deadlines of a case follow from dated facts and the catalogue, and from nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.terms import deadlines
from cases.terms.calendars.arithmetic import AMSTERDAM
from cases.terms.calendars.shape import Pause
from cases.terms.catalogue import Catalogue, load_catalogue
from cases.terms.deadlines import Deadline, Start, State, deadlines_of, starts_of, tell_starts

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue() -> Catalogue:
    return load_catalogue()


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)


def one(start: Start, catalogue: Catalogue, today: date) -> Deadline:
    return deadlines_of([start], catalogue, at(today))[0]


APPEAL = Start("appeal-short", on=date(2026, 11, 16))
END = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("today", "met_on", "state"),
    [
        (date(2026, 11, 16), None, State.RUNNING),
        (END, None, State.RUNNING),
        (END + timedelta(days=1), None, State.MISSED),
        (END + timedelta(days=9), END, State.MET),
        (END + timedelta(days=9), END + timedelta(days=1), State.MISSED),
        (END - timedelta(days=3), END - timedelta(days=2), State.RUNNING),
    ],
)
def test_a_term_runs_until_its_last_day_and_is_met_on_that_day_still(
    catalogue: Catalogue, today: date, met_on: date | None, state: State
) -> None:
    deadline = one(Start("appeal-short", on=date(2026, 11, 16), met_on=met_on), catalogue, today)

    assert (deadline.state, deadline.due, deadline.version) == (state, END, 1)


def test_an_event_without_a_day_gives_a_deadline_that_is_unknown(catalogue: Catalogue) -> None:
    deadline = one(Start("appeal-short"), catalogue, END)

    assert (deadline.state, deadline.due) == (State.UNKNOWN, None)


def test_the_rule_of_the_day_of_the_event_counts(catalogue: Catalogue) -> None:
    """A decision of before the Pact keeps its rule; the same rule says nothing about a decision of after."""
    before = one(Start("appeal-old", on=date(2026, 6, 11)), catalogue, date(2026, 11, 23))
    after = one(Start("appeal-old", on=date(2026, 6, 12)), catalogue, date(2026, 11, 23))

    assert (before.state, before.due) == (State.MISSED, date(2026, 6, 18))
    assert (after.state, after.version) == (State.UNKNOWN, 0)


def test_a_person_may_set_that_an_old_procedure_keeps_its_rules(catalogue: Catalogue) -> None:
    kept = one(Start("appeal-old", on=date(2026, 11, 16), law_on=date(2026, 5, 1)), catalogue, END)

    assert (kept.state, kept.due) == (State.RUNNING, END)


def test_a_term_that_stands_still_has_no_date_and_one_that_stood_still_ends_later(catalogue: Catalogue) -> None:
    stopped = one(Start("appeal-short", on=date(2026, 11, 16), stopped_since=date(2026, 11, 18)), catalogue, END)
    pause = Pause(date(2026, 11, 18), date(2026, 11, 19))
    resumed = one(Start("appeal-short", on=date(2026, 11, 16), pauses=(pause,)), catalogue, END)

    assert (stopped.state, stopped.due) == (State.STOPPED, None)
    assert (resumed.state, resumed.due) == (State.RUNNING, date(2026, 11, 25))


def test_signals_go_by_the_earliest_reading_and_guards_by_the_best_for_the_person(catalogue: Catalogue) -> None:
    period = one(Start("period-std", on=date(2026, 10, 31)), catalogue, date(2026, 11, 29))
    detained = one(Start("det-59-4w", on=date(2026, 11, 2)), catalogue, date(2026, 11, 30))

    assert (period.due, period.until, period.state) == (date(2026, 11, 28), date(2026, 11, 30), State.RUNNING)
    assert (detained.due, detained.until, detained.state) == (date(2026, 11, 29), date(2026, 11, 29), State.MISSED)


def test_what_a_decision_added_is_counted_with_the_term(catalogue: Catalogue) -> None:
    longer = one(Start("apr-normal", on=date(2026, 7, 1), added=(2,)), catalogue, END)
    mixed = one(Start("det-59b-old", on=date(2026, 3, 2), added=(3,)), catalogue, date(2026, 3, 3))

    assert longer.due == date(2027, 7, 1)
    # Four weeks to 30 March, three months more to 30 June; the first reading counts the first day.
    assert mixed.due == date(2026, 6, 29)


def test_a_rule_of_procedure_days_counts_the_day_of_the_event(catalogue: Catalogue) -> None:
    # Monday 20 April is day 1; the 27th is King's Day, so that day 6 is Tuesday 28.
    assert one(Start("aa", on=date(2026, 4, 20)), catalogue, date(2026, 4, 21)).due == date(2026, 4, 28)
    assert one(Start("notify-court", on=date(2026, 11, 16)), catalogue, END).due == date(2026, 11, 16)


def test_before_a_birth_is_counted_back(catalogue: Catalogue) -> None:
    assert one(Start("pregnancy", on=date(2026, 12, 26)), catalogue, END).due == date(2026, 11, 14)


@pytest.mark.parametrize(
    ("now", "met_at", "state"),
    [
        (at(date(2026, 11, 24), 10, 59), None, State.RUNNING),
        (at(date(2026, 11, 24), 11, 0), None, State.MISSED),
        (at(date(2026, 11, 24), 12, 0), at(date(2026, 11, 24), 10, 59), State.MET),
        (at(date(2026, 11, 24), 12, 0), at(date(2026, 11, 24), 11, 0), State.MISSED),
    ],
)
def test_a_term_in_hours_ends_at_its_minute(
    catalogue: Catalogue, now: datetime, met_at: datetime | None, state: State
) -> None:
    hold = Start("hold", at=at(date(2026, 11, 23), 20), met_at=met_at)

    deadline = deadlines_of([hold], catalogue, now)[0]

    assert deadline.state == state
    assert deadline.moment is not None
    assert deadline.moment.end == at(date(2026, 11, 24), 11)


def test_the_extension_of_a_hold_counts_the_night(catalogue: Catalogue) -> None:
    hold = Start("hold", at=at(date(2026, 11, 23), 20), added=(2,))

    moment = one(hold, catalogue, END).moment

    assert moment is not None
    assert moment.end == at(date(2026, 11, 26), 11)


def test_a_term_in_hours_without_a_moment_is_unknown(catalogue: Catalogue) -> None:
    assert one(Start("hold", on=date(2026, 11, 23)), catalogue, END).state == State.UNKNOWN


def test_liberty_comes_first_and_what_has_no_date_last(catalogue: Catalogue) -> None:
    starts = [
        Start("period-std"),
        APPEAL,
        Start("det-59-6m", on=date(2026, 11, 1)),
        Start("rule-court", on=date(2026, 11, 20)),
    ]

    found = deadlines_of(starts, catalogue, at(END))

    assert [deadline.start.rule for deadline in found] == ["rule-court", "det-59-6m", "appeal-short", "period-std"]


def test_every_duration_of_the_catalogue_can_be_counted(catalogue: Catalogue) -> None:
    for versions in catalogue.versions.values():
        for rule in versions:
            day = rule.valid_until or date(2026, 11, 23)
            for position in rule.durations:
                deadline = one(Start(rule.code, on=day, at=at(day), position=position), catalogue, day)
                assert (deadline.due is None) is rule.ended_some_day, (rule.code, position)


@pytest.fixture
def _two_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "_tellers", {})
    monkeypatch.setattr(deadlines, "_seen_by", {})

    def decisions(cases: Iterable[int]) -> Mapping[int, list[Start]]:
        return {case: [APPEAL] for case in cases}

    def detention(cases: Iterable[int]) -> Mapping[int, list[Start]]:
        return {case: [Start("det-59-6m", on=END)] for case in cases if case == 2}

    tell_starts("decisions", decisions, sees=())
    tell_starts("detention", detention, sees=())
    tell_starts("detention", detention, sees=())


@pytest.mark.usefixtures("_two_subjects")
def test_what_the_subjects_know_is_put_together_by_case() -> None:
    found = starts_of([1, 2, 3])

    assert [[start.rule for start in found[case]] for case in (1, 2, 3)] == [
        ["appeal-short"],
        ["appeal-short", "det-59-6m"],
        ["appeal-short"],
    ]


def test_a_start_that_opens_to_who_its_subject_did_not_tell_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would stand on the page of its case and in no list over cases."""
    monkeypatch.setattr(deadlines, "_tellers", {})
    monkeypatch.setattr(deadlines, "_seen_by", {})

    def stays(cases: Iterable[int]) -> Mapping[int, list[Start]]:
        return {case: [Start("vbl-12w", on=END, sees=(("residence.view",),))] for case in cases}

    tell_starts("stays", stays, sees=(("presence.view",),))
    with pytest.raises(ValueError, match=r"residence\.view"):
        starts_of([1])

    tell_starts("stays", stays, sees=(("presence.view",), ("residence.view",)))
    assert [start.rule for start in starts_of([1])[1]] == ["vbl-12w"]
    assert ("residence.view",) in deadlines.all_sees()


def test_the_catalogue_is_loaded_in_two_queries_and_judged_in_none() -> None:
    with CaptureQueriesContext(connection) as queries:
        catalogue = load_catalogue()
    with CaptureQueriesContext(connection) as none:
        deadlines_of([APPEAL] * 50, catalogue, at(END))

    assert (len(queries), len(none)) == (2, 0)
