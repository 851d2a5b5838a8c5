"""Every name in an address or a form that carries the key of something is in `ids.csv`, and tried there with another's key.

Forms and lists are tried in `test_every_door.py`, for they have to be drawn first; addresses in `tests/test_access.py`, which
opens each with the keys of another unit, of another organisation and of nothing.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from cases.case.models import ReturnCase
from leidraad.lib import clock
from tests.access.ids import names_in_code, table
from tests.access.swaps import outcome
from tests.cast import Cast, sign_in
from tests.factories import led_case
from tests.reception import stays
from tests.world import NOTHING

# Tried in the forms that are drawn, in the addresses of lists, in addresses.
HERE = {"forms", "queries", "urls", ""}
CAME_IN = {"200", "302", "422"}


def test_every_name_that_comes_in_is_in_the_table() -> None:
    new = names_in_code() - set(table())

    assert not new, (
        f"say in tests/access/ids.csv whether these carry a key, and where another's is tried: {sorted(new)}"
    )


def test_what_is_said_to_be_tried_elsewhere_is_tried_there() -> None:
    for name, line in table().items():
        assert bool(line.holds) == bool(line.swapped), name
        where = set(line.swapped.split("; "))
        if where <= HERE or line.swapped.startswith("nobody: "):
            continue
        path, _colons, test = line.swapped.partition("::")
        text = Path(settings.BASE_DIR, path).read_text(encoding="utf-8")
        assert f"def {test}(" in text if test else text, f"{name}: {line.swapped}"


@pytest.mark.django_db
def test_a_row_of_another_site_is_not_saved(cast: Cast, client: Client) -> None:
    """The button beside a name in the register sends its key; another site's answers as nobody's does."""
    stays.staying(cast)
    elsewhere = stays.staying(cast, led_case(cast.regievoerder), site="azc-oosterhaar")
    sign_in(client, cast.casemanager)
    week = "{}-W{:02d}".format(*clock.today().isocalendar())
    path = reverse("register:mark", args=["azc-veenmeer", week])

    answers, keys = [], (str(elsewhere.pk), str(NOTHING))
    for key in keys:
        client.defaults["HTTP_HX_REQUEST"] = "true"
        sent = {"rij": key, f"m-{key}-1": "seen"}
        answers.append(outcome(client, "post", path, sent, without=keys))

    assert answers[0] == answers[1]
    assert (answers[0].status, answers[0].written) == (404, ())


# --- places in lists --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["cases:list", "handover:inbox", "requests:inbox", "supervision:list", "pages:notices"]
)
def test_a_place_in_a_list_of_others_is_no_place(cast: Cast, client: Client, name: str) -> None:
    """A token that names a row of others, signed as ours are, starts the list where a row of nothing does."""
    theirs = led_case(cast.regievoerder2)
    led_case(cast.regievoerder)
    sign_in(client, cast.politie if name == "supervision:list" else cast.regievoerder)
    signer = signing.Signer(salt="leidraad.pagination")

    pages = []
    for key in (theirs.pk, theirs.grants.all()[0].pk, NOTHING):
        token = signer.sign_object([0, key, None], compress=True)
        more = {"requests:inbox": {"lijst": "gedaan"}}.get(name, {})
        response = client.get(reverse(name), {"after": token, **more})
        assert response.status_code == 200
        pages.append(response.context["page"].rows if response.context.get("page") else [])
        assert theirs.number not in response.content.decode()
    assert len({str(rows) for rows in pages}) == 1


@pytest.mark.django_db
def test_a_place_that_nobody_signed_is_the_first_page(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    page = client.get(reverse("cases:list"), {"after": signing.Signer(salt="other").sign_object([0, 1, None])})

    assert case.number in page.content.decode()
    assert ReturnCase.objects.count() == 1
