"""A form that was sent after the session had ended: kept sealed, shown to the same member, saved by nobody but that member."""

from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.test import Client

from cases.case.models import ReturnCase, SavedFilter
from leidraad.lib import clock
from partners.models import ParkedForm
from partners.sign_in import parked
from partners.sign_in.refilling import refill
from partners.tasks import clear_sessions
from tests.cast import Cast
from tests.factories import led_case
from tests.partners.factors import give_password
from tests.partners.test_sessions import browser, later

pytestmark = pytest.mark.django_db

DAY = (clock.today() + timedelta(days=4)).strftime("%d-%m-%Y")
REMARK = "Hij wil eerst zijn <zus> spreken & belt maandag"


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return led_case(cast.regievoerder)


def send_late(client: Client, case: ReturnCase, **more: Any) -> Any:
    """The next step of the case, filled in and sent 31 minutes after the last sign of life."""
    path = f"/zaken/{case.number}/volgende-stap/"
    page = client.get(path)
    version = page.context["form"].initial.get("seen_version", "") if page.context else ""
    data = {"title": REMARK, "day": DAY, "moment": "10:00", "former": "done", "seen_version": version}
    with later(31):
        return client.post(path, data, headers={"Referer": f"http://testserver{path}"}, **more)


def sign_in_late(client: Client, username: str = "regievoerder") -> Any:
    with later(32):
        return give_password(client, username)


def test_nothing_is_saved_and_the_same_member_finds_the_form_filled_in(cast: Cast, case: ReturnCase) -> None:
    client = browser()
    path = f"/zaken/{case.number}/volgende-stap/"

    assert send_late(client, case)["Location"] == "/aanmelden/"
    assert sign_in_late(client)["Location"] == path

    with later(33):
        page = client.get(path).content.decode()
        assert "Nog niet opgeslagen. Controleer en sla op." in page
        assert "Hij wil eerst zijn &lt;zus&gt; spreken &amp; belt maandag" in page
        assert f'value="{DAY}"' in page
        assert "data-unsaved" in page


def test_saving_it_ends_what_was_parked(cast: Cast, case: ReturnCase) -> None:
    client = browser()
    send_late(client, case)
    sign_in_late(client)
    path = f"/zaken/{case.number}/volgende-stap/"
    with later(33):
        fields = dict(next(parked.of_member(cast.regievoerder)).fields)
        assert client.post(path, fields).status_code == 302

        assert not ParkedForm.objects.exists()
        assert parked.FLAG not in client.session
        assert escape(REMARK) in client.get(f"/zaken/{case.number}/").content.decode()


def test_another_member_never_sees_it_on_the_same_machine(cast: Cast, case: ReturnCase) -> None:
    client = browser()
    send_late(client, case)

    assert sign_in_late(client, "manager")["Location"] == "/"

    with later(33):
        assert parked.FLAG not in client.session
        assert "Nog niet" not in client.get(f"/zaken/{case.number}/volgende-stap/").content.decode()
        assert client.get("/niet-opgeslagen/").context["forms_kept"] == []
        pk = ParkedForm.objects.get().pk
        assert client.post("/niet-opgeslagen/weggooien/", {"form": pk}).status_code == 404
        assert ParkedForm.objects.exists()


def test_a_row_that_is_given_to_another_member_cannot_be_opened(cast: Cast, case: ReturnCase) -> None:
    send_late(browser(), case)
    assert len(list(parked.of_member(cast.regievoerder))) == 1

    ParkedForm.objects.update(member=cast.manager)

    assert list(parked.of_member(cast.manager)) == []


def test_the_database_holds_nothing_of_it_that_can_be_read(cast: Cast, case: ReturnCase) -> None:
    send_late(browser(), case)

    sealed = bytes(ParkedForm.objects.get().sealed)
    assert b"zus" not in sealed
    assert case.number.encode() not in sealed


def test_what_another_site_made_the_browser_send_is_not_parked(cast: Cast, case: ReturnCase) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.regievoerder, backend="django.contrib.auth.backends.ModelBackend")

    with later(31):
        assert client.post(f"/zaken/{case.number}/volgende-stap/", {"title": "Vals"}).status_code == 403

    assert not ParkedForm.objects.exists()


def test_from_another_machine_the_member_is_shown_what_was_not_saved(cast: Cast, case: ReturnCase) -> None:
    send_late(browser(), case)
    other = Client()

    assert sign_in_late(other)["Location"] == "/niet-opgeslagen/"

    with later(33):
        assert "Hij wil eerst zijn" in other.get("/niet-opgeslagen/").content.decode()


def test_it_can_be_thrown_away(cast: Cast, case: ReturnCase) -> None:
    client = browser()
    send_late(client, case)
    sign_in_late(client)
    with later(33):
        pk = ParkedForm.objects.get().pk
        assert client.post("/niet-opgeslagen/weggooien/", {"form": pk})["Location"] == "/"

    assert not ParkedForm.objects.exists()


def test_a_form_that_is_gone_from_its_page_is_said_to_be(cast: Cast, case: ReturnCase) -> None:
    client = browser()
    send_late(client, case)
    sign_in_late(client)
    path = f"/zaken/{case.number}/volgende-stap/"
    html = "<html><body><main id=x><p>Klaar</p></main></body></html>"

    assert refill(html, path, next(parked.of_member(cast.regievoerder))) is None


def test_secrets_and_searches_are_not_parked(cast: Cast) -> None:
    client = browser()
    with later(31):
        client.post("/zoeken/", {"q": "AMARI"})
        client.post("/beveiliging/wachtwoord/", {"oldpassword": "geheim", "password1": "a", "password2": "a"})

    assert not ParkedForm.objects.exists()


def test_the_newest_ten_are_kept_and_old_ones_are_cleared(cast: Cast) -> None:
    from django.http import QueryDict

    for number in range(12):
        parked.park(cast.regievoerder.pk, "/zaken/", "/zaken/filters/bewaren/", QueryDict(f"name=Filter {number}"))
    kept = [dict(one.fields)["name"] for one in parked.of_member(cast.regievoerder)]
    assert kept == [f"Filter {number}" for number in range(11, 1, -1)]

    with clock.as_if(clock.now() + timedelta(days=7, minutes=1)):
        assert list(parked.of_member(cast.regievoerder)) == []
        clear_sessions()
    assert not ParkedForm.objects.exists()


def test_the_script_sends_along_what_was_being_filled_in(cast: Cast) -> None:
    client = browser()
    fields = "csrfmiddlewaretoken=x&name=Mijn+filter"
    place = {"Referer": "http://testserver/zaken/filters/bewaren/"}

    for minutes in (1, 31):  # before and after the server's own lock
        with later(minutes):
            sent = {"by": "script", "action": "/zaken/filters/bewaren/", "fields": fields}
            client.post("/vergrendelen/", sent, headers=place)

    kept = list(parked.of_member(cast.regievoerder))
    assert [(one.page, one.fields) for one in kept] == [("/zaken/filters/bewaren/", (("name", "Mijn filter"),))] * 2
    assert not SavedFilter.objects.exists()


def test_nobody_parks_anything_without_having_been_signed_in(client: Client) -> None:
    client.post("/vergrendelen/", {"action": "/zaken/", "fields": "name=x"})
    client.post("/zaken/filters/bewaren/", {"name": "x"})

    assert not ParkedForm.objects.exists()


PAGE = """<!doctype html><html><body><main id="inhoud">
<form method="post" action="/zoeken/"><input name="q" value="laat staan"></form>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="vers">
<input type="hidden" name="seen_version" value="9">
<input name="a" value="oud"><input name="b" value="1"><input name="b" value="2"><textarea name="t">oud &amp; &lt;</textarea>
<select name="s"><option value="x" selected>X</option><option value="y">Y</option></select>
<label><input type="radio" name="r" value="1" checked></label><input type="radio" name="r" value="2">
<input type="checkbox" name="c" value="on" checked><input type="password" name="p"></form>
<p>&eacute; &#233; <!-- blijft --></p></main></body></html>"""


def test_every_kind_of_field_gets_its_value_back_and_the_rest_of_the_page_stays() -> None:
    fields = [("seen_version", "7"), ("a", 'nieuw "1"'), ("b", "3"), ("b", "4"), ("t", "regel <1>\nregel 2")]
    fields += [("s", "y"), ("r", "2"), ("p", "x")]

    page = refill(PAGE, "/pagina/?x=1", parked.Parked("/pagina/?x=1", "/pagina/", tuple(fields)))

    assert page is not None
    for there in (
        'name="q" value="laat staan"',
        'name="csrfmiddlewaretoken" value="vers"',
        'name="seen_version" value="7"',
        'name="a" value="nieuw &quot;1&quot;"',
        'name="b" value="3"',
        'name="b" value="4"',
        '<textarea name="t">\nregel &lt;1&gt;\nregel 2</textarea>',
        '<option value="x">X</option><option value="y" selected>Y</option>',
        '<input type="radio" name="r" value="1">',
        '<input type="radio" name="r" value="2" checked>',
        '<input type="checkbox" name="c" value="on">',
        '<input type="password" name="p">',
        "<p>&eacute; &#233; <!-- blijft --></p></main></body></html>",
    ):
        assert there in page
