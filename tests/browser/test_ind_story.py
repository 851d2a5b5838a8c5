"""A regievoerder asks IND whether somebody may be removed, IND answers, the regievoerder reads; IND reads no more than that."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.case.facts import Fact, FactKind, publish
from cases.case.models import ReturnCase
from cases.requests.models import Request
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case, person
from tests.handover.hand import dossier

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenDesk = Callable[..., Desk]
PROCEDURE = {
    "regime": "pact",
    "applied_on": "2026-07-01",
    "return_decision_on": "2026-09-14",
    "notified_on": "2026-09-15",
    "suspensive_effect": "tot_vovo_uitspraak",
    "departure_period_days": 28,
}


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def open_case(cast: Cast) -> ReturnCase:
    somebody = person(surname="Amari", given_names="Yacine", v_number="9994127730")
    case = led_case(cast.regievoerder, somebody)
    dossier(case, **PROCEDURE)
    return case


def ask(director: Desk, case: ReturnCase) -> None:
    page = director.goto(f"/zaken/{case.number}/")
    expect(page.locator("dl.axes")).to_contain_text("nog geen antwoord van de IND")
    director.check("ind-01-zaak")
    page.locator("dl.axes").get_by_role("link", name="Vraag nu").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("geen gesprekken, strategie of incidenten")
    page.get_by_label("Wat vraagt u, en waarom?").fill("Loopt er nog een procedure? Wij willen een reis boeken.")
    director.check("ind-02-vraag")
    send(page)
    director.check("ind-03-voorbeeld")
    page.locator("main form button[name=confirm]").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Aangeboden aan IND Team Terugkeer Noord")


def take_on(ind: Desk) -> None:
    page = ind.goto("/mijn-werk/")
    expect(page.locator("main")).to_contain_text("Vragen aan uw team")
    ind.check("ind-04-mijn-werk")
    page = ind.goto("/vragen/")
    ind.check("ind-05-vragen")
    page.get_by_role("link", name=re.compile("AMARI")).first.click()
    expect(page.locator("main")).not_to_contain_text("999 412 7730")
    ind.check("ind-06-vraag-aangeboden")
    page.get_by_role("button", name="Aannemen en de procedure bekijken").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("volgens het dossier van IND")
    expect(page.locator("main")).to_contain_text("999 412 7730")


def answer(ind: Desk) -> None:
    page = ind.page
    send(page)
    assert page.title().startswith("Fout:")
    ind.check("ind-07-fout")
    page.get_by_label(re.compile("Geen beletsel bekend bij de IND")).check()
    page.get_by_label("Toelichting").fill("Geen procedure bekend op 23 november.")
    ind.check("ind-08-antwoord")
    send(page)
    expect(page.locator("main")).to_contain_text("heeft bericht gekregen")
    ind.check("ind-09-beantwoord")


def read_and_confirm(director: Desk, case: ReturnCase, question: Request) -> None:
    page = director.goto(reverse("requests:detail", args=[question.pk]))
    expect(page.locator("main")).to_contain_text("Geen beletsel bekend bij de IND")
    director.check("ind-10-gelezen")
    page.get_by_role("link", name="Uitkomst bevestigen").click()
    send(page)
    page = director.goto(f"/zaken/{case.number}/")
    expect(page.locator("dl.axes")).to_contain_text("Verwijderbaar")
    director.check("ind-11-zaak-verwijderbaar")
    director.goto(f"/zaken/{case.number}/verwijderbaarheid/")
    director.check("ind-12-antwoorden")


def shut_out(ind: Desk, case: ReturnCase, *, while_asked: bool) -> None:
    """While its part runs IND sees the case without plan, talks or activity; afterwards not at all."""
    page = ind.goto(f"/zaken/{case.number}/activiteit/")
    if while_asked:
        expect(page.get_by_role("button", name="Toegang vragen")).to_be_visible()
        page = ind.goto(f"/zaken/{case.number}/")
        for part in ("Vertrekplan", "Gesprekken", "Activiteit", "Toezicht"):
            expect(page.get_by_role("link", name=part, exact=True)).to_have_count(0)
        ind.check("ind-13-zaak-voor-ind")
        return
    expect(page.locator("main")).to_contain_text("Deze pagina bestaat niet of is niet met u gedeeld.")


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_from_question_to_answer(desk: OpenDesk, cast: Cast, phone: bool) -> None:
    case = open_case(cast)
    director, ind = desk("regievoerder", phone=phone), desk("ind", phone=phone)

    ask(director, case)
    question = Request.objects.get(case=case)
    take_on(ind)
    shut_out(ind, case, while_asked=True)
    ind.goto(f"/vragen/{question.pk}/")
    answer(ind)
    read_and_confirm(director, case, question)
    shut_out(ind, case, while_asked=False)

    with transaction.atomic():
        publish(case, Fact(FactKind.SUSPENSION_BEGAN), by=PRINCIPAL)
    page = director.goto(f"/zaken/{case.number}/")
    expect(page.locator("main")).to_contain_text("Antwoord mogelijk achterhaald")
    director.check("ind-14-achterhaald")
    director.goto("/mijn-werk/")
    expect(director.page.locator("main")).to_contain_text("Verwijderbaarheid opnieuw vragen")
    director.check("ind-15-mijn-werk")
    ind.goto(f"/vragen/{question.pk}/verbeteren/")
    ind.check("ind-16-verbeteren")
    ind.goto("/vragen/?toon=beantwoord")
    expect(ind.page.locator("main")).to_contain_text("mogelijk achterhaald")
    ind.check("ind-17-beantwoord")
    ind.goto("/mijn-werk/")
    ind.check("ind-18-mijn-werk-na")


def test_answering_works_without_scripts(desk: OpenDesk, cast: Cast) -> None:
    case = open_case(cast)
    director, ind = desk("regievoerder", scripts=False), desk("ind", scripts=False)
    ask(director, case)

    page = ind.goto(f"/vragen/{Request.objects.get(case=case).pk}/")
    page.get_by_label(re.compile("Vertrektermijn of verlenging loopt")).check()
    send(page)

    expect(page.locator("main")).to_contain_text("heeft bericht gekregen")
    case.refresh_from_db()
    assert case.removability == "not_yet"
