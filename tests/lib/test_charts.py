"""Charts that hold under the content security policy, name nothing twice, and cost their drawing once."""

import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string

from leidraad.lib import charts
from leidraad.lib.charts import Chart, Look, Series, Table

MONTHS = [["okt", "2026"], ["nov*", ""]]
SVG = "{http://www.w3.org/2000/svg}"


def series(label: str = "Binnengekomen", look: Look = Look.SOLID) -> Series:
    return Series(label, (1450.0, 0.0), ("1.450", "<5"), look)


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    charts._svg.cache_clear()


def test_bars_show_their_own_texts_and_the_labels_under_them() -> None:
    svg = charts.columns(MONTHS, [series(), series("Afgesloten", Look.OUTLINE)])

    assert texts(svg).count("1.450") == texts(svg).count("<5") == 2
    assert {"okt2026", "nov*"} <= set(texts(svg))


def test_a_strip_stands_under_its_name_and_months_stand_once() -> None:
    svg = charts.strips(MONTHS, [series("Zelfstandig vertrek"), series("Zonder toezicht", Look.HATCH)])

    assert {"Zelfstandig vertrek", "Zonder toezicht"} <= set(texts(svg))
    assert texts(svg).count("okt2026") == 1


def test_a_value_of_nothing_draws_no_bar() -> None:
    svg = charts.columns(MONTHS, [series()])

    assert svg.count('fill="var(--bar)"') == 1


def test_nothing_in_a_chart_needs_a_style_a_script_or_another_address() -> None:
    svg = charts.strips(MONTHS, [series("Zelfstandig"), series("Zonder toezicht", Look.HATCH)])

    assert not re.search(r"style|<script|\son\w+=|href|<image|foreignObject", svg)
    assert set(re.findall(r"https?://[^\"]+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_colours_and_font_are_those_of_the_theme() -> None:
    svg = charts.strips(MONTHS, [series(), series("Zonder toezicht", Look.HATCH)])

    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert all(colour.startswith(("var(--", "url(#hatch-", "none")) for colour in colours), colours
    assert set(re.findall(r'font-family="([^"]+)"', svg)) == {"var(--font)"}


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    svg = charts.strips(MONTHS, [series(), series("Zonder toezicht", Look.HATCH)])

    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 12


def test_two_charts_on_a_page_share_no_id() -> None:
    one = charts.columns(MONTHS, [series("Een", Look.HATCH)])
    other = charts.columns(MONTHS, [Series("Twee", (10.0, 20.0), ("10", "20"), Look.HATCH)])

    ids = re.findall(r'id="([^"]+)"', one + other)
    assert len(ids) == len(set(ids)) == 2
    assert f"url(#{ids[0]})" in one


def test_a_text_is_never_markup() -> None:
    svg = charts.strips([['<b x="1">', ""], ["nov", ""]], [series('<script>alert("1")</script>&')])

    assert "<script" not in svg
    assert "<b x" not in svg
    assert '<script>alert("1")</script>&' in texts(svg)


def test_a_chart_is_drawn_once_for_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(spec: str) -> str:
        drawn.append(spec)
        return "<svg><g></g></svg>"

    monkeypatch.setattr(charts, "_draw", draw)
    cache.clear()
    charts.columns(MONTHS, [series()])
    charts.columns(MONTHS, [series()])
    charts._svg.cache_clear()  # another process, which shares the cache
    charts.columns(MONTHS, [series()])

    assert len(drawn) == 1
    charts.columns(MONTHS, [series(look=Look.OUTLINE)])
    assert len(drawn) == 2


def test_no_import_starts_the_engine_that_does_not_survive_a_fork() -> None:
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'leidraad.settings'; django.setup();"
        "import leidraad.urls, leidraad.celery, leidraad.pages.reports; print('vl_convert' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def drawn(**values: Any) -> str:
    chart = Chart(title="Per maand", summary="Een staaf per maand.", svg=charts.columns(MONTHS, [series()]), **values)
    return render_to_string("parts/chart.html", {"chart": chart})


def test_the_picture_has_one_name_and_its_frame_takes_the_keyboard() -> None:
    page = drawn(table_id="cijfers")

    assert (
        '<figure role="img" aria-label="Per maand. Een staaf per maand. Dezelfde cijfers staan in de tabel.">' in page
    )
    assert 'tabindex="0" role="group" aria-label="Per maand"' in page
    assert 'href="#cijfers"' in page


def test_the_table_of_a_chart_has_heads_and_a_caption() -> None:
    page = drawn(table=Table(["Maand", "Binnengekomen"], [("oktober 2026", ["1.450"])]))

    assert '<th scope="col">Maand</th><th scope="col" class="num">Binnengekomen</th>' in page
    assert '<th scope="row">oktober 2026</th><td data-label="Binnengekomen" class="num">1.450</td>' in page
    assert ">Per maand</caption>" in page
