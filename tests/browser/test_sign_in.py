"""Signing in as a person does: a passkey on the device, the app's code, what the browser shows after signing out."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from leidraad.lib.audit import save_as
from partners.models import Member
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.partners.factors import app_of, code_of, kinds_of, recovery_codes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def device_of(page: Page) -> Any:
    """A device with passkeys, as Chromium plays it: it always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def fill_password(desk: Desk) -> Page:
    page = desk.goto("/aanmelden/")
    page.fill("input[name=username]", desk.username)
    page.fill("input[name=password]", "leidraad-demo")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


@pytest.fixture
def member(cast: Cast, settings: Any) -> Member:
    settings.LEIDRAAD_SECOND_FACTOR = True
    return cast.regievoerder


def test_a_first_passkey_opens_the_work_and_later_signs_in_alone(desk: Callable[..., Desk], member: Member) -> None:
    person = desk("regievoerder", signed_in=False)
    device_of(person.page)
    page = fill_password(person)
    assert page.url.endswith("/beveiliging/")
    person.check("security-before")
    page.get_by_role("link", name="Toevoegen Passkey").click()
    person.check("passkey-new")
    page.fill("input[name=name]", "Laptop van het werk")
    page.get_by_role("button", name="Deze passkey toevoegen").click()
    page.wait_for_url("**/beveiliging/herstelcodes/")
    person.check("recovery-codes")
    assert page.locator(".recovery-codes li").count() == 10
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    page.wait_for_url("**/mijn-werk/")
    person.goto("/beveiliging/")
    person.check("security")
    assert "Laptop van het werk" in page.inner_text("main")

    page.locator("details.account summary").click()
    page.get_by_role("button", name="Afmelden").click()
    page.wait_for_url("**/aanmelden/")
    person.check("sign-in")
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url("**/mijn-werk/")
    assert kinds_of(member) == {"webauthn", "recovery_codes"}


def test_after_the_password_the_passkey_is_the_second_step(desk: Callable[..., Desk], member: Member) -> None:
    person = desk("regievoerder", signed_in=False)
    device_of(person.page)
    page = fill_password(person)
    person.goto("/beveiliging/passkeys/nieuw/")
    page.get_by_role("button", name="Deze passkey toevoegen").click()
    page.wait_for_url("**/beveiliging/herstelcodes/")
    person.page.context.clear_cookies()
    fill_password(person)
    assert page.url.endswith("/aanmelden/tweede-stap/")
    person.check("second-step")

    page.get_by_role("button", name="Een passkey gebruiken").click()

    page.wait_for_url("**/mijn-werk/")


def test_a_device_that_gives_nothing_leaves_the_page_with_words(desk: Callable[..., Desk], member: Member) -> None:
    person = desk("regievoerder", signed_in=False)
    page = person.goto("/aanmelden/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")

    page.get_by_role("button", name="Aanmelden met een passkey").click()

    page.get_by_text("De passkey is niet aanvaard.").wait_for()
    assert page.url.endswith("/aanmelden/")


@pytest.mark.parametrize("phone", [False, True])
def test_the_app_is_set_up_and_used_without_scripts(desk: Callable[..., Desk], member: Member, phone: bool) -> None:
    person = desk("regievoerder", signed_in=False, scripts=False, phone=phone)
    page = fill_password(person)
    person.goto("/beveiliging/app/")
    person.check("app")
    secret = page.inner_text(".typed-key").replace(" ", "")
    page.fill("input[name=code]", code_of(secret))
    page.get_by_role("button", name="Deze app gebruiken").click()
    page.wait_for_url("**/beveiliging/herstelcodes/")
    person.check("recovery-codes-no-script")
    person.page.context.clear_cookies()
    fill_password(person)
    person.check("second-step-no-script")
    page.fill("input[name=code]", recovery_codes_of(member)[3])
    page.get_by_role("button", name="Aanmelden").click()

    page.wait_for_url("**/mijn-werk/")


def test_the_pages_of_security_hold_on_both_widths(desk: Callable[..., Desk], cast: Cast) -> None:
    member = cast.regievoerder
    member.is_demo = False
    save_as(member, by=PRINCIPAL)
    secret = app_of(member)
    for phone in (False, True):
        person = desk("regievoerder", signed_in=False, phone=phone)
        page = fill_password(person)
        code = recovery_codes_of(member)[0] if phone else code_of(secret)
        page.fill("input[name=code]", code)
        page.keyboard.press("Enter")
        page.wait_for_url("**/mijn-werk/")
        for path, name in (
            ("/beveiliging/", "security-with-app"),
            ("/beveiliging/wachtwoord/", "password"),
            ("/beveiliging/app/verwijderen/", "again"),
        ):
            person.goto(path)
            person.check(name)
        page.fill("input[name=password]", "leidraad-demo")
        page.keyboard.press("Enter")
        page.wait_for_url("**/app/verwijderen/")
        person.check("remove-app")
        person.goto("/beveiliging/herstelcodes/nieuw/")
        person.check("new-codes")
        person.goto("/beveiliging/passkeys/nieuw/")
        person.check("passkey-page")
