"""Somebody without a case in sight: the municipality refers, intake finds out who it is, the responsible unit reads it."""

from collections.abc import Callable

import pytest

from cases.case.models import PersonAlias
from handover.models import Referral
from handover.referrals.states import Finding
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case, person
from tests.handover.referred import filed, judged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Wijeyesinghe Rajapakse Mudiyanselage van der Hoogenbandgaarden-Abdirahmanova"


@pytest.mark.parametrize("phone", [False, True])
def test_a_search_without_result_becomes_a_referral(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    reporter = desk("gemeente", phone=phone)
    page = reporter.goto("/aanmeldingen/")
    reporter.check("aanmeldingen-leeg")
    page = reporter.goto("/zoeken/")
    page.locator("main").get_by_label("Naam, V-nummer of zaaknummer").fill("Benali, Karim")
    page.locator("main").get_by_role("button", name="Zoek").click()
    reporter.check("zoeken-niets-gevonden")

    page.get_by_role("button", name="Meld deze persoon bij DT&V").click()
    assert page.get_by_label("Achternaam").input_value() == "Benali"
    assert page.get_by_label("Voornamen").input_value() == "Karim"
    page.get_by_role("button", name="Versturen naar DT&V").click()
    reporter.check("aanmelding-fout")
    page.get_by_label("Vraagt gemeentelijke opvang").check()
    page.get_by_label("Wat vraagt u aan DT&V?").fill("Is meneer bij DT&V bekend? Hij vraagt om nachtopvang.")
    page.get_by_label("Jaar").fill("1994")
    page.get_by_role("button", name="Versturen naar DT&V").click()

    assert "Of DT&V de persoon kent, staat hier niet." in page.inner_text("main")
    reporter.check("aanmelding-melder")
    page.get_by_role("link", name="Intrekken").click()
    reporter.check("aanmelding-intrekken")
    page.get_by_label("Reden").fill("Dubbel gemeld")
    page.get_by_role("button", name="Intrekken").click()
    reporter.check("aanmelding-ingetrokken")
    page.get_by_role("button", name="Intrekking terugdraaien").click()
    assert Referral.objects.get().is_open
    reporter.goto("/aanmeldingen/")
    reporter.check("aanmeldingen-melder")


@pytest.mark.parametrize("phone", [False, True])
def test_intake_finds_out_who_it_is_and_the_lead_reads_it(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    who = person(surname=LONG, given_names="Thirunavukkarasu Balasubramaniam Chandrasekaran")
    case = led_case(cast.regievoerder, who)
    namesake = person(surname="Hoogenbandgaarden", given_names="Li")
    save_as(PersonAlias(person=namesake, name=LONG, source="IND"), by=PRINCIPAL)
    led_case(cast.regievoerder2, namesake)
    first = filed(cast.gemeente, of=who, note="Spreekt Singalees. " * 12)
    second = filed(cast.politie, surname="Onbekende", reason="found")
    clerk = desk("intake", phone=phone)
    clerk.goto("/aanmeldingen/")
    clerk.check("aanmeldingen-intake")

    page = clerk.goto(f"/aanmeldingen/{first.pk}/")
    clerk.check("aanmelding-kandidaten")
    page.get_by_role("button", name="In behandeling nemen").click()
    page.get_by_role("button", name="Vastleggen").click()
    clerk.check("aanmelding-beoordelen-fout")
    page.get_by_label(case.number).check()
    page.get_by_role("button", name="Vastleggen").click()
    assert "Gekoppeld aan een zaak" in page.inner_text("main")
    clerk.check("aanmelding-gekoppeld")

    clerk.goto(f"/aanmeldingen/{second.pk}/")
    clerk.check("aanmelding-niemand")
    judged(cast, second, Finding.TO_OPEN)
    clerk.goto(f"/aanmeldingen/{second.pk}/")
    clerk.check("aanmelding-zaak-openen")

    lead = desk("regievoerder", phone=phone)
    lead.goto(f"/zaken/{case.number}/aanmeldingen/")
    lead.check("aanmelding-in-zaak")
    lead.page.get_by_role("button", name="Ik heb dit gelezen").click()
    assert "Uw taak om deze aanmelding te lezen is klaar." in lead.page.inner_text("main")
    lead.goto("/aanmeldingen/")
    lead.check("aanmeldingen-verboden")
