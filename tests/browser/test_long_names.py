"""Names as long as the register allows, in two scripts, badges, and hardly anything known: lists and pages still fit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.case.models import PersonAlias, ReturnCase, Signal
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, led_case, person, unit
from tests.requests import asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONGEST = 200
LONG = {
    # One word that cannot break, and many that can.
    "surname": ("Van der Wijngaerden-Achterbergh tot Zuylenstein " + "Nieuwkerken" * 14)[:LONGEST],
    "given_names": ("Maximiliaan Christoffel Alexander Wolodymyr ʿAbd al-Raḥmān " * 4)[:LONGEST].strip(),
    "name_prefix": "al",
    "birth_year": None,
    "birth_month": None,
    "birth_day": None,
}
ALIAS = "الأستاذ مُخيمر الأزد بن عبد الرحمن"


def hard_case(cast: Cast) -> ReturnCase:
    case = at_site(led_case(cast.regievoerder, person(**LONG)), unit("azc-veenmeer"))
    save_as(PersonAlias(person=case.person, name=ALIAS, source="IND"), by=PRINCIPAL)
    for kind in ("medical", "suicide_risk", "trafficking", "public_order"):
        save_as(Signal(case=case, kind=kind, source="COA", noted_on=clock.today()), by=PRINCIPAL)
    asked.accepted(cast, case, place=asked.at_site(room="kamer B-214, tweede verdieping"))
    return case


def isolated(page: Page, text: str) -> bool:
    """Text in another script does not reorder the Dutch line around it."""
    return bool(page.get_by_text(text).first.evaluate("one => one.closest('bdi') !== null"))


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_the_longest_names_fit_and_nothing_unknown_looks_broken(
    desk: Callable[..., Desk], cast: Cast, phone: bool
) -> None:
    case = hard_case(cast)
    director = desk("regievoerder", phone=phone)

    paths = {"list": "/zaken/", "work": "/mijn-werk/", "requests": "/verzoeken/"}
    of_case = {"case": "", "person": "persoon/", "history": "geschiedenis/", "supervision": "toezicht/"}
    for name, path in (paths | {name: f"/zaken/{case.number}/{part}" for name, part in of_case.items()}).items():
        page = director.goto(path)
        expect(page.locator("body")).not_to_contain_text("None")
        director.check(f"long-{name}")
    page = director.goto(f"/zaken/{case.number}/")
    assert page.locator(".identity .tag").count() == 3
    assert isolated(director.goto(f"/zaken/{case.number}/persoon/"), ALIAS)

    officer = desk("politie", phone=True)
    expect(officer.goto("/opdrachten/vandaag/").locator("main")).to_contain_text("WIJNGAERDEN")
    officer.check("long-day")

    neighbour = desk("casemanager2", phone=phone)
    neighbour.goto("/zaken/")
    expect(neighbour.page.locator("main")).not_to_contain_text("WIJNGAERDEN")
    neighbour.check("long-empty")
