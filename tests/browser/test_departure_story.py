"""A departure is prepared, held back, booked with a reason, let go ahead by another, taken back by a new fact, and happens."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cases.case.models import ReturnCase
from cases.departure.models import Departure
from cases.departure.states import State
from cases.terms.guards.known import Topic
from cases.terms.models import Incident
from tests.browser.conftest import Desk
from tests.cast import Cast
from tests.departure.leaving import WHY, in_days, refused_for_good, stated
from tests.factories import at_site, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenDesk = Callable[..., Desk]


def submit(desk: Desk) -> None:
    desk.page.locator("main form button[type=submit]").last.click()


def prepare(desk: Desk, case: ReturnCase) -> None:
    desk.goto(f"/zaken/{case.number}/vertrek/")
    expect(desk.page.locator("main")).to_contain_text("Er is geen vertrek gepland.")
    desk.check("vertrek-01-geen")
    desk.page.locator("main").get_by_role("link", name="Bereid een vertrek voor").click()
    desk.page.get_by_label("Geplande dag").fill("31-02-2027")
    submit(desk)
    expect(desk.page).to_have_title(re.compile("^Fout:"))
    desk.check("vertrek-02-fout")
    desk.page.get_by_label("Gedwongen vertrek").check()
    desk.page.get_by_label("Geplande dag").fill(f"{in_days(0):%d-%m-%Y}")
    desk.page.get_by_label("Per vliegtuig").check()
    desk.page.get_by_label(re.compile("Vlucht of reis")).fill("AH 1234 Amsterdam–Algiers, gate D7, inchecken om 09:30")
    submit(desk)
    expect(desk.page.locator("main")).to_contain_text("In voorbereiding")
    desk.check("vertrek-03-voorbereid")


def held_back(desk: Desk) -> None:
    desk.page.get_by_role("link", name="Vertrek boeken").click()
    expect(desk.page.locator("main")).to_contain_text("Niemand kan een blokkade voorbijgaan")
    expect(desk.page.get_by_role("button", name="Vertrek boeken")).to_have_count(0)
    desk.check("vertrek-04-tegengehouden")


def book(desk: Desk, case: ReturnCase) -> None:
    desk.goto(f"/zaken/{case.number}/vertrek/")
    desk.page.get_by_role("link", name="Vertrek boeken").click()
    submit(desk)
    expect(desk.page).to_have_title(re.compile("^Fout:"))
    desk.check("vertrek-05-reden-nodig")
    desk.page.get_by_label(re.compile("^G31")).fill(WHY)
    submit(desk)
    expect(desk.page.locator("main")).to_contain_text("Geboekt")
    desk.check("vertrek-06-geboekt")


def let_go(desk: Desk, case: ReturnCase) -> None:
    desk.goto(f"/zaken/{case.number}/vertrek/")
    desk.page.get_by_role("link", name="Laten doorgaan").click()
    desk.check("vertrek-07-akkoord")
    desk.page.get_by_label(re.compile("^G31")).fill(WHY)
    submit(desk)
    expect(desk.page.locator("main")).to_contain_text("Mag doorgaan")
    desk.page.get_by_role("link", name="Wat bekend was toen dit werd besloten").click()
    expect(desk.page.locator("main")).to_contain_text(WHY)
    desk.check("vertrek-08-oordeel")


def happened(desk: Desk, case: ReturnCase) -> None:
    desk.goto(f"/zaken/{case.number}/vertrek/")
    desk.page.get_by_role("link", name="Vastleggen dat de persoon is vertrokken").click()
    desk.check("vertrek-10-vertrokken")
    submit(desk)
    expect(desk.page.locator("main")).to_contain_text("Gedaan hoewel het werd tegengehouden")
    desk.check("vertrek-11-voorval")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_departure_from_preparing_to_an_incident(cast: Cast, desk: OpenDesk, phone: bool) -> None:
    case = at_site(refused_for_good(cast), unit("azc-veenmeer"))
    stated(cast, case, Topic.PROSECUTOR, "refused")
    regievoerder, officer = desk("regievoerder", phone=phone), desk("ua", phone=phone)
    prepare(regievoerder, case)
    held_back(regievoerder)
    stated(cast, case, Topic.PROSECUTOR, "consent")
    book(regievoerder, case)
    let_go(officer, case)

    stated(cast, case, Topic.FITNESS, "unfit")
    assert Departure.objects.get(case=case).state == State.PREPARED
    officer.goto("/meldingen/")
    expect(officer.page.locator("main")).to_contain_text("Een vertrek mag niet meer doorgaan.")
    officer.check("vertrek-09-melding")
    happened(officer, case)

    incident = Incident.objects.get(case=case)
    manager = desk("manager", phone=phone)
    manager.goto("/mijn-werk/")
    manager.goto(f"/voorvallen/{incident.pk}/")
    manager.check("vertrek-12-voorval-manager")
    manager.page.get_by_label("Wat vond u, en wat doet u eraan?").fill("De melding kwam niet aan; wij bellen nu ook.")
    submit(manager)
    expect(manager.page.locator("main")).to_contain_text("Feitelijk Vertrek heeft nog niet geantwoord.")
    manager.check("vertrek-13-beantwoord")
    coa = desk("casemanager", phone=phone)
    coa.goto(f"/zaken/{case.number}/vertrek/")
    expect(coa.page.locator("main")).not_to_contain_text("AH 1234")
    coa.check("vertrek-14-coa")
