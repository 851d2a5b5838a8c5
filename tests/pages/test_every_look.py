"""No page of a member shows something without a row in the event log, whoever wrote its view."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from leidraad.lib import clock, events
from leidraad.lib.models import Event, EventKind
from leidraad.pages import case_frame
from tests.cast import Cast, sign_in
from tests.factories import led_case
from tests.test_access import ELSEWHERE, OPEN, address, routes, table
from tests.world import World

pytestmark = pytest.mark.django_db

# What is shown here is of nobody: how Leidraad works, the member's own choices, names of filters, how far a file is.
SHOWS_NOBODY = {"terms:calendar", "pages:more", "pages:help", "pages:shortcuts", "partners:display"}
# How the member signs in.
SHOWS_NOBODY |= {url for url in routes() if url.startswith(("mfa_", "account_"))} - OPEN - ELSEWHERE
SHOWS_NOBODY |= {"partners:sessions", "pages:framework", "pages:guards", "pages:stop-grounds"}
# Who may do what, and the counts of a preview: no case and nobody in them.
SHOWS_NOBODY |= {
    url for url, pattern in routes().items() if url.startswith("policy:") and hasattr(pattern.callback, "shows_nobody")
}


@pytest.mark.parametrize("username", ["regievoerder", "intake", "casemanager", "politie", "ind", "manager", "auditor"])
def test_each_page_that_opens_leaves_a_row_that_names_it(cast: Cast, client: Client, username: str) -> None:
    world = World(cast, username)
    member = getattr(cast, username)
    sign_in(client, member)
    unseen = []

    for door in table():
        if username not in door.members or door.method != "GET" or door.answers["own"] != "200":
            continue
        with transaction.atomic():
            client.get(address(door.url, world.own))
            seen = Event.objects.filter(member_id=member.pk, route=door.url).exists()
            transaction.set_rollback(True)
        if seen == (door.url in SHOWS_NOBODY):
            unseen.append(door.url)

    assert unseen == []


def test_the_pages_that_leave_no_row_are_known() -> None:
    silent = {name for name, pattern in routes().items() if hasattr(pattern.callback, "shows_nobody")}

    assert silent == SHOWS_NOBODY | {"pages:home"}


def test_a_list_tells_how_many_rows_by_which_filters_and_not_what_they_asked(cast: Cast, client: Client) -> None:
    for _ in range(3):
        led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    client.get("/zaken/?phase=planning&nationality=DZA&Bouzid=1")

    detail = Event.objects.get(route="cases:list").detail
    assert detail["filters"] == ["nationality", "phase"]
    assert detail["shown"] == len(client.get("/zaken/?phase=planning&nationality=DZA").context["rows"])
    assert "DZA" not in str(detail)
    assert "Bouzid" not in str(detail)


def test_a_look_stays_on_record_when_the_page_failed(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)
    client.raise_request_exception = False
    monkeypatch.setattr(case_frame, "identity_of", broken)

    assert client.get(f"/zaken/{case.number}/").status_code == 500

    assert Event.objects.get(route="cases:detail").case_number == case.number


def test_a_list_that_failed_before_it_counted_is_recorded_with_its_status(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.regievoerder)
    client.raise_request_exception = False
    monkeypatch.setattr("leidraad.pages.case_list.listed", broken)

    assert client.get("/zaken/").status_code == 500

    assert Event.objects.get(route="cases:list").detail == {"status": 500}


def test_a_wrong_form_shows_the_case_again_and_is_a_look(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    assert client.post(f"/zaken/{case.number}/afdrukken/", {}).status_code == 422

    event = Event.objects.get(route="cases:print", kind=EventKind.READ)
    assert (event.case_number, event.detail) == (case.number, {"status": 422})


def test_a_page_is_not_shown_when_its_look_cannot_be_recorded(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError

    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    case = led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)
    client.raise_request_exception = False
    monkeypatch.setattr(Event, "save", full)

    assert client.get(f"/zaken/{case.number}/").status_code == 500


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("fell over")


def test_looks_of_long_ago_and_to_come_find_a_place(cast: Cast) -> None:
    for days in (-9000, 0, 9000):
        with clock.as_if(clock.now() + timedelta(days=days)):
            events.record(EventKind.READ, cast.regievoerder, route="cases:list")

    assert Event.objects.filter(route="cases:list").count() == 3
