"""Reminders, terms that are not watched, the calendar and cases without a next step in the browser, on desk and phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cases.case.models import ReturnCase
from cases.terms.keeping import keep_stale
from cases.terms.reminding import remind_of_liberty, remind_of_others
from tests.browser.conftest import Desk
from tests.cast import Cast
from tests.factories import led_case, person
from tests.procedure.law import decided, in_procedure, refusing
from tests.terms.clockwork import term

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Abdoulrahmanovitsj-Teklehaimanot van der Meer-Oosterhaarsebrug"


def with_terms(cast: Cast) -> ReturnCase:
    """An appeal term that ends within days, whose reader was reminded, and terms that are far away."""
    case = in_procedure(cast, surname=LONG)
    decided(case, cast.ind, refusing(decided=14, told=12))
    keep_stale()
    remind_of_liberty()
    remind_of_others()
    return case


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_term_is_reminded_of_taken_from_watching_and_led_back_to_its_fact(
    desk: Callable[..., Desk], cast: Cast, phone: bool
) -> None:
    case = with_terms(cast)
    reader = desk("regievoerder", phone=phone)

    page = reader.goto("/meldingen/")
    expect(page.locator("main")).to_contain_text("eindigt binnen enkele dagen een termijn")
    reader.check("klok-melding")
    page = reader.goto(f"/zaken/{case.number}/termijnen/")
    row = page.locator("tr", has=page.locator("details.counted")).first
    row.locator("summary").click()
    row.get_by_role("link", name="Begin wijzigen").click()
    expect(page.locator("main")).to_contain_text("Een termijn heeft geen eigen begin")
    reader.check("klok-begin")
    page.get_by_role("link", name="Terug naar de termijnen").click()
    row.locator("summary").click()
    row.get_by_role("link", name="Niet meer bewaken").click()
    page.get_by_role("button", name="Niet meer bewaken").click()
    expect(page.locator("main")).to_contain_text("Schrijf")
    reader.check("klok-fout")
    page.get_by_label("Waarom hoeft deze termijn niet bewaakt te worden?").fill("De gemachtigde stelt geen beroep in.")
    page.get_by_role("button", name="Niet meer bewaken").click()
    expect(page.locator("main")).to_contain_text("Niet bewaakt sinds")
    row.locator("summary").click()
    reader.check("klok-niet-bewaakt")
    reader.goto(f"/zaken/{case.number}/")
    reader.check("klok-overzicht")
    reader.goto("/termijnen/")
    reader.check("klok-lijst")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_calendar_address_is_made_shown_once_and_ended(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    term(led_case(cast.regievoerder), 3)
    reader = desk("regievoerder", phone=phone)

    page = reader.goto("/termijnen/")
    page.get_by_role("link", name="Termijnen in uw agenda").click()
    reader.check("klok-agenda-leeg")
    page.get_by_role("button", name="Adres maken").click()
    address = page.locator("#adres").inner_text()
    reader.check("klok-agenda-adres")
    answer = page.request.get(address)
    assert answer.ok
    assert "SUMMARY:Termijn Z-" in answer.text()
    reader.goto("/termijnen/agenda/")
    reader.check("klok-agenda")
    page.get_by_role("button", name="Adres beëindigen").click()
    expect(page.locator("body")).to_contain_text("Het agenda-adres is beëindigd")
    assert page.request.get(address).status == 404


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_cases_without_a_next_step_and_the_schedule_of_reminders(
    desk: Callable[..., Desk], cast: Cast, phone: bool
) -> None:
    led_case(cast.regievoerder, person(surname=LONG))
    for _number in range(5):
        led_case(cast.regievoerder)
    director, manager, auditor = (desk(name, phone=phone) for name in ("regievoerder", "manager", "auditor"))

    page = director.goto("/mijn-werk/")
    expect(page.get_by_role("heading", name="zaken zonder volgende stap")).to_be_visible()
    director.check("klok-stil")
    page.get_by_role("link", name="Volgende stap vastleggen").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    manager.goto("/mijn-werk/")
    manager.check("klok-stil-manager")
    auditor.goto("/rapportages/")
    auditor.check("klok-stil-rapport")
    director.goto("/kader/")
    director.check("klok-kader")
