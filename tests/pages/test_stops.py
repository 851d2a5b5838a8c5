"""Stops on the pages of a case: what each reader sees of them, placing one, and lifting it with one or two persons."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.models import ReturnCase
from cases.terms.models import Stop
from cases.terms.stop_actions import ask_to_lift, lift_stop
from leidraad.lib import clock
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.procedure.answered import answered
from tests.procedure.law import in_procedure
from tests.terms.placed import colleague, fresh, stopped, with_police

pytestmark = pytest.mark.django_db
SHIELDED = "grond afgeschermd"


def page(member: Member, case: ReturnCase, name: str = "stops", *keys: int, **posted: str) -> str:
    """What the member reads; with fields what they read after sending them."""
    client, address = sign_in(Client(), member), reverse(f"cases:{name}", args=[case.number, *keys])
    response = client.post(address, posted, follow=True) if posted else client.get(address, follow=True)
    assert response.status_code in (200, 422)
    return response.content.decode()


def sent(stop: Stop, **fields: str) -> dict[str, str]:
    return {"seen_version": str(fresh(stop).version), **fields}


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return with_police(cast)


# --- reading --------------------------------------------------------------------------------------------------------


def test_a_stop_stands_above_everything_on_the_case_page(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind, days=40)
    text = page(cast.politie, case, "detail")
    assert text.index("Stop: Beroep dat de uitzetting opschort.") < text.index('class="axes')
    assert "Verboden: Gedwongen" in text
    assert "Geplaatst door IND" in text
    assert f"{reverse('pages:stop-grounds')}#appeal" in text


def test_no_stop_leaves_no_trace_on_the_case_page(cast: Cast, case: ReturnCase) -> None:
    assert "alert--late" not in page(cast.politie, case, "detail")
    assert "In deze zaak geldt geen stop." in page(cast.politie, case)


def test_of_a_medical_stop_others_read_that_it_stands_of_whom_and_until_when(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "art64", document="Besluit van 3 november", document_number="MED-77")
    for name in ("detail", "stops"):
        shut, whole = page(cast.politie, case, name), page(cast.regievoerder, case, name)
        assert SHIELDED in shut
        assert "Geplaatst door IND" in shut
        assert f"{stop.until.day} " in shut
        for secret in ("Artikel 64", "art64", "MED-77", "Geassisteerd"):
            assert secret not in shut, (name, secret)
        assert "Artikel 64: uitstel om medische redenen" in whole
    assert "MED-77" in page(cast.regievoerder, case)
    assert "Artikel 64" in page(cast.ind, case)


def test_who_may_not_see_stops_sees_none(cast: Cast) -> None:
    case = in_procedure(cast)
    stopped(case, cast.ind)
    client = sign_in(Client(), cast.casemanager)
    assert client.get(reverse("cases:stops", args=[case.number])).status_code == 404


def test_the_printed_sheet_says_what_is_forbidden(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind)
    text = page(cast.regievoerder, case, "print", purpose="meeting")
    assert "Stop: Beroep dat de uitzetting opschort." in text


def test_an_expired_stop_is_gone_from_the_case_page_and_stays_readable(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, days=3)
    with clock.as_if(clock.now() + timedelta(days=4)):
        assert "Stop: Beroep" not in page(cast.regievoerder, case, "detail")
        assert "Verlopen" in page(cast.regievoerder, case)
    with clock.as_if(clock.now() + timedelta(days=3)):
        assert "Stop: Beroep" in page(cast.regievoerder, case, "detail")
    assert stop.stands


def test_reading_stops_costs_the_same_however_many_there_are(cast: Cast, case: ReturnCase) -> None:
    def cost(name: str) -> int:
        client = sign_in(Client(), cast.regievoerder)
        address = reverse(f"cases:{name}", args=[case.number])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    stopped(case, cast.ind)
    few = {name: cost(name) for name in ("detail", "stops")}
    for code in ("relief", "moratorium", "art64", "lawful_stay"):
        stopped(case, cast.ind, code)
    assert {name: cost(name) for name in few} == few


# --- placing --------------------------------------------------------------------------------------------------------


def form(**more: str) -> dict[str, str]:
    day = clock.today()
    values = {"ground": "appeal", "document": "Beroepschrift", "document_on": f"{day:%d-%m-%Y}"}
    return values | {"until": f"{day + timedelta(days=30):%d-%m-%Y}"} | more


def test_ind_places_a_stop_and_reads_it_back(cast: Cast, case: ReturnCase) -> None:
    text = page(cast.ind, case, "stop-place", **form(document_number="AWB 26/1"))
    assert "De stop geldt tot en met" in text
    assert "AWB 26/1" in text
    assert Stop.objects.get().placed_by == cast.ind


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": ""}, "Vul de laatste dag in."),
        ({"until": "01-01-2020"}, "De laatste dag is voorbij."),
        ({"ground": "rule39"}, "Kies het land waar de stop over gaat."),
        ({"ground": ""}, "Kies de grond van de stop."),
    ],
)
def test_a_wrong_form_says_what_to_do(cast: Cast, case: ReturnCase, wrong: dict[str, str], sentence: str) -> None:
    assert sentence in page(cast.ind, case, "stop-place", **form(**wrong))
    assert not Stop.objects.exists()


def test_the_form_offers_the_grounds_of_ones_own_organisation(cast: Cast, case: ReturnCase) -> None:
    text = page(cast.politie, case, "stop-place")
    assert "bedenktijd" in text
    assert "Artikel 64" not in text


# --- lifting --------------------------------------------------------------------------------------------------------


def test_one_person_lifts_a_light_stop_with_a_reason(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind)
    assert "Schrijf waarom" in page(cast.ind, case, "stop-lift", stop.pk, **sent(stop, reason=""))
    text = page(cast.ind, case, "stop-lift", stop.pk, **sent(stop, reason="Beroep ingetrokken"))
    assert "De stop is opgeheven." in text
    assert "Beroep ingetrokken" in text
    assert not fresh(stop).stands


def test_two_persons_lift_a_grave_stop_and_who_asked_cannot_confirm(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "art64")
    assert "Een collega bevestigt" in page(cast.ind, case, "stop-lift", stop.pk, **sent(stop, reason="Advies BMA"))
    own = page(cast.ind, case, "stop-lift", stop.pk)
    assert "U vroeg dit zelf" in own
    assert 'value="yes"' not in own
    page(cast.ind, case, "stop-lift", stop.pk, **sent(stop, answer="yes"))
    assert fresh(stop).stands
    assert "De stop is opgeheven." in page(colleague(cast.ind), case, "stop-lift", stop.pk, **sent(stop, answer="yes"))
    assert not fresh(stop).stands


def test_a_refusal_is_read_with_its_reason(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "art64")
    ask_to_lift(stop, "Advies BMA", by=cast.ind)
    answer = sent(stop, answer="no", reason="Advies gaat over een ander")
    text = page(colleague(cast.ind), case, "stop-lift", stop.pk, **answer)
    assert "Advies gaat over een ander" in text
    assert "opheffen geweigerd" in text
    assert fresh(stop).stands


def test_the_responsible_unit_chooses_a_fact_that_exists(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind)
    none = page(cast.regievoerder, case, "stop-lift", stop.pk)
    assert "Er is geen nieuw feit" in none
    assert "seen_version" not in none
    one, elsewhere = answered(cast, case), answered(cast)
    assert "IND antwoordde op" in page(cast.regievoerder, case, "stop-lift", stop.pk)
    refused = page(
        cast.regievoerder, case, "stop-lift", stop.pk, **sent(stop, reason="Mag", new_fact=f"answer:{elsewhere.pk}")
    )
    assert fresh(stop).stands, refused
    chosen = sent(stop, reason="IND zegt verwijderbaar", new_fact=f"answer:{one.pk}")
    assert "De stop is opgeheven." in page(cast.regievoerder, case, "stop-lift", stop.pk, **chosen)


def test_who_may_place_stops_but_not_lift_this_one_is_refused(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind)
    client = sign_in(Client(), cast.politie)
    assert client.get(reverse("cases:stop-lift", args=[case.number, stop.pk])).status_code == 403
    shut = stopped(case, cast.ind, "art64")
    assert client.get(reverse("cases:stop-lift", args=[case.number, shut.pk])).status_code == 404


def test_a_page_drawn_before_somebody_asked_is_told_so(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "art64")
    old = sent(stop, answer="yes")
    ask_to_lift(stop, "Advies BMA", by=cast.ind)
    client = sign_in(Client(), colleague(cast.ind))
    assert client.post(reverse("cases:stop-lift", args=[case.number, stop.pk]), old).status_code == 409
    assert fresh(stop).stands


def test_an_ended_stop_is_not_lifted_twice(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind)
    lift_stop(stop, "Ingetrokken", by=cast.ind)
    assert "al geëindigd" in page(cast.ind, case, "stop-lift", stop.pk)


# --- Kader ----------------------------------------------------------------------------------------------------------


def test_kader_says_of_each_ground_who_places_it_what_it_forbids_and_how_it_ends(cast: Cast, client: Client) -> None:
    sign_in(client, cast.casemanager)
    text = client.get(reverse("pages:stop-grounds")).content.decode()
    assert text.count('<article class="rule"') == 19
    birth = text.split('id="birth"')[1].split("</article>")[0]
    for words in ("DT&amp;V, COA, KMar", "zes weken voor", "Dat is onze eigen keuze", "geassisteerd"):
        assert words in birth
    found = client.get(reverse("pages:stop-grounds"), {"zoek": "moratorium"}).content.decode()
    assert found.count('<article class="rule"') == 1
