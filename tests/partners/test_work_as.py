"""Working as one membership at a time: one's own and valid ones only, read anew on each request."""

from datetime import timedelta

import pytest
from django.test import Client

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member, Membership, Role
from tests import factories
from tests.cast import PRINCIPAL, Cast, sign_in

pytestmark = pytest.mark.django_db


def give_membership(member: Member, unit: str, role: str, **values: object) -> Membership:
    membership = Membership(member=member, unit=factories.unit(unit), role=Role.objects.get(code=role), **values)
    return save_as(membership, by=PRINCIPAL)


def shown_unit(client: Client) -> str:
    return str(client.get("/hulp/").context["member"].acting_unit)


def test_a_member_works_as_the_membership_they_choose(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    second = give_membership(member, "dtv-zuid-1", "case_director")
    sign_in(client, member)
    assert shown_unit(client) == "Team Noord 2"

    response = client.post("/werken-als/", {"membership": second.pk})

    assert response["Location"] == "/"
    assert shown_unit(client) == "Team Zuid 1"


def test_the_choice_decides_which_cases_are_seen(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    second = give_membership(member, "dtv-zuid-1", "case_director")
    north, south = factories.led_case(member), factories.led_case(cast.regievoerder2)
    sign_in(client, member)

    before = client.get("/zaken/").content.decode()
    client.post("/werken-als/", {"membership": second.pk})
    after = client.get("/zaken/").content.decode()

    assert (north.number in before, south.number in before) == (True, False)
    assert (north.number in after, south.number in after) == (False, True)


def test_another_members_membership_does_not_exist(client: Client, cast: Cast) -> None:
    sign_in(client, cast.regievoerder)
    foreign = cast.politie.valid_memberships.get()

    assert client.post("/werken-als/", {"membership": foreign.pk}).status_code == 404
    assert shown_unit(client) == "Team Noord 2"


def test_an_ended_membership_cannot_be_chosen(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    ended = give_membership(member, "dtv-zuid-1", "case_director", valid_until=clock.today() - timedelta(days=1))
    sign_in(client, member)

    assert client.post("/werken-als/", {"membership": ended.pk}).status_code == 404


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "1; drop table"])
def test_nonsense_is_refused_as_not_existing(client: Client, cast: Cast, value: str) -> None:
    sign_in(client, cast.regievoerder)

    assert client.post("/werken-als/", {"membership": value}).status_code == 404


def test_an_expired_membership_loses_access_on_the_next_request(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case = factories.led_case(member)
    sign_in(client, member)
    assert case.number in client.get("/zaken/").content.decode()

    membership = member.valid_memberships.get()
    membership.valid_until = clock.today() - timedelta(days=1)
    save_as(membership, by=PRINCIPAL)

    assert client.get("/zaken/").status_code == 403
    page = client.get("/mijn-werk/").content.decode()
    assert "U hebt geen geldige werkplek" in page
    assert case.number not in page


def test_the_chosen_membership_that_ends_falls_back_to_one_that_holds(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    second = give_membership(member, "dtv-zuid-1", "case_director")
    sign_in(client, member)
    client.post("/werken-als/", {"membership": second.pk})

    second.valid_until = clock.today() - timedelta(days=1)
    save_as(second, by=PRINCIPAL)

    assert shown_unit(client) == "Team Noord 2"


def test_a_member_made_inactive_is_out_on_the_next_request(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    sign_in(client, member)

    member.is_active = False
    save_as(member, by=PRINCIPAL)

    assert client.get("/zaken/")["Location"] == "/aanmelden/?next=/zaken/"
