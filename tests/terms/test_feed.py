"""The calendar of terms: a secret address that tells a number and a day, to whom it was made for and as long as they may."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from cases.terms.feed import end_feed, fingerprint, make_feed
from cases.terms.models import CalendarFeed
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from leidraad.pages.deadline_feed import MOST_MISSES
from partners.models import Member, Membership
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, case_director, led_case, unit
from tests.terms.clockwork import term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    cache.clear()
    with clock.as_if(clock.at(date(2026, 11, 23), time(12))):
        yield


def fetched(secret: str, client: Client | None = None) -> Any:
    return (client or Client()).get(f"/termijnen/agenda/{secret}.ics")


def events_of(secret: str) -> list[tuple[str, date]]:
    response = fetched(secret)
    assert response.status_code == 200
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [(str(one["summary"]), one.decoded("dtstart")) for one in found]


def test_it_holds_the_number_and_the_day_and_nothing_else(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    one, _same_day = term(case, 3), term(case, 3, liberty=True, owner="police", rule="rule-court")

    secret = make_feed(by=cast.regievoerder)
    text = fetched(secret).content.decode()

    assert events_of(secret) == [(f"Termijn {case.number}", one.due)]
    for told in (case.person.surname, case.person.v_number, "period-std", "DT&V", "politie", "vrijheid", one.key):
        assert told.lower() not in text.lower()
    assert {line.split(":")[0].split(";")[0] for line in text.splitlines()} <= {
        *("BEGIN", "END", "PRODID", "VERSION", "X-WR-CALNAME", "REFRESH-INTERVAL"),
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP", "CLASS"),
    }


def test_it_holds_only_what_the_member_may_know_of_now(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    seen = term(case, 3, sees=["measures.view"])
    term(case, 4, sees=["procedure.view"])
    term(led_case(case_director("dtv-zuid-1", "elders")), 5)

    assert events_of(make_feed(by=cast.casemanager)) == [(f"Termijn {case.number}", seen.due)]
    assert events_of(make_feed(by=cast.coa_receptie)) == []


def test_everything_that_is_wrong_is_the_same_page(cast: Cast) -> None:
    secrets = {who: make_feed(by=getattr(cast, who)) for who in ("regievoerder", "ind", "casemanager", "manager")}
    Member.objects.filter(username="ind").update(is_active=False)
    membership = cast.casemanager.acting
    assert membership is not None
    membership.valid_until = clock.today() - timedelta(days=1)
    save_as(membership, by=PRINCIPAL)
    end_feed(by=cast.manager)

    answers = {fetched(secrets[who]).content for who in ("ind", "casemanager", "manager")} | {fetched("x").content}

    def plain(page: bytes) -> str:
        import re

        return re.sub(r"agenda/[^\"&]+\.ics|[0-9a-f]{12}|\d\d:\d\d", "", page.decode())

    assert {plain(answer) for answer in answers} == {plain(fetched("y").content)}
    assert fetched(secrets["ind"]).status_code == 404
    assert fetched(secrets["regievoerder"]).status_code == 200


def test_the_secret_is_kept_nowhere_and_a_new_one_ends_the_former(cast: Cast) -> None:
    first = make_feed(by=cast.regievoerder)
    second = make_feed(by=cast.regievoerder)

    assert (fetched(first).status_code, fetched(second).status_code) == (404, 200)
    assert not CalendarFeed.objects.filter(fingerprint__in=[first, second]).exists()
    assert CalendarFeed.objects.running().get().fingerprint == fingerprint(second)
    assert not hasattr(CalendarFeed.history.model, "fingerprint")


def test_it_needs_no_cookie_sets_none_and_is_kept_nowhere(cast: Cast) -> None:
    response = fetched(make_feed(by=cast.regievoerder))

    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/calendar")


def test_the_session_of_a_browser_does_not_count(cast: Cast) -> None:
    term(led_case(cast.regievoerder), 3)
    client = sign_in(Client(), cast.regievoerder)

    assert b"SUMMARY" not in fetched(make_feed(by=cast.kmar), client).content


def test_each_look_is_recorded_for_its_member(cast: Cast) -> None:
    term(led_case(cast.regievoerder), 3)
    fetched(make_feed(by=cast.regievoerder))

    look = Event.objects.filter(route="terms:feed").latest("id")
    assert (look.kind, look.member_id, look.detail) == (EventKind.READ, cast.regievoerder.pk, {"shown": 1})


def test_the_secret_stands_in_no_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    secret = make_feed(by=cast.regievoerder)
    with caplog.at_level(logging.DEBUG):
        fetched(secret)

    logged = " ".join(str(record.__dict__) for record in caplog.records if record.name.startswith("django_structlog"))
    assert "agenda" in logged
    assert secret not in logged
    assert not Event.objects.filter(detail__icontains=secret).exists()


def test_who_tries_many_addresses_has_to_wait(cast: Cast) -> None:
    secret = make_feed(by=cast.regievoerder)
    for number in range(MOST_MISSES):
        assert fetched(f"wrong-{number}").status_code == 404

    assert fetched("wrong").status_code == 429
    assert fetched(secret).status_code == 429


def test_the_page_shows_the_address_once(cast: Cast) -> None:
    client = sign_in(Client(), cast.regievoerder)
    assert "nog geen agenda-adres" in client.get("/termijnen/agenda/").content.decode()

    made = client.post("/termijnen/agenda/maken/")
    assert "no-store" in made["Cache-Control"]
    secret = made.context["address"].rsplit("/", 1)[1].removesuffix(".ics")
    assert fetched(secret).status_code == 200
    assert secret not in client.get("/termijnen/agenda/").content.decode()

    assert "beëindigd" in client.post("/termijnen/agenda/beeindigen/", follow=True).content.decode()
    assert fetched(secret).status_code == 404
    assert "geen agenda-adres meer" in client.post("/termijnen/agenda/beeindigen/", follow=True).content.decode()


def test_the_number_of_queries_does_not_follow_the_number_of_terms(cast: Cast) -> None:
    secret = make_feed(by=cast.regievoerder)
    term(led_case(cast.regievoerder), 3)
    with CaptureQueriesContext(connection) as one:
        fetched(secret)
    for _number in range(4):
        term(led_case(cast.regievoerder), 3)
    with CaptureQueriesContext(connection) as many:
        fetched(secret)

    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_made_at_once_one_is_left(cast: Cast) -> None:
    member = cast.regievoerder

    def work(_number: int) -> str:
        try:
            return make_feed(by=Member.objects.get(pk=member.pk))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(work, range(2)))

    assert sorted(fetched(one).status_code for one in made) == [200, 404]


def test_an_address_ends_with_the_membership_it_was_made_for_also_for_who_has_another(cast: Cast) -> None:
    member = cast.casemanager
    secret, membership = make_feed(by=member), member.acting
    assert membership is not None
    other = Membership(member=member, unit=unit("azc-oosterhaar"), role=membership.role)
    save_as(other, by=PRINCIPAL)
    assert fetched(secret).status_code == 200

    membership.valid_until = clock.today() - timedelta(days=1)
    save_as(membership, by=PRINCIPAL)

    assert fetched(secret).status_code == 404
