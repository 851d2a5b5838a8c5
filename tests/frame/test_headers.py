"""Every kind of answer carries every header that protects its reader, over TLS as in production."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, sign_in
from tests.frame.test_error_pages import provoke

pytestmark = [pytest.mark.urls("tests.frame.test_error_pages"), pytest.mark.django_db]

ERRORS = ("400", "403_csrf", "404", "405", "413", "429", "500", "503")
OWN = ("page", "fragment", "redirect", "refusal", "missing", "download", "wrong form")
OPEN_KINDS = ("sign-in", "static", "health")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}


@pytest.fixture
def over_tls(settings: Any) -> None:
    settings.SECURE_TLS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


class Browser(Client):
    """Over TLS, as production is, and with the page of a fault instead of the fault."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True, raise_request_exception=False)
        self.defaults["HTTP_REFERER"] = "https://testserver/"

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        return super().generic(*args, **{**kwargs, "secure": True})


def answer(kind: str, cast: Cast, settings: Any) -> Any:
    client = Browser()
    if kind in ERRORS:
        return provoke(client, kind, settings)
    if kind in OPEN_KINDS:
        paths = {"sign-in": "/aanmelden/", "static": "/static/leidraad/icon.svg", "health": "/healthz"}
        return client.get(paths[kind])
    sign_in(client, cast.manager)
    if kind == "fragment":
        return client.get("/zaken/", headers={"HX-Request": "true"})
    if kind == "wrong form":
        client.get("/beveiliging/app/")
        token = client.cookies["csrftoken"].value
        return client.post("/beveiliging/app/", {"code": "", "csrfmiddlewaretoken": token})
    paths = {
        "page": "/mijn-werk/",
        "redirect": "/",
        "refusal": "/overdrachten/inlezen/",
        "missing": "/zaken/Z-2026-999999/",
        "download": "/rapportages/cijfers.csv",
    }
    return client.get(paths[kind])


STATUS = {
    **{kind: int(kind[:3]) for kind in ERRORS},
    "page": 200,
    "fragment": 200,
    "redirect": 302,
    "refusal": 403,
    "missing": 404,
    "download": 200,
    "wrong form": 422,
    **dict.fromkeys(OPEN_KINDS, 200),
}


@pytest.mark.usefixtures("over_tls")
@pytest.mark.parametrize("kind", [*ERRORS, *OWN, *OPEN_KINDS])
def test_every_kind_of_answer_carries_every_header(cast: Cast, settings: Any, kind: str) -> None:
    response = answer(kind, cast, settings)

    assert response.status_code == STATUS[kind]
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";") if part.strip())
    assert policy == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture"):
        assert f"{feature}=()" in response["Permissions-Policy"]
    for cookie in response.cookies.values():
        assert cookie["secure"], cookie.key
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


@pytest.mark.usefixtures("over_tls")
@pytest.mark.parametrize("kind", OWN)
def test_no_browser_keeps_what_a_member_was_shown(cast: Cast, settings: Any, kind: str) -> None:
    assert set(re.split(r",\s*", answer(kind, cast, settings)["Cache-Control"])) >= {"private", "no-store"}


@pytest.mark.usefixtures("over_tls")
def test_without_tls_every_address_leads_to_the_same_one_with_tls(client: Client) -> None:
    response = client.get("/aanmelden/?next=/zaken/")

    assert (response.status_code, response["Location"]) == (301, "https://testserver/aanmelden/?next=/zaken/")
    assert client.get("/healthz").status_code == 200
