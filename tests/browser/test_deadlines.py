"""Terms in the browser, on desk and phone: a man in detention, a transfer, a pregnancy, a child alone, old law and new."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cases.case.models import ReturnCase, SpecialGroup
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.procedure.models import Regime
from cases.supervision.measure_actions import NewCourtFact, record_court
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, unit
from tests.procedure.law import (
    accepted_claim,
    begun,
    days_ago,
    decided,
    in_procedure,
    lodged,
    postponement_kind,
    refusing,
)
from tests.supervision.measures import ago, detained

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Abdoulrahmanovitsj-Teklehaimanot van der Meer-Oosterhaarsebrug"


def detained_man(cast: Cast) -> ReturnCase:
    case = in_procedure(cast, surname=LONG)
    measure = detained(cast, case, at=ago(30))
    record_court(measure, NewCourtFact("notice", ago(30)), by=cast.ua)
    record_court(measure, NewCourtFact("ruling", ago(18), result="continues"), by=cast.ua)
    return case


def pact_case(cast: Cast) -> ReturnCase:
    case = at_site(in_procedure(cast, surname="Amari"), unit("azc-veenmeer"))
    decision = decided(case, cast.ind, refusing("unfounded", procedure=begun(case, cast.ind, "accelerated")))
    lodged(decision, cast.ind, days=12)
    return case


def old_case(cast: Cast) -> ReturnCase:
    case = in_procedure(cast, surname="Tesfay")
    procedure = begun(case, cast.ind, "extended", lodged=400)
    told = refusing("unfounded", decided=180, told=178, procedure=procedure, regime=Regime.FORMER)
    decided(case, cast.ind, told)
    return case


def mother(cast: Cast) -> ReturnCase:
    case = in_procedure(cast, surname="Mohammadi", sex="V")
    begin_postponement(
        case, postponement_kind("pregnancy"), NewStep("granted", days_ago(3), days_ago(-60), source="IND"), by=cast.ind
    )
    begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(3), source="INDiGO"), by=cast.ind)
    return case


def child_alone(cast: Cast) -> ReturnCase:
    case = in_procedure(cast, surname="Haile", birth_year=2009, birth_month=3, birth_day=4)
    case.special_group = SpecialGroup.UNACCOMPANIED_MINOR
    accepted_claim(save_as(case, by=PRINCIPAL), cast.ind)
    return case


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_each_day_is_explained_on_desk_and_phone(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    cases = {
        "bewaring": detained_man(cast),
        "pact": pact_case(cast),
        "oud": old_case(cast),
        "zwanger": mother(cast),
        "amv": child_alone(cast),
    }
    director, officer = desk("regievoerder", phone=phone), desk("ind", phone=phone)

    for name, case in cases.items():
        reader = officer if name == "zwanger" else director
        page = reader.goto(f"/zaken/{case.number}/termijnen/")
        expect(page.get_by_role("heading", name="Termijnen die nu tellen")).to_be_visible()
        page.locator("details.counted summary").first.click()
        reader.check(f"termijnen-{name}")
    director.goto(f"/zaken/{cases['bewaring'].number}/")
    director.check("termijnen-overzicht")
    director.goto("/termijnen/")
    director.check("termijnen-lijst")
    director.goto("/termijnen/?weergave=maand&groep=appeal")
    director.check("termijnen-maand")


def test_what_if_is_tried_without_scripts(desk: Callable[..., Desk], cast: Cast) -> None:
    case = pact_case(cast)
    reader = desk("regievoerder", scripts=False)

    page = reader.goto(f"/zaken/{case.number}/termijnen/")
    row = page.locator("tr", has_text="Wanneer de rechter uitspraak doet").first
    row.locator("summary").click()
    row.get_by_role("link", name="Wat als de rechter het afwijst op …").click()
    page.get_by_label("Wat als de rechter het afwijst op").fill("1-12-2026")
    page.get_by_role("button", name="Toon de dagen").click()

    expect(page.locator("main")).to_contain_text("29 december 2026")
    reader.check("termijnen-wat-als")
    expect(page.locator("main")).to_contain_text("Hoger beroep")
