"""Judging cases of the database: what the rooms tell, the matrix of the day, the wall, and a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.case.models import ReturnCase, Signal
from cases.case.models.choices import SignalKind
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.terms.guards import GUARDS
from cases.terms.guards.findings import State, Why
from cases.terms.guards.judging import Judged, Judgement, effect_of, judge
from cases.terms.guards.registry import subjects
from cases.terms.models import Act, Effect, GuardVersion
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast, as_member
from tests.factories import led_case
from tests.procedure.law import (
    COUNTRY,
    accepted_claim,
    days_ago,
    decided,
    in_procedure,
    lodged,
    postponement_kind,
    refusing,
)
from tests.supervision.measures import detained

pytestmark = pytest.mark.django_db


def found(judgement: Judgement, code: str) -> Judged:
    return next(one for one in judgement.judged if one.code == code)


def judged(case: ReturnCase, act: Act = Act.FORCED_REMOVAL, destination: str = COUNTRY) -> Judgement:
    return judge([case.pk], act, destination=destination)[case.pk]


def test_each_guard_of_the_catalogue_has_a_function() -> None:
    assert set(GuardVersion.objects.values_list("guard__code", flat=True)) == set(GUARDS)


def test_each_room_with_facts_tells_them() -> None:
    assert subjects() == ["case", "identity", "procedure", "statements", "supervision"]


@pytest.mark.parametrize(
    ("state", "applies", "effect"),
    [
        (State.HELD, Effect.BLOCK, Effect.BLOCK),
        (State.UNKNOWN, Effect.BLOCK, Effect.BLOCK),
        (State.NOTICE, Effect.BLOCK, Effect.WARN),
        (State.IN_ORDER, Effect.BLOCK, Effect.NONE),
        (State.HELD, Effect.WARN, Effect.WARN),
        (State.UNKNOWN, Effect.WARN, Effect.WARN),
        (State.HELD, Effect.NONE, Effect.NONE),
        (State.UNKNOWN, Effect.NONE, Effect.NONE),
    ],
)
def test_the_matrix_says_what_a_finding_does_and_unknown_counts_as_not_met(
    state: State, applies: Effect, effect: Effect
) -> None:
    assert effect_of(state, applies) is effect


def test_a_refusal_just_told_holds_removal_back_but_not_ones_own_departure(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=3, told=2))
    forced, own = judged(case), judged(case, Act.OWN_DEPARTURE)
    assert found(forced, "G01").finding.state is State.IN_ORDER
    assert found(forced, "G03").finding.why is Why.PERIOD_RUNNING
    assert found(forced, "G05").finding.why is Why.TERM_OPEN
    assert {"G03", "G05"} <= {one.code for one in forced.blocks}
    assert not own.blocks
    assert not {"G03", "G05"} & {one.code for one in own.warnings}


def test_an_appeal_that_suspends_blocks(cast: Cast) -> None:
    case = in_procedure(cast)
    lodged(decided(case, cast.ind, refusing(decided=40, told=39)), cast.ind, days=30)
    assert found(judged(case), "G05").finding.why is Why.REMEDY_PENDING
    assert found(judged(case), "G04").finding.why is Why.REMEDY_PENDING


def test_blocks_stand_first_and_what_is_in_order_last(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind)
    order = [one.effect for one in judged(case).judged]
    assert order == sorted(order, key=[Effect.BLOCK, Effect.WARN, Effect.NONE].index)
    assert set(order) == {Effect.BLOCK, Effect.WARN, Effect.NONE}


def test_the_latest_transfer_date_blocks_from_the_day_after(cast: Cast) -> None:
    case = in_procedure(cast)
    accepted_claim(case, cast.ind, latest_on=clock.today() + timedelta(days=4))
    day = clock.today() + timedelta(days=4)
    for on, state in ((day, State.IN_ORDER), (day + timedelta(days=1), State.HELD)):
        one = judge([case.pk], Act.DUBLIN_TRANSFER, on, "DEU")[case.pk]
        assert found(one, "G22").finding.state is state


def test_a_detention_is_judged_by_its_record(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    detained(cast, case)
    one = judged(case, Act.DETENTION)
    assert found(one, "G25").finding.state is not State.UNKNOWN or found(one, "G25").finding.why is Why.TERM_NOT_KNOWN
    assert found(one, "G27").finding.source != ""


def test_judging_looks_over_the_wall_and_whoever_asks_does_not(cast: Cast) -> None:
    case = in_procedure(cast)
    begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(3)), by=cast.ind)
    save_as(Signal(case=case, kind=SignalKind.TRAFFICKING, source="DT&V", noted_on=days_ago(2)), by=PRINCIPAL)
    with as_member(cast.politie):
        assert found(judged(case), "G13").finding.why is Why.POSTPONED
        assert found(judged(case), "G16").finding.why is Why.SIGNAL_OPEN
        assert not Signal.objects.filter(case=case).exists()


def test_the_number_of_queries_does_not_depend_on_the_number_of_cases(cast: Cast) -> None:
    def full() -> int:
        case = in_procedure(cast)
        lodged(decided(case, cast.ind), cast.ind)
        accepted_claim(case, cast.ind)
        return case.pk

    few, many = [full()], [full() for _ in range(3)]
    counts = []
    for cases in (few, many):
        with CaptureQueriesContext(connection) as queries:
            judge(cases, Act.FORCED_REMOVAL, destination=COUNTRY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_no_case_asks_nothing() -> None:
    assert judge([], Act.FORCED_REMOVAL) == {}
