"""Working without a mouse: the order of the stops, shortcuts, menus, and what is said when something could not be sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.cast import Cast
from tests.factories import led_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STOP = """() => {
  const one = document.activeElement;
  return one === document.body ? '' : (one.innerText || one.name || one.ariaLabel || one.id).trim().split('\\n')[0];
}"""


def stops(page: Page, most: int = 200) -> list[str]:
    """What Tab reaches, from the top of the page until it leaves the page again."""
    found: list[str] = []
    for _press in range(most):
        page.keyboard.press("Tab")
        name = str(page.evaluate(STOP))
        if not name or (found and name == found[0]):
            return found
        found.append(name)
    raise AssertionError(f"Tab never leaves the page; the last stops were {found[-5:]}")


def test_keys_alone_are_enough(desk: Callable[..., Desk], cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    director = desk("regievoerder")
    page = director.goto(f"/zaken/{case.number}/")

    # First out of the way, then the same order as on every page, then the case.
    order = stops(page)
    assert order[:4] == ["Naar de inhoud", "Leidraad", "q", "Zoek"]
    assert order[4].startswith("Meldingen")
    assert order[5] == "M. Hofstra"
    assert order[6] == "Mijn werk"
    assert order.index("Volgende stap vastleggen") < order.index("Overzicht") < order.index("Persoon en gezin")

    skip_link(page)
    menus(page)
    shortcuts(page, case.number)
    switched_off(director)


def skip_link(page: Page) -> None:
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def menus(page: Page) -> None:
    """A menu opens with Enter, closes with Escape and gives the focus back; leaving it closes it."""
    summary = page.locator("summary", has_text="Toevoegen")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open] .menu-item").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def shortcuts(page: Page, number: str) -> None:
    page.locator("main").focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-q"
    page.keyboard.type("g")
    expect(page.locator("#search-q")).to_have_value("g")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("details[open] .menu-item").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_url(f"**/zaken/{number}/volgende-stap/")
    page.locator("main").focus()
    for keys, address in (("gz", "**/zaken/"), ("gw", "**/mijn-werk/")):
        page.locator("main").focus()
        page.keyboard.type(keys)
        page.wait_for_url(address)


def switched_off(director: Desk) -> None:
    page = director.goto("/weergave/")
    page.get_by_label("Losse toetsen als sneltoets").uncheck()
    page.get_by_label("English").check()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text("Saved. This holds on every device.")
    page.locator("main").focus()
    page.keyboard.type("gz")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    assert page.url.endswith("/weergave/")


def test_what_could_not_be_sent_stays_and_is_sent_again(desk: Callable[..., Desk], cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    page = desk("regievoerder").goto(f"/zaken/{case.number}/volgende-stap/")
    note = page.locator("main form textarea, main form input[type=text]").first
    note.fill("Bel de advocaat")

    page.context.set_offline(True)
    page.locator("main form button[type=submit]").last.click()
    said = page.get_by_role("alert").filter(has_text="Niet verzonden. Uw invoer staat hier nog.")
    expect(said).to_be_in_viewport()
    expect(note).to_have_value("Bel de advocaat")
    page.context.set_offline(False)
    said.get_by_role("button", name="Probeer opnieuw").click()
    expect(page.locator("main .error-summary, main .messages .alert").first).to_be_visible()

    for status in (500, 403, 409):
        page.goto(f"{page.url.split('/zaken/')[0]}/zaken/{case.number}/volgende-stap/")
        answers_with(page, status)
        note.fill("Bel de advocaat")
        page.locator("main form button[type=submit]").last.click()
        expect(said).to_be_in_viewport()
        expect(note).to_have_value("Bel de advocaat")
        page.unroute_all()


def answers_with(page: Page, status: int) -> None:
    """Let the page's form go by htmx, to a server that refuses."""
    page.route(
        "**/volgende-stap/",
        lambda route: route.fulfill(status=status) if route.request.method == "POST" else route.fallback(),
    )
    page.evaluate(
        "(form => { form.setAttribute('hx-post', form.action); htmx.process(form) })(document.querySelector('main form'))"
    )
