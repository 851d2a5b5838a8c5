"""Signing in: one sentence for everything that is wrong, no open redirect, demo accounts in a demo only."""

from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.test import Client
from django.utils import translation

from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from partners.models import Member, Membership, Role
from tests.cast import DEMO_PASSWORD, PRINCIPAL, Cast, sign_in

pytestmark = pytest.mark.django_db

FAILED = "Aanmelden is niet gelukt. Controleer uw gegevens of bel de servicedesk."


@pytest.fixture
def member(cast: Cast, settings: Any) -> Member:
    settings.LEIDRAAD_DEMO = True
    return cast.regievoerder


def try_to_sign_in(client: Client, username: str, password: str, **more: str) -> Any:
    return client.post("/aanmelden/", {"username": username, "password": password, **more})


def said(response: Any) -> list[str]:
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_a_member_signs_in_and_starts_at_the_home_page(client: Client, member: Member) -> None:
    response = try_to_sign_in(client, "regievoerder", DEMO_PASSWORD)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(member.pk)


def test_the_user_name_is_not_about_capitals(client: Client, member: Member) -> None:
    assert try_to_sign_in(client, "Regievoerder", DEMO_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"), [("regievoerder", "wrong"), ("nobody", DEMO_PASSWORD), ("nobody", "wrong")]
)
def test_a_failure_never_says_which_part_is_wrong(client: Client, member: Member, username: str, password: str) -> None:
    response = try_to_sign_in(client, username, password)

    assert response.status_code == 422
    assert said(response) == [FAILED]
    assert "_auth_user_id" not in client.session


def test_an_inactive_member_reads_the_same_sentence(client: Client, member: Member) -> None:
    member.is_active = False
    save_as(member, by=PRINCIPAL)

    assert said(try_to_sign_in(client, "regievoerder", DEMO_PASSWORD)) == [FAILED]


def test_a_demo_account_is_refused_outside_a_demo(client: Client, member: Member, settings: Any) -> None:
    settings.LEIDRAAD_DEMO = False

    assert said(try_to_sign_in(client, "regievoerder", DEMO_PASSWORD)) == [FAILED]


def test_a_member_of_the_real_register_signs_in_outside_a_demo(client: Client, member: Member, settings: Any) -> None:
    settings.LEIDRAAD_DEMO = False
    member.is_demo = False
    save_as(member, by=PRINCIPAL)

    assert try_to_sign_in(client, "regievoerder", DEMO_PASSWORD).status_code == 302


@pytest.mark.parametrize("username", ["regievoerder", "nobody"])
def test_five_failures_give_a_pause_whether_or_not_the_name_exists(
    client: Client, member: Member, username: str
) -> None:
    for _attempt in range(5):
        try_to_sign_in(client, username, "wrong")

    response = try_to_sign_in(client, username, DEMO_PASSWORD)

    assert response.status_code == 429
    assert "Dit is te vaak geprobeerd. Wacht vijf minuten" in response.content.decode()


def fail(client: Client, username: str, times: int, address: str) -> None:
    for _attempt in range(times):
        client.post("/aanmelden/", {"username": username, "password": "wrong"}, REMOTE_ADDR=address)


def try_from(client: Client, username: str, address: str, **more: Any) -> int:
    data = {"username": username, "password": DEMO_PASSWORD}
    return int(client.post("/aanmelden/", data, REMOTE_ADDR=address, **more).status_code)


def test_who_fails_elsewhere_holds_up_nobody_here(client: Client, member: Member) -> None:
    fail(client, "regievoerder", 6, "203.0.113.9")

    assert try_from(client, "regievoerder", "203.0.113.9") == 429
    assert try_from(client, "regievoerder", "198.51.100.1") == 302


def test_a_whole_site_behind_one_address_works_on_when_some_of_its_people_fail(client: Client, member: Member) -> None:
    for number in range(40):
        fail(client, f"collega-{number}", 2, "198.51.100.1")
    fail(client, "manager", 6, "198.51.100.1")

    assert try_from(client, "manager", "198.51.100.1") == 429
    assert try_from(client, "regievoerder", "198.51.100.1") == 302


def test_a_name_that_is_tried_from_everywhere_has_a_pause_everywhere(client: Client, member: Member) -> None:
    for number in range(50):
        fail(client, "regievoerder", 1, f"203.0.113.{number}")

    assert try_from(client, "regievoerder", "198.51.100.1") == 429


def test_an_address_that_tries_hundreds_of_names_has_a_pause(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.sign_in.adapters.FAILURES_OF_ADDRESS", 20)
    for number in range(20):
        fail(client, f"naam-{number}", 1, "203.0.113.9")

    assert try_from(client, "regievoerder", "203.0.113.9") == 429
    assert try_from(client, "regievoerder", "198.51.100.1") == 302


def test_people_behind_one_address_share_no_lock_when_they_sign_in(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would lock per address, and tell whoever waits longer than a second to come back later."""
    used: list[str] = []
    real = ratelimit.get_cache_key

    def noting(*args: Any, **kwargs: Any) -> str:
        used.append(real(*args, **kwargs))
        return used[-1]

    monkeypatch.setattr(ratelimit, "get_cache_key", noting)

    assert try_from(client, "regievoerder", "198.51.100.1") == 302

    assert used
    assert not [key for key in used if "198.51.100.1" in key or ":ip:" in key]


def test_a_sender_cannot_name_another_address_when_no_proxy_stands_before_us(client: Client, member: Member) -> None:
    fail(client, "regievoerder", 6, "203.0.113.9")

    assert try_from(client, "regievoerder", "203.0.113.9", headers={"X-Forwarded-For": "198.51.100.1"}) == 429


def test_a_success_forgets_earlier_failures(client: Client, member: Member) -> None:
    for _round in range(2):
        for _attempt in range(4):
            try_to_sign_in(client, "regievoerder", "wrong")
        assert try_to_sign_in(client, "regievoerder", DEMO_PASSWORD).status_code == 302
        client.post("/afmelden/")


def test_after_signing_in_the_page_that_was_asked_for_opens(client: Client, member: Member) -> None:
    asked = client.get("/zaken/")
    assert asked["Location"] == "/aanmelden/?next=/zaken/"

    assert try_to_sign_in(client, "regievoerder", DEMO_PASSWORD, next="/zaken/")["Location"] == "/zaken/"


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com", "http:///example.com"]
)
def test_no_redirect_leads_off_this_site(client: Client, member: Member, target: str) -> None:
    assert try_to_sign_in(client, "regievoerder", DEMO_PASSWORD, next=target)["Location"] == "/"
    assert client.post("/taal/", {"language": "en", "next": target})["Location"] == "/"
    membership = member.valid_memberships.get()
    assert client.post("/werken-als/", {"membership": membership.pk, "next": target})["Location"] == "/"


def test_who_works_for_several_units_chooses_first(client: Client, member: Member, cast: Cast) -> None:
    second = Membership(member=member, unit=cast.unit("dtv-zuid-1"), role=Role.objects.get(code="case_director"))
    save_as(second, by=PRINCIPAL)

    response = try_to_sign_in(client, "regievoerder", DEMO_PASSWORD, next="/zaken/")

    assert response["Location"] == "/werken-als/?next=%2Fzaken%2F"


def test_signing_out_takes_a_post(client: Client, member: Member) -> None:
    sign_in(client, member)

    assert client.get("/afmelden/").status_code == 405
    assert client.post("/afmelden/")["Location"] == "/aanmelden/"
    assert client.get("/mijn-werk/")["Location"] == "/aanmelden/?next=/mijn-werk/"


def test_the_page_says_which_environment_this_is_and_whom_to_call(client: Client, member: Member) -> None:
    text = client.get("/aanmelden/").content.decode()

    assert "Dit is de omgeving <b>Demo</b>" in text
    assert "Alleen voor uw werk; inzage wordt vastgelegd." in text
    assert "servicedesk" in text


def test_the_browser_keeps_no_page_of_a_signed_in_member(client: Client, member: Member) -> None:
    page = sign_in(client, member).get("/mijn-werk/")

    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")


def test_the_list_of_demo_accounts_exists_in_a_demo_only(client: Client, member: Member, settings: Any) -> None:
    assert "regievoerder2" in client.get("/aanmelden/voorbeeldpersonen/").content.decode()

    settings.LEIDRAAD_DEMO = False

    assert client.get("/aanmelden/voorbeeldpersonen/").status_code == 404
    assert "voorbeeldpersonen" not in client.get("/aanmelden/").content.decode()


def test_signing_in_and_failing_are_events_and_the_typed_name_is_in_neither(client: Client, member: Member) -> None:
    try_to_sign_in(client, "nobody", "wrong")
    try_to_sign_in(client, "regievoerder", DEMO_PASSWORD)

    failed, succeeded = Event.objects.filter(kind__startswith="sign_in").order_by("pk")
    assert (failed.kind, failed.member_name, failed.detail) == (EventKind.SIGN_IN_FAILED, "", {})
    assert (succeeded.kind, succeeded.member_id) == (EventKind.SIGN_IN, member.pk)


def test_an_empty_form_says_what_to_fill_in(client: Client, member: Member) -> None:
    response = try_to_sign_in(client, "", "")

    errors = response.context["form"].errors
    assert errors["login"] == ["Vul uw gebruikersnaam in."]
    assert errors["password"] == ["Vul uw wachtwoord in."]
    assert "<title>Fout:" in response.content.decode()


def test_the_language_before_signing_in_is_kept_in_a_cookie(client: Client, member: Member) -> None:
    client.post("/taal/", {"language": "en", "next": "/aanmelden/"})

    assert "Sign in to Leidraad" in client.get("/aanmelden/").content.decode()


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [("", "", "nl"), ("", "fr,en;q=0.8", "en"), ("", "nl,en;q=0.8", "nl"), ("nl", "en", "nl"), ("xx", "", "nl")],
)
def test_before_signing_in_the_cookie_speaks_then_the_browser_then_dutch(
    client: Client, cookie: str, header: str, expected: str
) -> None:
    if cookie:
        client.cookies["leidraad_language"] = cookie

    html = client.get("/aanmelden/", headers={"Accept-Language": header}).content.decode()

    assert f'<html lang="{expected}"' in html


def test_the_sign_in_page_after_signing_out_stays_in_the_language_of_the_member(client: Client, member: Member) -> None:
    member.language = "en"
    save_as(member, by=PRINCIPAL)
    try_to_sign_in(client, "regievoerder", DEMO_PASSWORD)
    client.get("/hulp/")
    client.post("/afmelden/")

    assert '<html lang="en"' in client.get("/aanmelden/").content.decode()


def test_the_language_of_a_member_is_kept_with_history(client: Client, member: Member) -> None:
    sign_in(client, member)

    client.post("/taal/", {"language": "en", "next": "/mijn-werk/"})

    member = Member.objects.get(pk=member.pk)
    assert member.language == "en"
    assert (member.history.latest().history_user, member.history.latest().language) == (member, "en")
    with translation.override("nl"):
        assert '<html lang="en"' in client.get("/mijn-werk/").content.decode()


def test_an_unknown_language_changes_nothing(client: Client, member: Member) -> None:
    sign_in(client, member)

    assert client.post("/taal/", {"language": "xx"}).status_code == 302
    assert Member.objects.get(pk=member.pk).language == "nl"
