"""How values are written: Dutch and English, with the frozen day of the demo."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from pytest_django import Settings

from leidraad.lib import clock, display

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _frozen_dutch_day(settings: Settings) -> None:
    settings.LEIDRAAD_TODAY = TODAY


def drawn(source: str, **context: object) -> str:
    with translation.override("nl"):
        return Template("{% load ui %}" + source).render(Context(context))


def test_dates_are_written_in_full_and_in_tables_with_the_day_of_the_week() -> None:
    assert drawn("{{ d|date_long }}", d=TODAY) == "23 november 2026"
    assert drawn("{{ d|date_weekday }}", d=TODAY) == "maandag 23 november 2026"
    assert drawn("{{ d|date_table }}", d=TODAY) == "ma 23 november"


def test_a_table_date_names_the_year_only_when_it_is_another_year() -> None:
    assert drawn("{{ d|date_table }}", d=date(2027, 1, 4)) == "ma 4 januari 2027"


def test_a_moment_is_shown_in_dutch_time_also_when_utc_is_another_day() -> None:
    late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=ZoneInfo("UTC"))

    assert drawn("{{ t|date_time }}", t=late_evening) == "23 november 2026, 00:30"
    assert drawn("{{ t|date_table }}", t=late_evening) == "ma 23 november"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "vandaag"), (1, "morgen"), (-1, "gisteren"), (4, "over 4 dagen"), (-3, "3 dagen geleden")],
)
def test_distance_in_days_is_counted_from_the_clock(days: int, words: str) -> None:
    assert drawn("{{ d|in_days }}", d=TODAY + timedelta(days=days)) == words


def test_what_is_near_is_told_in_minutes_and_hours_and_further_away_in_days() -> None:
    now = clock.now()

    assert drawn("{{ t|ago }}", t=now + timedelta(minutes=28, seconds=30)) == "nog 28 min"
    assert drawn("{{ t|ago }}", t=now - timedelta(hours=2, minutes=5, seconds=5)) == "2 u 5 min geleden"
    assert drawn("{{ t|ago }}", t=now + timedelta(days=3)) == "over 3 dagen"


def test_age_counts_whole_years_and_a_leap_day_child_is_older_on_the_first_of_march() -> None:
    assert display.age_on(date(1994, 3, 14), TODAY) == 32
    assert display.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert display.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_numbers_are_grouped() -> None:
    assert drawn("{{ n|number }}", n=1450) == "1.450"
    assert display.v_number("9994127730") == "999 412 7730"
    assert display.v_number("12") == "12"


def test_a_surname_in_capitals_keeps_its_turkish_letters() -> None:
    assert display.full_name("ÖZDEMİR", "Ayşe") == "ÖZDEMİR, Ayşe"
    assert display.full_name("amari", "Yacine") == "AMARI, Yacine"
    assert display.full_name("Amari") == "AMARI"


def test_names_cannot_bring_markup_into_the_page() -> None:
    assert "<script>" not in drawn("{% full_name s g %}", s="<script>", g="<b>")
    assert "<script>" not in drawn("{% mark 'late' t %}{% org t %}{{ t|bdi }}{{ t|shown }}", t="<script>")


def test_nothing_recorded_and_nothing_shown_are_two_different_words() -> None:
    assert "Niet vastgelegd" in drawn("{{ v|shown }}", v=None)
    assert "Afgeschermd" in drawn("{{ v|shown }}", v=display.MASKED)
    assert drawn("{{ v|shown }}", v=0) == "0"


def test_a_status_is_a_shape_and_a_word_and_the_shape_is_silent() -> None:
    html = drawn("{% mark 'late' '3 dagen' %}")

    assert 'aria-hidden="true"' in html
    assert html.endswith("3 dagen</span>")
    assert "style=" not in html


def test_unknown_is_not_drawn_as_met() -> None:
    assert drawn("{% condition 'unknown' %}") != drawn("{% condition 'met' %}")
    assert drawn("{{ 'unknown'|condition_word }}") == "onbekend"


def test_a_status_nobody_defined_is_a_fault_of_the_page() -> None:
    with pytest.raises(KeyError):
        drawn("{% mark 'lat' 'x' %}")


def test_a_bar_without_a_maximum_is_empty_and_never_longer_than_its_frame() -> None:
    assert 'width="0.0"' in drawn("{% bar 3 0 %}")
    assert 'width="100.0"' in drawn("{% bar 30 3 %}")
