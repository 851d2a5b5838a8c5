"""IND places a grave stop, the police read at the door that nobody may be removed, and two persons of IND lift it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.terms.models import Stop
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.browser.conftest import Desk
from tests.cast import DEMO_PASSWORD, PRINCIPAL, Cast
from tests.factories import involve, unit
from tests.requests.asked import accepted
from tests.terms.placed import colleague

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenDesk = Callable[..., Desk]


def with_police_task(cast: Cast) -> ReturnCase:
    case: ReturnCase = accepted(cast).case
    return involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)


def second_officer(cast: Cast) -> Member:
    officer = colleague(cast.ind)
    officer.set_password(DEMO_PASSWORD)
    return save_as(officer, by=PRINCIPAL)


def place(ind: Desk, case: ReturnCase) -> None:
    ind.goto(f"/zaken/{case.number}/stops/")
    expect(ind.page.locator("main")).to_contain_text("In deze zaak geldt geen stop.")
    ind.check("stop-01-geen")
    ind.page.locator("main").get_by_role("link", name="Stop plaatsen").click()
    ind.page.locator("main form button[type=submit]").last.click()
    expect(ind.page).to_have_title(re.compile("^Fout:"))
    ind.check("stop-02-fout")
    today = clock.today()
    ind.page.get_by_label("Op welke grond?").select_option(label="Artikel 64: uitstel om medische redenen")
    ind.page.get_by_label("Op welk document rust de stop?").fill("Besluit van IND")
    ind.page.get_by_label(re.compile("Nummer van het document")).fill("B7")
    ind.page.get_by_label("Dag van het document").fill(f"{today:%d-%m-%Y}")
    ind.page.get_by_label("Wat is de laatste dag?").fill(f"{today + timedelta(days=60):%d-%m-%Y}")
    ind.page.locator("main form button[type=submit]").last.click()
    expect(ind.page.locator("main")).to_contain_text("Verboden")
    ind.check("stop-03-geplaatst")


def read_at_the_door(police: Desk, case: ReturnCase) -> None:
    police.goto("/opdrachten/vandaag/")
    page = police.page.locator("main")
    expect(page).to_contain_text("er geldt een stop")
    expect(page).to_contain_text("grond afgeschermd (IND, ")
    expect(page).not_to_contain_text("Artikel 64")
    police.check("stop-04-vandaag")
    police.goto(f"/zaken/{case.number}/")
    expect(police.page.locator(".alerts").first).to_contain_text("Stop: grond afgeschermd.")
    police.check("stop-05-zaak-politie")
    police.goto(f"/zaken/{case.number}/stops/")
    expect(police.page.locator("main")).not_to_contain_text("B7")
    police.check("stop-06-stops-politie")


def ask_and_confirm(ind: Desk, second: Desk, case: ReturnCase) -> None:
    ind.goto(f"/zaken/{case.number}/stops/")
    ind.page.get_by_role("link", name=re.compile("Vraag om op te heffen")).click()
    ind.page.get_by_label("Waarom mag de stop eindigen?").fill("BMA geeft een nieuw advies.")
    ind.check("stop-07-vragen")
    ind.page.locator("main form button[type=submit]").last.click()
    ind.page.get_by_role("link", name=re.compile("Beantwoorden")).click()
    expect(ind.page.locator("main")).to_contain_text("U vroeg dit zelf")
    ind.check("stop-08-zelf")
    second.goto(f"/zaken/{case.number}/stops/")
    second.page.get_by_role("link", name=re.compile("Beantwoorden")).click()
    second.page.get_by_label("Ja, de stop eindigt").check()
    second.check("stop-09-bevestigen")
    second.page.locator("main form button[type=submit]").last.click()
    expect(second.page.locator("main")).to_contain_text("De stop is opgeheven.")
    second.check("stop-10-opgeheven")


def test_a_grave_stop_is_placed_read_at_the_door_and_lifted_by_two(cast: Cast, desk: OpenDesk) -> None:
    case = with_police_task(cast)
    ind, police = desk("ind"), desk("politie", phone=True)
    place(ind, case)
    read_at_the_door(police, case)
    for width, person in (("bureau", desk("regievoerder")), ("telefoon", desk("regievoerder", phone=True))):
        person.goto(f"/zaken/{case.number}/")
        expect(person.page.locator(".alerts").first).to_contain_text("Artikel 64")
        person.check(f"stop-11-zaak-{width}")
        person.goto(f"/zaken/{case.number}/stops/")
        person.check(f"stop-12-stops-{width}")
        person.goto("/kader/stops/")
        person.check(f"stop-13-kader-{width}")
    ask_and_confirm(ind, desk(second_officer(cast).username), case)
    police.goto("/opdrachten/vandaag/")
    expect(police.page.locator("main")).not_to_contain_text("er geldt een stop")
    assert not Stop.objects.get().stands
