"""What a subject knows of a case becomes its deadlines: each rule starts with its own fact, and ends with what was done."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.case.models import ReturnCase, SpecialGroup
from cases.procedure.actions.decisions import Notification, notify_decision
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.procedure.actions.procedures import record_step
from cases.procedure.actions.remedies import record_ruling
from cases.procedure.models import Notified
from cases.terms.catalogue import load_catalogue
from cases.terms.deadlines import Deadline, Owner, State, deadlines_of, starts_of
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, led_case, person, unit
from tests.procedure.law import (
    accepted_claim,
    begun,
    days_ago,
    decided,
    in_procedure,
    legal_ground,
    lodged,
    postponement_kind,
    refusing,
    step_kind,
)
from tests.supervision.measures import detained, with_officer

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.as_if(clock.at(TODAY, time(12))):
        yield


def terms_in(case: ReturnCase) -> dict[tuple[str, int], Deadline]:
    """By rule and position."""
    found = deadlines_of(starts_of([case.pk])[case.pk], load_catalogue(), clock.now())
    return {(one.start.rule, one.start.position): one for one in found}


def only(case: ReturnCase, rule: str, position: int = 1) -> Deadline:
    return terms_in(case)[rule, position]


# --- decisions ------------------------------------------------------------------------------------------------------


def test_the_term_to_appeal_starts_the_day_after_the_person_was_told(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=10, told=5))

    appeal, relief = only(case, "appeal-mid"), only(case, "relief-stay")

    assert (appeal.due, appeal.state) == (days_ago(5) + timedelta(days=14), State.RUNNING)
    assert (relief.due, relief.state) == (days_ago(5) + timedelta(days=7), State.RUNNING)
    assert appeal.start.owner == Owner.PERSON


def test_a_decision_that_nobody_was_told_of_starts_a_term_that_cannot_be_counted(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind, refusing(told=None))
    assert only(case, "appeal-mid").state == State.UNKNOWN

    notify_decision(decision, Notification(days_ago(3), Notified.IN_PERSON), by=cast.ind, version=decision.version)

    assert only(case, "appeal-mid").due == days_ago(3) + timedelta(days=14)


def test_an_appeal_in_time_meets_the_term_and_starts_that_of_the_court(cast: Cast) -> None:
    case = in_procedure(cast)
    lodged(decided(case, cast.ind), cast.ind, days=8)

    assert only(case, "appeal-mid").state == State.MET
    court = only(case, "court-rule", 2)
    assert (court.due, court.start.owner) == (days_ago(8) + timedelta(weeks=23), Owner.COURT)


def test_while_a_remedy_suspends_the_departure_period_stands_still_and_starts_again_with_the_ruling(
    cast: Cast,
) -> None:
    case = in_procedure(cast)
    remedy = lodged(decided(case, cast.ind, refusing(decided=60, told=59)), cast.ind, days=50)
    assert only(case, "period-std").state == State.STOPPED

    record_ruling([remedy], days_ago(3), "dismissed", by=cast.ind, version=remedy.version)

    period = only(case, "period-std")
    assert period.start.on == days_ago(3)
    assert period.due is not None
    assert period.due >= days_ago(3) + timedelta(days=28)
    assert only(case, "higher-appeal", 2).due == days_ago(3) + timedelta(weeks=4)


def test_a_period_that_a_remedy_touched_shows_only_to_who_may_know_of_remedies(cast: Cast) -> None:
    reads, follows = {"decisions.view"}.__contains__, {"procedure.view"}.__contains__
    case = in_procedure(cast)
    case.residence_unit = unit("azc-veenmeer")
    save_as(case, by=PRINCIPAL)
    decision = decided(case, cast.ind, refusing(decided=60, told=59))
    assert only(case, "period-std").start.may_be_known(reads)

    remedy = lodged(decision, cast.ind, days=50)
    for ruled in (False, True):
        if ruled:
            record_ruling([remedy], days_ago(3), "dismissed", by=cast.ind, version=remedy.version)
        for rule in ("period-std", "rec-end"):
            assert not only(case, rule).start.may_be_known(reads)
            assert only(case, rule).start.may_be_known(follows)


def test_a_shorter_period_ends_on_the_day_that_the_decision_set(cast: Cast) -> None:
    case = in_procedure(cast)
    ground = legal_ground("period_short", "public_order")
    decided(case, cast.ind, refusing(decided=2, told=2, period_days=7, period_ground=ground))

    period = only(case, "period-zero")

    assert (period.due, period.state) == (days_ago(2) + timedelta(days=7), State.RUNNING)


def test_reception_ends_with_the_departure_period_for_who_lives_with_coa_alone(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind)
    assert ("rec-end", 1) not in terms_in(case)

    case.residence_unit = unit("azc-veenmeer")
    save_as(case, by=PRINCIPAL)

    assert only(case, "rec-end").due == only(case, "period-std").due
    assert only(case, "rec-end").start.owner == Owner.COA


# --- procedures, claims, postponements ---------------------------------------------------------------------------------


def test_the_term_to_decide_runs_from_lodging_and_is_met_by_the_decision(cast: Cast) -> None:
    case = in_procedure(cast)
    procedure = begun(case, cast.ind, "accelerated", lodged=40)
    assert only(case, "apr-accelerated").state == State.RUNNING

    decided(case, cast.ind, refusing(procedure=procedure))

    assert only(case, "apr-accelerated").state == State.MET


def test_an_extended_term_to_decide_is_as_long_as_both_together(cast: Cast) -> None:
    case = in_procedure(cast)
    procedure = begun(case, cast.ind, "normal", lodged=100)
    record_step(procedure, step_kind("normal", "extended"), days_ago(2), by=cast.ind)

    due = only(case, "apr-normal").due

    assert due is not None
    assert due >= days_ago(100) + timedelta(days=360)


def test_an_old_procedure_keeps_its_rules_where_a_person_set_that(cast: Cast) -> None:
    case = in_procedure(cast)
    begun(case, cast.ind, "extended", lodged=300)

    assert only(case, "va-decide").version == 1


def test_the_latest_transfer_date_is_the_one_in_force(cast: Cast) -> None:
    case = in_procedure(cast)
    claim = accepted_claim(case, cast.ind)

    latest = only(case, "transfer-latest")

    assert latest.due == claim.latest_on
    assert only(case, "ammr-reply").state == State.MET


def test_where_the_sources_differ_on_article_64_both_lengths_are_shown(cast: Cast) -> None:
    case = in_procedure(cast)
    step = NewStep("granted", days_ago(30), source="INDiGO")
    begin_postponement(case, postponement_kind("art64"), step, by=cast.ind)

    found = only(case, "art64-grant")

    assert found.outcome is not None
    assert found.outcome.both
    assert found.due is not None
    assert found.until is not None
    assert found.due < found.until  # work signals the earliest, guards use the best for the person
    assert not found.start.may_be_known({"postponement.view"}.__contains__)
    assert found.start.may_be_known({"postponement.view", "medical.view"}.__contains__)


# --- liberty, presence, age -----------------------------------------------------------------------------------------


def test_liberty_stands_first_with_its_most_and_the_days_of_the_court(cast: Cast) -> None:
    case = with_officer(cast)
    detained(cast, case)
    decided(in_procedure(cast), cast.ind)

    found = deadlines_of(starts_of([case.pk])[case.pk], load_catalogue(), clock.now())

    rules = {one.start.rule for one in found}
    assert {"det-59-6m", "notify-court", "rule-court"} <= rules
    assert all(one.start.may_be_known({"custody.view"}.__contains__) for one in found)
    assert not any(one.start.may_be_known({"procedure.view"}.__contains__) for one in found)


def test_an_unaccompanied_minor_comes_of_age_on_a_day_or_on_none_that_is_known(cast: Cast) -> None:
    known = led_case(cast.regievoerder, person(birth_year=2009, birth_month=2, birth_day=27))
    unknown = led_case(cast.regievoerder, person(birth_year=2009, birth_month=None, birth_day=None))
    for case in (known, unknown):
        case.special_group = SpecialGroup.UNACCOMPANIED_MINOR
        save_as(case, by=PRINCIPAL)

    assert only(known, "rec-uam").due == date(2027, 2, 28)
    assert only(unknown, "rec-uam").state == State.UNKNOWN


def test_many_cases_ask_as_many_queries_as_one(cast: Cast) -> None:
    cases = [in_procedure(cast) for _ in range(4)]
    for case in cases:
        lodged(decided(at_site(case, unit("azc-veenmeer")), cast.ind), cast.ind)
        accepted_claim(case, cast.ind)
    with CaptureQueriesContext(connection) as one:
        starts_of([cases[0].pk])
    with CaptureQueriesContext(connection) as four:
        starts_of([case.pk for case in cases])

    assert len(four) == len(one)
