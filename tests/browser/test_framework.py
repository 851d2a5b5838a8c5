"""*Kader* in the browser: found by words without scripts, read on a phone, no violation that axe can find."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_rules_and_guards_are_read_on_desk_and_phone(desk: Callable[..., Desk], cast: Cast, phone: bool) -> None:
    reader = desk("politie", phone=phone)
    size = "phone" if phone else "desk"

    page = reader.goto("/kader/")
    reader.check(f"kader-{size}")
    page.goto(f"{reader.address}/kader/#period-std")
    assert page.locator("#period-std").is_visible()
    reader.goto("/kader/waarborgen/")
    reader.check(f"kader-waarborgen-{size}")
    label = page.locator("table.matrix tbody tr:nth-child(5) td:nth-child(4)").evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    assert ("Zelfstandig vertrek" in label) is phone


def test_a_rule_is_found_without_scripts(desk: Callable[..., Desk], cast: Cast) -> None:
    reader = desk("regievoerder", scripts=False)

    page = reader.goto("/hulp/")
    page.get_by_role("link", name="Kader: regels en termijnen").click()
    page.get_by_label("Zoekwoorden").fill("zwangerschap")
    page.get_by_role("button", name="Toepassen").click()

    expect(page.locator("article.rule")).to_have_count(1)
    assert "6 weken" in page.locator("#pregnancy").inner_text()
    page.get_by_role("link", name="Verwijder filter: zwangerschap").click()
    expect(page.locator("article.rule").nth(100)).to_be_attached()
