"""The screens of requests: who opens them, what an offer shows, asking with a preview, and the inbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.models import Address, ReturnCase
from cases.requests.actions import ask_request, report_ready, withdraw_request
from cases.requests.models import Request
from cases.requests.states import Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site as staying_at
from tests.factories import closed_case, led_case, person, unit
from tests.requests.asked import accepted, new_request, offered, officer, reported, stored

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status, response.headers.get("Location")
    return response.content.decode()


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


# --- detail ---------------------------------------------------------------------------------------------------------


def test_the_receiver_of_an_offer_sees_the_offer_and_nothing_of_the_case(cast: Cast, client: Client) -> None:
    somebody = person(surname="Nguema", given_names="Patrice", birth_year=1989)
    request = offered(cast, led_case(cast.regievoerder, somebody))

    text = page(sign_in(client, cast.politie), "requests:detail", request.pk)

    assert "NGUEMA, Patrice" in text
    assert "1989" in text
    assert "Verzoek aannemen" in text
    assert "DT&amp;V Team Noord 2 blijft verantwoordelijk" in text
    for hidden in (somebody.v_number, request.case.number, "geboren"):
        assert hidden not in text
    client.get(reverse("cases:detail", args=[request.case.number]))
    assert client.get(reverse("cases:detail", args=[request.case.number])).status_code == 404


def test_opening_is_noted_and_logged(cast: Cast, client: Client) -> None:
    request = offered(cast)

    page(sign_in(client, cast.politie), "requests:detail", request.pk)

    assert request.steps.filter(kind="opened", member=cast.politie).exists()
    event = Event.objects.get(kind="read", route="requests:detail")
    assert (event.member_id, event.case_id) == (cast.politie.pk, request.case_id)


@pytest.mark.parametrize("name", ["detail", "history", "decline", "withdraw", "confirm", "not-possible"])
def test_other_units_get_404(cast: Cast, client: Client, name: str) -> None:
    request = offered(cast)

    for member in (cast.regievoerder2, cast.casemanager, officer("avim-zuid")):
        page(sign_in(client, member), f"requests:{name}", request.pk, status=404)
    client.logout()
    assert client.get(reverse(f"requests:{name}", args=[request.pk])).status_code == 302


def test_the_other_side_gets_403_for_what_is_not_its_turn_to_decide(cast: Cast, client: Client) -> None:
    request = offered(cast)

    for name in ("withdraw", "confirm"):
        page(sign_in(client, cast.politie), f"requests:{name}", request.pk, status=403)
    for name in ("decline", "not-possible"):
        page(sign_in(client, cast.regievoerder), f"requests:{name}", request.pk, status=403)
    response = client.post(reverse("requests:accept", args=[request.pk]))
    assert response.status_code == 403
    assert stored(request).status == Status.OFFERED


def test_accepting_on_the_page_opens_the_case(cast: Cast, client: Client) -> None:
    request = offered(cast)
    sign_in(client, cast.politie)

    response = client.post(
        reverse("requests:accept", args=[request.pk]),
        {"seen_version": request.version, "next": "https://elders.example/"},
    )

    assert response["Location"] == reverse("requests:detail", args=[request.pk])
    assert stored(request).status == Status.ACCEPTED
    assert request.case.number in page(client, "requests:detail", request.pk)
    page(client, "cases:detail", request.case.number)


def test_a_late_answer_is_told_what_happened(cast: Cast, client: Client) -> None:
    request = offered(cast)
    withdraw_request(request, "Niet nodig", by=cast.regievoerder)
    sign_in(client, cast.politie)

    response = client.post(reverse("requests:accept", args=[request.pk]), {"seen_version": "1"}, follow=True)

    assert "heeft dit verzoek op" in response.content.decode()
    assert "ingetrokken" in response.content.decode()


def test_a_stale_answer_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    request = accepted(cast)
    sign_in(client, cast.politie)

    sent = {"reason": "Adres bestaat niet", "seen_version": str(request.version - 1)}
    response = client.post(reverse("requests:not-possible", args=[request.pk]), sent)

    assert response.status_code == 409
    assert "Adres bestaat niet" in response.content.decode()
    assert stored(request).status == Status.ACCEPTED


@pytest.mark.parametrize("name", ["decline", "withdraw"])
def test_a_refusal_asks_for_its_reason(cast: Cast, client: Client, name: str) -> None:
    request = offered(cast)
    sign_in(client, cast.politie if name == "decline" else cast.regievoerder)
    url = reverse(f"requests:{name}", args=[request.pk])

    assert client.post(url, {"reason": "", "seen_version": request.version}).status_code == 422
    assert client.post(url, {"reason": "Geen tijd", "seen_version": request.version}).status_code == 302
    assert stored(request).end_reason == "Geen tijd"


def test_the_asker_confirms_after_reading(cast: Cast, client: Client) -> None:
    request = reported(cast)
    sign_in(client, cast.regievoerder)
    assert "Wie ontvangt wat" in page(client, "requests:confirm", request.pk)

    client.post(reverse("requests:confirm", args=[request.pk]), {"seen_version": request.version})

    assert stored(request).status == Status.DONE


def test_both_parties_read_the_history(cast: Cast, client: Client) -> None:
    request = reported(cast)

    for member in (cast.regievoerder, cast.politie):
        text = page(sign_in(client, member), "requests:history", request.pk)
        assert "Gereedgemeld" in text
        assert "M. Hofstra" in text
        assert "J. Terpstra" in text
    assert Event.objects.filter(kind="history", case_id=request.case_id).count() == 2


def test_a_closed_request_of_the_own_unit_stays_readable_without_the_case(cast: Cast, client: Client) -> None:
    request = reported(cast)
    sign_in(client, cast.regievoerder)
    client.post(reverse("requests:confirm", args=[request.pk]), {"seen_version": request.version})

    text = page(sign_in(client, cast.politie), "requests:detail", request.pk)

    assert "Afgerond" in text
    assert request.case.number not in text


# --- asking ---------------------------------------------------------------------------------------------------------


def new_url(case: ReturnCase) -> str:
    return reverse("requests:new", args=[case.number]) + "?kind=address_check"


def filled(**more: str) -> dict[str, str]:
    due = clock.now() + timedelta(days=2)
    values = {
        "place": "site",
        "room": "kamer B-214",
        "street": "",
        "city": "",
        "to_unit": str(unit("avim-noord").pk),
        "reason": "Is hij er nog?",
        "due_at_date": due.strftime("%d-%m-%Y"),
        "due_at_time": "12:00",
        "risk": "physical",
        "minors_present": "on",
    }
    return values | more


def staying_case(cast: Cast, **more: Any) -> ReturnCase:
    return led_case(cast.regievoerder, residence_unit=unit("azc-veenmeer"), **more)


def test_the_form_proposes_the_place_the_unit_and_the_term(cast: Cast, client: Client) -> None:
    text = sign_in(client, cast.regievoerder).get(new_url(staying_case(cast))).content.decode()

    assert "azc Veenmeer, Dorpsweg 40, Veenmeer" in text
    assert f'value="{unit("avim-noord").pk}" selected' in text
    assert "Arabisch" in text
    assert "Beschermd adres" not in text


def test_a_family_with_children_is_marked_as_such(cast: Cast, client: Client) -> None:
    from cases.case.models import Household

    family = save_as(Household(supplier="IND", key="1"), by=PRINCIPAL)
    case = staying_case(cast, household=family)
    led_case(cast.regievoerder, person(birth_year=clock.today().year - 6), household=family)

    form = sign_in(client, cast.regievoerder).get(new_url(case)).context["form"]

    assert form.initial["minors_present"] is True


def test_nothing_is_sent_before_the_preview_is_confirmed(cast: Cast, client: Client) -> None:
    case = staying_case(cast)
    sign_in(client, cast.regievoerder)

    preview = client.post(new_url(case), filled()).content.decode()
    assert "Dit ziet de ontvanger" in preview
    assert "kamer B-214" in preview
    assert not Request.objects.exists()
    changed = client.post(new_url(case), filled(change="yes")).content.decode()
    assert "Is hij er nog?" in changed
    assert not Request.objects.exists()

    response = client.post(new_url(case), filled(confirm="yes"))

    request = Request.objects.get()
    assert response["Location"] == reverse("requests:detail", args=[request.pk])
    assert (request.place_unit, request.place_text) == (unit("azc-veenmeer"), "kamer B-214")
    assert (request.risk, request.minors_present) == ("physical", True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_at_date": "01-01-2020"}, "De termijn ligt in het verleden."),
        ({"reason": ""}, "Schrijf op wat u vraagt en waarom."),
        ({"risk": ""}, "Kies welk risico bekend is"),
        ({"to_unit": ""}, "Kies aan welk team u dit vraagt."),
        ({"place": "other"}, "Vul de straat en het huisnummer van het andere adres in."),
    ],
)
def test_a_wrong_field_says_what_to_do(cast: Cast, client: Client, change: dict[str, str], sentence: str) -> None:
    response = sign_in(client, cast.regievoerder).post(new_url(staying_case(cast)), filled(confirm="yes", **change))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Request.objects.exists()


def test_asking_twice_is_refused_on_the_form_and_keeps_the_input(cast: Cast, client: Client) -> None:
    case = staying_case(cast)
    ask_request(case, new_request(), by=cast.regievoerder)

    response = sign_in(client, cast.regievoerder).post(new_url(case), filled(confirm="yes", reason="Nog een keer"))

    assert response.status_code == 422
    assert "al aan AVIM Noord gevraagd" in response.content.decode()
    assert "Nog een keer" in response.content.decode()


def test_another_address_decides_nothing_about_the_case(cast: Cast, client: Client) -> None:
    case = staying_case(cast)
    address = Address(case=case, street="Kerkstraat 1", city="Veenmeer", source="BRP", since=clock.today())
    save_as(address, by=PRINCIPAL)

    sent = filled(confirm="yes", place="other", street="Lindelaan 12", city="Zandwijk")
    sign_in(client, cast.regievoerder).post(new_url(case), sent)

    request = Request.objects.get()
    assert (request.place_kind, request.place_text, request.place_city) == ("address", "Lindelaan 12", "Zandwijk")
    assert Address.objects.get().street == "Kerkstraat 1"


def test_who_may_not_ask_gets_404_or_403(cast: Cast, client: Client) -> None:
    case = staying_at(staying_case(cast), unit("azc-veenmeer"))

    assert sign_in(client, cast.regievoerder2).get(new_url(case)).status_code == 404
    assert sign_in(client, cast.coa_receptie).get(new_url(case)).status_code == 403
    assert sign_in(client, cast.casemanager).get(new_url(case)).status_code == 200
    assert sign_in(client, cast.regievoerder).get(new_url(closed_case(cast.regievoerder))).status_code == 403


# --- inbox ----------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_both_sides_their_own_list(cast: Cast, client: Client) -> None:
    request = offered(cast)
    link = reverse("requests:detail", args=[request.pk])

    for member in (cast.regievoerder, cast.politie):
        assert link in page(sign_in(client, member), "requests:inbox")
    assert link not in page(sign_in(client, cast.regievoerder2), "requests:inbox")
    assert "Aan uw team is nu niets gevraagd." in page(client, "requests:inbox")


def test_a_role_without_requests_gets_403(cast: Cast, client: Client) -> None:
    page(sign_in(client, cast.coa_receptie), "requests:inbox", status=403)


def test_legal_clocks_stand_first_whatever_their_term(cast: Cast, client: Client) -> None:
    soon = offered(cast, due_at=clock.now() + timedelta(hours=1))
    clocked = offered(cast, due_at=clock.now() + timedelta(days=3))
    Request.objects.filter(pk=clocked.pk).update(liberty_clock=True)
    sign_in(client, cast.politie)

    for address in ("", "?lijst=aan-ons"):
        text = client.get(reverse("requests:inbox") + address).content.decode()
        first, second = (text.index(reverse("requests:detail", args=[one.pk])) for one in (clocked, soon))
        assert first < second


def test_a_long_list_goes_on_page_by_page(cast: Cast, client: Client) -> None:
    case_count = 52
    for number in range(case_count):
        offered(cast, due_at=clock.now() + timedelta(hours=1, minutes=number))
    sign_in(client, cast.politie)

    short = client.get(reverse("requests:inbox"))
    assert "Toon alle 52" in short.content.decode()
    first = client.get(reverse("requests:inbox"), {"lijst": "aan-ons"})
    second = client.get(reverse("requests:inbox"), {"lijst": "aan-ons", "after": first.context["page"].next_token})

    seen = [line.request.pk for response in (first, second) for line in response.context["list"].lines]
    assert len(seen) == len(set(seen)) == case_count


def test_ended_requests_have_a_list_of_their_own(cast: Cast, client: Client) -> None:
    request = offered(cast)
    withdraw_request(request, "Niet nodig", by=cast.regievoerder)
    sign_in(client, cast.regievoerder)

    assert reverse("requests:detail", args=[request.pk]) not in page(client, "requests:inbox")
    ended = page(client, "requests:inbox", lijst="door-ons", staat="afgerond")
    assert reverse("requests:detail", args=[request.pk]) in ended


def test_the_number_of_queries_does_not_grow_with_the_requests(cast: Cast, client: Client) -> None:
    sign_in(client, cast.politie)
    first = offered(cast)

    def look() -> None:
        for query in ({}, {"lijst": "aan-ons"}, {"lijst": "door-ons", "staat": "afgerond"}):
            client.get(reverse("requests:inbox"), query)

    look()
    few = queries(look)
    for _number in range(8):
        offered(cast)
    assert queries(look) == few
    assert few <= 3 * 12

    look_at = reverse("requests:detail", args=[first.pk])
    client.get(look_at)
    assert queries(lambda: client.get(look_at)) <= 14


def test_a_report_without_a_subject_room_is_told_all_the_same(cast: Cast, client: Client) -> None:
    request = accepted(cast)
    report_ready(request, by=cast.politie)

    assert "Uitkomst bevestigen" in page(sign_in(client, cast.regievoerder), "requests:detail", request.pk)
