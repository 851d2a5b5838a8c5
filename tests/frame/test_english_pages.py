"""An English reader meets no Dutch of ours: every door is opened in English and read by five of those to whom it opens.

What people typed, names of streets, towns and teams stay as they are; those of the test world are in TYPED.
"""

import csv
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client

from leidraad.lib.audit import save_as
from leidraad.start.texts.checks import DUTCH, READ_ALOUD, WORDS, catalog_entries
from partners.reference_data import lines
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.test_access import USERNAMES, address, has_key, table
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]")
# Typed in the test world, and names that are the same in every language.
TYPED = {"Is hij er nog?", "Is deze persoon verwijderbaar?", "Nederlands"}
TYPED |= {"Op verzoek van de persoon", "Waarom keek u hier?", "Rechtbank", "Nog een", "Eerder niet nagekomen."}
TYPED |= {"Heeft zich eerder aan het toezicht onttrokken.", "Geen middelen.", "Eerder vertrokken."}
# Addresses are Dutch in every language; the list of looks shows them.
ADDRESS = re.compile(r"(?:/[\w…-]+)+/")
TYPED |= {line["display_name"] for line in lines("demo_accounts.csv")}
TYPED |= {line["name"] for line in lines("units.csv")} | {line["naam"] for line in lines("sites.csv")}
ANSWERS = {"200", "422"}


class Words(HTMLParser):
    """Every piece of text that a reader sees or hears, but for what names its own language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]
        if tag in ("script", "style", "kbd", "textarea") or (tag != "html" and "lang" in dict(attrs)):
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def dutch_names() -> set[str]:
    """Names in the reference data that have another one in English: regievoerder, Politie, Afghaanse."""
    pairs: set[tuple[str, str]] = set()
    for path in ROOT.glob("*/**/reference/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                pairs |= {(row[name], row[name[:-2] + "en"]) for name in row if name == "nl" or name.endswith("_nl")}
    english = {name.lower() for _dutch, name in pairs}
    return {name for name, _english in pairs if name and name.lower() not in english}


class DutchTexts:
    """The Dutch of all catalogs that reads differently in English."""

    def __init__(self) -> None:
        entries = catalog_entries(ROOT)
        english = {text.lower() for entry in entries for text in entry.texts}
        dutch = {text for entry in entries for text in entry.dutch if text.lower() not in english}
        self.whole = {text for text in dutch if not PLACEHOLDER.search(text) and len(text) > 2} | dutch_names()
        patterns = [text for text in dutch if PLACEHOLDER.search(text) and len(PLACEHOLDER.sub("", text)) > 8]
        parts = (".+?".join(map(re.escape, PLACEHOLDER.split(text.replace("%%", "%")))) for text in patterns)
        self.known: dict[str, bool] = {}
        self.pattern = re.compile("|".join(f"(?:{part})" for part in parts))

    def in_text(self, text: str) -> bool:
        if text not in self.known:
            self.known[text] = self._is_dutch(text)
        return self.known[text]

    def _is_dutch(self, text: str) -> bool:
        text = ADDRESS.sub("", text)
        for typed in TYPED:
            text = text.replace(typed, "")
        return text in self.whole or bool(self.pattern.fullmatch(text)) or bool(set(WORDS.findall(text)) & DUTCH)


def read(html: str) -> list[str]:
    words = Words()
    words.feed(html)
    return words.found


@pytest.fixture(scope="module")
def dutch() -> DutchTexts:
    return DutchTexts()


def test_the_reader_of_this_test_finds_dutch_where_there_is_some(client: Client, dutch: DutchTexts) -> None:
    client.cookies["leidraad_language"] = "nl"

    assert any(dutch.in_text(text) for text in read(client.get("/aanmelden/").content.decode()))


READERS = [name for name in USERNAMES if not name.endswith("2")]
# Of all who may open a page these many read it, other ones for each page: together they read every section of every page.
READ_BY = 5


@cache
def read_by(url: str, method: str, state: str) -> frozenset[str]:
    opens = {
        name
        for door in table()
        if (door.url, door.method) == (url, method) and door.answers[state] in ANSWERS
        for name in door.members
        if name in READERS
    }
    return frozenset(sorted(opens, key=lambda name: crc32(f"{url} {name}".encode()))[:READ_BY])


@pytest.mark.django_db
@pytest.mark.parametrize("username", READERS)
def test_no_page_of_an_english_reader_has_dutch_of_ours(
    cast: Cast, client: Client, dutch: DutchTexts, username: str
) -> None:
    world = World(cast, username)
    member = getattr(cast, username.replace("-", "_"))
    member.language = "en"
    sign_in(client, save_as(member, by=PRINCIPAL, update_fields=["language"]))

    found = []
    for door in table():
        if username not in door.members:
            continue
        for state in ("own", "offered") if has_key(door.url) else ("own",):
            if username not in read_by(door.url, door.method, state):
                continue
            path = address(door.url, world.states[state])
            with transaction.atomic():
                response = client.get(path) if door.method == "GET" else client.post(path, {})
                transaction.set_rollback(True)
            if "html" in response.get("Content-Type", ""):
                texts = read(response.content.decode())
                found += [f"{door.method} {path}: {text}" for text in texts if dutch.in_text(text)]
                if 'lang="en"' not in response.content.decode():
                    found.append(f"{door.method} {path} is not marked as English")

    assert not found, "\n".join(sorted(set(found)))
