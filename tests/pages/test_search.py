"""Searching: nothing typed stands in an address, none and hidden are the same, and each search is recorded."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from cases.case.models import Part, PersonAlias, ReturnCase, SectionException
from cases.case.search import case_number, find, read_query
from leidraad.lib.audit import delete_as, save_as
from leidraad.lib.models import Event, EventKind
from partners.models import Member
from tests import factories
from tests.cast import PRINCIPAL, Cast, sign_in

pytestmark = pytest.mark.django_db

NONE = "Geen zaak gevonden die met u is gedeeld."


def case_of(member: Member, surname: str, **values: Any) -> ReturnCase:
    return factories.led_case(member, factories.person(surname=surname, **values))


def hide_identity(case: ReturnCase, member: Member) -> None:
    narrowed = SectionException(case=case, unit=member.acting_unit, section="identity", allowed=False, reason="test")
    save_as(narrowed, by=PRINCIPAL)


def search(client: Client, text: str, **more: str) -> Any:
    return client.post("/zoeken/", {"q": text, **more}, follow=True)


def hits(response: Any) -> list[str]:
    return [hit.number for hit in response.context["hits"]]


def without_what_differs(response: Any) -> str:
    """The page without the token and the words of the form, which the searcher typed."""
    text = response.content.decode()
    start = text.index('id="hits-title"')
    return str(text[start : text.index("</section>", start)])


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1}", "z {2} {3}"])
def test_a_case_number_leads_straight_to_the_case(client: Client, cast: Cast, written: str) -> None:
    case = case_of(cast.regievoerder, "Amari")
    _letter, year, number = case.number.split("-")
    sign_in(client, cast.regievoerder)

    response = client.post("/zoeken/", {"q": written.format(case.number, case.number.lower(), year, int(number))})

    assert response["Location"] == f"/zaken/{case.number}/"


@pytest.mark.parametrize("spaced", [False, True])
def test_a_v_number_leads_straight_to_the_case(client: Client, cast: Cast, spaced: bool) -> None:
    case = case_of(cast.regievoerder, "Amari")
    number = case.person.v_number
    sign_in(client, cast.regievoerder)

    typed = f"{number[:3]} {number[3:6]} {number[6:]}" if spaced else number
    response = client.post("/zoeken/", {"q": typed})

    assert response["Location"] == f"/zaken/{case.number}/"


def test_cases_of_others_take_no_place_among_those_that_a_search_counts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given more hits of another unit than one search reads, then each way of searching still finds one's own."""
    foreign = cast.regievoerder2
    for _ in range(3):
        case_of(foreign, "Amari", birth_year=1994, birth_month=3, birth_day=14)
    own = case_of(cast.regievoerder, "Amari", birth_year=1994, birth_month=3, birth_day=14)
    monkeypatch.setattr("cases.case.search.MAX_HITS", 1)

    for text in ("amari", "14-3-1994 amari", "amarri", own.person.v_number[:6]):
        assert find(cast.regievoerder, read_query(text)) == [own], text


def test_a_name_is_found_by_a_part_of_it_without_accents_in_any_order(client: Client, cast: Cast) -> None:
    case = case_of(cast.regievoerder, "ÖZDEMİR", given_names="Ayşe")
    case_of(cast.regievoerder, "Amari")
    sign_in(client, cast.regievoerder)

    for text in ("ozdem", "Özdemir", "ayse ozdemir", "OZD"):
        assert hits(search(client, text)) == [case.number], text


def test_an_alias_and_a_name_in_another_script_are_found(client: Client, cast: Cast) -> None:
    case = case_of(cast.regievoerder, "Amari")
    for name in ("عماري", "Ammari"):
        save_as(PersonAlias(person=case.person, name=name, source="IND"), by=PRINCIPAL)
    sign_in(client, cast.regievoerder)

    assert hits(search(client, "عماري")) == [case.number]
    assert hits(search(client, "ammari")) == [case.number]


def test_an_alias_that_was_changed_or_removed_is_found_no_more(client: Client, cast: Cast) -> None:
    case, other = case_of(cast.regievoerder, "Amari"), case_of(cast.regievoerder, "Zwart")
    alias = save_as(PersonAlias(person=case.person, name="Bouzid", source="IND"), by=PRINCIPAL)
    sign_in(client, cast.regievoerder)

    alias.name = "Cherif"
    save_as(alias, by=PRINCIPAL)
    assert hits(search(client, "bouzid")) == []
    assert hits(search(client, "cherif")) == [case.number]

    alias.person = other.person
    save_as(alias, by=PRINCIPAL)
    assert hits(search(client, "cherif")) == [other.number]

    delete_as(alias, by=PRINCIPAL)
    assert hits(search(client, "cherif")) == []


def test_a_name_that_resembles_is_offered_when_nothing_fits_exactly(client: Client, cast: Cast) -> None:
    case = case_of(cast.regievoerder, "Gebremedhin")
    sign_in(client, cast.regievoerder)

    assert hits(search(client, "gebremedin")) == [case.number]


def test_a_birth_date_narrows_and_may_stand_behind_the_name(client: Client, cast: Cast) -> None:
    first = case_of(cast.regievoerder, "Amari", birth_year=1994, birth_month=3, birth_day=14)
    case_of(cast.regievoerder, "Amari", birth_year=1990, birth_month=1, birth_day=1)
    year_only = case_of(cast.regievoerder, "Amari", birth_year=1994, birth_month=None, birth_day=None)
    sign_in(client, cast.regievoerder)

    expected = {first.number, year_only.number}
    assert set(hits(search(client, "amari 14-3-1994"))) == expected
    assert set(hits(search(client, "amari", born="14-03-1994"))) == expected


def test_nothing_typed_stands_in_the_address(client: Client, cast: Cast) -> None:
    case_of(cast.regievoerder, "Amari")
    sign_in(client, cast.regievoerder)

    response = client.post("/zoeken/", {"q": "amari"})

    assert response.status_code == 302
    assert response["Location"].startswith("/zoeken/")
    assert "amari" not in response["Location"].lower()
    assert "no-store" in client.get(response["Location"])["Cache-Control"]


def test_none_and_hidden_are_the_same_page(client: Client, cast: Cast) -> None:
    hidden = case_of(cast.regievoerder2, "Verborgen")
    sign_in(client, cast.regievoerder)

    for present, absent in (
        ("verborgen", "bestaatniet"),
        (hidden.number, "Z-2020-999999"),
        (hidden.person.v_number, "9990000000"),
    ):
        found, nothing = search(client, present), search(client, absent)
        assert NONE in found.content.decode()
        assert without_what_differs(found) == without_what_differs(nothing)
        assert found.redirect_chain[0][1] == nothing.redirect_chain[0][1]


def test_who_may_not_know_the_identity_does_not_find_the_name(client: Client, cast: Cast) -> None:
    intake = cast.intake
    case = case_of(cast.regievoerder, "Amari")
    factories.involve(case, intake.acting_unit, Part.INTAKE_DESK)
    sign_in(client, intake)

    assert hits(search(client, "amari")) == []
    assert hits(search(client, case.person.v_number)) == []
    assert client.post("/zoeken/", {"q": case.number})["Location"] == f"/zaken/{case.number}/"


def test_a_case_that_hides_the_identity_from_the_unit_is_not_found_by_name(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case = case_of(member, "Amari")
    hide_identity(case, member)

    assert find(member, read_query("amari")) == []


def test_hidden_cases_take_no_place_among_the_first_that_are_shown(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    hidden, *known = (case_of(member, "Amari", given_names=name) for name in ("Adam", "Bilal", "Dawit", "Emeka"))
    hide_identity(hidden, member)

    found = find(member, read_query("amari"), limit=2)

    assert [case.number for case in found] == [case.number for case in known[:2]]


def test_access_that_ended_is_gone_from_the_next_search(client: Client, cast: Cast) -> None:
    site = cast.unit("azc-veenmeer")
    case = factories.at_site(case_of(cast.regievoerder, "Amari"), site)
    sign_in(client, cast.casemanager)
    address = client.post("/zoeken/", {"q": "amari"})["Location"]
    assert hits(client.get(address)) == [case.number]

    from cases.case.grants import end_involvement

    for involvement in case.involvements.running().filter(unit=site):
        end_involvement(involvement, by=PRINCIPAL, reason="moved")

    assert NONE in client.get(address).content.decode()


def test_closed_cases_are_found_and_say_so(client: Client, cast: Cast) -> None:
    case = factories.closed_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    asked = search(client, case.person.surname)
    response = client.post(asked.request["PATH_INFO"], {"reason": "Vraag van een advocaat"}, follow=True)

    assert hits(asked) == []
    assert hits(response) == [case.number]
    assert "gesloten" in response.content.decode()


@pytest.mark.parametrize("text", ["am", "a b", "  ", "é!"])
def test_fewer_than_three_letters_is_no_search(client: Client, cast: Cast, text: str) -> None:
    sign_in(client, cast.regievoerder)

    response = client.post("/zoeken/", {"q": text})

    assert response.status_code == 422
    assert not Event.objects.filter(kind=EventKind.SEARCH).exists()


@pytest.mark.parametrize("text", ["%%%", "___", "'; drop table x", "\\\\\\", "a\u202ebc\u0000def"])
def test_wildcards_and_control_characters_find_nothing_and_break_nothing(client: Client, cast: Cast, text: str) -> None:
    case_of(cast.regievoerder, "Amari")
    sign_in(client, cast.regievoerder)

    assert client.post("/zoeken/", {"q": text}, follow=True).status_code in {200, 422}
    assert find(cast.regievoerder, read_query(text)) == []


def test_a_result_address_opens_for_its_own_session_only(client: Client, cast: Cast) -> None:
    case = case_of(cast.regievoerder, "Amari")
    sign_in(client, cast.regievoerder)
    address = client.post("/zoeken/", {"q": "amari"})["Location"]

    other = sign_in(Client(), cast.regievoerder).get(address)

    assert hits(client.get(address)) == [case.number]
    assert "Deze zoekopdracht is verlopen. Zoek opnieuw." in other.content.decode()
    assert case.number not in other.content.decode()


def test_a_result_address_expires(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case_of(cast.regievoerder, "Amari")
    sign_in(client, cast.regievoerder)
    address = client.post("/zoeken/", {"q": "amari"})["Location"]

    monkeypatch.setattr("leidraad.pages.search.MINUTES", -1)

    assert "verlopen" in client.get(address).content.decode()
    assert "verlopen" in client.get("/zoeken/forged:token:here/").content.decode()


def test_each_search_is_an_event_without_the_words_typed(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case = case_of(member, "Amari")
    sign_in(client, member)

    search(client, "amari")
    search(client, "bestaatniet")
    search(client, case.number)

    events = Event.objects.filter(kind=EventKind.SEARCH).order_by("pk")
    assert [event.detail for event in events] == [
        {"by": "name", "hits": 1, "cases": [case.number]},
        {"by": "name", "hits": 0, "cases": []},
        {"by": "number", "hits": 1, "cases": [case.number]},
    ]
    assert {event.member_id for event in events} == {member.pk}


def test_people_without_cases_have_no_search(client: Client, cast: Cast) -> None:
    for member in (cast.beheer, cast.auditor, cast.privacy):
        own = sign_in(Client(), member)
        assert own.get("/zoeken/").status_code == 403
        assert own.post("/zoeken/", {"q": "amari"}).status_code == 403


def test_a_partner_reads_the_unit_that_leads_but_not_who(client: Client, cast: Cast) -> None:
    factories.at_site(case_of(cast.regievoerder, "Amari"), cast.unit("azc-veenmeer"))

    inside = search(sign_in(Client(), cast.regievoerder), "amari").context["hits"][0]
    outside = search(sign_in(Client(), cast.casemanager), "amari").context["hits"][0]

    assert inside.lead == "DT&V Team Noord 2, M. Hofstra"
    assert outside.lead == "DT&V Team Noord 2"


def test_the_number_of_queries_does_not_depend_on_the_hits(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    member = cast.regievoerder
    sign_in(client, member)
    counts = []
    for more in (1, 8):
        for _number in range(more):
            case_of(member, "Amari")
        address = client.post("/zoeken/", {"q": "amari"})["Location"]
        with django_assert_max_num_queries(9) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_numbers_and_dates_are_read_as_people_write_them() -> None:
    assert case_number("z2026-12") == "Z-2026-000012"
    assert case_number("Z-2026-1234567") == "Z-2026-1234567"
    assert case_number("zorg") == ""
    assert read_query("Amari  14/3/1994").born == date(1994, 3, 14)
    assert read_query("Amari 31-2-1994").text == "Amari 31-2-1994"
