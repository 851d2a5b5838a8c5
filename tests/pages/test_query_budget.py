"""No number of queries depends on the number of rows: every list with 5 cases asks as much as with 60."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case
from leidraad.lib.pagination import PAGE_SIZE
from partners.models import Member
from tests import factories
from tests.cast import Cast, sign_in
from tests.handover import hand
from tests.requests import asked

pytestmark = pytest.mark.django_db

FEW, MANY = 5, 60
LIST_LIMIT = 8
# Who looks where. Each of these shows one line, or one of the pages it is cut into, per case.
PAGES = {
    "regievoerder": (
        "/zaken/",
        "/zaken/?phase=planning",
        "/zaken/?sort=name",
        "/zaken/?sort=-contact&nationality=DZA",
        "/zaken/?waiting=police",
        "/zaken/?status=closed",
        "/mijn-werk/",
        "/verzoeken/",
        "/overdrachten/",
        "/meldingen/",
    ),
    "casemanager": ("/zaken/", "/zaken/?location={site}", "/mijn-werk/"),
    "manager": ("/zaken/?phase=planning", "/mijn-werk/"),
    "intake": ("/overdrachten/", "/mijn-werk/"),
    "politie": ("/opdrachten/", "/opdrachten/vandaag/", "/verzoeken/", "/mijn-werk/"),
}


def add_work(cast: Cast, count: int) -> None:
    """For each: a case with a site and a running request to the police, an offered dossier, and every fifth a closed case."""
    site = cast.unit("azc-veenmeer")
    for number in range(count):
        case = factories.led_case(cast.regievoerder, residence_unit=site)
        factories.at_site(case, site)
        (asked.accepted if number % 2 else asked.offered)(cast, case)
        hand.offered()
        if number % 5 == 0:
            close_case(
                factories.led_case(cast.regievoerder), "departed_independently", by=cast.regievoerder, reason="test"
            )


def queries_at(member: Member, address: str) -> list[str]:
    client = sign_in(Client(), member)
    client.get(address)  # keeps the choices of the filters, as a running server has them
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]


def counts(cast: Cast) -> dict[tuple[str, str], int]:
    site = str(cast.unit("azc-veenmeer").pk)
    return {
        (username, address): len(queries_at(getattr(cast, username), address.format(site=site)))
        for username, addresses in PAGES.items()
        for address in addresses
    }


def listed(cast: Cast) -> int:
    return len(sign_in(Client(), cast.regievoerder).get("/zaken/").context["rows"])


def test_every_list_asks_as_many_queries_for_sixty_cases_as_for_five(cast: Cast) -> None:
    add_work(cast, FEW)
    few, listed_few = counts(cast), listed(cast)
    add_work(cast, MANY - FEW)
    cache.clear()
    many, listed_many = counts(cast), listed(cast)

    assert (listed_few, listed_many) == (FEW, PAGE_SIZE)
    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}


def test_the_case_list_stays_within_its_budget_of_queries(cast: Cast) -> None:
    add_work(cast, 2)

    for address in (address for address in PAGES["regievoerder"] if address.startswith("/zaken/")):
        assert len(queries_at(cast.regievoerder, address)) <= LIST_LIMIT, address
