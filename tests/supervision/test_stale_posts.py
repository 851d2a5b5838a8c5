"""A post that does not say which version its page showed is an old page: it changes nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, sign_in
from tests.supervision.test_outcome_pages import filled
from tests.supervision.visits import open_task, stored

pytestmark = pytest.mark.django_db

BAD: list[dict[str, Any]] = [{"seen_version": ""}, {"seen_version": "x"}, {"seen_version": "-1"}]


@pytest.mark.parametrize("sent", BAD, ids=str)
def test_an_outcome_without_a_version_is_not_recorded(client: Client, cast: Cast, sent: dict[str, Any]) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)

    response = client.post(reverse("supervision:outcome", args=[task.pk]), filled(task, **sent))

    assert response.status_code == 409
    assert not task.attempts.exists()


@pytest.mark.parametrize("sent", [{}, *BAD], ids=str)
def test_a_task_without_a_version_is_not_assigned(client: Client, cast: Cast, sent: dict[str, Any]) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie_teamchef)

    client.post(reverse("supervision:assign", args=[task.pk]), {"assignee": str(cast.politie_teamchef.pk), **sent})

    assert stored(task).assignee_id == task.assignee_id != cast.politie_teamchef.pk
