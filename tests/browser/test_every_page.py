"""Every page that somebody can open, in English, on a desk and squeezed to 320 px: axe, sideways scrolling, the focus."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from leidraad.lib.audit import save_as
from tests.browser.conftest import DESKTOP, Desk
from tests.cast import PRINCIPAL, Cast
from tests.test_access import address, table
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 700}
# Together they open every page; each page is looked at with the first of them that may.
READERS = ("regievoerder", "intake", "politie", "manager", "casemanager", "ind", "privacy", "beheer")
FILES = (".csv", "verslag", "lock")

FOCUS = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const hidden = [];
  for (const one of document.querySelectorAll(wanted)) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.disabled || one.tabIndex < 0) continue;
    one.focus({ focusVisible: true });
    if (document.activeElement !== one) continue;
    const box = [...one.getClientRects()].find((rect) => rect.width && rect.height) ?? one.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const seen = top && (one.contains(top) || top.contains(one)) && box.bottom > 0 && box.top < innerHeight;
    if (!seen || getComputedStyle(one).outlineStyle === 'none') hidden.push(one.outerHTML.slice(0, 160));
  }
  return hidden;
}"""


def doors(username: str) -> Iterator[str]:
    for door in table():
        if door.method == "GET" and username in door.members and door.answers["own"] == "200":
            yield door.url


def first_opened_by(username: str) -> list[str]:
    """The pages that nobody before this reader may open."""
    earlier = {url for reader in READERS[: READERS.index(username)] for url in doors(reader)}
    return [url for url in dict.fromkeys(doors(username)) if url not in earlier]


def test_the_readers_open_the_pages_there_are() -> None:
    assert len({url for reader in READERS for url in doors(reader)}) > 50


@pytest.mark.parametrize("username", READERS)
def test_pages_hold_for_who_sees_little_and_for_who_uses_keys(
    desk: Callable[..., Desk], cast: Cast, username: str
) -> None:
    member: Any = getattr(cast, username.replace("-", "_"))
    member.language = "en"
    save_as(member, by=PRINCIPAL, update_fields=["language"])
    keys = World(cast, username).own
    reader = desk(username)
    wrong: list[str] = []
    for path in (address(url, keys) for url in first_opened_by(username)):
        if not any(part in path for part in FILES):
            wrong += look(reader, path)
    assert not wrong, "\n".join(wrong)


def look(reader: Desk, path: str) -> list[str]:
    page = reader.goto(path)
    found = []
    try:
        reader.check(f"en{path.replace('/', '-')}")
    except AssertionError as error:
        found.append(f"{path} {error}")
    found += [f"{path}: no focus to be seen on {html}" for html in page.evaluate(FOCUS)]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict of the right shape
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path} scrolls sideways at 320 px")
    found += [f"{path} at 320 px: no focus to be seen on {html}" for html in page.evaluate(FOCUS)]
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    return found
