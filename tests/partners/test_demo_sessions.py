"""A demo account is nobody outside a demo, also when it was signed in before; old sessions are cleared away."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as ours
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from leidraad.celery import app
from leidraad.lib.audit import save_as
from partners.tasks import clear_sessions
from tests.cast import PRINCIPAL, Cast, sign_in

pytestmark = pytest.mark.django_db


def test_a_session_of_a_demo_account_ends_with_the_demo(client: Client, cast: Cast, settings: Any) -> None:
    sign_in(client, cast.manager)
    assert client.get("/mijn-werk/").status_code == 200

    settings.LEIDRAAD_DEMO = False

    response = client.get("/mijn-werk/")
    assert (response.status_code, response["Location"].startswith("/aanmelden/")) == (302, True)


def test_a_member_of_the_real_register_works_on(client: Client, cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_DEMO, settings.LEIDRAAD_SECOND_FACTOR = False, False
    member = cast.manager
    member.is_demo = False
    save_as(member, by=PRINCIPAL)

    assert sign_in(client, member).get("/mijn-werk/").status_code == 200


def test_sessions_that_ended_are_cleared_daily_and_running_ones_stay(cast: Cast) -> None:
    for member in (cast.manager, cast.regievoerder):
        sign_in(Client(), member)
    old = Session.objects.order_by("pk").first()
    assert old is not None
    Session.objects.filter(pk=old.pk).update(expire_date=timezone.now() - timedelta(minutes=1))

    clear_sessions()

    assert Session.objects.count() == 1
    assert not Session.objects.filter(pk=old.pk).exists()
    app.loader.import_default_modules()
    names = [entry["task"] for entry in ours.CELERY_BEAT_SCHEDULE.values()]
    assert clear_sessions.name in names
    assert set(names) <= set(app.tasks), "the schedule names a task that does not exist"
