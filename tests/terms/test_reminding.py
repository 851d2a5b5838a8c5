"""Reminders: at each step once, whoever runs it and how often; first who holds the case, then up; only who may know."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case.actions import lock_case
from cases.case.grants import end_involvement
from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.terms import reminding
from cases.terms.models import KeptDeadline, Reminder, StaleCase
from cases.terms.reminding import Run, remind_of_liberty, remind_of_others
from cases.terms.tasks import remind
from leidraad.lib import clock
from partners.actions import notify_all
from partners.models import Member, Notice
from partners.notices import sentence_of
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.procedure.law import in_procedure
from tests.terms.clockwork import term

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.as_if(clock.at(MONDAY, time(12))):
        yield


def told() -> list[tuple[str, str, str]]:
    """Unit, member (empty: the desk) and kind of each notice about terms."""
    found = Notice.objects.filter(kind__startswith="term_").select_related("unit", "member").order_by("pk")
    return [(one.unit.code, one.member.username if one.member else "", one.kind) for one in found]


def run_on(days: int) -> Run:
    with clock.as_if(clock.at(MONDAY + days * DAY, time(12))):
        one, other = remind_of_liberty(), remind_of_others()
    return Run(one.terms + other.terms, one.notices + other.notices)


def test_each_step_is_sent_once_and_climbs(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    term(case, 10)
    holder, above = ("dtv-noord-2", "regievoerder"), ("dtv-noord-2", "manager")

    assert run_on(0) == Run()
    by_day = {}
    for day in range(1, 20):
        before = len(told())
        run_on(day)
        run_on(day)
        by_day[day] = told()[before:]

    assert {day: sent for day, sent in by_day.items() if sent} == {
        3: [(*holder, "term_ahead")],
        10: [(*holder, "term_today")],
        11: [(*holder, "term_passed")],
        13: [(*holder, "term_passed"), (*above, "term_passed")],
        17: [(*holder, "term_passed"), (*above, "term_passed")],
    }


def test_liberty_is_told_more_often_and_each_day_after(cast: Cast) -> None:
    term(led_case(cast.regievoerder), 7, liberty=True)

    days = [day for day in range(14) if run_on(day).terms]

    assert days == [0, 4, 6, 7, 8, 9, 10, 11, 12, 13]


def test_a_run_that_was_missed_for_weeks_sends_the_latest_step_once(cast: Cast) -> None:
    term(led_case(cast.regievoerder), 7)
    assert run_on(0).terms == 1

    assert run_on(30).terms == 1
    assert run_on(30) == Run()

    assert list(Reminder.objects.order_by("days").values_list("days", "overtaken")) == [
        (-7, False),
        (0, True),
        (1, True),
        (3, True),
        (7, False),
    ]
    assert Counter(kind for _unit, _member, kind in told()) == {"term_ahead": 1, "term_passed": 2}


def test_another_last_day_begins_anew_and_what_is_done_or_stands_still_is_left_alone(cast: Cast) -> None:
    moved, done, still = (term(led_case(cast.regievoerder), 7) for _number in range(3))
    assert run_on(0).terms == 3

    KeptDeadline.objects.filter(pk=moved.pk).update(due=MONDAY + 8 * DAY, until=MONDAY + 8 * DAY)
    KeptDeadline.objects.filter(pk=done.pk).update(done_on=MONDAY)
    KeptDeadline.objects.filter(pk=still.pk).update(due=None, until=None, standstill=MONDAY)

    assert run_on(1).terms == 1
    assert run_on(7) == Run()
    assert run_on(8).terms == 1


def test_a_right_of_the_person_that_ran_out_is_nobodys_delay(cast: Cast) -> None:
    term(led_case(cast.regievoerder), 0, obliges=False)

    assert run_on(0).terms == 1
    assert run_on(1) == Run()


def test_the_organisation_that_has_to_watch_it_is_told_and_without_one_who_leads(cast: Cast) -> None:
    case = in_procedure(cast)
    term(case, 7, owner="ind")
    term(led_case(cast.regievoerder), 7, owner="kmar")

    run_on(0)

    assert sorted(told()) == [("dtv-noord-2", "regievoerder", "term_ahead"), ("ind-noord", "", "term_ahead")]


def test_nobody_hears_of_a_term_that_they_may_not_know_of(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    term(case, 7, owner="coa", sees=["procedure.view"])
    term(case, 7, owner="dtv", sees=["no_section.view"])

    run = run_on(0)

    assert run.terms == 2
    assert told() == [("dtv-noord-2", "regievoerder", "term_ahead")]


def test_a_notice_that_its_reader_may_no_longer_know_of_is_not_shown(cast: Cast, client: Client) -> None:
    case = in_procedure(cast)
    term(case, 7, owner="ind")
    run_on(0)
    sentence = sentence_of("term_ahead")
    assert sentence in sign_in(client, cast.ind).get("/meldingen/").content.decode()
    assert sentence in client.get("/mijn-werk/").content.decode()

    for part in lock_case(case).involvements.running().filter(part=Part.DECISION):
        end_involvement(part, by=PRINCIPAL, reason="test")

    assert sentence not in client.get("/meldingen/").content.decode()
    assert sentence not in client.get("/mijn-werk/").content.decode()


def test_a_desk_notice_is_read_only_by_colleagues_who_may_know_of_the_term(cast: Cast, client: Client) -> None:
    """Both work at the site; the reception desk has no right to the residence."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    term(case, 7, owner="coa", sees=["residence.view"])
    run_on(0)

    sentence = sentence_of("term_ahead")
    seen = {
        member.username: sentence in sign_in(client, member).get("/meldingen/").content.decode()
        for member in (cast.casemanager, cast.coa_receptie)
    }
    assert seen == {"casemanager": True, "coa-receptie": False}


def test_many_at_once_are_one_notice_with_their_number_and_no_name(cast: Cast) -> None:
    for _number in range(12):
        term(led_case(cast.regievoerder), 7)

    assert run_on(0) == Run(12, 1)

    (notice,) = Notice.objects.filter(kind="term_many")
    assert (notice.params, notice.case_id, notice.url_name) == ({"count": 12}, None, "terms:list")
    assert sentence_of(notice.kind, notice.params) == "12 termijnen vragen aandacht. Kijk in de lijst met termijnen."


def test_the_mail_says_nothing_of_the_term(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    term(case, 7)
    Member.objects.filter(pk=cast.regievoerder.pk).update(email="m.hofstra@example.org")
    run_on(0)

    (sent,) = mail.outbox
    words = f"{sent.subject} {sent.body}"
    assert case.number not in words
    assert "termijn" not in words.lower()


def test_what_was_not_counted_anew_yet_waits_for_the_next_run(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    term(case, 7)
    StaleCase.objects.create(case_id=case.pk)
    assert run_on(0) == Run()

    StaleCase.objects.all().delete()
    assert run_on(0).terms == 1


def test_a_run_that_dies_halfway_has_sent_nothing_and_the_next_sends_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(2):
        term(led_case(cast.regievoerder), 7)

    def dies(notices: Sequence[Notice], *, by: str) -> None:
        notify_all(notices[:1], by=by)
        raise RuntimeError("killed")

    monkeypatch.setattr("cases.terms.reminding.notify_all", dies)
    with pytest.raises(RuntimeError):
        run_on(0)
    assert not Reminder.objects.exists()
    assert not told()

    monkeypatch.setattr("cases.terms.reminding.notify_all", notify_all)
    assert run_on(0) == Run(2, 2)


def test_the_number_of_queries_does_not_follow_the_number_of_terms(cast: Cast) -> None:
    term(led_case(cast.regievoerder), 7)
    with CaptureQueriesContext(connection) as few:
        run_on(0)
    for _number in range(reminding.MOST_NOTICES + 3):
        term(led_case(cast.regievoerder), 7)
    with CaptureQueriesContext(connection) as many:
        run_on(0)

    assert len(many) <= len(few)


def test_the_job_runs_as_its_own_principal_and_sees_what_it_needs(cast: Cast) -> None:
    from leidraad.lib.who import principal

    case: ReturnCase = involve(
        led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION, InvolvementGround.TASK
    )
    term(case, 7)
    with principal("nobody"):
        assert not KeptDeadline.objects.exists()
        remind()

    assert told() == [("dtv-noord-2", "regievoerder", "term_ahead")]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    days=st.lists(st.integers(0, 40), min_size=1, max_size=8).map(sorted),
    due=st.integers(-5, 25),
    liberty=st.booleans(),
)
def test_whenever_the_job_runs_no_step_is_sent_twice_and_the_last_reached_is_always_sent(
    cast: Cast, days: list[int], due: int, liberty: bool
) -> None:
    Reminder.objects.all().delete()
    KeptDeadline.objects.all().delete()
    case = led_case(cast.regievoerder) if not ReturnCase.objects.exists() else ReturnCase.objects.first()
    assert case is not None
    term(case, due, liberty=liberty)

    sent = sum(run_on(day).terms for day in days)

    rows = Reminder.objects.order_by("days")
    steps = [-7, -3, -1, 0] if liberty else [-7, 0, 1, 3, 7]
    reached = days[-1] - due
    latest = reached if liberty and reached > 0 else max((step for step in steps if step <= reached), default=None)
    assert sent == rows.filter(overtaken=False).count()
    last = rows.last()
    assert (last.days if last else None) == latest
    assert last is None or not last.overtaken


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_reminder_once(cast: Cast) -> None:
    for _number in range(4):
        term(led_case(cast.regievoerder), 7)

    def work(_number: int) -> Run:
        try:
            return run_on(0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(work, range(2)))

    assert sum(run.terms for run in runs) == 4
    assert len(told()) == 4
