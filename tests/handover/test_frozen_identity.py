"""Once an offer has ended, the receiver reads who it was about then; who is responsible reads the case as it is."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from handover.actions import withdraw
from handover.actions.overdue import expire
from handover.models import Handover
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.handover import hand

pytestmark = pytest.mark.django_db

NEW_NAME, NEW_NUMBER = "NIEUWENAAM", "9998887776"


def renamed(handover: Handover) -> Handover:
    """Somebody records another name and number after the offer."""
    somebody = Handover.objects.select_related("case__person").get(pk=handover.pk).case.person
    somebody.surname, somebody.v_number = NEW_NAME, NEW_NUMBER
    save_as(somebody, by=PRINCIPAL)
    return Handover.objects.get(pk=handover.pk)


def pages(member: Member, handover: Handover) -> str:
    client = sign_in(Client(), member)
    addresses = [reverse(f"handover:{name}", args=[handover.pk]) for name in ("detail", "history")]
    tabs = ("ontvangen", "aangeboden", "beantwoord", "antwoord", "overgenomen")
    addresses += [reverse("handover:inbox") + f"?tab={tab}" for tab in tabs]
    return "".join(client.get(address).content.decode() for address in addresses).upper()


END: dict[str, Callable[[Cast], Handover]] = {
    "returned": hand.returned,
    "withdrawn": lambda cast: withdraw(hand.offered(), "Vergissing", by=cast.ind),
    "expired": lambda cast: expire(hand.offered()),
    "accepted": hand.accepted,
}


@pytest.mark.parametrize("end", END)
def test_the_receiver_keeps_the_identity_of_the_moment_it_ended(cast: Cast, end: str) -> None:
    handover = renamed(END[end](cast))

    text = pages(cast.intake, handover)

    assert NEW_NAME not in text
    assert "999 888 7776" not in text
    assert handover.frozen["person"]["surname"].upper() in text


@pytest.mark.parametrize("end", ["returned", "withdrawn", "expired"])
def test_the_sender_stays_responsible_and_reads_the_case_as_it_is(cast: Cast, end: str) -> None:
    assert NEW_NAME in pages(cast.ind, renamed(END[end](cast)))


def test_after_acceptance_the_sender_reads_its_copy_and_the_team_the_case(cast: Cast) -> None:
    handover = renamed(hand.accepted(cast))

    assert NEW_NAME not in pages(cast.ind, handover)
    assert NEW_NAME in pages(cast.regievoerder, handover)


def test_a_sender_whose_case_moved_on_keeps_what_it_offered(cast: Cast) -> None:
    """An earlier round came back; a later one was accepted, so the case is no longer the sender's."""
    first = hand.returned(cast)
    hand.accepted(cast, first.case)

    assert NEW_NAME not in pages(cast.ind, renamed(first))


def test_while_an_offer_waits_the_receiver_reads_the_case_as_it_is(cast: Cast) -> None:
    assert NEW_NAME in pages(cast.intake, renamed(hand.opened(cast)))
