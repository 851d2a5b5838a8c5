"""A colleague leaves: the manager divides the whole caseload over two others, sees what was done, and takes it back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cases.case.actions import assign_director
from cases.case.models import ReturnCase
from partners.models import Member
from tests.browser.conftest import Desk
from tests.browser.test_story import press
from tests.cast import Cast, member_of
from tests.factories import led_case, person, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def colleague(name: str) -> Member:
    member = member_of(unit("dtv-noord-2"), "case_director", name.replace(" ", "-").lower())
    Member.objects.filter(pk=member.pk).update(display_name=name)
    return member


def directed(member: Member) -> int:
    return ReturnCase.objects.filter(director=member).count()


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_a_leaving_colleagues_caseload_is_divided_and_taken_back(
    desk: Callable[..., Desk], cast: Cast, phone: bool
) -> None:
    leaving, first, second = colleague("Z. Vertrekt"), colleague("A. Bos"), colleague("B. Mol")
    cases = [led_case(leaving, person(surname=f"Zaak{number:02d}")) for number in range(7)]
    manager = desk("manager", phone=phone)

    page = manager.goto("/mijn-werk/")
    manager.check("40-mijn-team")
    page.get_by_role("link", name="Verdelen de zaken van Z. Vertrekt").click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("7 zaken opnieuw toewijzen")
    manager.check("41-wie-krijgt-ze")
    page.get_by_label("A. Bos", exact=True).check()
    page.get_by_label("Aantal zaken voor A. Bos").fill("2")
    page.get_by_label("B. Mol", exact=True).check()
    press(page, "Bekijk wat het wordt")
    expect(page.locator("main")).to_contain_text("Schrijf waarom deze zaken naar iemand anders gaan.")
    manager.check("41-fout")
    page.get_by_label("Reden").fill("Z. Vertrekt gaat uit dienst.")
    press(page, "Bekijk wat het wordt")
    expect(page.locator("main")).to_contain_text("ZAAK00")
    manager.check("42-controle")
    assign_director(cases[0], second, by=cast.manager, reason="Alvast overgenomen")
    press(page, "7 zaken opnieuw toewijzen")
    expect(page.locator("main")).to_contain_text("6 zaken gedaan.")
    expect(page.locator("main")).to_contain_text("Iemand heeft deze zaak intussen gewijzigd.")
    manager.check("43-resultaat")
    assert directed(leaving) == 0
    page.get_by_label("Waarom draait u dit terug?").fill("Z. Vertrekt blijft.")
    press(page, "Terugdraaien")
    expect(page.locator("h1")).to_contain_text("Teruggedraaid")
    manager.check("44-teruggedraaid")
    assert (directed(leaving), directed(first), directed(second)) == (6, 0, 1)
