"""*Kader*: what it shows, what one finds there, and that it says how sure it is."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from cases.terms.models import GuardVersion, Rule, RuleVersion
from leidraad.lib.models import Event
from tests.cast import Cast, sign_in
from tests.terms.test_catalogue import ids, next_version

pytestmark = pytest.mark.django_db


def page(client: Client, path: str = "/kader/", **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def rule(html: str, code: str) -> str:
    """The article of one rule."""
    return html.split(f'<article class="rule" id="{code}"')[1].split("</article>")[0]


@pytest.fixture
def reader(client: Client, cast: Cast) -> Client:
    sign_in(client, cast.casemanager)
    return client


def test_every_rule_and_every_guard_has_a_place_to_link_to(reader: Client) -> None:
    html, guards = page(reader), page(reader, "/kader/waarborgen/")

    assert re.findall(r'<article class="rule" id="([^"]+)"', html) == ids()
    assert len(re.findall(r'<article class="rule" id="G\d\d"', guards)) == 31


def test_a_rule_shows_its_words_its_source_and_how_it_is_counted(reader: Client) -> None:
    shown = rule(page(reader), "appeal-short")

    version = RuleVersion.objects.get(rule__code="appeal-short")
    assert escape(version.plain_nl) in shown
    assert "Vw 69" in shown
    assert "1 week" in shown
    assert "Algemene termijnenwet" in shown
    assert "Geldig sinds 12 juni 2026" in shown
    assert "Niet vastgesteld" not in shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("vbl-12w", "Niet vastgesteld in de huidige tekst"),
        ("art64-grant", "Niet vastgesteld of dit nu nog geldt."),
        ("count-equated", "De dagen in 2020, 2021 en 2022 zijn niet gevonden."),
    ],
)
def test_what_is_not_established_is_said_in_words(reader: Client, code: str, words: str) -> None:
    assert words in rule(page(reader), code)


def test_a_guard_without_a_source_says_so(reader: Client) -> None:
    assert "hiervoor is geen bron geraadpleegd" in rule(page(reader, "/kader/waarborgen/"), "G29")


def test_words_find_rules_in_their_text_and_their_id(reader: Client) -> None:
    by_text, by_id = page(reader, zoek="zwanger"), page(reader, zoek="det-59b-old")

    assert re.findall(r'<article class="rule" id="([^"]+)"', by_text) == ["pregnancy"]
    assert re.findall(r'<article class="rule" id="([^"]+)"', by_id) == ["det-59b-old"]


def test_a_group_narrows_and_an_unknown_group_does_not(reader: Client) -> None:
    of_group = page(reader, groep="reception")

    codes = list(Rule.objects.filter(group="reception").values_list("code", flat=True))
    assert re.findall(r'<article class="rule" id="([^"]+)"', of_group) == codes
    assert len(re.findall('<article class="rule"', page(reader, groep="onzin"))) == len(ids())


def test_nothing_found_says_so_and_shows_the_way_back(reader: Client) -> None:
    assert "Geen regel in deze groep bevat deze woorden." in page(reader, zoek="bananen")
    assert "Geen waarborg bevat deze woorden." in page(reader, "/kader/waarborgen/", zoek="bananen")


def test_what_was_searched_comes_back_as_text_not_as_markup(reader: Client) -> None:
    assert "<script>alert" not in page(reader, zoek="<script>alert(1)</script>")


def test_older_versions_stay_to_be_read(reader: Client) -> None:
    first = RuleVersion.objects.get(rule__code="period-std")
    next_version(first, plain_nl="Nu anders.", plain_en="Otherwise now.", valid_from=date(2026, 11, 1))

    shown = rule(page(reader), "period-std")

    assert "Nu anders." in shown
    assert "Versie 1" in shown
    assert escape(first.plain_nl) in shown


def test_the_matrix_says_that_an_appeal_does_not_hold_who_leaves_by_choice(reader: Client) -> None:
    html = page(reader, "/kader/waarborgen/")

    row = html.split('<a href="#G05">')[1].split("</tr>")[0]
    cells = re.findall(r'<td data-label="([^"]+)">(.*?)</td>', row)
    words = {label: re.sub(r"<[^>]+>", "", cell).strip() for label, cell in cells}
    assert words["Gedwongen vertrek"] == "Blokkade"
    assert words["Zelfstandig vertrek, met of zonder hulp"] == "Geldt niet"
    assert len(words) == 7


def test_each_guard_links_to_its_rules(reader: Client) -> None:
    html = page(reader, "/kader/waarborgen/")

    for version in GuardVersion.objects.all():
        for code in version.rules:
            assert f'href="/kader/#{code}"' in html


def test_the_page_stands_in_english_too(client: Client, cast: Cast) -> None:
    cast.casemanager.language = "en"
    sign_in(client, cast.casemanager)
    client.cookies["django_language"] = "en"

    html = page(client)

    version = RuleVersion.objects.get(rule__code="hold")
    assert (version.plain_en in html) or (version.plain_nl in html)


def test_looking_at_the_law_leaves_no_row_of_looking_at_somebody(reader: Client) -> None:
    before = Event.objects.count()

    page(reader)

    assert Event.objects.count() == before


@pytest.mark.parametrize("path", ["/kader/", "/kader/waarborgen/"])
def test_the_number_of_queries_does_not_grow_with_the_catalogue(reader: Client, path: str) -> None:
    page(reader, path)
    with CaptureQueriesContext(connection) as before:
        page(reader, path)
    for code in ("aa", "hold", "period-std"):
        next_version(RuleVersion.objects.get(rule__code=code), note_nl="Nieuw", note_en="New")
    with CaptureQueriesContext(connection) as after:
        page(reader, path)

    assert len(after) == len(before)


def test_help_and_more_lead_to_the_framework(reader: Client) -> None:
    for path in ("/hulp/", "/meer/"):
        assert 'href="/kader/"' in page(reader, path)
