"""Representatives on the page of the person and in the margin of the overview: who reads what, and the forms."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.procedure.models import InformedMatter, Representative, RepresentativeInformed
from cases.procedure.representatives import Informed, record_informed, start_representative
from leidraad.lib import clock
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.procedure.test_representatives import details, stated

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return involve(at_site(led_case(cast.regievoerder), unit("azc-veenmeer")), unit("avim-noord"), Part.SUPERVISION)


def page(member: Member, case: ReturnCase, door: str = "person", *keys: int, status: int = 200) -> str:
    response = sign_in(Client(), member).get(reverse(f"cases:{door}", args=[case.number, *keys]))
    assert response.status_code == status
    return response.content.decode()


def send(member: Member, case: ReturnCase, door: str, *keys: int, **data: Any) -> Any:
    return sign_in(Client(), member).post(reverse(f"cases:{door}", args=[case.number, *keys]), data)


def version(one: Representative) -> dict[str, Any]:
    return {"seen_version": one.version}


def test_what_the_dossier_states_shows_with_its_source_until_it_is_confirmed(cast: Cast, case: ReturnCase) -> None:
    stated(case)

    text = page(cast.regievoerder, case)

    assert "mr. Wilmont" in text
    assert "niet bevestigd" in text
    assert "genoemd in het dossier van IND" in text
    assert "volgens het dossier, niet bevestigd" in page(cast.regievoerder, case, "detail")


def test_name_and_telephone_stand_beside_the_overview_and_on_the_printed_sheet(cast: Cast, case: ReturnCase) -> None:
    start_representative(case, details(), by=cast.regievoerder)

    overview = page(cast.regievoerder, case, "detail")
    sheet = send(cast.regievoerder, case, "print", purpose="court").content.decode()

    for text in (overview, sheet):
        assert "mr. F. van Daalen" in text
        assert "030 555 01 77" in text


def test_who_may_not_see_representatives_reads_shielded_whether_there_is_one_or_not(
    cast: Cast, case: ReturnCase
) -> None:
    involve(case, cast.kmar.acting_unit, Part.ESCORT)
    before = page(cast.kmar, case)
    start_representative(case, details(), by=cast.regievoerder)

    assert "van Daalen" not in page(cast.kmar, case)
    assert "van Daalen" not in page(cast.coa_receptie, case)
    assert "Afgeschermd" in before
    assert "van Daalen" not in page(cast.kmar, case, "detail")


def test_who_may_not_know_of_a_flight_finds_no_trace_of_being_informed_of_it(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)
    one = start_representative(case, details(), by=cast.regievoerder)
    flight = InformedMatter.objects.get(code="flight")
    record_informed(one, Informed(flight, "phone", clock.today(), "KL 123"), by=cast.regievoerder)

    assert "KL 123" in page(cast.regievoerder, case)
    for member in (cast.ind, cast.politie):
        text = page(member, case)
        assert "van Daalen" in text
        assert "Vlucht" not in text
        assert "Vlucht" not in page(member, case, "history")
        assert "Vlucht" not in page(member, case, "representative-informed", one.pk)


def test_only_who_may_change_is_offered_acts(cast: Cast, case: ReturnCase) -> None:
    start_representative(case, details(), by=cast.regievoerder)

    assert "Gemachtigde vastleggen" in page(cast.regievoerder, case)
    assert "Vervangen" in page(cast.politie, case)
    reader = page(cast.casemanager, case)
    assert "van Daalen" in reader
    assert "Vervangen" not in reader


def test_a_representative_is_recorded_and_a_wrong_form_says_what_to_do(cast: Cast, case: ReturnCase) -> None:
    wrong = send(cast.regievoerder, case, "representative-new", name="", email="geen adres")
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Vul de naam van de gemachtigde in." in text
    assert "Kies wat deze persoon is." in text
    assert "naam@kantoor.nl" in text

    done = send(cast.regievoerder, case, "representative-new", kind="lawyer", name="mr. Nieuw", is_main="on")
    assert done.status_code == 302
    assert Representative.objects.get().name == "mr. Nieuw"
    second = send(cast.regievoerder, case, "representative-new", kind="lawyer", name="mr. Ander", is_main="on")
    assert second.status_code == 422
    assert "mr. Nieuw is de belangrijkste gemachtigde. Vervang die." in second.content.decode()


def test_confirming_replacing_informing_and_ending_by_the_forms(cast: Cast, case: ReturnCase) -> None:
    one = stated(case)
    data = {"kind": "lawyer", "name": "mr. Wilmont", "is_main": "on"}
    confirmed = send(cast.regievoerder, case, "representative-confirm", one.pk, **data, **version(one))
    assert confirmed.status_code == 302
    one.refresh_from_db()
    assert one.is_confirmed

    today = clock.today()
    told = {"matter": "decision", "how": "letter", "on": f"{today:%d-%m-%Y}"}
    assert send(cast.regievoerder, case, "representative-informed", one.pk, **told).status_code == 302
    row = RepresentativeInformed.objects.get()
    assert "Ingelicht over" in page(cast.regievoerder, case)
    struck = send(cast.regievoerder, case, "informed-strike", row.pk, reason="Andere zaak", seen_version=row.version)
    assert struck.status_code == 302
    assert "Andere zaak" in page(cast.regievoerder, case)

    data = {"kind": "lawyer", "name": "mr. Opvolger", "is_main": "on", "since": f"{today:%d-%m-%Y}"}
    replaced = send(
        cast.regievoerder, case, "representative-replace", one.pk, **data, reason="Kantoor gestopt", **version(one)
    )
    assert replaced.status_code == 302
    new = Representative.objects.running().get()
    assert (new.name, new.replaces_id) == ("mr. Opvolger", one.pk)

    until = f"{today + timedelta(days=2):%d-%m-%Y}"
    late = send(cast.regievoerder, case, "representative-end", new.pk, until=until, reason="Opgezegd", **version(new))
    assert late.status_code == 422
    until = f"{today:%d-%m-%Y}"
    assert (
        send(
            cast.regievoerder, case, "representative-end", new.pk, until=until, reason="Opgezegd", **version(new)
        ).status_code
        == 302
    )
    assert not Representative.objects.running().exists()


def test_a_stale_page_is_answered_with_both_versions(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details(), by=cast.regievoerder)

    stale = send(
        cast.regievoerder,
        case,
        "representative-correct",
        one.pk,
        kind="lawyer",
        name="mr. X",
        reason="x",
        seen_version=0,
    )

    assert stale.status_code == 409
    one.refresh_from_db()
    assert one.name == "mr. F. van Daalen"


def test_an_empty_panel_says_why_and_what_to_do(cast: Cast, case: ReturnCase) -> None:
    text = page(cast.regievoerder, case)

    assert "Geen gemachtigde vastgelegd." in text
    assert "Leg vast wie de persoon bijstaat." in text
