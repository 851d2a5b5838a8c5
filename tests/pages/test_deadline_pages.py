"""Termijnen on the screen: the days with their explanation, what would follow if, and the list of all cases."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.models import Part, ReturnCase
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.procedure.models import Decision, Remedy
from cases.terms import deadlines
from cases.terms.keeping import keep_stale
from leidraad.lib import clock
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.factories import at_site, involve, unit
from tests.procedure.law import days_ago, decided, in_procedure, lodged, postponement_kind, refusing
from tests.supervision.measures import detained, with_officer
from tests.terms.clockwork import term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.as_if(clock.at(date(2026, 11, 23), time(12))):
        yield


def page_of(member: Member, case: ReturnCase, door: str = "deadlines", **query: Any) -> str:
    response = sign_in(Client(), member).get(reverse(f"cases:{door}", args=[case.number]), query)
    assert response.status_code == 200
    return response.content.decode()


def listed(member: Member, **query: Any) -> str:
    keep_stale()
    response = sign_in(Client(), member).get(reverse("terms:list"), query)
    assert response.status_code == 200
    return response.content.decode()


# --- one case -------------------------------------------------------------------------------------------------------


def test_each_day_opens_into_its_rule_and_how_it_was_counted(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=10, told=5))

    html = page_of(cast.regievoerder, case)

    assert "Hoe is dit berekend?" in html
    assert 'href="/kader/#appeal-mid"' in html
    assert "De eerste dag die meetelt is donderdag 19 november 2026." in html
    assert "wo 2 december" in html
    assert "versie 1" in html


def test_an_empty_case_says_when_a_term_appears(cast: Cast) -> None:
    assert "Een termijn verschijnt vanzelf" in page_of(cast.regievoerder, in_procedure(cast))


def test_two_readings_are_both_shown(cast: Cast) -> None:
    case = in_procedure(cast)
    begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(30), source="INDiGO"), by=cast.ind)

    html = page_of(cast.ind, case)

    assert "Twee lezingen:" in html
    assert "24 april 2027" in html
    assert "24 oktober 2027" in html
    assert "niet vastgesteld" in html


def test_a_term_that_stands_still_says_since_when_and_why(cast: Cast) -> None:
    case = in_procedure(cast)
    lodged(decided(case, cast.ind), cast.ind)

    assert "Staat stil sinds 13 november 2026" in page_of(cast.regievoerder, case)


def test_a_term_shows_to_nobody_who_may_not_know_its_fact(cast: Cast) -> None:
    case = with_officer(cast)
    detained(cast, case)
    involve(at_site(case, unit("azc-veenmeer")), unit("ind-noord"), Part.DECISION)
    begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(3), source="INDiGO"), by=cast.ind)
    keep_stale()

    for door in ("deadlines", "detail"):
        html = page_of(cast.casemanager, case, door)
        assert "Bewaring" not in html
        assert "Artikel 64" not in html
    assert "Bewaring: 6 maanden" in page_of(cast.regievoerder, case)
    assert "Bewaring: 6 maanden" in page_of(cast.regievoerder, case, "detail")


# --- what if --------------------------------------------------------------------------------------------------------


def test_what_if_shows_the_days_that_would_follow_and_changes_nothing(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind, refusing(told=None))
    key = f"decision:{decision.pk}:contest"

    html = page_of(cast.regievoerder, case, "deadline-suppose", termijn=key, dag="30-11-2026")

    assert "14 december 2026" in html
    assert "7 december 2026" in html  # interim relief, from the same day
    assert Decision.objects.get().notified_on is None


def test_what_if_the_court_rules_starts_the_period_and_the_higher_appeal(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind)
    remedy = lodged(decision, cast.ind)
    key = f"decision:{decision.pk}:court:{remedy.pk}"

    html = page_of(cast.regievoerder, case, "deadline-suppose", termijn=key, dag="1-12-2026")

    assert "29 december 2026" in html
    assert "Hoger beroep" in html
    assert Remedy.objects.get().ruled_on is None


def test_what_if_asks_for_a_day(cast: Cast) -> None:
    case = in_procedure(cast)
    key = f"decision:{decided(case, cast.ind).pk}:contest"
    url = reverse("cases:deadline-suppose", args=[case.number])

    wrong = sign_in(Client(), cast.regievoerder).get(url, {"termijn": key, "dag": "gisteren"})

    assert wrong.status_code == 422
    assert "Schrijf de datum als dag-maand-jaar" in wrong.content.decode()


def test_what_if_is_not_asked_of_a_term_that_the_reader_may_not_know_of(cast: Cast) -> None:
    case, other = at_site(in_procedure(cast), unit("azc-veenmeer")), in_procedure(cast)
    own, foreign = (decided(one, cast.ind).pk for one in (case, other))
    url = reverse("cases:deadline-suppose", args=[case.number])

    for member, key in ((cast.casemanager, own), (cast.regievoerder, foreign), (cast.regievoerder, "x")):
        asked = {"termijn": f"decision:{key}:contest", "dag": "30-11-2026"}
        assert sign_in(Client(), member).get(url, asked).status_code == 404


# --- all cases ------------------------------------------------------------------------------------------------------


def test_the_list_shows_liberty_first_and_then_by_day(cast: Cast) -> None:
    case = with_officer(cast)
    detained(cast, case)
    decided(in_procedure(cast), cast.ind, refusing(decided=10, told=5))

    html = listed(cast.regievoerder)

    assert html.index("Termijnen van vrijheid") < html.index("Beroep binnen 2 weken")
    assert html.index("Voorlopige voorziening") < html.index("Beroep binnen 2 weken")


def test_the_list_shows_nothing_of_others_and_nothing_that_the_reader_may_not_know(cast: Cast) -> None:
    case = at_site(with_officer(cast), unit("azc-veenmeer"))
    detained(cast, case)

    assert case.number in listed(cast.regievoerder)
    assert case.number not in listed(cast.casemanager)
    assert case.number not in listed(cast.regievoerder2)


def test_a_term_behind_a_section_that_a_subject_names_stands_in_the_list(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = in_procedure(cast)
    term(case, 3, sees=["residence.view"])
    assert case.number not in listed(cast.regievoerder)

    monkeypatch.setitem(deadlines._seen_by, "reception", frozenset({("residence.view",)}))

    assert case.number in listed(cast.regievoerder)


def test_a_right_that_ran_out_is_no_work_and_a_duty_that_ran_out_is(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=90, told=80))
    held = with_officer(cast)
    detained(cast, held, at=clock.now() - timedelta(days=30))

    html = listed(cast.regievoerder)

    assert "Beroep binnen 2 weken" not in html
    assert "te laat" in html


def test_a_week_shows_only_its_days_and_leads_to_the_next(cast: Cast) -> None:
    decided(in_procedure(cast), cast.ind, refusing(decided=10, told=5))  # relief on 25 November, appeal on 2 December

    this = listed(cast.regievoerder, weergave="week")
    following = listed(cast.regievoerder, weergave="week", vanaf="2026-11-30")

    assert "Voorlopige voorziening" in this
    assert "Beroep binnen 2 weken" not in this
    assert "vanaf=2026-11-30" in this
    assert "Beroep binnen 2 weken" in following
    assert "23 november 2026" in listed(cast.regievoerder, weergave="week", vanaf="onzin")


def test_an_empty_list_says_why(cast: Cast) -> None:
    assert "In de zaken van uw team telt geen termijn." in listed(cast.regievoerder)
    assert "Toon alle termijnen" in listed(cast.regievoerder, weergave="week")


def test_the_list_asks_as_many_queries_for_many_terms_as_for_one(cast: Cast) -> None:
    def queries() -> int:
        client = sign_in(Client(), cast.regievoerder)
        keep_stale()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("terms:list")).status_code == 200
        return len(asked)

    decided(in_procedure(cast), cast.ind, refusing(decided=10, told=5))
    few = queries()
    for _ in range(5):
        decided(in_procedure(cast), cast.ind, refusing(decided=10, told=5))

    assert queries() == few
