"""Procedures and their steps: in which regime they exist, in which order, and how wrong ones are taken back."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases.case.access import NotInSight
from cases.procedure.actions.procedures import (
    NewProcedure,
    begin_procedure,
    change_procedure,
    end_procedure,
    record_step,
    take_back_step,
)
from cases.procedure.models import Procedure, ProcedureStep, Regime, StepKind, regime_of
from cases.procedure.models.kinds import PACT_FROM
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from tests.cast import PRINCIPAL, Cast
from tests.procedure.law import begun, days_ago, in_procedure, procedure_kind, step_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

OLD = date(2026, 3, 2)


def old_procedure(cast: Cast, kind: str = "general_6") -> Procedure:
    return begin_procedure(in_procedure(cast), NewProcedure(procedure_kind(kind), Regime.FORMER, OLD), by=cast.ind)


@pytest.mark.parametrize(
    ("lodged_on", "regime"), [(PACT_FROM - timedelta(days=1), Regime.FORMER), (PACT_FROM, Regime.PACT)]
)
def test_the_day_of_lodging_proposes_the_regime(lodged_on: date, regime: Regime) -> None:
    assert regime_of(lodged_on) == regime


def test_another_regime_than_proposed_needs_a_reason(cast: Cast) -> None:
    case = in_procedure(cast)
    former = NewProcedure(procedure_kind("extended"), Regime.FORMER, days_ago(30))

    with pytest.raises(NotPossible, match="other regime"):
        begin_procedure(case, former, by=cast.ind)

    because = NewProcedure(
        former.kind, former.regime, former.lodged_on, regime_reason="Vervolg op een aanvraag uit 2025."
    )
    procedure = begin_procedure(case, because, by=cast.ind)
    assert (procedure.regime, procedure.recorded_by) == (Regime.FORMER, cast.ind)
    assert procedure.source == "IND Team Terugkeer Noord"


@pytest.mark.parametrize(("kind", "regime"), [("general_6", Regime.PACT), ("accelerated", Regime.FORMER)])
def test_a_procedure_of_the_other_regime_does_not_exist(cast: Cast, kind: str, regime: str) -> None:
    new = NewProcedure(procedure_kind(kind), regime, days_ago(30), regime_reason="Overgangsrecht.")

    with pytest.raises(NotPossible, match="does not exist in that regime"):
        begin_procedure(in_procedure(cast), new, by=cast.ind)


@pytest.mark.parametrize("step", [("accelerated", "lodged"), ("extended", "intention")])
def test_a_step_of_another_procedure_or_regime_cannot_be_recorded(cast: Cast, step: tuple[str, str]) -> None:
    procedure = old_procedure(cast)

    with pytest.raises(NotPossible, match="belongs to another procedure"):
        record_step(procedure, step_kind(*step), OLD + timedelta(days=9), by=cast.ind)


def test_the_database_refuses_a_step_of_the_other_regime_by_any_door(cast: Cast) -> None:
    procedure = old_procedure(cast)
    foreign = StepKind.objects.get(kind__code="accelerated", code="decision")
    row = ProcedureStep(procedure=procedure, step=foreign, on=days_ago(1), source="x")

    with pytest.raises(IntegrityError, match="does not belong"), transaction.atomic():
        save_as(row, by=PRINCIPAL)


def test_the_six_days_are_recorded_each_on_its_day(cast: Cast) -> None:
    procedure = old_procedure(cast)
    codes = ["rest", "day_1", "day_2", "day_3", "day_4", "day_5", "day_6"]

    for number, code in enumerate(codes):
        record_step(procedure, step_kind("general_6", code), OLD + timedelta(days=7 + number), by=cast.ind)

    assert list(procedure.steps.values_list("step__code", flat=True)) == codes


def test_a_step_lies_neither_ahead_nor_before_lodging_nor_twice(cast: Cast) -> None:
    procedure, hearing = old_procedure(cast), step_kind("general_6", "day_1")

    with pytest.raises(NotPossible, match="was taken"):
        record_step(procedure, hearing, clock.today() + timedelta(days=1), by=cast.ind)
    with pytest.raises(NotPossible, match="before the day on which the application was lodged"):
        record_step(procedure, hearing, OLD - timedelta(days=1), by=cast.ind)
    record_step(procedure, hearing, OLD, by=cast.ind)
    with pytest.raises(NotPossible, match="recorded already"):
        record_step(procedure, hearing, OLD, by=cast.ind)


def test_a_step_taken_back_stays_readable_and_may_be_recorded_again(cast: Cast) -> None:
    procedure, hearing = old_procedure(cast), step_kind("general_6", "day_1")
    wrong = record_step(procedure, hearing, OLD, by=cast.ind)

    with pytest.raises(NotPossible, match="Say why"):
        take_back_step(wrong, "  ", by=cast.ind)
    taken = take_back_step(wrong, "Verkeerde dag.", by=cast.ind)
    record_step(procedure, hearing, OLD + timedelta(days=1), by=cast.ind)

    assert (taken.reason, taken.struck_at is not None) == ("Verkeerde dag.", True)
    assert [step.on for step in procedure.steps.filter(struck_at=None)] == [OLD + timedelta(days=1)]
    assert taken.history.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ProcedureStep.objects.filter(pk=wrong.pk).delete()


def test_the_regime_cannot_change_once_steps_are_recorded(cast: Cast) -> None:
    procedure = old_procedure(cast)
    step = record_step(procedure, step_kind("general_6", "day_1"), OLD, by=cast.ind)
    pact = NewProcedure(procedure_kind("normal"), Regime.PACT, OLD, regime_reason="Toch het nieuwe recht.")

    with pytest.raises(NotPossible, match="Take them back first"):
        change_procedure(procedure, pact, "Vergissing", by=cast.ind)

    take_back_step(step, "Hoort bij een andere procedure.", by=cast.ind)
    with pytest.raises(NotPossible, match="did not exist on the day"):  # the Pact has no procedures of that day
        change_procedure(procedure, pact, "Vergissing", by=cast.ind)
    extended = NewProcedure(procedure_kind("extended"), Regime.FORMER, OLD)
    changed = change_procedure(procedure, extended, "Vergissing", by=cast.ind)
    assert changed.kind is not None
    assert (changed.kind.code, changed.history.first().history_change_reason) == ("extended", "Vergissing")


def test_a_procedure_ends_after_its_last_step_and_only_once(cast: Cast) -> None:
    procedure = old_procedure(cast)
    record_step(procedure, step_kind("general_6", "day_6"), OLD + timedelta(days=14), by=cast.ind)

    with pytest.raises(NotPossible, match="before its last step"):
        end_procedure(procedure, OLD + timedelta(days=3), "decided", by=cast.ind)
    ended = end_procedure(procedure, OLD + timedelta(days=14), "decided", by=cast.ind)
    with pytest.raises(NotPossible, match="ended already"):
        end_procedure(procedure, OLD + timedelta(days=15), "decided", by=cast.ind)

    assert (ended.is_open, ended.result) == (False, "decided")


def test_only_ind_records_and_only_from_the_page_that_it_saw(cast: Cast) -> None:
    case = in_procedure(cast)
    new = NewProcedure(procedure_kind("normal"), Regime.PACT, days_ago(30))

    with pytest.raises(NotAllowed):
        begin_procedure(case, new, by=cast.regievoerder)
    for outsider in (cast.politie, cast.casemanager, cast.regievoerder2):
        with pytest.raises(NotInSight):
            begin_procedure(case, new, by=outsider)
    procedure = begun(case, cast.ind)
    seen = procedure.version
    change_procedure(procedure, new, "Datum", by=cast.ind)
    with pytest.raises(Stale):
        end_procedure(procedure, days_ago(1), "withdrawn", by=cast.ind, version=seen)
