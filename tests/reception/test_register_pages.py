"""S11 as COA works with it: whose register opens, what stands in it, and how rows are saved."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case
from cases.case.models import Mark
from cases.reception.models import InHouseMark
from cases.reception.presence_actions import correct_in_house
from leidraad.lib.models import Event
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.factories import led_case, unit
from tests.reception.residents import MONDAY, TODAY, WEEK, noted, resident, seen_by, stay_of
from tests.supervision.reporting import obliged_to_report

pytestmark = pytest.mark.django_db
PAGE = "/register/azc-veenmeer/2026-W48/"
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _on_a_wednesday(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = TODAY


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.casemanager)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names(response: Any) -> list[str]:
    return [row.name.partition(",")[0] for block in response.context["blocks"] for row in block]


# --- which register opens -------------------------------------------------------------------------------------------


def test_the_menu_leads_to_the_own_site_in_this_week(desk: Client) -> None:
    assert desk.get("/register/").headers["Location"] == PAGE
    assert ">Register<" in desk.get("/mijn-werk/").content.decode()


def test_a_short_name_leads_to_the_own_site_and_not_to_another(desk: Client) -> None:
    assert desk.get("/register/veenmeer/2026-W48/").headers["Location"] == PAGE
    assert desk.get("/register/oosterhaar/2026-W48/").status_code == 404


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "2027-W53", "2026-48", "1999-W01", "9999-W10", "vandaag"])
def test_a_week_that_does_not_exist_is_no_page(desk: Client, week: str) -> None:
    assert desk.get(f"/register/azc-veenmeer/{week}/").status_code == 404
    assert desk.get(f"/register/veenmeer/{week}/").status_code == 404


def test_week_53_is_a_page_in_a_year_that_has_one(desk: Client) -> None:
    assert desk.get("/register/azc-veenmeer/2026-W53/").status_code == 200


def test_another_site_is_not_found_and_other_organisations_are_refused(desk: Client, cast: Cast) -> None:
    assert desk.get("/register/azc-oosterhaar/2026-W48/").status_code == 404
    assert desk.post("/register/azc-oosterhaar/2026-W48/noteren/").status_code == 404
    for username in ("regievoerder", "ind", "nidos", "auditor"):
        stranger = sign_in(Client(), getattr(cast, username))
        assert stranger.get(PAGE).status_code == stranger.get("/register/").status_code == 403


def test_the_register_of_a_colleague_shows_nobody_of_this_site(cast: Cast, client: Client) -> None:
    resident("Amari")
    elsewhere = sign_in(client, cast.casemanager2)

    assert "AMARI" not in elsewhere.get("/register/azc-oosterhaar/2026-W48/").content.decode()
    assert elsewhere.get(PAGE).status_code == 404


# --- what stands in it ----------------------------------------------------------------------------------------------


def test_a_resident_stands_there_with_birth_year_v_number_and_room(desk: Client) -> None:
    stay = resident("Amari", room="B-214")

    page = desk.get(PAGE)

    shown = text(page)
    number = stay.case.person.v_number
    assert "AMARI, Sami" in shown
    assert f"1990 · {number[:3]} {number[3:6]} {number[6:]}" in shown
    assert "B-214" in shown
    assert "niet ingevuld" in shown
    assert "Week 48, 23 november tot en met 29 november 2026" in shown


def test_the_last_four_moments_stand_beside_this_one(desk: Client) -> None:
    stay = resident()
    for weeks, mark in ((1, Mark.SEEN), (2, Mark.MISSED), (3, Mark.EXCUSED), (5, Mark.EXEMPT)):
        noted(stay, TODAY - weeks * WEEK, mark)

    (row,) = desk.get(PAGE).context["blocks"][0]

    assert [(word.when, word.kind, word.text) for word in row.earlier] == [
        ("wk 44", "todo", "niet ingevuld"),
        ("wk 45", "info", "Verschoond"),
        ("wk 46", "no", "Gemist"),
        ("wk 47", "ok", "Gemeld"),
    ]


def test_no_radio_is_chosen_before_somebody_chooses(desk: Client) -> None:
    stay = resident()

    page = desk.get(PAGE).content.decode()

    assert page.count(f'name="m-{stay.pk}-1"') == 5
    assert "checked" not in page
    for label in ("Gemeld", "Gemist", "Verschoond", "Ontheven", "N.v.t."):
        assert f"> {label}</label>" in page


def test_the_progress_counts_obliged_moments_that_were_filled_in(desk: Client) -> None:
    seen_by(Cast().casemanager, resident())
    seen_by(Cast().casemanager, resident(), Mark.MISSED)
    resident()
    resident(form="onbekend")

    page = desk.get(PAGE)

    assert "2 van 3 ingevuld" in text(page)
    assert [(str(tab.label), tab.count) for tab in page.context["tabs"]][:2] == [
        ("Iedereen", "4"),
        ("Niet ingevuld", "1"),
    ]


def test_the_filters_are_links_that_leave_only_who_they_name(desk: Client) -> None:
    filled = resident("Gevuld")
    seen_by(Cast().casemanager, filled)
    resident("Open")
    twice, dublin = resident("Tweemaal"), resident("Dublin", ground="dublin")
    once, broken = resident("Eenmaal"), resident("Gezien")
    resident("Minderjarig", special_group="uam")
    for stay, marks in ((twice, "MM"), (dublin, "M"), (once, "M"), (broken, "MSM")):
        for weeks, mark in enumerate(reversed(marks), start=1):
            noted(stay, TODAY - weeks * WEEK, {"M": Mark.MISSED, "S": Mark.SEEN}[mark])

    page = desk.get(PAGE)

    assert [tab.count for tab in page.context["tabs"]] == ["7", "6", "2", "1"]
    assert names(desk.get(f"{PAGE}?toon=tweede-gemist")) == ["DUBLIN", "TWEEMAAL"]
    assert names(desk.get(f"{PAGE}?toon=amv")) == ["MINDERJARIG"]
    assert names(desk.get(f"{PAGE}?toon=niet-ingevuld")) == [name for name in names(page) if name != "GEVULD"]
    shown = text(page)
    assert shown.count("Tweede keer gemist") == 2  # the tab and one row
    assert "Gemist (Dublin)" in shown


def test_exempt_weeks_between_two_misses_do_not_count_and_open_ones_break_the_row(desk: Client) -> None:
    counted, broken = resident("Telt"), resident("Onbekend")
    for stay, middle in ((counted, Mark.EXEMPT), (broken, None)):
        noted(stay, TODAY - 3 * WEEK, Mark.MISSED)
        if middle:
            noted(stay, TODAY - 2 * WEEK, middle)
        noted(stay, TODAY - WEEK, Mark.MISSED)

    assert names(desk.get(f"{PAGE}?toon=tweede-gemist")) == ["TELT"]


def test_a_day_rhythm_brings_the_days_of_the_week_and_two_moments_where_there_are_two(desk: Client) -> None:
    stay = resident("Vaak", form="vtl")
    noted(stay, MONDAY, Mark.SEEN, slot=2)

    today, monday = desk.get(PAGE), desk.get(f"{PAGE}?dag=1")

    assert [day.label for day in today.context["days"]][:3] == ["ma 23 nov", "di 24 nov", "wo 25 nov"]
    assert [bool(day.url) for day in today.context["days"]] == [True, True, True, False, False, False, False]
    assert "0 van 2 ingevuld" in text(today)
    assert "1 van 2 ingevuld" in text(monday)
    (row,) = monday.context["blocks"][0]
    assert [(slot.is_open, slot.word.text if slot.word else "") for slot in row.slots] == [
        (True, ""),
        (False, "Gemeld"),
    ]


def test_what_is_not_due_or_not_established_is_said(desk: Client) -> None:
    resident("Azc")
    assert "Geen verplichting deze week." not in text(desk.get(PAGE))
    resident("Gezin", form="gl")
    resident("Htl", form="htl")

    shown = text(desk.get(PAGE))

    assert "gezinslocatie (gl): hoe vaak is niet vastgesteld" in shown
    assert "Ritme niet vastgesteld" in shown


def test_a_week_in_which_nothing_is_due_says_so(desk: Client) -> None:
    resident(form="onbekend")

    page = desk.get(PAGE)

    assert "Geen verplichting deze week." in text(page)


def test_a_coming_week_cannot_be_marked(desk: Client) -> None:
    stay = resident()

    page = desk.get("/register/azc-veenmeer/2026-W49/")

    assert "Deze week is nog niet begonnen. Vastleggen kan vanaf 30 november 2026." in text(page)
    assert "0 van 0 ingevuld" in text(page)
    assert f"m-{stay.pk}-1" not in page.content.decode()


def test_an_empty_register_says_why(desk: Client) -> None:
    assert "Er staat deze week niemand ingeschreven op deze locatie." in text(desk.get(PAGE))
    assert "Niemand miste twee keer achter elkaar." in text(desk.get(f"{PAGE}?toon=tweede-gemist"))


def test_the_desk_notes_but_sees_no_room_and_no_plan(cast: Cast, client: Client) -> None:
    stay = resident("Amari", room="B-214")
    reception = sign_in(client, cast.coa_receptie)

    page = reception.get(PAGE)
    saved = reception.post(f"{PAGE}noteren/", {"rij": stay.pk, f"m-{stay.pk}-1": "seen"}, **HTMX)

    assert "AMARI" in text(page)
    assert "B-214" not in page.content.decode()
    assert "Kamer" not in page.content.decode()
    assert saved.status_code == 200
    assert InHouseMark.objects.get().by == cast.coa_receptie


def test_closed_cases_and_ended_parts_leave_the_register(desk: Client, cast: Cast) -> None:
    from tests.factories import at_site

    case = led_case(cast.regievoerder)
    at_site(case, unit("azc-veenmeer"))
    stay_of(case, site="azc-veenmeer", since=MONDAY - WEEK)
    assert len(names(desk.get(PAGE))) == 1

    close_case(case, "departed_independently", by=cast.regievoerder, reason="vertrokken")

    assert desk.get(PAGE).context["counts"].people == 0


def test_the_duty_to_report_stands_beside_it_and_belongs_to_the_police(desk: Client, cast: Cast) -> None:
    from cases.supervision.reporting_actions import mark_duty

    stay = resident("Amari")
    duty = obliged_to_report(cast, stay.case)
    mark_duty(duty, TODAY, Mark.MISSED, by=cast.politie)

    (row,) = desk.get(PAGE).context["blocks"][0]

    assert [(word.kind, word.text) for word in row.other] == [("no", "Gemist")]
    assert row.other_note == "wekelijks"
    assert "J. Terpstra" not in desk.get(PAGE).content.decode()
    assert "0 van 1 ingevuld" in text(desk.get(PAGE))


# --- saving ---------------------------------------------------------------------------------------------------------


def test_a_row_comes_back_alone_with_what_happened_and_the_progress(desk: Client) -> None:
    stay = resident("Amari")

    saved = desk.post(f"{PAGE}noteren/", {"rij": stay.pk, f"m-{stay.pk}-1": "seen"}, **HTMX)

    page = saved.content.decode()
    assert page.lstrip().startswith(f'<tr id="rij-{stay.pk}"')
    assert 'role="status" hx-swap-oob="true"' in page
    assert "AMARI, Sami: Gemeld vastgelegd." in text(saved)
    assert "1 van 1 ingevuld" in text(saved)
    assert f'id="vast-m-{stay.pk}-1"' in page
    assert "Corrigeren" in page


def test_a_row_without_a_choice_is_not_saved(desk: Client) -> None:
    stay = resident()

    answer = desk.post(f"{PAGE}noteren/", {"rij": stay.pk}, **HTMX)

    assert answer.status_code == 422
    assert "Kies eerst wat u voor deze persoon vastlegt." in text(answer)
    assert not InHouseMark.objects.exists()


def test_a_row_that_a_colleague_noted_shows_theirs(desk: Client, cast: Cast) -> None:
    stay = resident("Amari")
    seen_by(cast.coa_receptie, stay, Mark.MISSED)

    answer = desk.post(f"{PAGE}noteren/", {"rij": stay.pk, f"m-{stay.pk}-1": "seen"}, **HTMX)

    shown = text(answer)
    assert re.search(
        r"AMARI, Sami: K. Bouwman heeft dit om \d\d:\d\d vastgelegd: Gemist. Uw keuze is niet opgeslagen.", shown
    )
    assert InHouseMark.objects.get().mark == Mark.MISSED


def test_without_script_every_filled_row_of_the_form_is_saved(desk: Client) -> None:
    seen, missed, left = resident(), resident(), resident()
    sent = {f"m-{seen.pk}-1": "seen", f"m-{missed.pk}-1": "missed", "blok": "1"}

    answer = desk.post(f"{PAGE}noteren/?toon=niet-ingevuld", sent, follow=True)

    assert answer.redirect_chain == [(f"{PAGE}?toon=niet-ingevuld", 302)]
    assert "2 keer vastgelegd." in text(answer)
    assert [row.pk for block in answer.context["blocks"] for row in block] == [left.pk]


def test_a_form_without_any_choice_says_what_to_do(desk: Client) -> None:
    resident()

    empty = desk.post(f"{PAGE}noteren/", {"blok": "1"})
    unticked = desk.post(f"{PAGE}noteren/", {"selectie": "1"})

    assert empty.status_code == unticked.status_code == 422
    assert "Kies eerst minstens één keer wat u vastlegt." in text(empty)
    assert "Vink eerst minstens één naam aan." in text(unticked)


def test_only_ticked_names_are_marked_and_each_refusal_is_named(desk: Client, cast: Cast) -> None:
    ticked, taken, left = resident("Eerste"), resident("Tweede"), resident("Derde")
    elsewhere = resident(site="azc-oosterhaar")
    seen_by(cast.coa_receptie, taken, Mark.EXCUSED)

    sent = {"selectie": "1", "kies": [ticked.pk, taken.pk, elsewhere.pk, "x"]}
    answer = desk.post(f"{PAGE}noteren/", sent, follow=True)

    shown = text(answer)
    assert "1 keer vastgelegd." in shown
    assert "TWEEDE, Sami: K. Bouwman heeft dit om" in shown
    marks = dict(InHouseMark.objects.values_list("placement", "mark"))
    assert marks == {ticked.pk: "seen", taken.pk: "excused"}
    assert left.pk not in marks


def test_somebody_of_another_site_cannot_be_marked_here(desk: Client) -> None:
    elsewhere = resident(site="azc-oosterhaar")

    answer = desk.post(f"{PAGE}noteren/", {"rij": elsewhere.pk, f"m-{elsewhere.pk}-1": "seen"}, **HTMX)

    assert answer.status_code == 404
    assert not InHouseMark.objects.exists()


# --- correcting and printing ----------------------------------------------------------------------------------------


def form_of(page: Any) -> dict[str, str]:
    form = page.context["form"]
    return {name: form[name].value() for name in ("seen_version", "seen_values")}


def test_a_mark_is_corrected_with_a_reason(desk: Client, cast: Cast) -> None:
    mark = seen_by(cast.casemanager, resident("Amari"), Mark.MISSED)
    address = f"{PAGE}corrigeren/{mark.pk}/"
    page = desk.get(address)

    without = desk.post(address, form_of(page) | {"mark": "seen"})
    done = desk.post(address, form_of(page) | {"mark": "seen", "reason": "Stond onder een andere naam"}, follow=True)

    assert without.status_code == 422
    assert "AMARI, Sami: verbeterd in Gemeld." in text(done)
    assert mark.history.latest().history_change_reason == "Stond onder een andere naam"


def test_a_correction_on_an_old_page_shows_both_and_writes_nothing(desk: Client, cast: Cast) -> None:
    mark = seen_by(cast.casemanager, resident(), Mark.MISSED)
    address = f"{PAGE}corrigeren/{mark.pk}/"
    opened = form_of(desk.get(address))
    correct_in_house(mark, Mark.EXCUSED, "Ziek", by=cast.coa_receptie, version=1)

    answer = desk.post(address, opened | {"mark": "seen", "reason": "Gezien"})

    assert answer.status_code == 409
    shown = text(answer)
    assert "K. Bouwman" in shown
    assert all(word in shown for word in ("Gemist", "Verschoond", "Gemeld"))
    assert InHouseMark.objects.get().mark == Mark.EXCUSED


def test_a_mark_of_another_site_cannot_be_opened(desk: Client) -> None:
    mark = noted(resident(site="azc-oosterhaar"), TODAY)

    assert desk.get(f"{PAGE}corrigeren/{mark.pk}/").status_code == 404


def test_the_sign_in_sheet_asks_what_for_holds_no_v_number_and_is_logged(desk: Client) -> None:
    stay = resident("Amari", room="B-214")

    asked = desk.post(f"{PAGE}afdrukken/", {})
    sheet = desk.post(f"{PAGE}afdrukken/", {"purpose": "signing"})

    assert asked.status_code == 422
    shown = text(sheet)
    number = stay.case.person.v_number
    assert "AMARI, Sami" in shown
    assert "1990" in shown
    assert "B-214" in shown
    assert number not in sheet.content.decode()
    assert f"{number[:3]} {number[3:6]} {number[6:]}" not in sheet.content.decode()
    event = Event.objects.get(kind="print")
    assert event.purpose == "om bewoners te laten tekenen aan de balie"
    assert event.detail["cases"] == [stay.case.number]


def test_looking_is_logged(desk: Client) -> None:
    resident()

    desk.get(PAGE)

    event = Event.objects.filter(route="register:week").latest("pk")
    assert event.detail == {"site": "azc-veenmeer", "week": "2026-W48", "shown": 1}


# --- Mijn werk ------------------------------------------------------------------------------------------------------


def test_my_work_tells_how_far_the_register_is_and_who_was_missed_twice(desk: Client, cast: Cast) -> None:
    twice = resident("Tweemaal")
    for weeks in (1, 2):
        noted(twice, TODAY - weeks * WEEK, Mark.MISSED)
    seen_by(cast.casemanager, resident())

    for member in (cast.casemanager, cast.coa_receptie, cast.coa_manager):
        shown = text(sign_in(desk, member).get("/mijn-werk/"))
        assert "1 van 2 ingevuld" in shown
        assert "Tweede keer gemist (1)" in shown
        assert "TWEEMAAL, Sami" in shown
    assert "van 2 ingevuld" not in text(sign_in(Client(), cast.regievoerder).get("/mijn-werk/"))


# --- as much work for a big site as for a small one -------------------------------------------------------------------


def queries_of(member: Member, address: str) -> int:
    client = sign_in(Client(), member)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([query for query in seen if "SAVEPOINT" not in query["sql"]])


def fill(cast: Cast, count: int) -> None:
    for number in range(count):
        stay = resident(room=f"A-{number}")
        for weeks in range(1, 5):
            noted(stay, TODAY - weeks * WEEK, Mark.MISSED if number % 3 == 0 else Mark.SEEN)
        if number % 2:
            obliged_to_report(cast, stay.case)


def test_sixty_residents_ask_as_many_queries_as_five(cast: Cast) -> None:
    addresses = (PAGE, f"{PAGE}?toon=niet-ingevuld", f"{PAGE}?toon=tweede-gemist", "/mijn-werk/")
    fill(cast, 5)
    few = {address: queries_of(cast.casemanager, address) for address in addresses}
    police = queries_of(cast.politie, PAGE)
    fill(cast, 55)

    assert {address: queries_of(cast.casemanager, address) for address in addresses} == few
    assert queries_of(cast.politie, PAGE) == police
    assert few[PAGE] <= 22


def test_saving_one_row_stays_within_its_bound_of_queries(desk: Client, cast: Cast) -> None:
    fill(cast, 6)
    stay = resident()
    desk.get(PAGE)

    with CaptureQueriesContext(connection) as seen:
        desk.post(f"{PAGE}noteren/", {"rij": stay.pk, f"m-{stay.pk}-1": "seen"}, **HTMX)

    assert len([query for query in seen if "SAVEPOINT" not in query["sql"]]) <= 36


def test_a_long_list_is_paged_and_cut_into_forms_of_twenty_five(desk: Client) -> None:
    for number in range(52):
        resident(f"Naam{number:02d}")

    first = desk.get(PAGE)
    second = desk.get(f"{PAGE}?after={first.context['page'].next_token}")

    assert [len(block) for block in first.context["blocks"]] == [25, 25]
    assert names(second) == ["NAAM50", "NAAM51"]
    assert "0 van 52 ingevuld" in text(second)
