"""Reminders of the end of a stop: at each step once, to who placed it and who leads, without its ground."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case
from cases.case.grants import end_involvement
from cases.case.models import Involvement, ReturnCase, SectionException
from cases.terms.models import Reminder
from cases.terms.reminding import Run
from cases.terms.reminding_stops import remind_of_stops
from cases.terms.stop_actions import lift_stop
from cases.terms.tasks import remind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.terms.placed import ground, stopped, with_police

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
BOTH = ["ind-noord", "regievoerder"]


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.as_if(clock.at(MONDAY, time(12))):
        yield


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return with_police(cast)


def told() -> list[tuple[str, str]]:
    """Kind and unit or member of each notice of an end, by kind and name."""
    rows = Notice.objects.filter(kind__startswith="stop_ends").select_related("unit", "member")
    return sorted((one.kind, str(one.member.username) if one.member else one.unit.code) for one in rows)


def run_on(days: int) -> Run:
    with clock.as_if(clock.at(MONDAY + days * DAY, time(12))):
        return remind_of_stops()


def test_a_week_before_and_on_the_last_day_both_are_told_once(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind, "appeal", days=10)
    by_day = {}
    for day in range(13):
        before = set(told())
        run_on(day)
        run_on(day)
        if new := set(told()) - before:
            by_day[day] = sorted(new)

    assert by_day == {
        3: [("stop_ends_soon", name) for name in BOTH],
        10: [("stop_ends_today", name) for name in BOTH],
    }
    assert len(told()) == 4


def test_of_a_step_that_was_missed_only_the_latest_is_sent(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind, "appeal", days=10)

    assert run_on(10) == Run(1, 2)

    assert told() == [("stop_ends_today", name) for name in BOTH]
    assert list(Reminder.objects.order_by("days").values_list("days", "overtaken")) == [(-7, True), (0, False)]


def test_after_the_last_day_nobody_is_told(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind, "appeal", days=10)

    assert run_on(11) == Run()


@pytest.mark.parametrize(("days", "sent"), [(7, []), (8, [("stop_ends_soon", name) for name in BOTH])])
def test_what_ends_within_a_week_of_its_placing_is_told_on_its_last_day_only(
    cast: Cast, case: ReturnCase, days: int, sent: list[tuple[str, str]]
) -> None:
    stopped(case, cast.ind, "appeal", days=days)

    run_on(1)

    assert told() == sent


def test_a_stop_that_was_lifted_and_one_of_a_closed_case_end_without_a_word(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "appeal", days=10)
    lift_stop(stop, "Ingetrokken", by=cast.ind)
    other = with_police(cast)
    stopped(other, cast.ind, "appeal", days=10)
    close_case(other, "residence_granted", by=cast.regievoerder, reason="Verblijf")

    assert run_on(10) == Run()


def test_a_stop_of_who_leads_is_told_once_and_without_a_part_others_of_that_organisation_are(
    cast: Cast, case: ReturnCase
) -> None:
    stopped(case, cast.regievoerder, "criminal", days=10)
    run_on(10)
    assert told() == [("stop_ends_today", "regievoerder")]

    second = with_police(cast)
    stopped(second, cast.ind, "appeal", days=10)
    for one in Involvement.objects.filter(case=second, unit=cast.ind.acting_unit, until=None):
        end_involvement(one, by=PRINCIPAL, reason="Klaar")
    run_on(10)
    assert told() == [("stop_ends_today", "regievoerder")] * 2


def test_no_notice_or_mail_names_a_shielded_ground(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "art64", days=10)
    run_on(3)

    page = sign_in(Client(), cast.regievoerder).get("/meldingen/").content.decode()

    assert "Een stop in deze zaak eindigt binnen enkele dagen" in page
    for text in (page, *(f"{one.subject} {one.body}" for one in mail.outbox)):
        assert ground("art64").name not in text
        assert "medisch" not in text.lower()
    reminder = Reminder.objects.get()
    assert (reminder.key, reminder.walled, reminder.sees) == (f"stop:{stop.pk}", "", ["stops.view"])


def test_who_may_no_longer_know_of_stops_reads_no_reminder_of_one(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind, "appeal", days=10)
    run_on(10)
    closed = SectionException(case=case, unit=cast.ind.acting_unit, section="stops", allowed=False, reason="test")
    save_as(closed, by=PRINCIPAL)

    assert "Een stop in deze zaak eindigt" not in sign_in(Client(), cast.ind).get("/meldingen/").content.decode()


def test_the_job_works_as_its_principal_behind_the_wall(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind, "art64", days=10)

    with clock.as_if(clock.at(MONDAY + 10 * DAY, time(12))):
        remind.apply()

    assert told() == [("stop_ends_today", name) for name in BOTH]


def test_many_stops_ask_as_many_queries_as_one_but_for_the_sending(cast: Cast) -> None:
    for _number in range(4):
        stopped(with_police(cast), cast.ind, "appeal", days=10)
    stopped(with_police(cast), cast.ind, "appeal", days=12)
    with CaptureQueriesContext(connection) as many:
        assert run_on(3).terms == 4
    with CaptureQueriesContext(connection) as one:
        assert run_on(5).terms == 1

    about = ("cases_", "terms_")
    reads = [sum(any(f'FROM "{name}' in q["sql"] for name in about) for q in found) for found in (one, many)]
    assert reads[0] == reads[1]


def test_the_framework_page_shows_the_steps_of_stops(cast: Cast) -> None:
    page = sign_in(Client(), cast.regievoerder).get("/kader/").content.decode()

    assert "de eenheid die de stop plaatste, en wie de zaak voert" in page
