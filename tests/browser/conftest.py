"""Debian's Chromium on a live server with a frozen day. Three people can work in three browsers at once."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from leidraad.lib import clock
from tests.cast import DEMO_PASSWORD

# The library's event loop makes Django think that every query in this process is asynchronous; none is.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("LEIDRAAD_SHOTS", "")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    return {
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet],
    }


@pytest.fixture(autouse=True)
def _demo_day(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working day that begins at nine, at whatever hour the tests run; the clock goes on from there."""
    began, nine = time.monotonic(), datetime(2026, 11, 23, 9, 2, tzinfo=timezone.get_default_timezone())
    real = clock.now

    def now() -> datetime:
        pretending = abs((real() - datetime.now(UTC)).total_seconds()) > 60
        return real() if pretending else nine + timedelta(seconds=time.monotonic() - began)

    monkeypatch.setattr(clock, "now", now)
    settings.LEIDRAAD_TODAY = None
    settings.LEIDRAAD_DEMO = True


class Desk:
    """One person at one screen."""

    def __init__(self, page: Page, address: str, username: str, *, scripts: bool = True) -> None:
        self.page, self.address, self.username, self.scripts = page, address, username, scripts

    def goto(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def sign_in(self) -> "Desk":
        self.goto("/aanmelden/")
        self.page.fill("input[name=username]", self.username)
        self.page.fill("input[name=password]", DEMO_PASSWORD)
        self.page.locator("form[action*=aanmelden] button, main form button").first.click()
        self.page.wait_for_load_state()
        assert "/aanmelden/" not in self.page.url, self.page.inner_text("main")
        return self

    def check(self, name: str) -> None:
        """No violation that axe can find, no sideways scrolling; and a picture when pictures are asked for.

        Where the page runs no scripts, axe's answer never comes: the same page is checked with scripts elsewhere.
        """
        if self.scripts:
            results = Axe().run(self.page, options={"resultTypes": ["violations"]})
            assert results.violations_count == 0, f"{name}: {results.generate_report()}"
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} scrolls sideways by {width} px"
        if SHOTS:
            size = self.page.viewport_size or DESKTOP
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}-{size['width']}.png", full_page=True)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Desk]]:
    """`desk("intake")` opens a browser of its own for one person and signs in; `phone=True` for 390 px."""
    opened: list[BrowserContext] = []

    def open_desk(username: str, *, phone: bool = False, scripts: bool = True, signed_in: bool = True) -> Desk:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]  # plain dicts of the right shape
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            java_script_enabled=scripts,
            has_touch=phone,
        )
        opened.append(context)
        person = Desk(context.new_page(), live_server.url, username, scripts=scripts)
        return person.sign_in() if signed_in else person

    yield open_desk
    for context in opened:
        context.close()
