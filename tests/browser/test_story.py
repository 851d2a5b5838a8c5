"""The story from a dossier file to a police outcome, by three people in three browsers, seen by others who must not see."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.case.models import ReturnCase
from handover.models import DossierFile
from handover.tasks import import_file
from leidraad.celery import app
from tests.browser.conftest import Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = Path(__file__).parents[1] / "handover" / "data" / "dossiers-300.csv"
PERSON = "HAMDAN, Zineb"
OpenDesk = Callable[..., Desk]


@pytest.fixture
def worker_away() -> Iterator[None]:
    """Jobs wait as rows in the outbox, as they do while no worker runs."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


def press(page: Page, name: str) -> None:
    """Press the button or link of this name in the page's own part."""
    page.locator("main, .identity, header.identity, body").get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()
    page.wait_for_load_state()


def upload(intake: Desk) -> None:
    page = intake.goto("/overdrachten/inlezen/")
    intake.check("01-inlezen")
    page.set_input_files("input[type=file]", FILE)
    press(page, "Bestand inlezen")
    expect(page.locator("main")).to_contain_text("Wacht op verwerking")
    intake.check("02-inlezen-wacht")
    import_file(DossierFile.objects.get().pk)
    page.reload()
    expect(page.locator("main")).to_contain_text("300")
    intake.check("03-verslag")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("verslag", re.IGNORECASE)).first.click()
    assert "300" in Path(download.value.path()).read_text(encoding="utf-8-sig")


def send_one_back(intake: Desk) -> None:
    page = intake.goto("/overdrachten/")
    intake.check("04-overdrachten")
    page.get_by_role("link", name=re.compile("AMARI, Nour")).first.click()
    expect(page.locator("main")).to_contain_text("Ontbreekt")
    intake.check("05-overdracht")
    press(page, "Terugsturen")
    page.get_by_label("Onvolledig: er ontbreken stukken").check()
    page.get_by_label("Wat moet de afzender doen?").fill("De beschikking ontbreekt. Graag opnieuw aanleveren.")
    intake.check("06-terugsturen")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Teruggestuurd")
    intake.check("07-teruggestuurd")


def accept_one(intake: Desk) -> None:
    page = intake.goto("/overdrachten/")
    page.get_by_role("link", name=PERSON).first.click()
    press(page, "Aannemen")
    page.get_by_label(re.compile("Regievoerder")).select_option(label="M. Hofstra")
    intake.check("08-aannemen")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Aangenomen")
    intake.check("09-aangenomen")


def plan_and_ask(director: Desk) -> str:
    page = director.goto("/mijn-werk/")
    director.check("10-mijn-werk")
    expect(page.locator("main")).to_contain_text("HAMDAN")
    page = director.goto("/zaken/")
    director.check("11-zaken")
    page.get_by_role("link", name=PERSON).first.click()
    director.check("12-zaak")
    number = re.search(r"Z-2026-\d+", page.url)[0]  # type: ignore[index]  # a case page has a number
    press(page, "Volgende stap vastleggen")
    page.get_by_label(re.compile("volgende stap", re.IGNORECASE)).first.fill("Adres laten nagaan")
    fill_date(page, "day", "24-11-2026")
    page.get_by_label("Gedaan", exact=True).check()
    director.check("13-volgende-stap")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Adres laten nagaan")
    page = director.goto(f"/zaken/{number}/verzoeken/nieuw/?kind=address_check")
    page.get_by_label("Wat vraagt u, en waarom?").fill("Niet verschenen op het vertrekgesprek. Woont zij hier nog?")
    fill_date(page, "due_at_date", "23-11-2026")
    page.get_by_label("Tijd", exact=True).fill("17:00")
    page.get_by_label("verbaal", exact=True).check()
    director.check("14-verzoek")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("AVIM")
    director.check("15-verzoek-voorbeeld")
    page.locator("main form button[name=confirm]").click()
    page.wait_for_load_state()
    director.check("16-verzoek-gedaan")
    return number


def fill_date(page: Page, name: str, value: str) -> None:
    page.locator(f"[name={name}]").first.fill(value)


def visit(officer: Desk) -> None:
    page = officer.goto("/opdrachten/vandaag/")
    expect(page.locator("main")).to_contain_text("HAMDAN")
    officer.check("17-vandaag")
    press(page, "Verzoek aannemen")
    page = officer.goto("/opdrachten/vandaag/")
    officer.check("18-vandaag-aangenomen")
    task = page.locator("details.task").first
    if task.get_attribute("open") is None:
        task.locator("summary").click()
    button = page.get_by_role("button", name="Niet aangetroffen").first
    assert button.bounding_box()["height"] >= 56  # type: ignore[index]  # it is on the screen
    button.click()
    page.wait_for_load_state()
    page.get_by_label(re.compile("Korte toelichting")).fill("Kamer leeg.")
    officer.check("19-uitkomst")
    press(page, "Vastleggen")
    officer.check("20-vastgelegd")
    page.get_by_role("button", name=re.compile("Nu versturen|Verstuur nu")).click()
    page.wait_for_load_state()
    officer.check("21-verstuurd")


def confirm(director: Desk) -> None:
    page = director.goto("/verzoeken/?lijst=gevraagd")
    director.check("22-verzoeken")
    page.get_by_role("link", name=re.compile("Adrescontrole")).first.click()
    expect(page.locator("main")).to_contain_text("Niet aangetroffen")
    expect(page.locator("main")).to_contain_text(re.compile("[Gg]ereedgemeld"))
    director.check("23-gereedgemeld")
    press(page, "Uitkomst bevestigen")
    if "bevestigen" in page.url:
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(re.compile("[Aa]fgerond"))


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_from_dossier_file_to_police_outcome(desk: OpenDesk, cast: Cast, worker_away: None, phone: bool) -> None:
    intake, director, officer = (
        desk("intake", phone=phone),
        desk("regievoerder", phone=phone),
        desk("politie", phone=True),
    )

    upload(intake)
    send_one_back(intake)
    accept_one(intake)
    number = plan_and_ask(director)
    visit(officer)
    confirm(director)

    page = director.goto(f"/zaken/{number}/geschiedenis/")
    for part in ("Veld", "Was", "Is nu", "M. Hofstra", "L. Vermeer", "DT&V"):
        expect(page.locator("main")).to_contain_text(part)
    director.check("24-geschiedenis")
    case = ReturnCase.objects.get(number=number)
    officer.goto(reverse("requests:history", args=[case.requests.get().pk]))
    expect(officer.page.locator("main")).to_contain_text("J. Terpstra")
    officer.check("25-geschiedenis-verzoek")
    intake.goto(reverse("handover:history", args=[case.handovers.get().pk]))
    expect(intake.page.locator("main")).to_contain_text("L. Vermeer")
    intake.check("26-geschiedenis-overdracht")
    for outsider in ("regievoerder2", "casemanager"):
        stranger = desk(outsider, phone=phone)
        stranger.goto(f"/zaken/{number}/")
        expect(stranger.page.locator("main")).to_contain_text("Deze pagina bestaat niet of is niet met u gedeeld.")
        stranger.check(f"27-404-{outsider}")
    insider = desk("casemanager2", phone=phone)
    insider.goto(f"/zaken/{number}/toezicht/")
    expect(insider.page.get_by_role("button", name="Toegang vragen")).to_be_visible()
    insider.check("28-403")
