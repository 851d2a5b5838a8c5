"""Who sees this case, by hand: share, except, name, consent, look as others do, and open in an emergency."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from cases.case.access import may
from cases.case.models import Part
from tests.browser.conftest import Desk
from tests.cast import Cast
from tests.factories import at_site, involve, led_case, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAIN = "main form.form button[type=submit]"


def send(page: Page) -> None:
    page.locator(MAIN).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("phone", [False, True])
def test_a_regievoerder_decides_who_sees_the_case(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involve(case, unit("ind-noord"), Part.DECISION, "law")
    own = f"/zaken/{case.number}/toegang/"
    reader = desk("regievoerder", phone=phone)
    page = reader.goto(own)
    page.get_by_role("link", name="Zaak delen").click()
    reader.check("access-share")
    page.get_by_label("Politie: toezicht (grond: taak)").check()
    page.get_by_label("Welke eenheid?").select_option(label="AVIM Noord")
    page.get_by_label("Waarom heeft deze eenheid de zaak nodig?").fill("Adres controleren")
    send(page)
    reader.check("access-share-confirm")
    send(page)
    assert "De zaak is nu gedeeld met Politie AVIM Noord." in page.inner_text("main")

    page.get_by_role("link", name="Toestemming vastleggen").click()
    page.get_by_label("Internationale Organisatie voor Migratie").check()
    page.get_by_label("Gegeven op").fill("23-11-2026")
    page.get_by_label("ondertekend formulier").check()
    page.get_by_label("Waar is het origineel?").fill("Papieren dossier")
    reader.check("access-consent")
    send(page)
    send(page)
    assert "Toestemming betrokkene: 23 november 2026" in page.inner_text("main")

    page.get_by_role("link", name=re.compile("Afschermen of openen.*AVIM Noord")).click()
    page.get_by_label("Welk onderdeel?").select_option(label="aanwezigheid")
    page.get_by_label("Afschermen").check()
    page.get_by_label("Waarom?").fill("Niet nodig voor deze taak")
    reader.check("access-exception")
    send(page)
    reader.check("access-exception-confirm")
    send(page)

    page.get_by_role("link", name="Toegang op naam geven").click()
    page.get_by_label("Wie?").select_option(label="J. Terpstra, medewerker AVIM")
    page.get_by_label("Welk onderdeel?").select_option(label="beschermd adres")
    page.get_by_label("Laatste dag").fill("30-11-2026")
    page.get_by_label("Waarom heeft deze collega dit nodig?").fill("Ophalen")
    reader.check("access-named")
    send(page)
    send(page)
    reader.check("access-lead")
    assert may(cast.politie, "protected_address.view", case)

    page.get_by_role("link", name=re.compile("Bekijk als receptie.*azc Veenmeer")).click()
    reader.check("access-view-as")
    page.get_by_role("link", name="Terug", exact=True).click()
    partner = desk("casemanager", phone=phone)
    partner.goto(own)
    partner.check("access-partner")


@pytest.mark.parametrize("phone", [False, True])
def test_a_team_chief_opens_a_case_in_an_emergency(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    case = led_case(cast.regievoerder)
    chief = desk("politie-teamchef", phone=phone)
    page = chief.goto("/toegang/nood/")
    page.get_by_label("Zaaknummer of V-nummer").fill("Z-2026-999999")
    page.get_by_label("Waarom kan dit niet wachten?").fill("Dreigt met zelfdoding")
    send(page)
    chief.check("emergency-unknown")
    page.get_by_label("Zaaknummer of V-nummer").fill(case.number)
    send(page)
    assert "De noodtoegang is open." in page.inner_text("main")
    chief.check("emergency-case")
    chief.goto(f"/zaken/{case.number}/toegang/")
    chief.check("emergency-own-access")
    auditor = desk("auditor", phone=phone)
    seen = auditor.goto("/toegang/nood/overzicht/")
    auditor.check("emergency-review")
    assert case.number in seen.inner_text("main")
