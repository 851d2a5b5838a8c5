"""Remedies: in time or late, what they do to removal and by which rule, hearings and rulings."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from cases.procedure.actions.procedures import NewProcedure, begin_procedure
from cases.procedure.actions.remedies import (
    NewRemedy,
    cancel_hearing,
    change_effect,
    lodge_remedy,
    plan_hearing,
    proposal_of,
    record_ruling,
)
from cases.procedure.law_lines import remedy_line
from cases.procedure.models import Decision, Effect, Regime, Remedy
from cases.procedure.remedy_terms import last_day_of
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from tests.cast import Cast
from tests.procedure.law import begun, days_ago, decided, in_procedure, lodged, procedure_kind, refusing, rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def made_known(cast: Cast, kind: str = "unfounded", procedure: str = "", **more: Any) -> Decision:
    """A decision of the current law, told twenty days ago."""
    case = in_procedure(cast)
    of = begun(case, cast.ind, procedure, lodged=90) if procedure else None
    return decided(case, cast.ind, refusing(kind, 20, told=20, procedure=of, **more))


# --- the suspension matrix -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "procedure", "remedy", "expected", "effect"),
    [
        ("unfounded", "normal", "appeal", "pact_unfounded", "auto"),
        ("permit_withdrawn", "withdrawal", "appeal", "pact_unfounded", "auto"),
        ("unfounded", "accelerated", "appeal", "pact_apr68", "until_relief_ruling"),
        ("unfounded", "border", "appeal", "pact_apr68", "until_relief_ruling"),
        ("inadmissible", "admissibility", "appeal", "pact_apr68", "until_relief_ruling"),
        ("manifestly_unfounded", "normal", "appeal", "pact_apr68", "until_relief_ruling"),
        ("discontinued", "normal", "appeal", "pact_apr68", "until_relief_ruling"),
        ("unfounded", "normal", "interim_relief", "relief_asked", "until_relief_ruling"),
        ("unfounded", "normal", "higher_appeal", "higher_appeal", "none"),
        ("regular_refused", "regular", "objection", "regular", "auto"),
        ("regular_refused", "regular", "appeal", "general_none", "none"),
        ("return_decision", "", "appeal", "general_none", "none"),
        ("unfounded", "normal", "ecthr_measure", "ecthr", "until_relief_ruling"),
    ],
)
def test_the_row_of_the_matrix_follows_from_decision_procedure_and_remedy(
    cast: Cast, kind: str, procedure: str, remedy: str, expected: str, effect: str
) -> None:
    decision = made_known(cast, kind, procedure)

    proposed = proposal_of(decision, remedy, days_ago(19))

    assert (proposed.rule.code, proposed.rule.effect) == (expected, effect)


@pytest.mark.parametrize(
    ("kind", "procedure", "expected"),
    [
        ("unfounded", "general_6", "former_auto"),
        ("unfounded", "extended", "former_auto"),
        ("inadmissible", "repeat", "former_none"),
        ("manifestly_unfounded", "track_2", "former_none"),
        ("discontinued", "extended", "former_none"),
        ("other_state", "track_1", "former_none"),
    ],
)
def test_the_former_law_has_rows_of_its_own(cast: Cast, kind: str, procedure: str, expected: str) -> None:
    decision = old_decision(cast, kind, procedure)

    assert proposal_of(decision, "appeal", decision.decided_on + timedelta(days=1)).rule.code == expected


def old_decision(cast: Cast, kind: str, procedure: str) -> Decision:
    case, on = in_procedure(cast), date(2026, 5, 4)
    new = NewProcedure(procedure_kind(procedure), Regime.FORMER, date(2026, 1, 5))
    of = begin_procedure(case, new, by=cast.ind)
    returns = kind != "other_state"
    more: dict[str, Any] = {} if returns else {"is_return_decision": False, "countries": (), "period_days": None}
    days = (clock.today() - on).days
    return decided(case, cast.ind, refusing(kind, days, told=days, procedure=of, regime=Regime.FORMER, **more))


# --- in time or late -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "procedure", "remedy", "days"),
    [
        ("unfounded", "normal", "appeal", 14),
        ("inadmissible", "admissibility", "appeal", 7),
        ("unfounded", "normal", "interim_relief", 7),
        ("regular_refused", "regular", "objection", 28),
    ],
)
def test_the_last_day_is_in_time_and_the_day_after_is_late(
    cast: Cast, kind: str, procedure: str, remedy: str, days: int
) -> None:
    monday = date(2026, 9, 7)  # no holiday near
    case = in_procedure(cast)
    of = begun(case, cast.ind, procedure, lodged=(clock.today() - monday).days + 60, **_regime_reason(procedure))
    told = (clock.today() - monday).days
    decision = decided(case, cast.ind, refusing(kind, told, told=told, procedure=of))
    last = monday + timedelta(days=days)

    assert last_day_of(decision, remedy) == last
    assert proposal_of(decision, remedy, last).late is False
    late = proposal_of(decision, remedy, last + timedelta(days=1))
    assert (late.late, late.rule.code, late.rule.effect) == (True, "late", "none")


def _regime_reason(procedure: str) -> dict[str, str]:
    return {} if procedure_kind(procedure).scope == "pact" else {"regime_reason": "Regulier."}


@pytest.mark.parametrize(
    ("kind", "procedure", "weeks"),
    [("unfounded", "general_6", 1), ("unfounded", "extended", 4), ("inadmissible", "extended", 1)],
)
def test_the_former_term_is_a_week_in_the_general_procedure_and_else_four(
    cast: Cast, kind: str, procedure: str, weeks: int
) -> None:
    decision = old_decision(cast, kind, procedure)  # told on Monday 4 May 2026; 25 May is Whit Monday

    assert last_day_of(decision, "appeal") == decision.notified_on + timedelta(weeks=weeks)  # type: ignore[operator]


def test_without_a_notification_nothing_is_late(cast: Cast) -> None:
    decision = decided(in_procedure(cast), cast.ind, refusing(told=None))

    assert (last_day_of(decision, "appeal"), lodged(decision, cast.ind, days=1).late) == (None, None)


def test_relief_lodged_late_is_recorded_and_suspends_nothing(cast: Cast) -> None:
    decision = made_known(cast, "inadmissible", "admissibility")
    appeal = lodged(decision, cast.ind, days=19)

    relief = lodged(decision, cast.ind, "interim_relief", days=2)

    assert (appeal.late, appeal.suspends) == (False, True)
    assert (relief.late, relief.effect, relief.suspends) == (True, Effect.NONE, False)
    assert relief.suspension is not None
    assert relief.suspension.code == "late"


def test_relief_of_which_the_term_is_not_known_waits_for_the_ruling_and_says_that_it_is_not_known(cast: Cast) -> None:
    decision = old_decision(cast, "unfounded", "general_6")

    relief = lodged(decision, cast.ind, "interim_relief", days=2)

    assert relief.suspension is not None
    assert (relief.late, relief.suspension.code, relief.suspends) == (None, "relief_unsure", True)
    assert ("unknown", "not known whether in time") in remedy_line(relief).marks
    in_time = made_known(cast)
    assert ("unknown", "not known whether in time") not in remedy_line(lodged(in_time, cast.ind, days=18)).marks


def test_a_measure_of_the_ecthr_bars_removal_to_its_country_and_waits_for_no_relief(cast: Cast) -> None:
    line = remedy_line(lodged(made_known(cast), cast.ind, "ecthr_measure", country="ERI"))

    assert line.sentence == "No removal to Eritrea until the measure is lifted. Preparing departure may go on."
    assert dict(line.facts)["Effect on removal"] == "bars removal to the named country until it is lifted"


def test_relief_against_a_transfer_is_in_time_with_the_appeal_only(cast: Cast) -> None:
    none: dict[str, Any] = {"is_return_decision": False, "countries": (), "period_days": None}
    first, second = made_known(cast, "transfer", **none), made_known(cast, "transfer", **none)
    for decision in (first, second):
        assert lodged(decision, cast.ind, days=18).effect == Effect.UNTIL_RELIEF

    assert lodged(first, cast.ind, "interim_relief", days=18).late is False
    after = lodged(second, cast.ind, "interim_relief", days=17)
    assert (after.late, after.effect) == (True, Effect.NONE)


def test_a_higher_appeal_counts_from_the_ruling_and_does_not_suspend(cast: Cast) -> None:
    decision = made_known(cast)
    appeal = lodged(decision, cast.ind, days=18)
    assert last_day_of(decision, "higher_appeal") is None
    record_ruling([appeal], days_ago(3), "dismissed", by=cast.ind)

    higher = lodged(decision, cast.ind, "higher_appeal", days=1)

    assert last_day_of(decision, "higher_appeal") is not None
    assert (higher.late, higher.effect) == (False, Effect.NONE)


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_second_open_appeal_of_one_kind_is_refused_by_act_and_database(cast: Cast) -> None:
    decision = made_known(cast)
    lodged(decision, cast.ind)

    with pytest.raises(NotPossible, match="open already"):
        lodged(decision, cast.ind)
    copy = Remedy.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError, match="remedy_one_open"), transaction.atomic():
        copy.save_base(raw=True, force_insert=True)


def test_a_remedy_before_the_decision_and_a_ruling_before_either_are_refused(cast: Cast) -> None:
    decision = made_known(cast)

    with pytest.raises(NotPossible, match="before the day of the decision"):
        lodged(decision, cast.ind, days=21)
    appeal = lodged(decision, cast.ind, days=10)
    with pytest.raises(NotPossible, match="before the day on which the remedy was lodged"):
        record_ruling([appeal], days_ago(25), "dismissed", by=cast.ind)
    with pytest.raises(NotPossible, match="lies ahead"):
        record_ruling([appeal], days_ago(-1), "dismissed", by=cast.ind)
    with pytest.raises(NotPossible, match="what the ruling is"):
        record_ruling([appeal], days_ago(1), "perhaps", by=cast.ind)
    (ruled,) = record_ruling([appeal], days_ago(1), "dismissed", by=cast.ind)
    with pytest.raises(NotPossible, match="recorded already"):
        record_ruling([ruled], days_ago(1), "upheld", by=cast.ind)


def test_another_effect_than_proposed_needs_a_reason(cast: Cast) -> None:
    decision = made_known(cast)

    with pytest.raises(NotPossible, match="proposes another effect"):
        lodge_remedy([decision], NewRemedy("appeal", days_ago(10), rule=rule("general_none")), by=cast.ind)
    because = NewRemedy("appeal", days_ago(10), rule=rule("general_none"), effect_reason="Openbare orde.")
    (remedy,) = lodge_remedy([decision], because, by=cast.ind)

    assert (remedy.effect, remedy.effect_reason) == (Effect.NONE, "Openbare orde.")
    changed = change_effect(remedy, rule("pact_unfounded"), "Na overleg", by=cast.ind, version=remedy.version)
    assert (changed.effect, changed.suspends) == (Effect.AUTO, True)


def test_a_measure_of_the_ecthr_names_a_country_and_holds_until_it_is_lifted(cast: Cast) -> None:
    decision = made_known(cast)

    with pytest.raises(NotPossible, match="Name the country"):
        lodge_remedy([decision], NewRemedy("ecthr_measure", days_ago(2)), by=cast.ind)
    (measure,) = lodge_remedy([decision], NewRemedy("ecthr_measure", days_ago(2), country="DZA"), by=cast.ind)
    assert measure.suspends
    (lifted,) = record_ruling([measure], days_ago(1), "lifted", by=cast.ind)
    assert not lifted.suspends


def test_only_an_interim_measure_can_be_lifted(cast: Cast) -> None:
    appeal = lodged(made_known(cast), cast.ind)

    with pytest.raises(NotPossible, match="Only an interim measure"):
        record_ruling([appeal], days_ago(1), "lifted", by=cast.ind)


# --- hearings --------------------------------------------------------------------------------------------------------


def test_a_hearing_is_planned_ahead_and_one_that_does_not_go_on_says_why(cast: Cast) -> None:
    appeal = lodged(made_known(cast), cast.ind)
    at = datetime.combine(clock.today() + timedelta(days=9), datetime.min.time(), AMSTERDAM).replace(hour=10)

    hearing = plan_hearing(appeal, at, by=cast.ind, place="Rechtbank Veenmeer")
    with pytest.raises(NotPossible, match="before the remedy was lodged"):
        plan_hearing(appeal, at - timedelta(days=60), by=cast.ind)
    with pytest.raises(NotPossible, match="Say why"):
        cancel_hearing(hearing, "", by=cast.ind)
    cancelled = cancel_hearing(hearing, "Rechter ziek", by=cast.ind)

    assert (cancelled.note, cancelled.cancelled_at is not None) == ("Rechter ziek", True)


def test_after_the_ruling_no_hearing_is_planned(cast: Cast) -> None:
    appeal = lodged(made_known(cast), cast.ind)
    (ruled,) = record_ruling([appeal], days_ago(1), "upheld", by=cast.ind)

    with pytest.raises(NotPossible, match="ruled already"):
        plan_hearing(ruled, clock.now() + timedelta(days=3), by=cast.ind)


def test_a_household_lodges_one_appeal_each_stored_per_person(cast: Cast) -> None:
    decisions = [made_known(cast), made_known(cast)]

    remedies = lodge_remedy(decisions, NewRemedy("appeal", days_ago(10), court="Rechtbank Veenmeer"), by=cast.ind)

    assert {remedy.case_id for remedy in remedies} == {decision.case_id for decision in decisions}
    ruled = record_ruling(remedies, days_ago(1), "dismissed", by=cast.ind)
    assert [one.ruling for one in ruled] == ["dismissed", "dismissed"]
