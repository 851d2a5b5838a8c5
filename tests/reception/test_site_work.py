"""S2 for a site of COA: who comes, who did not, who moves, whose stay ends. And the lists behind it."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.reception.actions import change_planned_end, change_status, end_placement
from cases.reception.states import EndReason
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.factories import at_site, led_case
from tests.reception.stays import (
    ELSEWHERE,
    absent,
    days_ago,
    ended,
    first_reservation,
    in_days,
    overdue,
    reserved,
    staying,
    today,
)

pytestmark = pytest.mark.django_db
LIST = reverse("pages:stays")


def work(member: Member) -> dict[str, list[tuple[str, str]]]:
    """The panels by name: for each line the text of its mark and its address."""
    context = sign_in(Client(), member).get("/mijn-werk/").context
    return {panel.which: [(line.mark[1], line.url) for line in panel.lines] for panel in context["stays"]}


def tiles(member: Member) -> dict[str, int]:
    return {tile.label: tile.count for tile in sign_in(Client(), member).get("/mijn-werk/").context["tiles"]}


def listed(member: Member, which: str) -> list[str]:
    page = sign_in(Client(), member).get(LIST, {"toon": which})
    assert page.status_code == 200
    return [line.label for line in page.context["lines"]]


def name_of(case: object) -> str:
    return str(case.person.full_name)  # type: ignore[attr-defined]


def test_who_should_have_come_48_hours_ago_stands_first(cast: Cast) -> None:
    expected = reserved(cast)
    late = overdue(cast)
    reserved(cast, day=in_days(1))

    panels = work(cast.casemanager2)

    assert [url for _mark, url in panels["aankomst"]] == [
        reverse("cases:residence", args=[one.case.number]) for one in (late, expected)
    ]
    assert [mark for mark, _url in panels["aankomst"]] == ["48 uur voorbij", "vandaag"]
    counted = tiles(cast.casemanager2)
    assert (counted["niet binnen 48 uur verschenen"], counted["vandaag verwacht"]) == (1, 1)


def test_who_was_recorded_as_not_arrived_stays_in_sight(cast: Cast) -> None:
    absent(cast)

    assert work(cast.casemanager2)["aankomst"][0][0] == "Niet verschenen"
    assert tiles(cast.casemanager2)["niet binnen 48 uur verschenen"] == 1


def test_a_site_sees_who_of_its_residents_is_expected_elsewhere(cast: Cast) -> None:
    placement = reserved(cast, day=in_days(3))

    assert work(cast.casemanager)["verhuizing"] == [
        ("over 3 dagen", reverse("cases:residence", args=[placement.case.number]))
    ]
    assert "verhuizing" not in work(cast.casemanager2)
    assert tiles(cast.casemanager)["verhuizen naar elders"] == 1


def test_stays_that_are_to_end_within_two_weeks_and_those_who_are_looked_for(cast: Cast) -> None:
    soon, later, missed = staying(cast), staying(cast), staying(cast)
    change_planned_end(soon, in_days(14), by=cast.casemanager, reason="Einde termijn.")
    change_planned_end(later, in_days(15), by=cast.casemanager, reason="Einde termijn.")
    change_status(missed, "absent_under_check", days_ago(2), by=cast.casemanager, reason="Twee keer gemist.")

    panels, counted = work(cast.casemanager), tiles(cast.casemanager)

    assert panels["einde"] == [("over 14 dagen", reverse("cases:residence", args=[soon.case.number]))]
    assert panels["onderzoek"] == [("2 dagen", reverse("cases:residence", args=[missed.case.number]))]
    assert (counted["einddatum binnen 14 dagen"], counted["afwezig, in onderzoek"]) == (1, 1)


def test_what_was_ended_today_can_be_found_back_without_the_name(cast: Cast) -> None:
    placement = ended(cast)

    page = sign_in(Client(), cast.casemanager).get("/mijn-werk/")

    assert work(cast.casemanager)["beeindigd"] == [("beëindigd", reverse("reception:correct-end", args=[placement.pk]))]
    assert placement.case.number in page.content.decode()
    assert name_of(placement.case) not in page.content.decode()


def test_a_quiet_day_says_that_nobody_is_expected(cast: Cast) -> None:
    page = sign_in(Client(), cast.casemanager).get("/mijn-werk/").content.decode()

    assert "Vandaag wordt niemand op uw locatie verwacht." in page


@pytest.mark.parametrize("username", ["regievoerder", "politie", "coa_receptie", "ind"])
def test_other_roles_have_no_panels_of_stays(cast: Cast, username: str) -> None:
    first_reservation(cast)

    assert work(getattr(cast, username)) == {}
    assert sign_in(Client(), getattr(cast, username)).get(LIST).status_code == 403


def test_the_location_manager_sees_what_the_casemanager_sees(cast: Cast) -> None:
    first_reservation(cast)

    assert work(cast.coa_manager) == work(cast.casemanager)


def test_each_list_holds_its_own_rows_of_the_own_site(cast: Cast) -> None:
    later = reserved(cast, day=in_days(9))
    gone = ended(cast)
    kept = staying(cast)
    change_planned_end(kept, in_days(1), by=cast.casemanager, reason="Einde termijn.")

    assert listed(cast.casemanager2, "aankomst") == [name_of(later.case)]
    assert listed(cast.casemanager, "verhuizing") == [name_of(later.case)]
    assert listed(cast.casemanager, "einde") == [name_of(kept.case)]
    assert listed(cast.casemanager, "beeindigd") == [gone.case.number]
    assert listed(cast.casemanager, "onderzoek") == []
    assert listed(cast.casemanager2, "beeindigd") == []


def test_an_empty_list_says_why_and_an_unknown_one_is_the_first(cast: Cast) -> None:
    client = sign_in(Client(), cast.casemanager)

    assert "is niemand afwezig en in onderzoek" in client.get(LIST, {"toon": "onderzoek"}).content.decode()
    assert "niemand op uw locatie verwacht" in client.get(LIST, {"toon": "x"}).content.decode()


def add(cast: Cast, count: int) -> None:
    """A move in, a move out, an end that comes, somebody looked for, and an end of today: as many of each."""
    for _number in range(count):
        reserved(cast, staying(cast, at_site(led_case(cast.regievoerder), cast.unit(ELSEWHERE))).case)
        one, other = staying(cast), staying(cast)
        change_planned_end(one, in_days(2), by=cast.casemanager, reason="test")
        change_status(other, "absent_under_check", today(), by=cast.casemanager, reason="test")
        end_placement(staying(cast), EndReason.EVICTED, today(), by=cast.casemanager, reason="test")


def queries(member: Member, address: str) -> int:
    client = sign_in(Client(), member)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([query for query in seen if "SAVEPOINT" not in query["sql"]])


def test_more_stays_ask_no_more_queries(cast: Cast) -> None:
    addresses = [
        "/mijn-werk/",
        *(f"{LIST}?toon={which}" for which in ("verhuizing", "einde", "onderzoek", "beeindigd")),
    ]
    add(cast, 2)
    few = {address: queries(cast.casemanager, address) for address in addresses}
    add(cast, 8)
    cache.clear()

    assert {address: queries(cast.casemanager, address) for address in addresses} == few
