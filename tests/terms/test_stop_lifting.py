"""Lifting a stop: by who placed it or by the responsible unit on a new fact, and a grave one by two persons."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.case.models import ReturnCase
from cases.procedure.actions import Answer
from cases.procedure.actions.postponements import NewStep, begin_postponement, next_step_of_postponement
from cases.procedure.actions.remedies import record_ruling
from cases.procedure.models import RemovabilityAnswer
from cases.requests.actions import confirm_request
from cases.requests.models import Request
from cases.terms.models import Stop
from cases.terms.new_facts import new_facts_for
from cases.terms.stop_actions import ask_to_lift, lift_stop, refuse_lift
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member
from tests.cast import PRINCIPAL, Cast
from tests.procedure.answered import answered as answered_by_ind
from tests.procedure.answered import stating
from tests.procedure.law import days_ago, decided, in_procedure, lodged, postponement_kind, refusing
from tests.terms.placed import colleague, fresh, stopped, with_police

pytestmark = pytest.mark.django_db


def ended(stop: Stop) -> bool:
    return not fresh(stop).stands


def answered(cast: Cast, case: ReturnCase, new: Answer | None = None) -> RemovabilityAnswer:
    """IND's answer, and read, so that the question may be asked again."""
    stated = answered_by_ind(cast, case, new)
    confirm_request(Request.objects.get(pk=stated.request_id), by=cast.regievoerder)
    return stated


# --- who placed it --------------------------------------------------------------------------------------------------


def test_who_placed_a_light_stop_lifts_it_at_once_with_a_reason(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind)
    with pytest.raises(NotPossible):
        lift_stop(stop, "  ", by=cast.ind)
    lifted = lift_stop(stop, "Beroep ingetrokken", by=cast.ind)
    assert ended(stop)
    assert (lifted.lifted_by, lifted.lift_reason) == (cast.ind, "Beroep ingetrokken")
    assert [row.history_type for row in stop.history.order_by("history_id")] == ["+", "~"]


def test_another_unit_of_the_same_organisation_that_has_the_case_may_lift_too(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind)
    lift_stop(stop, "Ingetrokken", by=colleague(cast.ind))
    assert ended(stop)


@pytest.mark.parametrize(("username", "refusal"), [("politie", NotAllowed), ("casemanager", ReturnCase.DoesNotExist)])
def test_another_organisation_does_not_lift(cast: Cast, username: str, refusal: type[Exception]) -> None:
    stop = stopped(with_police(cast), cast.ind)
    with pytest.raises(refusal):
        lift_stop(stop, "Mag weg", by=getattr(cast, username))
    assert not ended(stop)


def test_two_persons_lift_a_grave_stop(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind, "art64")
    with pytest.raises(NotPossible, match="Twee personen"):
        lift_stop(stop, "Advies BMA", by=cast.ind)
    ask_to_lift(stop, "Advies BMA", by=cast.ind)
    assert not ended(stop)
    with pytest.raises(NotPossible, match="Iemand anders"):
        lift_stop(stop, by=cast.ind)
    lifted = lift_stop(stop, by=colleague(cast.ind))
    assert ended(stop)
    assert lifted.lift_asked_by == cast.ind


def test_the_database_refuses_one_person_twice(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind, "art64")
    row = fresh(ask_to_lift(stop, "Advies BMA", by=cast.ind))
    row.lifted_by, row.lifted_at = cast.ind, clock.now()
    with pytest.raises(IntegrityError, match="stop_grave_lifted_by_two"), transaction.atomic():
        save_as(row, by=PRINCIPAL)


def test_the_database_refuses_a_grave_stop_lifted_without_anybody_asking(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind, "art64")
    stop.lifted_by, stop.lifted_at = cast.ind, clock.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(stop, by=PRINCIPAL)


def test_a_light_stop_is_not_asked_for_and_a_grave_one_only_once(cast: Cast) -> None:
    case = in_procedure(cast)
    with pytest.raises(NotPossible):
        ask_to_lift(stopped(case, cast.ind), "Ingetrokken", by=cast.ind)
    grave = stopped(case, cast.ind, "art64")
    ask_to_lift(grave, "Advies BMA", by=cast.ind)
    with pytest.raises(NotPossible):
        ask_to_lift(grave, "Nog een keer", by=colleague(cast.ind))


def test_who_confirms_is_of_the_organisation_that_asked(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, "danger")
    answered(cast, case)
    (fact,) = new_facts_for(stop)
    ask_to_lift(stop, "IND zegt verwijderbaar", fact.key, by=cast.regievoerder)
    with pytest.raises(NotPossible):
        lift_stop(stop, by=cast.ind)
    lift_stop(stop, by=colleague(cast.regievoerder))
    assert ended(stop)


def test_a_refusal_says_why_and_the_stop_goes_on_and_may_be_asked_anew(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind, "art64")
    with pytest.raises(NotPossible):
        refuse_lift(stop, "Niemand vroeg iets", by=cast.ind)
    ask_to_lift(stop, "Advies BMA", by=cast.ind)
    with pytest.raises(NotPossible):
        refuse_lift(stop, " ", by=colleague(cast.ind))
    refused = refuse_lift(stop, "Advies is van een ander", by=colleague(cast.ind))
    assert (refused.lift_refusal, refused.lift_asked_by, ended(stop)) == ("Advies is van een ander", None, False)
    ask_to_lift(stop, "Nu het goede advies", by=cast.ind)
    assert [row.lift_reason for row in stop.history.order_by("history_id")] == [
        "",
        "Advies BMA",
        "",
        "Nu het goede advies",
    ]


def test_who_placed_it_may_refuse_what_the_responsible_unit_asks(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, "danger")
    answered(cast, case)
    ask_to_lift(stop, "Antwoord IND", new_facts_for(stop)[0].key, by=cast.regievoerder)
    refuse_lift(stop, "Het antwoord gaat over iets anders", by=cast.ind)
    assert fresh(stop).lift_asked_at is None


def test_what_has_ended_is_not_lifted_and_a_lifted_row_stands_still(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, days=2)
    with clock.as_if(clock.now() + timedelta(days=3)), pytest.raises(NotPossible, match="al geëindigd"):
        lift_stop(stop, "Te laat", by=cast.ind)
    lift_stop(stop, "Ingetrokken", by=cast.ind)
    with pytest.raises(NotPossible):
        lift_stop(stop, "Nog een keer", by=cast.ind)
    row = fresh(stop)
    row.lift_reason = "Anders"
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        save_as(row, by=PRINCIPAL)


def test_a_page_that_was_drawn_before_somebody_asked_confirms_nothing(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind, "art64")
    ask_to_lift(stop, "Advies BMA", by=cast.ind)
    with pytest.raises(Stale):
        lift_stop(stop, by=colleague(cast.ind), version=stop.version)


# --- a new fact -----------------------------------------------------------------------------------------------------


def facts(stop: Stop) -> list[str]:
    return [fact.kind for fact in new_facts_for(fresh(stop))]


def test_the_responsible_unit_lifts_only_by_pointing_to_a_fact_that_exists(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind)
    for invented in ("", "answer:1", "answer:999999"):
        with pytest.raises(NotPossible, match="nieuwe feit"):
            lift_stop(stop, "Het mag nu", invented, by=cast.regievoerder)
    one = answered(cast, case)
    lifted = lift_stop(stop, "Het mag nu", f"answer:{one.pk}", by=cast.regievoerder)
    assert ended(stop)
    assert "verwijderbaar" in lifted.new_fact_words


def test_an_answer_counts_when_it_is_new_says_removable_and_still_holds(cast: Cast) -> None:
    case = in_procedure(cast)
    answered(cast, case)
    stop = stopped(case, cast.ind)
    assert facts(stop) == []
    answered(cast, case, stating("barred_temporarily", "art64_granted"))
    assert facts(stop) == []
    answered(cast, case)
    assert facts(stop) == ["answer"]
    with clock.as_if(clock.now() + timedelta(days=29)):
        assert facts(stop) == ["answer"]
    with clock.as_if(clock.now() + timedelta(days=31)):
        assert facts(stop) == []


@pytest.mark.parametrize(("ruling", "expected"), [("dismissed", ["ruling"]), ("upheld", [])])
def test_a_ruling_counts_when_the_person_lost(cast: Cast, ruling: str, expected: list[str]) -> None:
    case = in_procedure(cast)
    remedy = lodged(decided(case, cast.ind, refusing(decided=40, told=39)), cast.ind, days=30)
    stop = stopped(case, cast.ind)
    assert facts(stop) == []
    record_ruling([remedy], days_ago(0), ruling, by=cast.ind)
    assert facts(stop) == expected


def test_a_ruling_that_was_recorded_before_the_stop_is_no_new_fact(cast: Cast) -> None:
    case = in_procedure(cast)
    remedy = lodged(decided(case, cast.ind, refusing(decided=40, told=39)), cast.ind, days=30)
    record_ruling([remedy], days_ago(1), "dismissed", by=cast.ind)
    assert facts(stopped(case, cast.ind)) == []


@pytest.mark.parametrize(("by", "expected"), [("ind", ["postponement:art64"]), ("regievoerder", [])])
def test_an_ended_postponement_counts_when_the_organisation_that_may_place_the_stop_recorded_it(
    cast: Cast, by: str, expected: list[str]
) -> None:
    case = in_procedure(cast)
    begun = begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(9)), by=cast.ind)
    stop = stopped(case, cast.ind, "art64")
    assert facts(stop) == []
    next_step_of_postponement(begun, NewStep("ended", days_ago(0)), by=getattr(cast, by))
    assert facts(stop) == expected


def test_a_fact_of_another_kind_lifts_nothing(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, "rule39", country="DZA")
    answered(cast, case)
    assert facts(stop) == []


def test_a_fact_that_went_is_no_ground_to_confirm(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, "danger")
    one = answered(cast, case)
    ask_to_lift(stop, "Antwoord IND", f"answer:{one.pk}", by=cast.regievoerder)
    answered(cast, case, stating("barred_temporarily", "art64_granted"))
    with pytest.raises(NotPossible, match="nieuwe feit"):
        lift_stop(stop, by=colleague(cast.regievoerder))
    assert not ended(stop)


def test_the_responsible_unit_does_not_lift_what_it_may_not_read(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, "art64")
    begun = begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(9)), by=cast.ind)
    next_step_of_postponement(begun, NewStep("ended", days_ago(0)), by=cast.ind)
    with pytest.raises(NotAllowed):
        ask_to_lift(stop, "IND beëindigt", f"postponement:{begun.pk}", by=colleague(cast.regievoerder, "dtv_manager"))
    ask_to_lift(stop, "IND beëindigt", f"postponement:{begun.pk}", by=cast.regievoerder)


# --- at once --------------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What came of each: "" or the refusal."""
    barrier, outcomes = Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            act()
            outcomes.append("")
        except NotPossible as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_lift_at_once_one_does(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind)
    one, other = cast.ind, colleague(cast.ind)

    def lift(by: Member) -> Callable[[], Any]:
        return lambda: lift_stop(Stop.objects.get(pk=stop.pk), "Ingetrokken", by=by)

    outcomes = at_once(lift(one), lift(other))

    assert outcomes[0] == ""
    assert "al geëindigd" in outcomes[1]
    assert stop.history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_does_so_that_nobody_confirms_their_own(cast: Cast) -> None:
    stop = stopped(in_procedure(cast), cast.ind, "art64")
    one, other = cast.ind, colleague(cast.ind)

    def ask(by: Member) -> Callable[[], Any]:
        return lambda: ask_to_lift(Stop.objects.get(pk=stop.pk), "Advies BMA", by=by)

    outcomes = at_once(ask(one), ask(other))

    assert outcomes[0] == ""
    assert "al gevraagd" in outcomes[1]
