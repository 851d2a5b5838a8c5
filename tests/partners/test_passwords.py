"""Choosing a password: weak and leaked ones are refused, and a source that is away refuses nothing."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from leidraad.lib.audit import save_as
from partners.models import Member
from partners.sign_in import passwords
from tests.cast import DEMO_PASSWORD, PRINCIPAL, Cast, sign_in
from tests.partners.factors import give_password

GOOD = "fiets-kelder-wolk-7"


def refused(password: str, user: Any = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "Welkom01!!!!",
        "W3lk0m2026!!",
        "!!!wachtwoord123",
        "November-2026!",
        "kort",
        "123456789012",
        "qwertyuiop12",
        "leidraad2026",
    ],
)
def test_much_used_and_short_passwords_are_refused(password: str) -> None:
    assert refused(password)


def test_a_password_of_several_words_is_taken() -> None:
    assert refused(GOOD) == set()


def test_a_password_like_the_own_name_is_refused() -> None:
    assert refused("hofstra-regie", Member(username="hofstra-regie", display_name="M. Hofstra"))


# --- leaked ---------------------------------------------------------------------------------------------------------


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def leaked_file(tmp_path: Path, settings: Any) -> Callable[..., None]:
    def write(*leaked: str) -> None:
        lines = sorted([*map(digest, leaked), *(digest(f"vulling {number}") for number in range(200))])
        path = tmp_path / "leaked.txt"
        path.write_text("".join(f"{line}:3\r\n" for line in lines))
        settings.LEIDRAAD_BREACHED_PASSWORDS = str(path)

    return write


def test_every_password_in_the_file_is_found_and_no_other(leaked_file: Callable[..., None]) -> None:
    leaked = [f"{GOOD} {number}" for number in range(50)]
    leaked_file(*leaked)

    assert all(refused(password) == {passwords.LEAKED} for password in leaked)
    assert not any(refused(f"{GOOD} {number}") for number in range(50, 100))


class Answer:
    def __init__(self, text: str) -> None:
        self.text = text

    def raise_for_status(self) -> None: ...


def test_a_range_service_hears_five_characters_of_the_hash_only(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LEIDRAAD_BREACHED_PASSWORDS = "https://leaks.invalid/range/"
    asked: list[str] = []

    def get(address: str, **_: Any) -> Answer:
        asked.append(address)
        return Answer(f"{'0' * 35}:0\r\n{digest(GOOD)[5:]}:12\r\n{digest('padding')[5:]}:0")

    monkeypatch.setattr(requests, "get", get)

    assert refused(GOOD) == {passwords.LEAKED}
    assert asked == [f"https://leaks.invalid/range/{digest(GOOD)[:5]}"]


def test_a_source_that_is_away_refuses_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Answer:
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "get", away)
    for source in ("https://leaks.invalid/range/", "/nergens/leaked.txt"):
        settings.LEIDRAAD_BREACHED_PASSWORDS = source
        assert refused(GOOD) == set()


def test_without_a_source_nothing_is_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "get", lambda *_, **__: pytest.fail("asked"))

    assert settings.LEIDRAAD_BREACHED_PASSWORDS == ""
    assert refused(GOOD) == set()


@pytest.mark.django_db
def test_signing_in_never_asks_whether_the_password_leaked(
    client: Client, cast: Cast, leaked_file: Callable[..., None]
) -> None:
    leaked_file(DEMO_PASSWORD)

    assert give_password(client, "regievoerder").status_code == 302


# --- changing it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def member(cast: Cast, settings: Any) -> Member:
    settings.LEIDRAAD_DEMO, settings.LEIDRAAD_SECOND_FACTOR = False, False
    member = cast.regievoerder
    member.is_demo = False
    return save_as(member, by=PRINCIPAL)


def change(client: Client, old: str = DEMO_PASSWORD, new: str = GOOD, again: str = "") -> Any:
    return client.post("/beveiliging/wachtwoord/", {"oldpassword": old, "password1": new, "password2": again or new})


@pytest.mark.django_db
def test_a_member_changes_the_password_with_history_and_other_devices_are_signed_out(
    client: Client, member: Member
) -> None:
    other = Client()
    for browser in (client, other):
        give_password(browser, "regievoerder")

    assert change(client)["Location"] == "/beveiliging/"

    assert client.get("/mijn-werk/").status_code == 200
    assert other.get("/mijn-werk/")["Location"].startswith("/aanmelden/")
    assert give_password(Client(), "regievoerder", GOOD).status_code == 302
    assert give_password(Client(), "regievoerder").status_code == 422
    newest = Member.objects.get(pk=member.pk).history.latest()
    assert (newest.history_user_id, newest.history_change_reason) == (member.pk, "Password changed")
    assert not hasattr(newest, "password")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"old": "verkeerd"}, "Dit is niet uw huidige wachtwoord."),
        ({"again": "iets-anders-nog-7"}, "De twee nieuwe wachtwoorden zijn verschillend."),
        ({"new": "Welkom01!!!!"}, "veelgebruikt woord met iets erbij"),
        ({"new": "kort"}, "12"),
    ],
)
def test_a_wrong_change_says_what_is_wrong(client: Client, member: Member, given: dict[str, str], said: str) -> None:
    sign_in(client, member)

    response = change(client, **given)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Member.objects.get(pk=member.pk).check_password(DEMO_PASSWORD)


@pytest.mark.django_db
def test_demo_accounts_keep_the_password_that_everybody_knows(client: Client, cast: Cast) -> None:
    sign_in(client, cast.regievoerder)

    assert change(client)["Location"] == "/beveiliging/"
    assert cast.regievoerder.check_password(DEMO_PASSWORD)
