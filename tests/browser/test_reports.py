"""The report in a real browser: read by axe in both languages, on a desk and on a phone, without anything the policy blocks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cases.case.models import Outcome
from leidraad.lib.audit import save_as
from tests.browser.conftest import Desk
from tests.cast import PRINCIPAL, Cast
from tests.pages.months import OCTOBER, SEPTEMBER, closed, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_a_report_holds_under_the_content_policy_and_fits(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    opened(cast.regievoerder, 34, OCTOBER)
    opened(cast.regievoerder, 18, SEPTEMBER)
    closed(cast.regievoerder, Outcome.DEPARTED_UNSUPERVISED, 6)
    closed(cast.regievoerder, Outcome.DEPARTED_INDEPENDENTLY, 5)
    manager = desk("manager", phone=phone)
    blocked: list[str] = []
    manager.page.on("console", lambda line: blocked.append(line.text) if "Content Security" in line.text else None)

    manager.goto("/rapportages/")
    expect(manager.page.locator(".finding")).to_contain_text("In oktober 2026 kwamen er 30 zaken binnen")
    manager.check("report")

    # The theme's colour reaches the picture, which only holds when nothing in it was blocked.
    bar = manager.page.locator('figure path[fill="var(--bar)"]').first
    assert bar.evaluate("bar => getComputedStyle(bar).fill") == "rgb(63, 107, 153)"
    assert manager.page.locator("figure [style], figure script").count() == 0
    manager.page.emulate_media(media="print")
    expect(manager.page.locator("figure").first).to_be_hidden()
    expect(manager.page.locator("table.figures")).to_be_visible()
    manager.page.emulate_media(media="screen")

    manager.goto("/rapportages/?period=24")
    manager.check("report-24")
    assert blocked == []


def test_a_report_in_english_scrolls_its_picture_by_keyboard_and_without_script(
    desk: Callable[..., Desk], cast: Cast
) -> None:
    opened(cast.regievoerder, 12, OCTOBER)
    auditor = cast.auditor
    auditor.language = "en"
    save_as(auditor, by=PRINCIPAL)
    reader = desk("auditor", phone=True, scripts=False)

    reader.goto("/rapportages/")
    expect(reader.page.locator(".finding")).to_have_text(
        "In October 2026, 10 cases came in and fewer than 5 were closed."
    )
    reader.page.get_by_label("Team").select_option(label="DT&V Team Zuid 1")
    reader.page.get_by_role("button", name="Apply").click()
    expect(reader.page.locator(".page-head .muted")).to_have_text("DT&V Team Zuid 1")

    frame = reader.page.get_by_role("group", name="Came in and closed, per month")
    frame.focus()
    reader.page.keyboard.press("ArrowLeft")
    reader.page.wait_for_function("frame => frame.scrollLeft < 0", arg=frame.element_handle())
    looking = desk("auditor")
    looking.goto("/rapportages/")
    looking.check("report-english")
