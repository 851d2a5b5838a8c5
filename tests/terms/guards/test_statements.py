"""Stating what no other room records: who may, what counts, and taking it back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.case.models import ReturnCase
from cases.terms.actions import Statement, state_for_guards, strike_statement
from cases.terms.guards.findings import State, Why
from cases.terms.guards.judging import judge
from cases.terms.models import Act, GuardStatement
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.pages.statements import StrikeForm
from tests.cast import Cast, as_member
from tests.procedure.law import in_procedure

pytestmark = pytest.mark.django_db


def fit(**more: Any) -> Statement:
    return replace(Statement("fitness", "fit", clock.today(), source="FMMU, verklaring 12"), **more)


def finding(case: ReturnCase, code: str, destination: str = "") -> tuple[State, Why]:
    found = judge([case.pk], Act.FORCED_REMOVAL, destination=destination)[case.pk]
    one = next(one.finding for one in found.judged if one.code == code)
    return one.state, one.why


def test_what_is_stated_is_what_the_guard_finds_until_it_is_taken_back(cast: Cast) -> None:
    case = in_procedure(cast)
    state_for_guards(case, fit(topic="tuberculosis", value="none"), by=cast.regievoerder)
    state_for_guards(case, fit(), by=cast.regievoerder)
    assert finding(case, "G15") == (State.IN_ORDER, Why.FIT)
    wrong = state_for_guards(case, fit(value="unfit"), by=cast.regievoerder)
    assert finding(case, "G15") == (State.HELD, Why.UNFIT)
    strike_statement(wrong, "verkeerde zaak", by=cast.regievoerder)
    assert finding(case, "G15") == (State.IN_ORDER, Why.FIT)
    assert GuardStatement.objects.get(pk=wrong.pk).reason == "verkeerde zaak"


def test_a_reason_as_long_as_the_form_takes_is_kept_whole_and_a_longer_one_refused(cast: Cast) -> None:
    case = in_procedure(cast)
    wrong = state_for_guards(case, fit(value="unfit"), by=cast.regievoerder)
    longest = StrikeForm(None).fields["reason"].max_length  # type: ignore[attr-defined]  # a text field

    with pytest.raises(NotPossible, match="500"):
        strike_statement(wrong, "x" * (longest + 1), by=cast.regievoerder)
    strike_statement(wrong, "x" * longest, by=cast.regievoerder)

    assert GuardStatement.objects.get(pk=wrong.pk).reason == "x" * longest


def test_the_later_day_counts_whatever_was_typed_last(cast: Cast) -> None:
    case = in_procedure(cast)
    state_for_guards(case, fit(value="unfit"), by=cast.regievoerder)
    state_for_guards(case, fit(on=clock.today() - timedelta(days=3)), by=cast.regievoerder)
    assert finding(case, "G15") == (State.HELD, Why.UNFIT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "weather"},
        {"value": "done"},
        {"on": clock.today() + timedelta(days=400)},
        {"until": clock.today() - timedelta(days=1)},
        {"source": "  "},
        {"topic": "protection", "value": "consulted"},
        {"topic": "birth", "value": "expected"},
    ],
)
def test_what_cannot_be_so_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotPossible):
        state_for_guards(in_procedure(cast), fit(**wrong), by=cast.regievoerder)


def test_ind_states_a_test_but_nothing_medical(cast: Cast) -> None:
    case = in_procedure(cast)
    state_for_guards(case, fit(topic="fresh_test", value="done"), by=cast.ind)
    with pytest.raises(NotAllowed):
        state_for_guards(case, fit(), by=cast.ind)


@pytest.mark.parametrize("username", ["politie", "casemanager", "vwn"])
def test_others_state_nothing(cast: Cast, username: str) -> None:
    with pytest.raises(ReturnCase.DoesNotExist):
        state_for_guards(in_procedure(cast), fit(), by=getattr(cast, username))
    assert not GuardStatement.objects.exists()


def test_a_medical_statement_stands_behind_the_wall(cast: Cast) -> None:
    case = in_procedure(cast)
    state_for_guards(case, fit(), by=cast.regievoerder)
    state_for_guards(case, fit(topic="fresh_test", value="done"), by=cast.ind)
    with as_member(cast.ind):
        assert [one.topic for one in GuardStatement.objects.all()] == ["fresh_test"]
    with as_member(cast.regievoerder2):
        assert not GuardStatement.objects.exists()


def test_a_statement_is_taken_back_once_and_with_a_reason(cast: Cast) -> None:
    row = state_for_guards(in_procedure(cast), fit(), by=cast.regievoerder)
    with pytest.raises(NotPossible):
        strike_statement(row, " ", by=cast.regievoerder)
    strike_statement(row, "dubbel", by=cast.regievoerder)
    with pytest.raises(NotPossible):
        strike_statement(row, "dubbel", by=cast.regievoerder)
