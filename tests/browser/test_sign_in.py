"""Signing in as a person does: a passkey on the device, the app's code, what the browser shows after signing out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member
from partners.sign_in.providers import Provider
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case
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


def test_the_pages_of_signing_in_at_an_organisation_hold_on_both_widths(
    desk: Callable[..., Desk], settings: Any
) -> None:
    named = (("dtv", "DT&V"), ("coa", "Centraal Orgaan opvang asielzoekers"))
    settings.LEIDRAAD_OPENID_PROVIDERS = tuple(
        Provider(code, code, name, "http://localhost:9", "leidraad", "geheim") for code, name in named
    )
    for phone in (False, True):
        person = desk("regievoerder", signed_in=False, phone=phone)
        page = person.goto("/aanmelden/")
        person.check("sign-in-organisations")
        page.get_by_role("link", name="Aanmelden met DT&V").click()
        page.get_by_role("heading", name="Aanmelden is niet gelukt").wait_for()
        person.check("organisation-away")


# --- the lock ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Callable[[Page, int], None]:
    """Lets time pass, on the server and in the page alike."""
    passed = {"minutes": 0}
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=passed["minutes"]))

    def go_on(page: Page, minutes: int) -> None:
        passed["minutes"] += minutes
        page.clock.fast_forward(minutes * 60_000)

    return go_on


@pytest.fixture
def at_work(desk: Callable[..., Desk], cast: Cast) -> Callable[..., tuple[Desk, Page]]:
    def begin(path: str, **more: Any) -> tuple[Desk, Page]:
        person = desk("regievoerder", signed_in=False, **more)
        person.page.clock.install()
        fill_password(person)
        return person, person.goto(path)

    return begin


@pytest.mark.parametrize(("phone", "minutes"), [(False, 27), (True, 7)])
def test_a_warning_comes_three_minutes_before_and_one_key_extends(
    at_work: Callable[..., tuple[Desk, Page]], hours: Callable[[Page, int], None], phone: bool, minutes: int
) -> None:
    person, page = at_work("/sessies/", phone=phone)
    person.check("sessions")
    hours(page, minutes - 1)
    assert not page.locator("#lock-warning").is_visible()

    hours(page, 2)
    page.locator("#lock-warning").wait_for()
    person.check("lock-warning")
    with page.expect_response("**/sessie/"):
        page.keyboard.press("Enter")
    assert not page.locator("#lock-warning").is_visible()

    hours(page, minutes - 2)
    assert not page.locator("#lock-warning").is_visible()
    assert page.get_by_role("heading", name="Uw sessies").is_visible()


def test_the_lock_hides_the_page_and_keeps_what_was_being_filled_in(
    at_work: Callable[..., tuple[Desk, Page]], hours: Callable[[Page, int], None], cast: Cast
) -> None:
    case = led_case(cast.regievoerder)
    path = f"/zaken/{case.number}/volgende-stap/"
    person, page = at_work(path)
    page.fill("input[name=title]", "Zijn zus bellen")

    hours(page, 28)
    page.locator("#lock-warning").wait_for()
    hours(page, 3)
    page.wait_for_url("**/aanmelden/")
    person.check("locked")
    assert "Leidraad is vergrendeld." in page.inner_text("main")
    page.fill("input[name=username]", "regievoerder")
    page.fill("input[name=password]", "leidraad-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")

    person.check("unsaved-form")
    assert "Nog niet opgeslagen. Controleer en sla op." in page.inner_text("main")
    assert page.input_value("input[name=title]") == "Zijn zus bellen"


def test_a_form_sent_without_scripts_after_the_lock_comes_back_on_its_page(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    case = led_case(cast.regievoerder)
    path = f"/zaken/{case.number}/volgende-stap/"
    person = desk("regievoerder", scripts=False)
    page = person.goto(path)
    page.fill("input[name=title]", "Zijn zus bellen")
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=31))

    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/aanmelden/")
    fill = {"username": "regievoerder", "password": "leidraad-demo"}
    for name, value in fill.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name="Aanmelden").first.click()
    page.wait_for_url(f"**{path}")

    assert page.input_value("input[name=title]") == "Zijn zus bellen"
    assert "Nog niet opgeslagen." in page.inner_text("main")


@pytest.mark.parametrize("scripts", [True, False])
def test_after_signing_out_the_back_button_shows_nothing(desk: Callable[..., Desk], cast: Cast, scripts: bool) -> None:
    case = led_case(cast.regievoerder)
    person = desk("regievoerder", scripts=scripts)
    page = person.goto(f"/zaken/{case.number}/")
    surname = case.person.surname.upper()
    assert surname in page.inner_text("body").upper()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Afmelden").click()
    page.wait_for_url("**/aanmelden/")

    page.go_back()

    page.wait_for_url("**/aanmelden/**")
    assert surname not in page.inner_text("body").upper()


def test_a_page_that_comes_back_from_memory_stays_hidden_until_the_server_was_asked(
    desk: Callable[..., Desk], cast: Cast
) -> None:
    person = desk("regievoerder")
    page = person.goto("/mijn-werk/")
    person.page.context.clear_cookies()

    page.evaluate("() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }")

    page.wait_for_url("**/aanmelden/**")
