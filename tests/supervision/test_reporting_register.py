"""S11 as the police work with it: only their own duties, in cases they may view; COA's column is theirs to read."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import translation

from cases.case.access import NotInSight
from cases.case.grants import end_involvement
from cases.case.history import history_of
from cases.case.models import Involvement, Mark, ProtectedAddress
from cases.reception.models import InHouseMark
from cases.supervision.models import DutyMark
from cases.supervision.reporting_actions import correct_duty, mark_duty
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import led_case, unit
from tests.reception.residents import TODAY, WEEK, contact_of, resident, seen_by
from tests.reception.test_register_pages import HTMX, PAGE, names, text
from tests.supervision.reporting import noted, obliged_to_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_wednesday(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = TODAY


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.politie)


# --- which places ---------------------------------------------------------------------------------------------------


def test_the_menu_leads_to_the_places_where_people_report(officer: Client, cast: Cast) -> None:
    obliged_to_report(cast)
    obliged_to_report(cast)
    obliged_to_report(cast, place=None)

    page = officer.get("/register/")

    assert "Meldplicht" in officer.get("/opdrachten/vandaag/").content.decode()
    assert [(str(unit), count) for unit, count, _url in page.context["places"]] == [
        ("azc Veenmeer", 2),
        ("AVIM Noord", 1),
    ]
    assert names(officer.get("/register/avim-noord/2026-W48/")) != []
    assert officer.get("/register/veenmeer/2026-W48/").headers["Location"] == PAGE


def test_without_duties_the_list_says_how_they_come(officer: Client) -> None:
    assert "geen lopende meldplichten" in text(officer.get("/register/"))
    assert officer.get(PAGE).status_code == 404


def test_the_phone_has_the_duty_to_report_under_the_thumb(officer: Client) -> None:
    bar = officer.get("/register/").content.decode().partition('class="tabbar"')[2]

    assert [word for word in ("Vandaag", "Meldplicht", "Zoeken", "Meer") if word in bar] == [
        "Vandaag", "Meldplicht", "Zoeken", "Meer",
    ]  # fmt: skip
    assert "Opdrachten" not in bar
    assert "Opdrachten" in officer.get("/meer/").content.decode()


# --- whose ----------------------------------------------------------------------------------------------------------


def test_only_running_duties_of_the_own_unit_in_cases_it_sees(officer: Client, cast: Cast) -> None:
    own = obliged_to_report(cast)
    south = member_of(unit("avim-zuid"), "supervision_officer")
    obliged_to_report(cast, by=south)
    out_of_sight = obliged_to_report(cast)
    for part in Involvement.objects.running().filter(case=out_of_sight.case, unit=own.unit):
        end_involvement(part, by=PRINCIPAL, reason="test")
    resident("Zonderplicht")

    page = officer.get(PAGE)

    assert [row.pk for block in page.context["blocks"] for row in block] == [own.pk]
    assert page.context["counts"].people == 1
    assert "ZONDERPLICHT" not in page.content.decode()


def test_coas_column_is_read_and_its_row_cannot_be_written(officer: Client, cast: Cast) -> None:
    stay = resident("Amari", room="B-214")
    seen_by(cast.casemanager, stay)
    duty = obliged_to_report(cast, stay.case)

    page = officer.get(PAGE)
    (row,) = page.context["blocks"][0]

    assert [(word.kind, word.text) for word in row.other] == [("ok", "Gemeld")]
    assert row.room == "B-214"
    assert row.v_number == ""
    assert "S. de Wit" not in page.content.decode()
    assert officer.get(f"{PAGE}corrigeren/{InHouseMark.objects.get().pk}/").status_code == 404
    officer.post(f"{PAGE}noteren/", {"rij": duty.pk, f"m-{duty.pk}-1": "missed"}, **HTMX)
    assert InHouseMark.objects.get().mark == Mark.SEEN
    assert DutyMark.objects.get().mark == Mark.MISSED


def test_where_an_address_is_protected_the_register_of_the_site_does_not_tell(officer: Client, cast: Cast) -> None:
    stay = resident("Amari", room="B-214")
    obliged_to_report(cast, stay.case, place=None)
    save_as(ProtectedAddress(case=stay.case, city="Elders", source="Nidos", since=TODAY), by=PRINCIPAL)

    (row,) = officer.get("/register/avim-noord/2026-W48/").context["blocks"][0]

    assert (row.other, row.room) == ([], "")


# --- marking --------------------------------------------------------------------------------------------------------


def test_the_police_mark_their_duty_and_the_case_hears_of_the_contact(cast: Cast) -> None:
    stay = resident()
    duty = obliged_to_report(cast, stay.case)

    mark = mark_duty(duty, TODAY, Mark.SEEN, by=cast.politie)

    assert (mark.duty, mark.by, mark.history.get().history_organisation) == (duty, cast.politie, "police")
    assert contact_of(stay) == TODAY


def test_coa_dtv_and_other_teams_do_not_mark_it(cast: Cast) -> None:
    duty = obliged_to_report(cast, led_case(cast.regievoerder))
    south = member_of(unit("avim-zuid"), "team_chief")

    for member, refusal in ((cast.regievoerder, NotAllowed), (cast.casemanager, NotInSight), (south, NotInSight)):
        with pytest.raises(refusal):
            mark_duty(duty, TODAY, Mark.SEEN, by=member)


def test_the_rhythm_of_the_duty_decides_what_is_due(cast: Cast) -> None:
    daily = obliged_to_report(cast, rhythm="daily")

    assert mark_duty(daily, TODAY, Mark.SEEN, by=cast.politie).due_to == TODAY
    with pytest.raises(NotPossible):
        mark_duty(daily, TODAY + WEEK, Mark.SEEN, by=cast.politie)


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_mark_at_once_one_is_first(cast: Cast) -> None:
    duty, first, second = obliged_to_report(cast), cast.politie, cast.politie_teamchef
    barrier = Barrier(2)

    def note(member: Any, mark: str) -> str:
        try:
            with translation.override("nl"):
                barrier.wait(timeout=10)
                mark_duty(duty, TODAY, mark, by=member)
        except NotPossible as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(note, first, Mark.SEEN), pool.submit(note, second, Mark.MISSED)]
        won, lost = sorted(answer.result() for answer in answers)

    assert won == ""
    assert "heeft dit om" in lost
    assert DutyMark.objects.get().history.count() == 1


def test_a_correction_keeps_both_and_stands_in_the_history_of_the_case(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    mark = mark_duty(obliged_to_report(cast, case), TODAY, Mark.MISSED, by=cast.politie)

    correct_duty(mark, Mark.EXCUSED, "Afspraak bij de ambassade", by=cast.politie_teamchef, version=1)

    with translation.override("nl"):
        changes = history_of(mark, cast.regievoerder)
    newest = changes[0]
    assert (newest.field, newest.was, newest.now, newest.reason) == (
        "Aantekening", "Gemist", "Verschoond", "Afspraak bij de ambassade",
    )  # fmt: skip
    assert newest.who == "W. Dijkstra"
    assert newest.record == "Melding bij de politie (week 48 van 2026)"


def test_the_activity_tells_misses_and_corrections_and_not_every_time_that_somebody_came(
    cast: Cast, client: Client
) -> None:
    case = led_case(cast.regievoerder)
    duty = obliged_to_report(cast, case)
    mark_duty(duty, TODAY - 2 * WEEK, Mark.SEEN, by=cast.politie)
    mark_duty(duty, TODAY - WEEK, Mark.MISSED, by=cast.politie)
    wrong = mark_duty(duty, TODAY, Mark.SEEN, by=cast.politie)
    correct_duty(wrong, Mark.MISSED, "Andere persoon", by=cast.politie)

    shown = text(sign_in(client, cast.regievoerder).get(f"/zaken/{case.number}/activiteit/"))

    assert "Melding bij de politie, week 47 van 2026" in shown
    assert "verbeterde Melding bij de politie, week 48 van 2026: van “Gemeld” naar “Gemist”." in shown
    assert "week 46" not in shown
    assert "legde een meldplicht op: wekelijks." in shown


def test_who_missed_twice_is_found_by_the_own_marks_only(officer: Client, cast: Cast) -> None:
    stay = resident("Amari")
    duty = obliged_to_report(cast, stay.case)
    for weeks in (1, 2):
        noted(duty, TODAY - weeks * WEEK, Mark.MISSED)

    assert names(officer.get(f"{PAGE}?toon=tweede-gemist")) == ["AMARI"]
    assert names(sign_in(Client(), cast.casemanager).get(f"{PAGE}?toon=tweede-gemist")) == []
