"""What the tests about access share: the form of a page with its confirmation, and the clock set ahead."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from cases.case.models import Involvement, ReturnCase
from leidraad.lib import clock


def url(case: ReturnCase, name: str, *keys: int) -> str:
    return reverse(f"cases:{name}", args=[case.number, *keys])


def page_of(client: Client, case: ReturnCase) -> str:
    """The page about who sees the case, as the signed-in member reads it."""
    return client.get(url(case, "access")).content.decode()


def confirmed(client: Client, address: str, **values: Any) -> Any:
    """Send the form and its confirmation, and read the page that follows."""
    preview = client.post(address, values)
    assert preview.status_code == 200, preview.content.decode()
    hidden = dict(preview.context["hidden"])
    assert hidden == {name: str(value) for name, value in values.items()}
    return client.post(address, {**hidden, "confirm": "yes"}, follow=True)


def day(offset: int) -> str:
    return (clock.today() + timedelta(days=offset)).strftime("%d-%m-%Y")


def part_of(case: ReturnCase, unit_code: str) -> Involvement:
    return Involvement.objects.running().get(case=case, unit__code=unit_code)


DAY, HOUR = timedelta(days=1), timedelta(hours=1)
