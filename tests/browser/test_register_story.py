"""A week in the register: COA marks its residents and corrects one, the police mark who reported. On a desk and on a phone."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from cases.case.models import Mark
from cases.reception.models import InHouseMark
from cases.supervision.models import DutyMark
from tests.browser.conftest import Desk
from tests.cast import Cast
from tests.reception.residents import noted, resident
from tests.supervision.reporting import obliged_to_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenDesk = Callable[..., Desk]
# The browser tests begin on Monday 23 November 2026.
MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)
PAGE = "/register/azc-veenmeer/2026-W48/"
LONG = "Van den Berghe-Oyelaran-Abdullahi Ould Mohamed Lemine"


def a_site(cast: Cast) -> None:
    """Six residents with four weeks behind them: one was missed twice, one has a long name, three report to the police."""
    for number, surname in enumerate(("Amari", "Barry", "Cebotari", "غزالي", LONG, "Nguema")):
        stay = resident(surname, room=f"B-{201 + number}", special_group="uam" if surname == "Barry" else "")
        for weeks in range(1, 5):
            missed = surname == "Nguema" and weeks < 3
            noted(stay, MONDAY - weeks * WEEK, Mark.MISSED if missed else Mark.SEEN)
        if number % 2 == 0:
            obliged_to_report(cast, stay.case)


def mark(page: Page, name: str, word: str) -> None:
    line = page.locator("tr", has=page.get_by_role("link", name=re.compile(name, re.IGNORECASE)).first)
    line.get_by_label(word, exact=True).check()
    button = line.get_by_role("button", name=re.compile("Vastleggen"))
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text(f"{word} vastgelegd.")
    expect(line.get_by_role("link", name=re.compile("Corrigeren"))).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_coa_marks_a_week_and_corrects_one_and_the_police_mark_a_duty(desk: OpenDesk, cast: Cast, phone: bool) -> None:
    a_site(cast)
    coa = desk("casemanager", phone=phone)

    page = coa.goto("/register/")
    assert page.url.endswith(PAGE)
    expect(page.locator("#voortgang")).to_contain_text("0 van 6 ingevuld")
    coa.check("register-01-week")
    if phone:
        boxes = [one.bounding_box() for one in page.locator("tr[id^=rij-] :is(.marks label, button)").all()]
        assert min(box["height"] for box in boxes if box) >= 48

    mark(page, "Amari", "Gemeld")
    mark(page, "Barry", "Gemist")
    expect(page.locator("#voortgang")).to_contain_text("2 van 6 ingevuld")
    page.locator("tr", has=page.get_by_role("link", name="CEBOTARI, Sami")).get_by_role("button").click()
    expect(page.locator("#messages")).to_contain_text("Kies eerst wat u voor deze persoon vastlegt.")
    coa.check("register-02-rijen")

    colleague = desk("coa-receptie", phone=phone)
    other = colleague.goto(PAGE)
    mark(page, "Nguema", "Gemeld")
    late = other.locator("tr", has=other.get_by_role("link", name="NGUEMA, Sami"))
    late.get_by_label("Gemist", exact=True).check()
    late.get_by_role("button", name=re.compile("Vastleggen")).click()
    expect(other.locator("#messages")).to_contain_text(
        re.compile(r"S\. de Wit heeft dit om \d\d:\d\d vastgelegd: Gemeld")
    )
    colleague.check("register-03-conflict")

    page = coa.goto(f"{PAGE}?toon=niet-ingevuld")
    for box in page.locator("input[name=kies]").all():
        box.check()
    page.get_by_role("button", name="Markeer selectie als gemeld").click()
    page.wait_for_load_state()
    expect(page.locator("#messages")).to_contain_text("3 keer vastgelegd.")
    expect(page.locator("main")).to_contain_text("Alles is ingevuld.")
    coa.check("register-04-alles-ingevuld")

    page = coa.goto(PAGE)
    page.locator("tr", has=page.get_by_role("link", name="BARRY, Sami")).get_by_role(
        "link", name=re.compile("Corrigeren")
    ).click()
    page.get_by_label("Verschoond").check()
    coa.check("register-05-corrigeren")
    page.get_by_label("Waarom verbetert u dit?").fill("Was bij de dokter.")
    page.get_by_role("button", name="Correctie vastleggen").click()
    page.wait_for_load_state()
    expect(page.locator("#messages")).to_contain_text("BARRY, Sami: verbeterd in Verschoond.")

    page.get_by_role("link", name="Tekenlijst afdrukken").click()
    coa.check("register-06-tekenlijst-vraag")
    page.get_by_label("om bewoners te laten tekenen aan de balie").check()
    page.get_by_role("button", name="Tekenlijst tonen").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("6 personen")
    coa.check("register-07-tekenlijst")
    assert InHouseMark.objects.filter(due_from=MONDAY).count() == 6

    police = desk("politie", phone=True)
    page = police.goto("/opdrachten/vandaag/")
    page.get_by_role("link", name="Meldplicht").locator("visible=true").first.click()
    page.wait_for_load_state()
    police.check("register-08-meldplicht")
    page.get_by_role("link", name="azc Veenmeer").click()
    page.wait_for_load_state()
    expect(page.locator("#voortgang")).to_contain_text("0 van 3 ingevuld")
    mark(page, "Cebotari", "Gemeld")
    police.check("register-09-meldplicht-gemeld")
    assert DutyMark.objects.get().mark == Mark.SEEN

    page = coa.goto(PAGE)
    line = page.locator("tr", has=page.get_by_role("link", name="CEBOTARI, Sami"))
    expect(line.locator("td").last).to_contain_text("Gemeld")
    page = coa.goto("/mijn-werk/")
    expect(page.locator("main")).to_contain_text("6 van 6 ingevuld")
    coa.check("register-10-mijn-werk")


def test_without_script_a_part_of_the_list_is_saved_at_once(desk: OpenDesk, cast: Cast) -> None:
    a_site(cast)
    coa = desk("casemanager", scripts=False)

    page = coa.goto(PAGE)
    expect(page.get_by_role("button", name=re.compile("^Vastleggen"))).to_have_count(0)
    for name, word in (("AMARI", "Gemeld"), ("BARRY", "Gemist")):
        page.locator("tr", has=page.get_by_role("link", name=f"{name}, Sami")).get_by_label(word, exact=True).check()
    page.get_by_role("button", name="Leg vast wat hierboven is ingevuld").click()

    expect(page.locator("main")).to_contain_text("2 keer vastgelegd.")
    expect(page.locator("#voortgang")).to_contain_text("2 van 6 ingevuld")
