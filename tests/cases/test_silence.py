"""No silent case: whatever door a change comes by, an open case without somebody at turn is found, and found no longer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case import silence
from cases.case.actions import close_case, finish_task, lock_case, record_next_step, reopen_case
from cases.case.models import Missing, ReturnCase, SilentCase, Task, TaskKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast, as_member, member_of, sign_in
from tests.factories import at_site, case_director, led_case, received_case, unit
from tests.handover import hand

pytestmark = pytest.mark.django_db


def silent() -> dict[int, tuple[date, str]]:
    return {one.case_id: (one.since, one.missing) for one in SilentCase.objects.all()}


def planned(case: ReturnCase, member: object) -> Task:
    return record_next_step(case, "Gesprek", clock.end_of(clock.today()), by=member, version=None)  # type: ignore[arg-type]


def test_a_new_case_is_silent_until_its_first_step_and_again_when_that_is_done(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    assert silent() == {case.pk: (clock.today(), Missing.STEP)}

    task = planned(case, cast.regievoerder)
    assert silent() == {}

    finish_task(task, by=cast.regievoerder)
    assert case.pk in silent()


def test_a_step_without_a_date_and_one_of_a_unit_that_ended_leave_nobody_at_turn(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    task = planned(case, cast.regievoerder)

    task.due_at = None
    save_as(task, by=PRINCIPAL)
    assert silent()[case.pk][1] == Missing.DATE

    task.due_at = clock.end_of(clock.today())
    save_as(task, by=PRINCIPAL)
    team = task.unit
    team.valid_until = clock.today() - timedelta(days=3)
    save_as(team, by=PRINCIPAL)
    silence.keep_all()
    assert silent()[case.pk] == (max(case.opened_on, clock.today() - timedelta(days=2)), Missing.UNIT)


def test_work_of_another_unit_is_no_step_of_who_leads(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    for kind in (TaskKind.OTHER, TaskKind.REQUEST, TaskKind.ACCESS):
        due = clock.end_of(clock.today())
        save_as(
            Task(case=case, unit=unit("avim-noord"), kind=kind, title="x", due_at=due, created_at=due), by=PRINCIPAL
        )

    assert case.pk in silent()


def test_a_case_that_waits_for_the_judgement_of_its_handover_is_not_silent(cast: Cast) -> None:
    offered = hand.offered()

    assert offered.case_id not in silent()


def test_plain_sql_is_noticed_too(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    planned(case, cast.regievoerder)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_task SET done_at = now() WHERE case_id = %s", [case.pk])

    assert case.pk in silent()


def test_a_closed_case_is_silent_for_nobody_and_reopened_it_is_from_that_day(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    close_case(case, "departed_independently", by=cast.regievoerder, reason="test")
    assert silent() == {}

    with clock.as_if(clock.now() + timedelta(days=40)):
        reopen_case(case, by=cast.regievoerder, reason="test")
        assert silent()[case.pk][0] == clock.today()


def test_the_night_finds_what_no_trigger_told_in_as_many_queries_for_many_cases(cast: Cast) -> None:
    led_case(cast.regievoerder)
    with CaptureQueriesContext(connection) as one:
        silence.keep_all()
    for _ in range(5):
        led_case(cast.regievoerder)
    before = silent()
    SilentCase.objects.all().delete()
    with CaptureQueriesContext(connection) as many:
        assert silence.keep_all() == 6

    assert silent() == before
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_the_night_waits_for_an_act_that_is_under_way(cast: Cast) -> None:
    """The step that the act records is not overlooked: afterwards the case is not silent."""
    from django.db import transaction

    case = led_case(cast.regievoerder)

    def night() -> None:
        try:
            silence.keep_all()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked = lock_case(case)
            waiting = pool.submit(night)
            planned(locked, cast.regievoerder)
        waiting.result()

    assert silent() == {}


def test_the_regievoerder_mends_own_cases_and_those_that_nobody_directs(cast: Cast) -> None:
    mine, undirected = led_case(cast.regievoerder), led_case(cast.regievoerder)
    undirected = lock_case(undirected)
    undirected.director = None
    save_as(undirected, by=PRINCIPAL)
    other = led_case(case_director(mine.led_by.code, "tweede"))
    elsewhere = led_case(case_director("dtv-zuid-1", "derde"))

    def seen(member: object) -> set[int]:
        with as_member(member):  # type: ignore[arg-type]
            return set(silence.mended_by(member).values_list("content_object_id", flat=True))  # type: ignore[arg-type]

    assert seen(cast.regievoerder) == {mine.pk, undirected.pk}
    assert seen(member_of(mine.led_by, "dtv_manager")) == {mine.pk, undirected.pk, other.pk}
    assert elsewhere.pk in silent()


def test_the_wall_hides_a_silent_case_from_who_does_not_see_the_case(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    with as_member(cast.kmar):
        assert not SilentCase.objects.filter(case=case).exists()
    with as_member(cast.regievoerder):
        assert SilentCase.objects.filter(case=case).exists()


def test_who_counts_all_cases_reads_the_teams_with_many_and_no_other(cast: Cast, client: Client) -> None:
    for _ in range(5):
        led_case(cast.regievoerder)
    received_case()

    response = sign_in(client, cast.auditor).get("/rapportages/")

    assert [(line.team, str(line.count)) for line in response.context["silence"]] == [
        (cast.regievoerder.acting_unit.full_name, "10")
    ]
    assert sign_in(client, cast.manager).get("/rapportages/").context["silence"] == []


def test_a_site_reads_nothing_of_silence(cast: Cast, client: Client) -> None:
    at_site(led_case(cast.regievoerder), cast.coa_manager.acting_unit)

    assert "silence" not in sign_in(client, cast.coa_manager).get("/mijn-werk/").context
