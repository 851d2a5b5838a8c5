"""IND enters what the law says of a person in each regime; the regievoerder and the ua read it and can change nothing."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from cases.case.models import Household, Part, ReturnCase
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.procedure.actions.procedures import NewProcedure, begin_procedure, record_step
from cases.procedure.models import Regime
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import involve, unit
from tests.procedure.law import (
    accepted_claim,
    days_ago,
    in_procedure,
    postponement_kind,
    procedure_kind,
    step_kind,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenDesk = Callable[..., Desk]
LONG = "Abdoulrahmanovitsj-Teklehaimanot van der Meer-Oosterhaarsebrug"


def day(count: int) -> str:
    return f"{days_ago(count):%d-%m-%Y}"


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def choose(page: Page, label: str, words: str) -> None:
    field = page.get_by_label(label, exact=True)
    value = field.locator("option", has_text=re.compile(words)).first.get_attribute("value")
    field.select_option(value)


def begin(desk: Desk, case: ReturnCase, kind: str, lodged: str, law: str) -> None:
    page = desk.goto(f"/zaken/{case.number}/besluiten/")
    page.get_by_role("link", name="Procedure vastleggen").first.click()
    choose(page, "Welke procedure?", kind)
    page.get_by_label("Ingediend op").fill(lodged)
    page.get_by_label(law).check()
    desk.check("recht-02-procedure")
    send(page)
    expect(page.locator("main")).to_contain_text("Vastgelegd")


def decide(desk: Desk, case: ReturnCase) -> None:
    page = desk.page
    page.get_by_role("link", name="Besluit vastleggen").first.click()
    choose(page, "Wat is er besloten?", r"Ongegrond \(")
    page.get_by_label("Besloten op").fill(day(20))
    page.get_by_label("huidig recht (Pact)").check()
    choose(page, "In welke procedure? (niet verplicht)", "Versnelde")
    page.get_by_label("Het is ook een terugkeerbesluit").check()
    send(page)
    expect(page.locator("main")).to_contain_text("Een terugkeerbesluit noemt het land")
    desk.check("recht-03-besluit-fout")
    choose(page, "Land van terugkeer (niet verplicht)", "Algerije")
    page.get_by_label("Vertrektermijn in dagen (niet verplicht)").fill("28")
    page.get_by_label("Bekendgemaakt op (niet verplicht)").fill(day(19))
    choose(page, "Hoe is het bekendgemaakt? (niet verplicht)", "uitgereikt")
    send(page)
    expect(page.locator("main")).to_contain_text("Dit besluit vastleggen?")
    desk.check("recht-04-besluit-controle")
    page.locator("main form button[name=confirm]").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Het besluit is vastgelegd.")


def appeal(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("link", name=re.compile("^Rechtsmiddel vastleggen")).first.click()
    page.get_by_label("Beroep", exact=True).check()
    page.get_by_label("Ingediend op").fill(day(12))
    send(page)
    expect(page.locator("main")).to_contain_text("geen uitzetting tot de termijn voor een voorziening voorbij is")
    desk.check("recht-05-rechtsmiddel-controle")
    page.locator("main form button[name=confirm]").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(
        "Geen uitzetting zolang een voorziening nog op tijd kan worden gevraagd"
    )


def old_case(cast: Cast) -> ReturnCase:
    """A general procedure of the former law, with a step passed over, a claim and grounds that put off departure."""
    case, lodged = in_procedure(cast, surname=LONG, given_names="Yacine Abdelkader Mohamed"), date(2026, 3, 2)
    procedure = begin_procedure(case, NewProcedure(procedure_kind("general_6"), Regime.FORMER, lodged), by=cast.ind)
    for number, code in ((7, "rest"), (13, "day_1"), (15, "day_3")):
        record_step(procedure, step_kind("general_6", code), lodged + timedelta(days=number), by=cast.ind)
    accepted_claim(case, cast.ind)
    begin_postponement(case, postponement_kind("art64"), NewStep("requested", days_ago(9)), by=cast.ind)
    begin_postponement(
        case, postponement_kind("moratorium"), NewStep("granted", days_ago(9), days_ago(-90)), by=cast.ind
    )
    return involve(case, unit("dtv-uitvoering"), Part.DEPARTURE)


@pytest.mark.parametrize("phone", [False, True])
def test_ind_enters_a_pact_case_and_others_read_it(cast: Cast, desk: OpenDesk, phone: bool) -> None:
    case, child = in_procedure(cast, surname="Amari"), in_procedure(cast, given_names="Lina", birth_year=2015)
    of = save_as(Household(supplier="IND", key="g1"), by=PRINCIPAL)
    for one in (case, child):
        one.household = of
        save_as(one, by=PRINCIPAL)
    ind = desk("ind", phone=phone)
    ind.goto(f"/zaken/{case.number}/besluiten/")
    ind.check("recht-01-leeg")
    begin(ind, case, "Versnelde", day(60), "huidig recht (Pact)")
    decide(ind, case)
    appeal(ind)
    ind.check("recht-06-besluiten")

    director = desk("regievoerder", phone=phone)
    page = director.goto(f"/zaken/{case.number}/besluiten/")
    expect(page.locator("main")).to_contain_text("schort op")
    expect(page.get_by_role("link", name="Besluit vastleggen")).to_have_count(0)
    director.check("recht-07-regievoerder")


@pytest.mark.parametrize("phone", [False, True])
def test_an_old_case_shows_its_picture_and_shields_what_is_medical(cast: Cast, desk: OpenDesk, phone: bool) -> None:
    case = old_case(cast)
    ind = desk("ind", phone=phone)
    page = ind.goto(f"/zaken/{case.number}/besluiten/")
    expect(page.locator("main")).to_contain_text("Uitstel om medische redenen")
    expect(page.locator("main")).to_contain_text("overgeslagen: niet vastgelegd")
    ind.check("recht-08-oud")

    ua = desk("ua", phone=phone)
    page = ua.goto(f"/zaken/{case.number}/besluiten/")
    expect(page.locator("main")).to_contain_text("Vertrekmoratorium")
    expect(page.locator("main")).not_to_contain_text("medische")
    ua.check("recht-09-ua")

    reception = desk("casemanager", phone=phone)
    page = reception.goto(f"/zaken/{case.number}/besluiten/")
    expect(page.locator("main")).to_contain_text("bestaat niet of is niet met u gedeeld")
