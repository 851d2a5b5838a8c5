"""Long names, names in other scripts and an empty list stay inside the page, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cases.case.models import PersonAlias
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, led_case, person, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = {
    "surname": "Van der Wijngaerden-Achterbergh tot Zuylenstein-Nieuwkerken",
    "given_names": "Maximiliaan Christoffel Alexander Wolodymyr",
    "name_prefix": "al",
}


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_long_and_right_to_left_names_fit(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    case = at_site(led_case(cast.regievoerder, person(**LONG)), unit("azc-veenmeer"))
    save_as(PersonAlias(person=case.person, name="الأستاذ مُخيمر الأزد بن عبد الرحمن", source="IND"), by=PRINCIPAL)
    director = desk("regievoerder", phone=phone)

    for name, path in (("list", ""), ("case", f"{case.number}/"), ("person", f"{case.number}/persoon/")):
        director.goto(f"/zaken/{path}")
        expect(director.page.locator("body")).to_contain_text("WIJNGAERDEN")
        director.check(f"long-{name}")

    neighbour = desk("casemanager2", phone=phone)
    neighbour.goto("/zaken/")
    expect(neighbour.page.locator("main")).not_to_contain_text("WIJNGAERDEN")
    neighbour.check("long-empty")
