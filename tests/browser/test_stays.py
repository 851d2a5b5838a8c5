"""S12 and the site's own work in a real browser: nothing that axe finds, nothing that scrolls sideways, with long words too."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from cases.case.models import ReturnCase
from cases.reception.actions import change_planned_end, change_room, change_status, end_placement, reserve
from cases.reception.models import Placement
from cases.reception.states import EndReason
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Unit
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, led_case, person, unit
from tests.reception.stays import HOME, in_days, noon, overdue, staying, stored, today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG_SITE = "Procesopvanglocatie en gezinslocatie Noordoosterzandwijkermeer-Buitengebied"
LONG_ROOM = "Paviljoen-West-0114B"


def _long_names() -> None:
    site = Unit.objects.get(code=HOME)
    site.name = LONG_SITE
    save_as(site, by=PRINCIPAL)


def _filled(cast: Cast) -> Placement:
    placement = staying(cast, led_case(cast.regievoerder, person(surname="Okonkwo-Vandersteenhoven")))
    change_room(placement, LONG_ROOM, by=cast.casemanager)
    change_status(
        stored(placement),
        "temporarily_absent",
        today(),
        by=cast.casemanager,
        reason="Op bezoek bij zijn zus in Zandwijk.",
    )
    change_planned_end(stored(placement), in_days(9), by=cast.casemanager, reason="Einde van de vertrektermijn.")
    reserve(placement.case, unit("azc-oosterhaar"), in_days(2), by=cast.casemanager, reason="Dichter bij familie.")
    return stored(placement)


def _more_work(cast: Cast) -> None:
    """At azc Veenmeer: one who comes today, one late, one who is looked for, and an end of today."""
    for days in (0, 4):
        with clock.as_if(noon(today() - timedelta(days=days))):
            case = at_site(led_case(cast.regievoerder), unit(HOME))
            reserve(case, unit(HOME), today(), by=cast.casemanager, reason="Overplaatsing.")
    missed = staying(cast)
    change_status(missed, "absent_under_check", today(), by=cast.casemanager, reason="Twee keer gemist.")
    end_placement(staying(cast), EndReason.CUSTODY, today(), by=cast.casemanager, reason="Maatregel opgelegd.")


@pytest.mark.parametrize("phone", [False, True])
def test_a_stay_reads_well_at_every_width(cast: Cast, desk: Callable[..., Desk], phone: bool) -> None:
    with transaction.atomic():
        _long_names()
        placement = _filled(cast)
        empty: ReturnCase = at_site(led_case(cast.regievoerder), unit(HOME))
        late = overdue(cast)
        _more_work(cast)
    here = f"/zaken/{placement.case.number}/verblijf/"
    person_of_site = desk("casemanager", phone=phone)

    person_of_site.goto("/mijn-werk/")
    person_of_site.check("site-work")
    person_of_site.goto("/verblijven/")
    person_of_site.check("stays-list")
    person_of_site.goto(here)
    person_of_site.check("stay-filled")
    person_of_site.goto(f"/zaken/{empty.number}/verblijf/")
    person_of_site.check("stay-empty")
    page = person_of_site.goto(f"{here}{placement.pk}/beeindigen/")
    page.fill("textarea[name=reason]", "Opgepakt bij een controle.")
    page.locator("main form button.utrecht-button--primary-action, main form button[type=submit]").last.click()
    assert "Kies waarom het verblijf eindigt." in page.inner_text("main")
    person_of_site.check("stay-end-error")
    page.select_option("select[name=end_reason]", "custody")
    page.locator("main form button[type=submit]").last.click()
    assert "Dit verblijf beëindigen?" in page.inner_text("main")
    person_of_site.check("stay-end-confirm")
    page = person_of_site.goto(f"{here}{placement.pk}/corrigeren/")
    person_of_site.check("stay-correct")

    reader = desk("regievoerder", phone=phone)
    reader.goto(here)
    reader.check("stay-read")

    receiver = desk("casemanager2", phone=phone)
    receiver.goto(f"/zaken/{late.case.number}/verblijf/")
    receiver.check("stay-late")
    receiver.goto(f"/zaken/{late.case.number}/verblijf/{late.pk}/aankomst/")
    receiver.check("stay-arrival")
