"""The page of the person on a desk and on a phone: long names, much, nothing, and for who sees little."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cases.case.models import PersonAlias, ReturnCase
from cases.identity.deciding import decide_conflict
from cases.procedure.models import InformedMatter
from cases.procedure.representatives import Informed, record_informed, start_representative
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, led_case, person, unit
from tests.identity.disputed import conflict, reported, taken_on
from tests.procedure.test_representatives import details, stated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Wickramasinghe-Arachchillage van der Bovenkamp-Oosterhuis"


def full_case(cast: Cast) -> ReturnCase:
    somebody = person(surname=LONG, given_names="Abdulrahman Muhammad Yusuf Ibrahim", language="ara")
    case = at_site(led_case(cast.regievoerder, somebody), unit("azc-veenmeer"))
    save_as(PersonAlias(person=somebody, name="محمد عبد الرحمن", source="AVIM"), by=PRINCIPAL)
    conflict(case, offered=f"{LONG}a")
    decided = conflict(case, "birth_date", "1989-05-04", stored_value="1990-05-04")
    decide_conflict(case, decided, "keep", "Het paspoort is gezien.", by=cast.regievoerder)
    stated(case, f"mr. {LONG}")
    since = clock.today() - timedelta(days=3)
    guardian = details("K. de Boer", kind="guardian", is_main=False, office="Nidos", since=since)
    told = start_representative(case, guardian, by=cast.regievoerder)
    matter = InformedMatter.objects.get(code="decision")
    record_informed(told, Informed(matter, "letter", clock.today(), "Per post verstuurd"), by=cast.regievoerder)
    reported(case, cast.casemanager, "language")
    return case


@pytest.mark.parametrize("phone", [False, True])
def test_the_page_of_the_person_holds_with_much_and_with_nothing(
    desk: Callable[..., Desk], cast: Cast, phone: bool
) -> None:
    case = full_case(cast)
    one = case.person.identity_conflicts.get(resolved_on=None)
    report = taken_on(cast, case, cast.regievoerder, "birth_date")
    bare = led_case(cast.regievoerder, person(birth_year=None, birth_month=None, birth_day=None, language="", sex=""))
    director = desk("regievoerder", phone=phone)

    director.goto(f"/zaken/{case.number}/persoon/")
    director.check("persoon")
    director.goto(f"/zaken/{case.number}/")
    director.check("persoon-overzicht")
    director.goto(f"/zaken/{case.number}/persoon/verschillen/{one.pk}/")
    director.check("persoon-verschil")
    director.goto(f"/zaken/{case.number}/persoon/fout-melden/?veld=birth_date")
    director.check("persoon-fout-melden")
    director.goto(f"/zaken/{case.number}/persoon/gemachtigde/nieuw/")
    director.check("persoon-gemachtigde")
    director.goto(f"/zaken/{bare.number}/persoon/")
    director.check("persoon-leeg")
    little = desk("coa-receptie", phone=phone)
    little.goto(f"/zaken/{case.number}/persoon/")
    little.check("persoon-weinig-rechten")
    owner = desk("ind", phone=phone)
    owner.goto(f"/identiteitsmeldingen/{report.request_id}/")
    owner.check("persoon-melding-ind")
