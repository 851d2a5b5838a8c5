"""A right that ends has ended on the next request: of a session that runs, in the middle of the work, in a fragment too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Dated, Member, Membership, Role
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case
from tests.partners.factors import give_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(client: Client, cast: Cast) -> Client:
    give_password(client, "regievoerder")
    assert client.get("/zaken/").status_code == 200
    return client


def end(record: Dated) -> None:
    record.valid_until = clock.today() - timedelta(days=1)
    save_as(record, by=PRINCIPAL)


def outside(response: Any) -> bool:
    return bool(response.status_code == 302 and response["Location"].startswith("/aanmelden/"))


def test_a_member_who_was_made_inactive_is_nobody_on_the_next_request(at_work: Client, cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    member = cast.regievoerder
    member.is_active = False
    save_as(member, by=PRINCIPAL)

    for path in ("/zaken/", f"/zaken/{case.number}/", "/sessies/", "/beveiliging/", "/"):
        assert outside(at_work.get(path)), path
    assert outside(at_work.post(f"/zaken/{case.number}/volgende-stap/", {"title": "x"}))
    assert outside(at_work.get("/zaken/", headers={"HX-Request": "true"}))
    assert at_work.get("/sessie/").json() == {"signed_in": False}
    assert give_password(Client(), "regievoerder").status_code == 422


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(lambda member: member.valid_memberships.get(), id="membership"),
        pytest.param(lambda member: member.valid_memberships.get().unit, id="unit"),
        pytest.param(lambda member: member.valid_memberships.get().role, id="role"),
    ],
)
def test_a_membership_that_ended_opens_nothing_any_more(
    at_work: Client, cast: Cast, what: Callable[[Member], Dated]
) -> None:
    case = led_case(cast.regievoerder)
    assert at_work.get(f"/zaken/{case.number}/").status_code == 200

    end(what(cast.regievoerder))

    assert at_work.get("/zaken/").status_code == 403
    assert at_work.get(f"/zaken/{case.number}/").status_code == 404
    assert at_work.post(f"/zaken/{case.number}/volgende-stap/", {"title": "x"}).status_code == 404


def test_who_has_another_membership_works_on_as_that_one_only(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    second = Membership(member=member, unit=cast.unit("dtv-zuid-1"), role=Role.objects.get(code="case_director"))
    save_as(second, by=PRINCIPAL)
    of_second = led_case(member.work_as(second))
    give_password(client, "regievoerder")
    client.post("/werken-als/", {"membership": second.pk})
    assert client.get(f"/zaken/{of_second.number}/").status_code == 200

    end(second)

    assert client.get(f"/zaken/{of_second.number}/").status_code == 404
    assert client.post("/werken-als/", {"membership": second.pk}).status_code == 404


def test_a_superuser_is_nobody(at_work: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses one; should there be one all the same, no page opens."""
    member = cast.regievoerder
    member.is_superuser = True
    assert not member.may_work_here
    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(member, by=PRINCIPAL)

    monkeypatch.setattr("partners.middleware.get_user", lambda request: member)

    assert outside(at_work.get("/zaken/"))


def test_a_superuser_cannot_sign_in(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    member = cast.regievoerder
    member.is_superuser = True
    monkeypatch.setattr("django.contrib.auth.backends.ModelBackend.authenticate", lambda *_, **__: member)

    assert give_password(client, "regievoerder").status_code == 422
    assert "_auth_user_id" not in client.session
