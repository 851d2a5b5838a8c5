"""The pages: coming from a search, the forms and their errors, the list and the detail of intake, what is logged."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.models import Part
from handover.models import Referral, ReferralJudgement
from handover.referrals.judging import take_up
from handover.referrals.states import Finding, Status
from leidraad.lib.models import Event, EventKind
from tests.cast import Cast, member_of, sign_in
from tests.factories import involve, led_case, person
from tests.handover.referred import filed, form_data, judged

pytestmark = pytest.mark.django_db
NEW, LIST = "/aanmeldingen/nieuw/", "/aanmeldingen/"


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_search_without_result_leads_to_the_form_with_what_was_typed(cast: Cast) -> None:
    client = sign_in(Client(), cast.gemeente)

    results = client.post("/zoeken/", {"q": "Benali, Karim 14-3-1994"}, follow=True).content.decode()
    assert "Geen zaak gevonden die met u is gedeeld." in results
    assert "Meld deze persoon bij DT&V" in results
    form = client.post(NEW, {"gezocht": "1", "q": "Benali, Karim", "born": "14-03-1994"})

    assert form.status_code == 200
    page = form.content.decode()
    assert 'value="Benali"' in page
    assert 'value="Karim"' in page
    assert all(f'name="born_{part}" value="{value}"' in page for part, value in (("day", 14), ("month", 3)))
    assert "summary" not in page.split("<main")[1].split("<form")[0]
    assert not Referral.objects.exists()


def test_a_number_that_was_searched_for_becomes_the_v_number(cast: Cast) -> None:
    client = sign_in(Client(), cast.politie)

    assert 'value="9995551234"' in client.post(NEW, {"gezocht": "1", "q": "9995551234"}).content.decode()
    assert "Z-2026-000001" not in client.post(NEW, {"gezocht": "1", "q": "Z-2026-000001"}).content.decode()


def test_who_opens_cases_is_not_led_there(cast: Cast) -> None:
    client = sign_in(Client(), cast.regievoerder)

    assert "Meld deze persoon" not in client.post("/zoeken/", {"q": "Benali"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("born", "says"),
    [
        (("1994", "13", "1"), "Deze datum bestaat niet."),
        (("", "3", "14"), "Vul ook het jaar in"),
        (("1994", "", "14"), "Vul ook de maand in"),
        (("2994", "", ""), "Controleer het jaar"),
        (("x", "", ""), "in cijfers"),
    ],
)
def test_a_birth_date_that_cannot_be_is_asked_again(cast: Cast, born: tuple[str, str, str], says: str) -> None:
    response = sign_in(Client(), cast.gemeente).post(NEW, form_data(cast.gemeente, born=born))

    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_form_with_nothing_in_it_says_what_to_fill_in(cast: Cast) -> None:
    response = sign_in(Client(), cast.iom).post(NEW, {})

    page = response.content.decode()
    assert response.status_code == 422
    for says in ("Vul de achternaam in", "Kies waarom u deze persoon meldt.", "Schrijf op wat u aan DT&amp;V vraagt."):
        assert says in page
    assert "alleen door als de persoon dat goed vindt" in page
    assert "Schrijf niets over gezondheid, strafbare feiten" in page


def test_the_reporter_withdraws_and_takes_that_back_on_the_page(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    client = sign_in(Client(), cast.gemeente)

    client.post(f"{LIST}{referral.pk}/intrekken/", {"reason": "Dubbel", "seen_version": referral.version})
    referral.refresh_from_db()
    assert referral.status == Status.WITHDRAWN
    assert "Dubbel" in page_of(client, f"{LIST}{referral.pk}/")
    client.post(f"{LIST}{referral.pk}/terugzetten/", {"seen_version": referral.version})

    referral.refresh_from_db()
    assert referral.status == Status.FILED


def test_a_page_from_before_withdraws_nothing(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    take_up(referral, by=cast.intake, version=referral.version)
    client = sign_in(Client(), cast.gemeente)

    page = client.post(f"{LIST}{referral.pk}/intrekken/", {"reason": "x", "seen_version": "1"}, follow=True)

    referral.refresh_from_db()
    assert referral.status == Status.TAKEN_UP
    assert "Iemand heeft dit" in page.content.decode()


def test_correcting_starts_with_what_was_told(cast: Cast) -> None:
    referral = filed(cast.gemeente, surname="Verkerd")
    client = sign_in(Client(), cast.gemeente)

    assert 'value="Verkerd"' in page_of(client, f"{LIST}{referral.pk}/verbeteren/")
    data = form_data(cast.gemeente, surname="Verkeerd")
    page = client.post(f"{LIST}{referral.pk}/verbeteren/", data, follow=True).content.decode()

    assert f"Aanmelding {referral.pk}" in page
    assert Referral.objects.get(corrects=referral).surname == "Verkeerd"


def test_intake_reads_the_oldest_first_and_the_reporter_the_newest(cast: Cast) -> None:
    names = ("Eerste", "Tweede", "Derde")
    for name in names:
        filed(cast.gemeente, surname=name)
    filed(cast.politie, surname="Vierde")

    desk, own = page_of(sign_in(Client(), cast.intake), LIST), page_of(sign_in(Client(), cast.gemeente), LIST)

    assert [desk.index(name.upper()) for name in (*names, "Vierde")] == sorted(
        desk.index(name.upper()) for name in (*names, "Vierde")
    )
    assert [own.index(name.upper()) for name in reversed(names)] == sorted(own.index(name.upper()) for name in names)
    assert "VIERDE" not in own


def test_intake_matches_on_the_page_and_the_look_is_logged_with_the_cases(cast: Cast) -> None:
    case = led_case(cast.regievoerder2, person(surname="Benali", given_names="Karim"))
    referral = filed(cast.gemeente, surname="Benali", given_names="Karim")
    client = sign_in(Client(), cast.intake)

    page = page_of(client, f"{LIST}{referral.pk}/")
    assert case.number in page
    assert "zelfde naam" in page
    event = Event.objects.filter(kind=EventKind.SEARCH, route="handover:referral").latest("pk")
    assert event.detail == {"referral": referral.pk, "cases": [case.number]}

    client.post(f"{LIST}{referral.pk}/", {"decision": f"case:{case.pk}", "seen_version": referral.version})
    assert ReferralJudgement.objects.get().case == case


def test_intake_may_name_another_case_by_its_number(cast: Cast) -> None:
    case, referral = led_case(cast.regievoerder2, person(surname="Kowalski")), filed(cast.gemeente, surname="Nguyen")
    client = sign_in(Client(), cast.intake)
    data = {"decision": "another", "seen_version": referral.version}

    assert client.post(f"{LIST}{referral.pk}/", data).status_code == 422
    wrong = client.post(f"{LIST}{referral.pk}/", data | {"number": "Z-2026-999999"})
    assert (wrong.status_code, "Er is geen zaak met dit nummer" in wrong.content.decode()) == (422, True)
    client.post(f"{LIST}{referral.pk}/", data | {"number": case.number.lower()})

    assert ReferralJudgement.objects.get().case == case


def test_a_case_that_is_no_candidate_cannot_be_sent_as_one(cast: Cast) -> None:
    case, referral = led_case(cast.regievoerder2, person(surname="Kowalski")), filed(cast.gemeente, surname="Nguyen")
    client = sign_in(Client(), cast.intake)

    answer = client.post(f"{LIST}{referral.pk}/", {"decision": f"case:{case.pk}", "seen_version": referral.version})

    assert answer.status_code == 422
    assert not ReferralJudgement.objects.exists()


def test_the_second_clerk_reads_on_the_page_who_was_first(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    version = referral.version
    colleague = member_of(referral.desk, "intake_clerk")
    judged(cast, referral, Finding.TO_OPEN)
    client = sign_in(Client(), colleague)

    page = client.post(
        f"{LIST}{referral.pk}/", {"decision": "no_action", "reason": "x", "seen_version": version}, follow=True
    )

    assert str(cast.intake) in page.content.decode()
    assert ReferralJudgement.objects.count() == 1


def test_a_candidate_shows_who_it_is_and_no_more(cast: Cast) -> None:
    """Where somebody stays and what was noted is for who has a part in the case."""
    case = led_case(cast.regievoerder2, person(surname="Benali"))
    referral = filed(cast.gemeente, surname="Benali")

    page = page_of(sign_in(Client(), cast.intake), f"{LIST}{referral.pk}/")

    assert case.number in page
    assert f'href="/zaken/{case.number}/"' not in page
    assert "azc Veenmeer" not in page


def test_the_responsible_unit_reads_it_in_the_case_and_partners_there_do_not(cast: Cast) -> None:
    case = involve(led_case(cast.regievoerder), cast.gemeente.acting_unit, Part.MUNICIPAL)
    judged(cast, filed(cast.politie, asked="Waar is hij?"), Finding.MATCHED, case)
    lead, partner = sign_in(Client(), cast.regievoerder), sign_in(Client(), cast.gemeente)

    assert "Waar is hij?" in page_of(lead, f"/zaken/{case.number}/aanmeldingen/")
    assert "Gekoppeld aan een zaak" in page_of(lead, f"/zaken/{case.number}/geschiedenis/")
    assert partner.get(f"/zaken/{case.number}/aanmeldingen/").status_code == 403
    for path in ("", "geschiedenis/", "activiteit/"):
        assert "anmelding" not in page_of(partner, f"/zaken/{case.number}/{path}").split("<main")[-1], path


def test_no_list_asks_more_for_many_referrals_than_for_one(cast: Cast) -> None:
    def queries() -> list[int]:
        counts = []
        for member in (cast.intake, cast.gemeente):
            client = sign_in(Client(), member)
            client.get(LIST)
            with CaptureQueriesContext(connection) as asked:
                client.get(LIST)
            counts.append(len(asked))
        return counts

    filed(cast.gemeente)
    one = queries()
    for _number in range(12):
        filed(cast.gemeente)

    assert queries() == one


def test_looking_at_one_candidate_costs_as_much_as_looking_at_many(cast: Cast) -> None:
    referral = filed(cast.gemeente, surname="Benali")
    client = sign_in(Client(), cast.intake)

    def queries() -> int:
        client.get(f"{LIST}{referral.pk}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{LIST}{referral.pk}/")
        return len(asked)

    led_case(cast.regievoerder2, person(surname="Benali"))
    one = queries()
    for _number in range(8):
        led_case(cast.regievoerder2, person(surname="Benali"))

    assert queries() == one
