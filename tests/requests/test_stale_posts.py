"""A post that does not say which version its page showed is an old page: it changes nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.requests.states import Status
from tests.cast import Cast, sign_in
from tests.requests.asked import accepted, offered, reported, stored

pytestmark = pytest.mark.django_db

BAD: list[dict[str, Any]] = [{}, {"seen_version": ""}, {"seen_version": "x"}, {"seen_version": "-1"}]
BAD += [{"seen_version": "²"}, {"seen_version": "9" * 400}]


@pytest.mark.parametrize("sent", BAD, ids=str)
@pytest.mark.parametrize(
    ("name", "make", "who"),
    [
        ("accept", offered, "politie"),
        ("decline", offered, "politie"),
        ("not-possible", accepted, "politie"),
        ("withdraw", offered, "regievoerder"),
        ("confirm", reported, "regievoerder"),
    ],
)
def test_an_act_on_a_request_without_a_version_changes_nothing(
    client: Client, cast: Cast, name: str, make: Any, who: str, sent: dict[str, Any]
) -> None:
    request = make(cast)
    before = Status(request.status)
    sign_in(client, getattr(cast, who))

    client.post(reverse(f"requests:{name}", args=[request.pk]), {"reason": "Zomaar", **sent})

    assert stored(request).status == before
