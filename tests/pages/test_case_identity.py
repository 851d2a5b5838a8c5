"""The page of the person: each fact with its source and level, differences side by side, and errors that were reported."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.models import Part, Person, PersonAlias, ReturnCase
from cases.identity.models import ErrorReport
from cases.identity.sources import Stated, put_source
from cases.requests.models import Request
from cases.requests.states import Status
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, closed_case, involve, led_case, person, unit
from tests.identity.disputed import at_level, conflict, reported, taken_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return at_site(led_case(cast.regievoerder, person(surname="Amari", birth_year=1994)), unit("azc-veenmeer"))


def page(member: Member, case: ReturnCase, door: str = "person", *keys: int, status: int = 200, **query: Any) -> str:
    response = sign_in(Client(), member).get(reverse(f"cases:{door}", args=[case.number, *keys]), query)
    assert response.status_code == status
    return response.content.decode()


def send(member: Member, case: ReturnCase, door: str, *keys: int, **data: Any) -> Any:
    return sign_in(Client(), member).post(reverse(f"cases:{door}", args=[case.number, *keys]), data)


def test_each_fact_shows_who_states_it_and_at_which_level(cast: Cast, case: ReturnCase) -> None:
    at_level("BVV", 6)
    put_source(case.person, "surname", Stated("BVV"))
    save_as(case.person, by=PRINCIPAL)

    text = page(cast.regievoerder, case)

    assert "BVV (register)" in text
    assert "niveau 6" in text
    assert "IND (afzender van het dossier)" in text
    assert "niveau niet vastgesteld" in text


def test_whoever_sees_the_identity_is_offered_to_report_an_error_but_not_on_a_closed_case(
    cast: Cast, case: ReturnCase
) -> None:
    for member in (cast.regievoerder, cast.coa_receptie, cast.casemanager):
        assert "fout-melden/?veld=surname" in page(member, case)
        assert "Fout in de identiteit melden" in page(member, case, "detail")
    assert "fout-melden" not in page(cast.regievoerder, closed_case(cast.regievoerder))


def test_reporting_shows_first_who_reads_it_and_then_asks(cast: Cast, case: ReturnCase) -> None:
    form = page(cast.coa_receptie, case, "report-error", veld="birth_date")
    assert "Geboortedatum: 4 mei 1994" in form
    data = {
        "field": "birth_date",
        "proposed": "5 mei 1994",
        "reason": "Zo staat het in het paspoort.",
        "to_unit": unit("ind-noord").pk,
    }

    preview = send(cast.coa_receptie, case, "report-error", **data)
    assert preview.status_code == 200
    assert "Deze fout melden?" in preview.content.decode()
    assert not Request.objects.exists()

    done = send(cast.coa_receptie, case, "report-error", **data, confirm="yes")
    assert done.status_code == 302
    assert ErrorReport.objects.get().proposed_value == "5 mei 1994"
    text = page(cast.coa_receptie, case)
    assert "Gemelde fouten" in text
    assert "Aangeboden" in text


def test_who_reported_an_error_takes_it_back_also_without_a_list_of_requests(cast: Cast, case: ReturnCase) -> None:
    report = reported(case, cast.coa_receptie)
    target = reverse("requests:withdraw", args=[report.request.pk])
    assert target in page(cast.coa_receptie, case)
    assert target not in page(cast.ua, involve(case, cast.ua.acting_unit, Part.DEPARTURE))
    client = sign_in(Client(), cast.coa_receptie)
    assert "Dit verzoek intrekken?" in client.get(target).content.decode()

    done = client.post(target, {"reason": "Het klopt toch.", "seen_version": report.request.version})

    assert done.headers["Location"] == reverse("cases:person", args=[case.number])
    assert Request.objects.get().status == Status.WITHDRAWN
    assert target not in page(cast.coa_receptie, case)


def test_a_report_of_another_is_not_taken_back(cast: Cast, case: ReturnCase) -> None:
    report = reported(case, cast.casemanager)
    target = reverse("requests:withdraw", args=[report.request.pk])

    # A colleague of the unit who lists no requests, who answers it, and another organisation.
    for member, status in ((cast.coa_receptie, 404), (cast.ind, 403), (cast.politie, 404)):
        assert sign_in(Client(), member).post(target, {"reason": "Niet van mij."}).status_code == status
    assert Request.objects.get().status == Status.OFFERED


def test_a_wrong_report_says_what_to_do(cast: Cast, case: ReturnCase) -> None:
    wrong = send(cast.casemanager, case, "report-error", field="", reason="")

    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Kies welk gegeven fout is." in text
    assert "Schrijf waarom u denkt dat het fout is." in text


def test_reports_of_others_show_to_who_leads_and_not_to_another_unit(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    reported(case, cast.casemanager)

    assert "Gemelde fouten" in page(cast.regievoerder, case)
    assert "Gemelde fouten" not in page(cast.politie, case)
    assert "fout in de identiteit" not in page(cast.politie, case, "history").replace(
        "Fout in de identiteit melden", ""
    )


def test_the_owner_accepts_sees_what_stands_here_and_answers(cast: Cast, case: ReturnCase) -> None:
    report = reported(case, cast.casemanager)
    client = sign_in(Client(), cast.ind)
    url = reverse("identity:report", args=[report.request_id])
    offered = client.get(url).content.decode()
    assert "Achternaam" in offered
    assert case.number not in offered

    accept = reverse("requests:accept", args=[report.request_id])
    assert client.post(accept, {"seen_version": report.request.version, "next": url}).status_code == 302
    at_work = client.get(url).content.decode()
    assert "IND (afzender van het dossier)" in at_work
    version = Request.objects.get().version
    wrong = client.post(url, {"outcome": "mended", "seen_version": version})
    assert wrong.status_code == 422
    assert "Vul de nieuwe waarde in." in wrong.content.decode()

    data = {"outcome": "mended", "value": "Benali", "source": "BVV", "level": "7", "explanation": "Hersteld."}
    assert client.post(url, data | {"seen_version": 0}).status_code == 409
    assert client.post(url, data | {"seen_version": version}).status_code == 302
    assert Person.objects.get(pk=case.person_id).surname == "Benali"
    assert Request.objects.get().status == Status.DONE
    told = page(cast.casemanager, case)
    assert "hersteld in het register" in told
    assert "niveau 7" in told


def test_a_difference_shows_both_values_with_their_sources_and_is_decided_by_form(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)
    text = page(cast.regievoerder, case)
    assert "Benali" in text
    assert "AVIM (afzender van het dossier)" in text
    assert f"verschillen/{one.pk}/" in text
    assert f"verschillen/{one.pk}/" not in page(cast.casemanager, case)

    assert "De andere waarde overnemen: Benali" in page(cast.regievoerder, case, "identity-conflict", one.pk)
    wrong = send(cast.regievoerder, case, "identity-conflict", one.pk, seen_version=one.version)
    assert wrong.status_code == 422
    data = {"decision": "take", "reason": "Paspoort gezien", "seen_version": one.version}
    assert send(cast.regievoerder, case, "identity-conflict", one.pk, **data).status_code == 302
    text = page(cast.regievoerder, case)
    assert "Verschillen waarover is beslist" in text
    assert "Paspoort gezien" in text

    one.refresh_from_db()
    back = {"reason": "Verkeerd paspoort", "seen_version": one.version}
    assert send(cast.regievoerder, case, "identity-undo", one.pk, **back).status_code == 302
    assert Person.objects.get(pk=case.person_id).surname == "Amari"


def test_a_value_that_may_not_take_the_place_is_not_offered_and_the_page_says_why(cast: Cast, case: ReturnCase) -> None:
    at_level("IND", 5)
    one = conflict(case)

    text = page(cast.regievoerder, case, "identity-conflict", one.pk)

    assert "De andere waarde overnemen" not in text
    assert "het niveau is lager" in text
    assert "Eerst de eigenaar vragen" in text
    sent = {"decision": "take", "reason": "Toch", "seen_version": one.version}
    assert send(cast.regievoerder, case, "identity-conflict", one.pk, **sent).status_code == 422


def test_asking_the_owner_from_a_difference_stays_with_the_difference(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)
    data = {"field": "surname", "reason": "Twee spellingen", "to_unit": unit("ind-noord").pk, "verschil": one.pk}

    assert send(cast.regievoerder, case, "report-error", **data, confirm="yes").status_code == 302

    assert ErrorReport.objects.get().conflict == one
    assert "Gevraagd aan de eigenaar" in page(cast.regievoerder, case, "identity-conflict", one.pk)


def test_who_may_not_decide_cannot_tie_a_report_to_a_difference(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)
    data = {"field": "surname", "reason": "Twee spellingen", "to_unit": unit("ind-noord").pk, "verschil": one.pk}

    assert send(cast.casemanager, case, "report-error", **data, confirm="yes").status_code == 302
    assert ErrorReport.objects.get().conflict is None


def test_a_difference_of_another_person_is_not_asked_about(cast: Cast, case: ReturnCase) -> None:
    other = conflict(led_case(cast.regievoerder, person(surname="Tesfay")))
    data = {"field": "surname", "reason": "Twee spellingen", "to_unit": unit("ind-noord").pk, "verschil": other.pk}

    assert send(cast.regievoerder, case, "report-error", **data, confirm="yes").status_code == 302
    assert ErrorReport.objects.get().conflict is None


def test_the_page_asks_as_many_queries_for_many_differences_reports_and_names(cast: Cast, case: ReturnCase) -> None:
    client, url = sign_in(Client(), cast.regievoerder), reverse("cases:person", args=[case.number])

    def asked() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    conflict(case)
    taken_on(cast, case, cast.casemanager)
    few = asked()
    for number in range(8):
        conflict(case, offered=f"Naam {number}")
        save_as(PersonAlias(person=case.person, name=f"Alias {number}", source="IND"), by=PRINCIPAL)
    for field in ("birth_date", "sex", "language"):
        reported(case, cast.casemanager, field)

    assert asked() == few
