"""What a dossier says of a measure: put down at acceptance, as stated, in a fixed number of statements."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.supervision.measure_actions import Lifting, StatedMeasure, correct, impose, lift, state_measures, void
from cases.supervision.models import Measure
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from leidraad.lib.who import acting
from tests.cast import Cast
from tests.factories import led_case, received_case, unit
from tests.handover.hand import accept, dossier, opened
from tests.supervision.measures import ago, details, detained, with_officer

pytestmark = pytest.mark.django_db


def accepted_with(cast: Cast, **content: Any) -> Measure | None:
    case = received_case(led_by=unit("avim-noord"))
    handover = opened(cast, case, dossier=dossier(case, **content), dossier_version=1, kind="found")
    clerk = cast.intake
    with acting(clerk.acting_unit_id, clerk.acting_group_id, clerk.pk):
        accept(handover, cast.regievoerder, by=clerk)
    return Measure.objects.filter(case=case).first()


def test_at_acceptance_the_measure_of_the_dossier_stands_as_stated(cast: Cast) -> None:
    since = clock.today() - timedelta(days=4)

    measure = accepted_with(cast, measure="art59", measure_since=since.isoformat())

    assert measure is not None
    assert (measure.kind.code, measure.stated, measure.time_known, measure.authority) == ("art59", True, False, "")
    assert measure.source == "Politie AVIM Noord"
    assert measure.history.get().history_user == cast.intake


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"measure": "meldplicht", "measure_since": "2026-01-01"},
        {"measure": "art59", "measure_since": "2099-01-01"},
        {"measure": "art59"},
    ],
    ids=str,
)
def test_nothing_is_stated_that_the_dossier_does_not_say(cast: Cast, content: dict[str, str]) -> None:
    assert accepted_with(cast, **content) is None


@pytest.mark.parametrize(
    ("code", "since", "kind"),
    [
        ("art56", date(2026, 11, 1), "art56"),
        ("art6", date(2026, 11, 1), "art6"),
        ("art59a", date(2026, 11, 1), "art59a"),
        ("art59b", date(2026, 6, 12), "art59b"),
        ("art59b", date(2026, 6, 11), "art59b_old"),
    ],
)
def test_the_law_of_that_day_decides_the_kind(cast: Cast, code: str, since: date, kind: str) -> None:
    state_measures([StatedMeasure(led_case(cast.regievoerder), code, since, unit("ind-noord"))], by=cast.intake)

    assert Measure.objects.get().kind.code == kind


def test_what_runs_already_is_not_stated_again(cast: Cast) -> None:
    measure = detained(cast)

    again = StatedMeasure(measure.case, "art59", clock.today(), unit("ind-noord"))
    area = StatedMeasure(measure.case, "art56", clock.today(), unit("ind-noord"))

    assert len(state_measures([again, area, area], by=cast.intake)) == 1


def test_many_cost_as_many_statements_as_one(cast: Cast) -> None:
    def asked(count: int) -> int:
        cases = [led_case(cast.regievoerder) for _ in range(count)]
        stated = [StatedMeasure(case, "art59", clock.today(), unit("ind-noord")) for case in cases]
        with CaptureQueriesContext(connection) as seen:
            state_measures(stated, by=cast.intake)
        return len(seen)

    asked(1)
    assert asked(1) == asked(30)


def test_an_officer_confirms_it_or_strikes_it_out_and_cannot_lift_it_before(cast: Cast) -> None:
    case = with_officer(cast)
    (measure,) = state_measures([StatedMeasure(case, "art59", clock.today(), unit("ind-noord"))], by=cast.intake)

    with pytest.raises(NotPossible):
        lift(measure, Lifting(ago(0), "released"), by=cast.ua)
    confirmed = correct(measure, details(at=ago(1)), "Uit de M109", by=cast.ua)
    assert (confirmed.stated, confirmed.kind.code) == (False, "art59_1a")

    other = with_officer(cast)
    (wrong,) = state_measures([StatedMeasure(other, "art59", clock.today(), unit("ind-noord"))], by=cast.intake)
    void(wrong, "De persoon is niet in bewaring.", by=cast.ua)
    assert not Measure.objects.running().filter(case=other).exists()


def test_a_stated_measure_stands_in_nobody_s_way(cast: Cast) -> None:
    case = with_officer(cast)
    (stated,) = state_measures([StatedMeasure(case, "art59", clock.today(), unit("ind-noord"))], by=cast.intake)

    impose(case, details(at=ago(1)), by=cast.ua)

    with pytest.raises(NotPossible):
        correct(stated, details(at=ago(0.5)), "Dezelfde", by=cast.ua)
