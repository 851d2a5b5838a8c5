"""Each error code has a page in both languages, reached by a real request, that leaks nothing and needs nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateSyntaxError
from django.test import Client
from django.urls import include, path

from leidraad.pages import faults
from tests.cast import Cast, sign_in

DESK = django_settings.LEIDRAAD_SERVICE_DESK


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("/srv/secret/path and a name")


def without_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to server at 10.0.0.7 failed")


urlpatterns = [
    path("kapot/", breaks),
    path("weg/", without_database),
    path("", include("leidraad.urls")),
]
handler400 = "leidraad.pages.faults.bad_request"
handler403 = "leidraad.pages.refusals.forbidden"
handler404 = "leidraad.pages.faults.not_found"
handler500 = "leidraad.pages.faults.fault"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def visitor() -> Client:
    """A browser that gets the page of a fault, not the fault, and whose forms are checked for their key."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def provoke(client: Client, code: str, settings: Any) -> Any:
    if code == "400":
        return client.get("/aanmelden/", headers={"Host": "evil.example"})
    if code == "403_csrf":
        return client.post("/aanmelden/", {"username": "a"})
    if code == "404":
        return client.get("/bestaat/niet/")
    if code == "405":
        return client.get("/taal/")
    if code == "413":
        client.get("/aanmelden/")
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        return client.post("/aanmelden/", {"username": "a" * 100}, content_type="application/x-www-form-urlencoded")
    if code == "429":
        client.get("/aanmelden/")
        token = client.cookies["csrftoken"].value
        wrong = {"username": "iemand", "password": "x", "csrfmiddlewaretoken": token}
        for _attempt in range(5):
            client.post("/aanmelden/", wrong)
        return client.post("/aanmelden/", wrong)
    return client.get({"500": "/kapot/", "503": "/weg/"}[code])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("code", ["400", "403_csrf", "404", "405", "413", "429", "500", "503"])
def test_each_error_has_a_page_in_the_language_of_the_reader(
    visitor: Client, settings: Any, code: str, language: str
) -> None:
    visitor.cookies["leidraad_language"] = language

    response = provoke(visitor, code, settings)

    html = response.content.decode()
    assert response.status_code == int(code[:3])
    assert html.count("<h1>") == 1
    assert f'<html lang="{language}"' in html
    assert DESK in html
    assert code == "404" or re.search(r'class="reference">[0-9a-f]{12}<', html)
    assert ("Naar de startpagina" if language == "nl" else "To the start page") in html
    for leaked in ("Traceback", "secret", "10.0.0.7", "site-packages", "RuntimeError", "evil.example"):
        assert leaked not in html


def test_a_refusal_names_the_number_and_the_desk_too(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast.regievoerder).get("/overdrachten/inlezen/").content.decode()

    assert DESK in html
    assert 'class="reference"' in html


def test_the_address_that_a_form_goes_to_says_so_and_keeps_its_header(client: Client) -> None:
    response = client.get("/taal/")

    assert response["Allow"] == "POST"
    assert "niet rechtstreeks openen" in response.content.decode()


def test_an_unavailable_database_says_when_to_come_back_and_offers_to_try(visitor: Client) -> None:
    response = visitor.get("/weg/")

    assert response["Retry-After"] == faults.RETRY_SECONDS
    assert "Probeer opnieuw" in response.content.decode()
    assert "Probeer opnieuw" not in visitor.post("/weg/").content.decode()


def test_the_page_of_a_fault_comes_when_the_database_is_away_before_anybody_is_known(
    visitor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(visitor, cast.regievoerder)
    monkeypatch.setattr("partners.middleware.choose_membership", lambda *_: without_database(HttpRequest()))

    response = visitor.get("/mijn-werk/")

    assert response.status_code == 503
    assert "niet beschikbaar" in response.content.decode()


def test_the_page_of_a_fault_comes_when_the_frame_around_pages_fails(
    visitor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(visitor, cast.regievoerder)
    monkeypatch.setattr("leidraad.pages.context.menu_of", lambda member: breaks(HttpRequest()))

    response = visitor.get("/hulp/")

    assert response.status_code == 500
    assert 'class="reference"' in response.content.decode()


def test_words_come_even_when_no_template_can_be_drawn(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise TemplateSyntaxError(name)

    monkeypatch.setattr(faults, "get_template", broken)

    response = visitor.get("/kapot/")

    assert response.status_code == 500
    assert "Er ging iets mis in Leidraad" in response.content.decode()


def test_a_lock_that_took_too_long_is_no_database_that_is_away() -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    error = OperationalError("deadlock")
    error.__cause__ = Deadlock()

    assert not faults.is_away(error)
    assert faults.is_away(OperationalError("no connection"))
    assert not faults.is_away(RuntimeError())


@pytest.fixture(autouse=True)
def _no_attempts_left_behind() -> Iterator[None]:
    yield
    cache.clear()
