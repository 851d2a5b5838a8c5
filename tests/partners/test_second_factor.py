"""The second step: required outside the demo, by one gate before every page; app, passkey and recovery codes."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from partners.models import Member
from partners.sign_in import factor
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.partners.factors import app_of, code_of, give_password, kinds_of, recovery_codes_of
from tests.test_access import OPEN, address, routes
from tests.world import Keys

pytestmark = pytest.mark.django_db

WRONG = "Deze code klopt niet of geldt niet meer."


@pytest.fixture
def member(cast: Cast, settings: Any) -> Member:
    """Of the real register, where a second step is required."""
    settings.LEIDRAAD_DEMO = False
    member = cast.regievoerder
    member.is_demo = False
    return save_as(member, by=PRINCIPAL)


def second_step(client: Client, code: str) -> Any:
    return client.post("/aanmelden/tweede-stap/", {"code": code})


# --- whether it is required -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("demo", "chosen", "required"),
    [(True, None, False), (False, None, True), (True, True, True), (False, False, False), (False, True, True)],
)
def test_a_second_step_is_required_outside_the_demo_unless_the_administrator_chose(
    settings: Any, demo: bool, chosen: bool | None, required: bool
) -> None:
    settings.LEIDRAAD_DEMO, settings.LEIDRAAD_SECOND_FACTOR = demo, chosen

    assert factor.is_required() is required


def test_the_demo_takes_name_and_password_only(client: Client, cast: Cast) -> None:
    assert give_password(client, "regievoerder")["Location"] == "/"
    assert client.get("/mijn-werk/").status_code == 200


# --- the gate -------------------------------------------------------------------------------------------------------


def test_who_has_no_second_step_is_led_to_setting_one_up_whatever_was_asked(client: Client, member: Member) -> None:
    """Every address, with GET and with POST."""
    sign_in(client, member)
    # A calendar program has no session: it comes with the secret of its address (tests/terms/test_feed.py).
    let_through = factor.OPEN | factor.SETTING_UP | OPEN | {"terms:feed"}

    wrong = []
    for name in sorted(set(routes()) - let_through - {"mfa_authenticate"}):
        for method in (client.get, client.post):
            response = method(address(name, Keys()))
            if (response.status_code, response.get("Location")) != (302, "/beveiliging/"):
                wrong.append(f"{method.__name__} {name}: {response.status_code}")

    assert not wrong, "\n".join(wrong)


def test_before_the_gate_only_setting_up_and_leaving_are_open(client: Client, member: Member) -> None:
    sign_in(client, member)

    page = client.get("/beveiliging/").content.decode()

    assert "Stel uw tweede stap in" in page
    assert "main-nav" not in page
    assert client.get("/beveiliging/app/").status_code == 200
    assert client.get("/beveiliging/passkeys/nieuw/").status_code == 200
    assert client.post("/afmelden/")["Location"] == "/aanmelden/"


def test_a_session_without_the_proof_of_a_member_with_a_second_step_has_to_sign_in_again(
    client: Client, member: Member
) -> None:
    app_of(member)
    sign_in(client, member)

    for path in ("/mijn-werk/", "/beveiliging/", "/beveiliging/app/", "/beveiliging/passkeys/nieuw/"):
        response = client.get(path)
        assert response["Location"].startswith("/aanmelden/?next="), path
        assert "_auth_user_id" not in client.session
        sign_in(client, member)


def test_the_proof_costs_no_query_once_it_is_given(client: Client, member: Member) -> None:
    secret = app_of(member)
    give_password(client, "regievoerder")
    second_step(client, code_of(secret))

    with CaptureQueriesContext(connection) as seen:
        assert client.get("/weergave/").status_code == 200
    assert not [query for query in seen if "mfa_authenticator" in query["sql"]]


# --- signing in with it ---------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(client: Client, member: Member) -> None:
    app_of(member)

    assert give_password(client, "regievoerder")["Location"] == "/aanmelden/tweede-stap/"
    assert "_auth_user_id" not in client.session
    assert client.get("/mijn-werk/")["Location"].startswith("/aanmelden/")


def test_password_and_code_open_the_page_that_was_asked_for(client: Client, member: Member) -> None:
    secret = app_of(member)
    give_password(client, "regievoerder", next="/zaken/")

    assert second_step(client, code_of(secret))["Location"] == "/zaken/"
    assert client.get("/zaken/").status_code == 200
    assert Event.objects.get(kind=EventKind.SIGN_IN).detail == {"by": ["password", "totp"]}


def test_a_member_with_a_second_step_is_asked_for_it_in_the_demo_too(client: Client, cast: Cast) -> None:
    app_of(cast.regievoerder)

    assert give_password(client, "regievoerder")["Location"] == "/aanmelden/tweede-stap/"


def test_a_code_works_once(client: Client, member: Member) -> None:
    code = code_of(app_of(member))
    for expected in (302, 422):
        other = Client()
        give_password(other, "regievoerder")
        assert second_step(other, code).status_code == expected


def test_a_wrong_code_says_so_and_is_an_event_with_the_member(client: Client, member: Member) -> None:
    app_of(member)
    give_password(client, "regievoerder")

    response = second_step(client, "000000")

    assert response.status_code == 422
    assert WRONG in response.content.decode()
    event = Event.objects.get(kind=EventKind.SIGN_IN_FAILED)
    assert (event.member_id, event.detail) == (member.pk, {"second_step": "totp"})


def test_five_wrong_codes_give_a_pause_also_for_the_right_one(client: Client, member: Member) -> None:
    secret = app_of(member)
    give_password(client, "regievoerder")
    for _attempt in range(5):
        second_step(client, "000000")

    assert second_step(client, code_of(secret)).status_code == 429


def test_each_recovery_code_stands_in_for_the_phone_once(client: Client, member: Member) -> None:
    app_of(member)
    code = recovery_codes_of(member)[0]
    give_password(client, "regievoerder")
    assert second_step(client, code)["Location"] == "/"

    other = Client()
    give_password(other, "regievoerder")

    assert second_step(other, code).status_code == 422
    assert len(recovery_codes_of(member)) == 9


def test_recovery_codes_alone_are_no_second_step(member: Member) -> None:
    app_of(member)
    Authenticator.objects.filter(user=member, type="totp").delete()

    assert not factor.has_factor(member)


# --- setting one up and removing it ---------------------------------------------------------------------------------


@pytest.fixture
def enrolled(client: Client, member: Member, django_capture_on_commit_callbacks: Any) -> Client:
    """Signed in with a password, and the app set up through its page."""
    give_password(client, "regievoerder")
    client.get("/beveiliging/app/")
    code = code_of(client.session["mfa.totp.secret"])
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/beveiliging/app/", {"code": code})
    assert response["Location"] == "/beveiliging/herstelcodes/"
    return client


def test_setting_up_the_app_opens_the_work_and_gives_recovery_codes_once(enrolled: Client, member: Member) -> None:
    first = enrolled.get("/beveiliging/herstelcodes/").content.decode()

    assert all(code in first for code in recovery_codes_of(member))
    assert "U ziet deze codes alleen nu." in first
    assert kinds_of(member) == {"totp", "recovery_codes"}
    assert enrolled.get("/mijn-werk/").status_code == 200
    again = enrolled.get("/beveiliging/herstelcodes/", follow=True).content.decode()
    assert not any(code in again for code in recovery_codes_of(member))


def test_setting_up_is_an_event(enrolled: Client, member: Member) -> None:
    kept = Event.objects.filter(kind=EventKind.SECOND_FACTOR).order_by("pk")

    assert [event.detail for event in kept] == [
        {"act": "added", "type": "totp"},
        {"act": "added", "type": "recovery_codes"},
    ]
    assert {event.member_id for event in kept} == {member.pk}


def test_the_page_shows_the_key_as_picture_and_as_text(client: Client, member: Member) -> None:
    give_password(client, "regievoerder")

    page = client.get("/beveiliging/app/").content.decode()

    secret = client.session["mfa.totp.secret"]
    assert "data:image/svg+xml;base64," in page
    assert " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) in page


def test_a_wrong_code_sets_up_nothing_and_keeps_the_key(client: Client, member: Member) -> None:
    give_password(client, "regievoerder")
    client.get("/beveiliging/app/")
    secret = client.session["mfa.totp.secret"]

    response = client.post("/beveiliging/app/", {"code": "000000"})

    assert response.status_code == 422
    assert client.session["mfa.totp.secret"] == secret
    assert kinds_of(member) == set()


def test_the_secret_is_not_readable_in_the_database(member: Member) -> None:
    secret = app_of(member)

    assert secret not in str(Authenticator.objects.get(user=member, type="totp").data)


def test_the_last_second_step_stays_where_one_is_required(enrolled: Client, member: Member) -> None:
    enrolled.post("/bevestigen/", {"password": "leidraad-demo"})

    response = enrolled.post("/beveiliging/app/verwijderen/")

    assert response.status_code == 422
    assert "Voeg eerst een andere toe" in response.content.decode()
    assert "totp" in kinds_of(member)


def test_in_the_demo_the_app_can_be_removed_and_its_recovery_codes_go_with_it(client: Client, cast: Cast) -> None:
    secret = app_of(cast.regievoerder)
    give_password(client, "regievoerder")
    second_step(client, code_of(secret))
    client.post("/bevestigen/", {"password": "leidraad-demo"})

    assert client.post("/beveiliging/app/verwijderen/")["Location"] == "/beveiliging/"
    assert kinds_of(cast.regievoerder) == set()


@pytest.mark.parametrize(
    "path", ["/beveiliging/app/verwijderen/", "/beveiliging/passkeys/nieuw/", "/beveiliging/herstelcodes/nieuw/"]
)
def test_what_changes_a_second_step_asks_again_who_this_is(client: Client, member: Member, path: str) -> None:
    secret = app_of(member)
    give_password(client, "regievoerder")
    second_step(client, code_of(secret))

    assert client.get(path)["Location"] == f"/bevestigen/?next={path.replace('/', '%2F')}"
    assert client.post("/bevestigen/", {"password": "verkeerd", "next": path}).status_code == 422
    assert client.post("/bevestigen/", {"password": "leidraad-demo", "next": path})["Location"] == path


def test_new_recovery_codes_replace_the_old(enrolled: Client, member: Member) -> None:
    old = recovery_codes_of(member)
    enrolled.post("/bevestigen/", {"password": "leidraad-demo"})

    assert enrolled.post("/beveiliging/herstelcodes/nieuw/")["Location"] == "/beveiliging/herstelcodes/"
    assert not set(old) & set(recovery_codes_of(member))


def test_the_passkey_of_another_member_is_not_found(enrolled: Client, cast: Cast) -> None:
    other = Authenticator.objects.create(user=cast.manager, type="webauthn", data={"name": "Sleutel", "credential": {}})
    enrolled.post("/bevestigen/", {"password": "leidraad-demo"})

    assert enrolled.post(f"/beveiliging/passkeys/{other.pk}/verwijderen/").status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_an_answer_that_no_device_gave_is_refused(client: Client, member: Member) -> None:
    give_password(client, "regievoerder")
    client.get("/beveiliging/passkeys/nieuw/")

    for credential in ("", "x", "{}", '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}', "[1]"):
        response = client.post("/beveiliging/passkeys/nieuw/", {"name": "Laptop", "credential": credential})
        assert response.status_code == 422, credential
    for credential in ("", "{}", '{"response": {"userHandle": "AA"}}', '{"response": {}}', "[]", "3"):
        response = Client().post("/aanmelden/passkey/", {"credential": credential})
        assert (response.status_code, response["Location"]) == (302, "/aanmelden/"), credential


def test_the_service_desk_resets_the_second_step_of_who_lost_everything(client: Client, member: Member) -> None:
    secret = app_of(member)
    give_password(client, "regievoerder")
    second_step(client, code_of(secret))

    call_command("reset_second_factor", "regievoerder", verbosity=0)

    assert kinds_of(member) == set()
    assert client.get("/mijn-werk/")["Location"].startswith("/aanmelden/")
    event = Event.objects.filter(kind=EventKind.SECOND_FACTOR).get()
    assert (event.member_id, event.detail) == (member.pk, {"act": "reset", "by": "reset_second_factor"})
