"""Once a request has ended, its pages show who it was about then; what is recorded later stays with who has the case."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.actions import close_case
from cases.requests.actions import (
    confirm_request,
    decline_request,
    not_possible,
    withdraw_request,
)
from cases.requests.models import Request
from cases.supervision.models import SupervisionTask
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import led_case, person
from tests.requests.asked import accepted, offered, reported, stored

pytestmark = pytest.mark.django_db

NEW_NAME = "Nieuwenaam"


def renamed(request: Request) -> Request:
    """Somebody records another name after the request."""
    somebody = request.case.person
    somebody.refresh_from_db()
    somebody.surname, somebody.birth_year = NEW_NAME, 1971
    save_as(somebody, by=PRINCIPAL)
    return stored(request)


def pages(client: Client, request: Request) -> str:
    """All that the receiver may still open about the request."""
    addresses = [reverse(f"requests:{name}", args=[request.pk]) for name in ("detail", "history")]
    addresses += [reverse("requests:inbox") + "?lijst=aan-ons&staat=afgerond"]
    task = SupervisionTask.objects.filter(request=request).first()
    if task is not None:
        addresses += [reverse("supervision:detail", args=[task.pk])]
        addresses += [reverse("supervision:list") + "?toon=afgerond", reverse("supervision:today") + "?toon=gedaan"]
    return "".join(client.get(address).content.decode() for address in addresses)


END: dict[str, Callable[[Cast], Request]] = {
    "declined": lambda cast: decline_request(offered(cast), "Geen tijd", by=cast.politie),
    "withdrawn": lambda cast: withdraw_request(offered(cast), "Niet nodig", by=cast.regievoerder),
    "not_possible": lambda cast: not_possible(accepted(cast), "Adres bestaat niet", by=cast.politie),
    "done": lambda cast: confirm_request(reported(cast), by=cast.regievoerder),
}


@pytest.mark.parametrize("end", END)
def test_the_receiver_keeps_the_name_of_the_moment_it_ended(client: Client, cast: Cast, end: str) -> None:
    request = renamed(END[end](cast))
    sign_in(client, cast.politie)

    text = pages(client, request)

    assert NEW_NAME.upper() not in text.upper()
    assert "1971" not in text
    assert request.frozen["surname"].upper() in text.upper()


def test_closing_the_case_freezes_it_as_well(client: Client, cast: Cast) -> None:
    request = accepted(cast)
    close_case(request.case, "departed_independently", by=cast.regievoerder, reason="exit")

    text = pages(sign_in(client, cast.politie), renamed(request))

    assert NEW_NAME.upper() not in text.upper()


def test_while_it_runs_the_receiver_reads_what_is_recorded_now(client: Client, cast: Cast) -> None:
    request = renamed(accepted(cast, led_case(cast.regievoerder, person(surname="Oudenaam"))))

    text = pages(sign_in(client, cast.politie), request)

    assert NEW_NAME.upper() in text.upper()
    assert "OUDENAAM" not in text


def test_the_frozen_identity_holds_no_more_than_the_offer_showed(cast: Cast) -> None:
    request = END["done"](cast)

    assert set(request.frozen) == {"surname", "given_names", "name_prefix", "sex", "birth_year"}
