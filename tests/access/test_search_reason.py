"""A search outside one's own work asks what for, and the log keeps the answer with the cases that were then shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.actions import add_task, lock_case
from cases.case.models import ReturnCase, TaskKind
from leidraad.lib.models import Event, EventKind
from partners.models import Member
from tests.access.ways import url
from tests.cast import Cast, member_of, sign_in
from tests.factories import at_site, case_director, closed_case, led_case, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(cast: Cast) -> Member:
    return case_director()


def named(director: Member, given: str) -> ReturnCase:
    return led_case(director, person(surname="Zandvliet", given_names=given))


def searched(client: Client, text: str) -> Any:
    return client.post(reverse("pages:search"), {"q": text}, follow=True)


def names(response: Any) -> list[str]:
    return [hit.number for hit in response.context["hits"]]


def test_own_cases_are_shown_at_once_and_a_colleagues_after_a_reason(
    cast: Cast, colleague: Member, client: Client
) -> None:
    own, theirs = named(cast.regievoerder, "Amin"), named(colleague, "Bilal")
    sign_in(client, cast.regievoerder)

    first = searched(client, "Zandvliet")
    address = first.redirect_chain[-1][0]
    empty = client.post(address, {"reason": " "})
    second = client.post(address, {"reason": "Waarnemen voor een collega"}, follow=True)

    assert names(first) == [own.number]
    assert theirs.number not in first.content.decode()
    assert "1 zaak buiten uw eigen werk" in first.content.decode()
    assert empty.status_code == 422
    assert names(second) == [own.number, theirs.number]
    event = Event.objects.filter(kind=EventKind.SEARCH).latest("pk")
    assert event.purpose == "Waarnemen voor een collega"
    assert theirs.number in event.detail["cases"]
    assert theirs.number not in Event.objects.filter(kind=EventKind.SEARCH).earliest("pk").detail["cases"]


def test_a_number_of_a_colleagues_case_does_not_jump_there_without_a_reason(
    cast: Cast, colleague: Member, client: Client
) -> None:
    theirs = named(colleague, "Bilal")
    sign_in(client, cast.regievoerder)

    asked = searched(client, theirs.number)
    jumped = client.post(asked.redirect_chain[-1][0], {"reason": "Beller"}, follow=True)

    assert "Niets gevonden in uw eigen werk." in asked.content.decode()
    assert theirs.person.surname.upper() not in asked.content.decode().split("<main")[1].upper()
    assert jumped.redirect_chain[-1][0] == url(theirs, "detail")


def test_a_task_in_a_case_makes_it_ones_own_work(cast: Cast, colleague: Member, client: Client) -> None:
    theirs = named(colleague, "Bilal")
    mine = cast.regievoerder
    add_task(lock_case(theirs), unit("dtv-noord-2"), TaskKind.OTHER, "Bellen", by=colleague, assignee=mine)
    sign_in(client, cast.regievoerder)

    assert names(searched(client, "Zandvliet")) == [theirs.number]


def test_for_roles_without_a_caseload_the_open_cases_of_the_unit_are_the_work(cast: Cast, client: Client) -> None:
    case = at_site(named(cast.regievoerder2, "Bilal"), unit("azc-veenmeer"))
    manager = member_of(unit("dtv-zuid-1"), "dtv_manager")

    for member in (cast.casemanager, cast.coa_receptie, manager):
        assert names(searched(sign_in(client, member), "Zandvliet")) == [case.number]


def test_a_closed_case_is_nobodys_work_any_more(cast: Cast, client: Client) -> None:
    case = closed_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    asked = searched(client, case.number)

    assert asked.context["kept_back"] == 1
    assert names(asked) == []


def test_what_is_not_shared_leaves_no_trace_in_the_count(cast: Cast, client: Client) -> None:
    named(cast.regievoerder2, "Bilal")
    sign_in(client, cast.regievoerder)

    response = searched(client, "Zandvliet")

    assert response.context["kept_back"] == 0
    assert "Geen zaak gevonden die met u is gedeeld." in response.content.decode()
