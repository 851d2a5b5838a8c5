"""S12: where somebody stays, as the site, the responsible unit and the police read it; and what a site does there."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.models import Household, Part, ProtectedAddress
from cases.reception.actions import change_planned_end, change_room, end_placement, reserve
from cases.reception.models import Placement, ReceptionForm
from cases.reception.states import EndReason, PlacementStatus
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import date_long, date_time
from leidraad.lib.models import Event
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.reception.stays import (
    ELSEWHERE,
    HOME,
    WHY,
    days_ago,
    ended,
    in_days,
    moved,
    noon,
    overdue,
    reserved,
    staying,
    stored,
    takes_part,
    today,
)

pytestmark = pytest.mark.django_db
DAY = "%d-%m-%Y"


def look(member: Member, placement: Placement) -> str:
    response = sign_in(Client(), member).get(reverse("cases:residence", args=[placement.case.number]))
    assert response.status_code == 200
    return response.content.decode()


def address(name: str, placement: Placement) -> str:
    return reverse(f"cases:residence-{name}", args=[placement.case.number, placement.pk])


def send(member: Member, name: str, placement: Placement, **values: Any) -> Any:
    data = {"seen_version": str(placement.version), **values}
    return sign_in(Client(), member).post(address(name, placement), data)


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_page_tells_where_the_person_stays_on_which_ground_and_who_says_so(cast: Cast) -> None:
    placement = staying(cast)
    change_room(placement, "B-114", by=cast.casemanager)

    page = look(cast.casemanager, placement)

    for told in (
        "azc Veenmeer",
        "B-114",
        "Aanwezig",
        date_long(days_ago(7)),
        "gewone opvang (Rva)",
        "wekelijks",
        "IND",
    ):
        assert told in page
    assert "niet vastgesteld" not in page


def test_a_rhythm_without_a_source_says_so(cast: Cast) -> None:
    page = look(cast.regievoerder, staying(cast, site="gl-oosterhaar"))

    assert ReceptionForm.objects.get(code="gl").is_established is False
    assert "niet vastgesteld" in page


def test_a_planned_end_within_two_weeks_asks_attention(cast: Cast) -> None:
    placement = staying(cast)
    change_planned_end(placement, in_days(3), by=cast.casemanager, reason="Einde vertrektermijn.")

    page = look(cast.casemanager, placement)

    assert date_long(in_days(3)) in page
    assert "over 3 dagen" in page


def test_a_reservation_tells_its_48_hours_in_absolute_time(cast: Cast) -> None:
    placement = reserved(cast, day=in_days(1))

    page = look(cast.casemanager2, placement)

    assert date_time(placement.arrival_deadline) in page
    assert "azc Oosterhaar" in page


def test_a_no_show_is_offered_only_when_the_48_hours_are_over(cast: Cast) -> None:
    early, late = reserved(cast), overdue(cast)

    assert address("no-show", early) not in look(cast.casemanager2, early)
    assert address("no-show", late) in look(cast.casemanager2, late)


def test_an_empty_page_says_why_and_the_site_reads_the_next_step(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit(HOME))
    number = reverse("cases:residence", args=[case.number])

    for_site = sign_in(Client(), cast.casemanager).get(number).content.decode()
    for_director = sign_in(Client(), cast.regievoerder).get(number).content.decode()

    assert "Nog geen verblijf vastgelegd." in for_site
    assert "Nog geen verblijf vastgelegd." in for_director
    assert reverse("cases:residence-reserve", args=[case.number]) in for_site
    assert reverse("cases:residence-reserve", args=[case.number]) not in for_director


@pytest.mark.parametrize("username", ["regievoerder", "manager", "politie", "politie_teamchef"])
def test_who_only_reads_is_offered_no_act(cast: Cast, username: str) -> None:
    placement = staying(cast)
    involve(placement.case, unit("avim-noord"), Part.SUPERVISION)

    page = look(getattr(cast, username), placement)

    assert "azc Veenmeer" in page
    assert "/verblijf/reserveren/" not in page
    assert f"/verblijf/{placement.pk}/" not in page


def test_a_site_is_offered_what_concerns_its_own_stay_only(cast: Cast) -> None:
    placement = staying(cast)
    expected = reserved(cast, placement.case)

    here, there = look(cast.casemanager, placement), look(cast.casemanager2, placement)

    assert address("end", placement) in here
    assert address("arrival", expected) not in here
    assert address("cancel", expected) in here
    assert address("arrival", expected) in there
    assert address("end", placement) not in there


def test_the_log_names_persons_and_their_reasons_inside_their_organisation_and_to_the_responsible_unit(
    cast: Cast,
) -> None:
    placement = reserved(cast)
    involve(placement.case, unit("avim-noord"), Part.SUPERVISION)

    for member in (cast.casemanager2, cast.regievoerder):
        page = look(member, placement)
        assert WHY in page
        assert "S. de Wit" in page
    police = look(cast.politie, placement)
    assert WHY not in police
    assert "S. de Wit" not in police
    assert "Plaats gereserveerd op azc Oosterhaar" in police


def test_with_a_protected_address_the_page_is_as_of_a_case_without_a_stay(cast: Cast) -> None:
    placement = staying(cast)
    save_as(ProtectedAddress(case=placement.case, city="Elders", source="Politie", since=today()), by=PRINCIPAL)

    page = look(cast.regievoerder, placement)

    assert "Nog geen verblijf vastgelegd." in page
    assert "Wat een locatie vastlegt" in page
    assert "Elders" not in page
    assert f"/{placement.pk}/" not in page


def test_a_look_is_logged(cast: Cast) -> None:
    placement = staying(cast)

    look(cast.casemanager, placement)

    event = Event.objects.order_by("-pk").first()
    assert event is not None
    assert (event.route, event.case_id) == ("cases:residence", placement.case_id)


def test_the_side_menu_leads_to_the_stay(cast: Cast) -> None:
    placement = staying(cast)

    page = sign_in(Client(), cast.casemanager).get(reverse("cases:detail", args=[placement.case.number]))

    assert reverse("cases:residence", args=[placement.case.number]) in page.content.decode()


def test_a_long_log_is_cut_into_pages_and_asks_as_many_queries(cast: Cast) -> None:
    placement = staying(cast)
    client = sign_in(Client(), cast.casemanager)
    url = reverse("cases:residence", args=[placement.case.number])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    change_room(placement, "A-0", by=cast.casemanager)
    queries()
    few = queries()
    for number in range(40):
        change_room(stored(placement), f"A-{number + 1}", by=cast.casemanager)

    assert queries() == few <= 22
    page = client.get(url)
    assert "Kamer op azc Veenmeer: A-40." in page.content.decode()
    older = client.get(url, {"after": page.context["page"].next_token}).content.decode()
    assert "Verblijf op azc Veenmeer sinds" in older
    assert "azc Veenmeer: A-40." not in older


# --- acting ---------------------------------------------------------------------------------------------------------


def test_reserving_asks_first_who_will_see_the_case(cast: Cast) -> None:
    placement = staying(cast)
    client = sign_in(Client(), cast.casemanager)
    url = reverse("cases:residence-reserve", args=[placement.case.number])
    data = {"site": str(unit(ELSEWHERE).pk), "expected_on": in_days(2).strftime(DAY), "reason": WHY}

    asked = client.post(url, data)

    assert asked.status_code == 200
    assert "Ziet de zaak vanaf nu" in asked.content.decode()
    assert not Placement.objects.expected().exists()

    done = client.post(url, data | {"confirm": "yes"}, follow=True)

    assert Placement.objects.expected().get().site.code == ELSEWHERE
    assert "Er is een plaats gereserveerd op azc Oosterhaar" in done.content.decode()


def test_a_wrong_reservation_keeps_what_was_typed_and_says_what_to_do(cast: Cast) -> None:
    placement = staying(cast)
    url = reverse("cases:residence-reserve", args=[placement.case.number])

    page = sign_in(Client(), cast.casemanager).post(url, {"site": "", "expected_on": "32-13-2026", "reason": WHY})

    assert page.status_code == 422
    for told in ("Kies de locatie.", "32-13-2026", WHY, "Fout:"):
        assert told in page.content.decode()


def test_a_refusal_of_the_rules_stands_on_the_form(cast: Cast) -> None:
    placement = reserved(cast)
    url = reverse("cases:residence-reserve", args=[placement.case.number])
    data = {"site": str(unit("azc-zandwijk").pk), "expected_on": in_days(2).strftime(DAY), "reason": WHY}

    page = sign_in(Client(), cast.casemanager).post(url, data | {"confirm": "yes"})

    assert page.status_code == 422
    assert "wordt al op een locatie verwacht" in page.content.decode()


def test_the_site_where_somebody_stays_is_not_among_the_choices(cast: Cast) -> None:
    url = reverse("cases:residence-reserve", args=[staying(cast).case.number])

    page = sign_in(Client(), cast.casemanager).get(url).content.decode()

    assert "azc Oosterhaar (Oosterhaar)" in page
    assert "azc Veenmeer (Veenmeer)" not in page


def test_a_household_is_named_when_a_place_is_reserved(cast: Cast) -> None:
    home = save_as(Household(supplier="IND", key="gezin-1"), by=PRINCIPAL)
    one = staying(cast, led_case(cast.regievoerder, household=home))
    other = staying(cast, led_case(cast.regievoerder, household=home))

    page = sign_in(Client(), cast.casemanager).get(reverse("cases:residence-reserve", args=[one.case.number]))

    assert reverse("cases:residence", args=[other.case.number]) in page.content.decode()


def test_an_arrival_says_what_it_ends_and_leads_back_to_the_stay(cast: Cast) -> None:
    placement = reserved(cast)

    page = sign_in(Client(), cast.casemanager2).get(address("arrival", placement)).content.decode()
    done = send(cast.casemanager2, "arrival", placement, day=today().strftime(DAY), room="C-201")

    assert "azc Veenmeer" in page
    assert "Het verblijf daar eindigt die dag" in page
    assert done["Location"] == reverse("cases:residence", args=[placement.case.number])
    assert (stored(placement).status, stored(placement).room) == (PlacementStatus.PRESENT, "C-201")


def test_a_no_show_and_a_cancellation_are_recorded(cast: Cast) -> None:
    late = overdue(cast)
    send(cast.casemanager2, "no-show", late, reason="Niet gezien.")
    assert stored(late).status == PlacementStatus.NO_SHOW

    done = send(cast.casemanager2, "cancel", stored(late), reason="Elders gevonden.")
    assert stored(late).status == PlacementStatus.ENDED
    assert done["Location"] == reverse("pages:my-work"), "the site sees the case no more"


def test_the_other_site_that_cancels_stays_on_the_case(cast: Cast) -> None:
    placement = reserved(cast)

    done = send(cast.casemanager, "cancel", placement, reason="Toch niet.")

    assert done["Location"] == reverse("cases:residence", args=[placement.case.number])


def test_status_room_and_planned_end_are_changed_by_form(cast: Cast) -> None:
    placement = staying(cast)

    send(cast.casemanager, "status", placement, status="temporarily_absent", since=today().strftime(DAY), reason=WHY)
    send(cast.casemanager, "room", stored(placement), room="D-9")
    send(cast.casemanager, "planned-end", stored(placement), planned_end=in_days(9).strftime(DAY), reason=WHY)

    placement = stored(placement)
    assert (placement.status, placement.room, placement.planned_end) == ("temporarily_absent", "D-9", in_days(9))


def test_ending_asks_first_and_leads_to_my_work(cast: Cast) -> None:
    placement = staying(cast)
    values = {"end_reason": "custody", "ended_on": today().strftime(DAY), "reason": "Maatregel opgelegd."}

    asked = send(cast.casemanager, "end", placement, **values)
    assert asked.status_code == 200
    assert "detentiecentrum" in asked.content.decode()
    assert stored(placement).is_running

    done = send(cast.casemanager, "end", placement, **values, confirm="yes")
    assert done["Location"] == reverse("pages:my-work")
    assert stored(placement).end_reason == EndReason.CUSTODY


def test_a_correction_is_recorded_by_form(cast: Cast) -> None:
    placement = staying(cast)

    send(
        cast.casemanager,
        "correct",
        placement,
        started_on=days_ago(5).strftime(DAY),
        status="present",
        status_since=days_ago(5).strftime(DAY),
        reason="Verkeerde dag.",
    )

    assert stored(placement).started_on == days_ago(5)


def test_a_page_that_is_older_shows_what_changed_and_changes_nothing(cast: Cast) -> None:
    placement = staying(cast)
    change_room(placement, "A-1", by=cast.casemanager)

    page = send(cast.casemanager, "room", placement, room="B-2")

    assert page.status_code == 409
    assert "A-1" in page.content.decode()
    assert "B-2" in page.content.decode()
    assert stored(placement).room == "A-1"


@pytest.mark.parametrize("name", ["status", "room", "planned-end", "end"])
def test_what_is_not_a_stay_any_more_says_so_on_the_page_of_the_stay(cast: Cast, name: str) -> None:
    placement = reserved(cast)

    page = sign_in(Client(), cast.casemanager2).get(address(name, placement), follow=True)

    assert "Dat kan niet meer" in page.content.decode()
    assert page.redirect_chain == [(reverse("cases:residence", args=[placement.case.number]), 302)]


def test_another_site_reads_whose_act_it_is(cast: Cast) -> None:
    placement = staying(cast)
    reserved(cast, placement.case)

    page = sign_in(Client(), cast.casemanager2).get(address("room", placement), follow=True)

    assert "Alleen azc Veenmeer kan dit vastleggen" in page.content.decode()


def test_a_stay_of_another_case_is_not_found_under_this_one(cast: Cast) -> None:
    one, other = staying(cast), staying(cast)
    url = reverse("cases:residence-room", args=[one.case.number, other.pk])

    assert sign_in(Client(), cast.casemanager).get(url).status_code == 404


def test_for_another_site_the_page_does_not_exist(cast: Cast) -> None:
    placement = staying(cast)
    client = sign_in(Client(), cast.casemanager2)

    assert client.get(reverse("cases:residence", args=[placement.case.number])).status_code == 404
    assert client.get(address("room", placement)).status_code == 404
    assert client.post(address("room", placement), {"room": "X"}).status_code == 404


@pytest.mark.parametrize("username", ["regievoerder", "coa_receptie"])
def test_who_may_not_change_a_stay_reads_which_right_is_missing(cast: Cast, username: str) -> None:
    placement = staying(cast)

    page = sign_in(Client(), getattr(cast, username)).post(address("room", placement), {"room": "X"})

    assert page.status_code == 403
    assert "verblijf (wijzigen)" in page.content.decode()


def test_who_loses_the_case_while_the_form_is_open_reads_that_it_does_not_exist(cast: Cast) -> None:
    placement = staying(cast)
    with clock.as_if(noon(today()) + timedelta(hours=1)):
        end_placement(placement, EndReason.EVICTED, today(), by=cast.casemanager, reason="test")

    assert send(cast.casemanager, "room", placement, room="X").status_code == 404


# --- taking back, and putting an end right --------------------------------------------------------------------------


def test_an_arrival_is_taken_back_from_the_page(cast: Cast) -> None:
    placement = moved(cast)
    url = reverse("reception:take-back", args=[placement.pk])
    client = sign_in(Client(), cast.casemanager2)
    assert url in look(cast.casemanager2, placement)
    assert "Deze aankomst terugdraaien?" in client.get(url).content.decode()

    done = client.post(url, {"seen_version": placement.version}, follow=True)

    assert "Teruggedraaid." in done.content.decode()
    assert stored(placement).status == PlacementStatus.RESERVED
    assert takes_part(placement.case, HOME)


@pytest.mark.parametrize("sent", [{}, {"seen_version": "x"}, {"seen_version": "999"}])
def test_nothing_is_taken_back_from_a_page_that_does_not_say_what_it_showed(cast: Cast, sent: dict[str, str]) -> None:
    placement = moved(cast)

    sign_in(Client(), cast.casemanager2).post(reverse("reception:take-back", args=[placement.pk]), sent)

    assert stored(placement).status == PlacementStatus.PRESENT


def test_an_end_is_taken_back_though_the_case_is_out_of_sight(cast: Cast) -> None:
    placement = ended(cast)
    client = sign_in(Client(), cast.casemanager)
    record, undo = (reverse(f"reception:{name}", args=[placement.pk]) for name in ("correct-end", "take-back"))

    page = client.get(record).content.decode()
    assert undo in page
    assert placement.case.number in page
    assert placement.case.person.surname.upper() not in page
    assert "Dit einde terugdraaien?" in client.get(undo).content.decode()

    done = client.post(undo, {"seen_version": placement.version})
    assert done["Location"] == reverse("cases:residence", args=[placement.case.number])
    assert stored(placement).is_running


def test_an_end_is_put_right_by_form(cast: Cast) -> None:
    placement = ended(cast)
    values = {"end_reason": "prison", "ended_on": days_ago(1).strftime(DAY), "reason": "Verkeerde reden."}
    client = sign_in(Client(), cast.casemanager)
    url = reverse("reception:correct-end", args=[placement.pk])

    assert client.post(url, {"seen_version": placement.version}).status_code in (409, 422)
    assert client.post(url, values | {"seen_version": placement.version - 1}).status_code == 409
    assert client.post(url, values | {"seen_version": placement.version})["Location"] == reverse("pages:my-work")
    assert (stored(placement).end_reason, stored(placement).ended_on) == (EndReason.PRISON, days_ago(1))


@pytest.mark.parametrize(("username", "status"), [("casemanager2", 404), ("coa_receptie", 403), ("regievoerder", 403)])
def test_nobody_else_opens_the_record_of_a_site(cast: Cast, username: str, status: int) -> None:
    placement = ended(cast)

    for name in ("correct-end", "take-back"):
        client = sign_in(Client(), getattr(cast, username))
        assert client.get(reverse(f"reception:{name}", args=[placement.pk])).status_code == status


def test_what_is_not_of_today_says_when_taking_back_was_possible(cast: Cast) -> None:
    placement = staying(cast)
    reserve(placement.case, unit(ELSEWHERE), today(), by=cast.casemanager, reason=WHY)

    page = sign_in(Client(), cast.casemanager).get(reverse("reception:take-back", args=[placement.pk]), follow=True)

    assert "Terugdraaien kan alleen op de dag zelf" in page.content.decode()
