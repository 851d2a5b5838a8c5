"""Copies of deadlines follow the facts, whatever door a change came by, and show to nobody what is not theirs."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.case.actions import lock_case
from cases.procedure.actions.remedies import record_ruling
from cases.terms.deadlines import State
from cases.terms.keeping import PRINCIPAL, keep_all, keep_stale, state_of
from cases.terms.models import KeptDeadline, StaleCase
from leidraad.lib import clock
from leidraad.lib.who import acting, principal
from tests.cast import Cast
from tests.factories import closed_case
from tests.procedure.law import days_ago, decided, in_procedure, lodged
from tests.supervision.measures import detained, with_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.as_if(clock.at(date(2026, 11, 23), time(12))):
        yield


def kept(rule: str) -> KeptDeadline:
    found: KeptDeadline = KeptDeadline.objects.get(rule=rule)
    return found


def test_a_recorded_fact_makes_its_case_stale_and_counting_makes_it_fresh(cast: Cast) -> None:
    case = in_procedure(cast)
    keep_stale()
    assert not StaleCase.objects.exists()

    decided(case, cast.ind)
    assert StaleCase.objects.filter(case_id=case.pk).exists()

    assert keep_stale() == 1
    assert kept("appeal-mid").due == days_ago(19) + timedelta(days=14)
    assert not StaleCase.objects.exists()


def test_a_change_by_plain_sql_is_noticed_too(cast: Cast) -> None:
    decision = decided(in_procedure(cast), cast.ind)
    keep_stale()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedure_decision SET notified_on = %s WHERE id = %s", [days_ago(5), decision.pk])
    keep_stale()

    assert kept("appeal-mid").due == days_ago(5) + timedelta(days=14)


def test_counting_again_after_a_week_changes_no_date(cast: Cast) -> None:
    lodged(decided(in_procedure(cast), cast.ind), cast.ind)
    keep_stale()
    before = list(KeptDeadline.objects.order_by("key").values_list("key", "due", "until", "done_on", "standstill"))

    with clock.as_if(clock.now() + timedelta(days=7)):
        keep_all()

    assert (
        list(KeptDeadline.objects.order_by("key").values_list("key", "due", "until", "done_on", "standstill")) == before
    )


def test_a_term_that_stood_still_gets_its_day_with_the_ruling(cast: Cast) -> None:
    remedy = lodged(decided(in_procedure(cast), cast.ind), cast.ind)
    keep_stale()
    assert state_of(kept("period-std")) is State.STOPPED

    record_ruling([remedy], days_ago(1), "dismissed", by=cast.ind, version=remedy.version)
    keep_stale()

    assert state_of(kept("period-std")) is State.RUNNING


def test_the_state_of_a_copy_follows_the_day_on_which_it_is_read(cast: Cast) -> None:
    decided(in_procedure(cast), cast.ind)
    keep_stale()
    one = kept("period-std")
    assert one.until is not None

    with clock.as_if(clock.end_of(one.until)):
        assert state_of(one) is State.RUNNING
    with clock.as_if(clock.end_of(one.until + timedelta(days=1))):
        assert state_of(one) is State.MISSED


def test_a_closed_case_keeps_no_deadlines(cast: Cast) -> None:
    case = closed_case(cast.regievoerder)
    keep_stale()

    assert not KeptDeadline.objects.filter(case=case).exists()


def test_many_cases_are_counted_in_as_many_queries_as_one(cast: Cast) -> None:
    decided(in_procedure(cast), cast.ind)
    with CaptureQueriesContext(connection) as one:
        keep_stale()
    for _ in range(5):
        decided(in_procedure(cast), cast.ind)
    with CaptureQueriesContext(connection) as five:
        keep_stale()

    assert len(five) == len(one)


def test_the_wall_hides_a_term_of_custody_from_who_has_no_grant_on_it(cast: Cast) -> None:
    case = with_officer(cast)
    detained(cast, case)
    keep_stale()

    with (
        principal(""),
        acting(cast.casemanager2.acting_unit_id, cast.casemanager2.acting_group_id, cast.casemanager2.pk),
    ):
        assert not KeptDeadline.objects.exists()
    with principal(PRINCIPAL):
        assert KeptDeadline.objects.filter(case=case, walled="custody").exists()


@pytest.mark.django_db(transaction=True)
def test_after_an_act_its_case_is_counted_at_once(cast: Cast) -> None:
    case = in_procedure(cast)

    decided(case, cast.ind)

    assert KeptDeadline.objects.filter(case=case, rule="appeal-mid").exists()
    assert not StaleCase.objects.filter(case_id=case.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_leaves_nothing_to_count(cast: Cast) -> None:
    case = in_procedure(cast)

    with transaction.atomic():
        lock_case(case)
        decided(case, cast.ind)
        transaction.set_rollback(True)

    assert not KeptDeadline.objects.filter(case=case).exists()
