"""Grounds that put off departure: their steps, for one person alone, and who may know of them."""

import pytest
from django.db import DatabaseError, connection, transaction

from cases.case.access import access_of
from cases.case.actions import close_case
from cases.case.history import steps_of_case
from cases.case.models import InvolvementGround, Part, ReturnCase, SectionException
from cases.procedure.actions.postponements import NewStep, begin_postponement, next_step_of_postponement
from cases.procedure.models import Postponement, PostponementStep
from cases.procedure.sections import may_know
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, as_member
from tests.factories import involve, unit
from tests.procedure.answered import answered, fresh
from tests.procedure.law import days_ago, in_procedure, postponement_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def asked_for(
    cast: Cast, case: ReturnCase, kind: str = "art64", state: str = "requested", days: int = 10
) -> Postponement:
    return begin_postponement(case, postponement_kind(kind), NewStep(state, days_ago(days)), by=cast.ind)


def test_art_64_goes_from_asked_through_advice_to_granted_and_its_end(cast: Cast) -> None:
    running = asked_for(cast, in_procedure(cast))

    for state, days, until in (
        ("provisional", 9, days_ago(-80)),
        ("advice_asked", 8, None),
        ("advice_received", 4, None),
        ("granted", 2, days_ago(-180)),
    ):
        running = next_step_of_postponement(running, NewStep(state, days_ago(days), until), by=cast.ind)
    assert (running.state, running.until, running.is_running) == ("granted", days_ago(-180), True)
    ended = next_step_of_postponement(running, NewStep("ended", days_ago(0)), by=cast.ind)

    assert (ended.is_running, ended.until) == (False, days_ago(0))
    assert list(ended.steps.values_list("state", flat=True)) == [
        "requested",
        "provisional",
        "advice_asked",
        "advice_received",
        "granted",
        "ended",
    ]
    with pytest.raises(NotPossible, match="has ended"):
        next_step_of_postponement(ended, NewStep("granted", days_ago(0)), by=cast.ind)


def test_steps_have_an_order_and_each_ground_its_own(cast: Cast) -> None:
    case = in_procedure(cast)
    running = asked_for(cast, case)

    with pytest.raises(NotPossible, match="before the last one"):
        next_step_of_postponement(running, NewStep("granted", days_ago(11)), by=cast.ind)
    with pytest.raises(NotPossible, match="before the first"):
        next_step_of_postponement(running, NewStep("granted", days_ago(1), days_ago(2)), by=cast.ind)


def test_a_ground_knows_its_own_steps_only(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="does not know that step"):
        asked_for(cast, in_procedure(cast), "pregnancy", "advice_asked")


def test_a_step_that_lies_ahead_is_refused(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="has happened"):
        asked_for(cast, in_procedure(cast), days=-1)


def test_a_ground_that_runs_is_not_recorded_twice(cast: Cast) -> None:
    case = in_procedure(cast)
    asked_for(cast, case)

    with pytest.raises(NotPossible, match="running already"):
        asked_for(cast, case)


def test_on_a_closed_case_no_fact_of_law_is_recorded(cast: Cast) -> None:
    case = in_procedure(cast)
    close_case(case, "other", by=cast.regievoerder, reason="test")

    with pytest.raises(NotAllowed):
        begin_postponement(case, postponement_kind("moratorium"), NewStep("granted", days_ago(1)), by=cast.regievoerder)
    assert not Postponement.objects.exists()


def test_a_step_that_is_recorded_never_changes(cast: Cast) -> None:
    asked_for(cast, in_procedure(cast))

    with pytest.raises(DatabaseError), transaction.atomic():
        PostponementStep.objects.update(note="anders")


def test_a_page_drawn_from_an_older_version_changes_nothing(cast: Cast) -> None:
    running = asked_for(cast, in_procedure(cast))
    seen = running.version
    next_step_of_postponement(running, NewStep("advice_asked", days_ago(3)), by=cast.ind)

    with pytest.raises(Stale):
        next_step_of_postponement(running, NewStep("granted", days_ago(1)), by=cast.ind, version=seen)


def test_a_medical_ground_puts_only_an_answer_that_says_removable_in_doubt(cast: Cast) -> None:
    case = in_procedure(cast)
    given = answered(cast, case)

    asked_for(cast, case)

    overtaken = fresh(given)
    assert overtaken.is_overtaken
    assert "medic" not in overtaken.overtaken_words.lower()


# --- who may know ----------------------------------------------------------------------------------------------------


def knows(member: Member, case: ReturnCase, kind: str) -> bool:
    return may_know(postponement_kind(kind).section, access_of(member, case).can)


def test_whoever_may_not_know_of_it_sees_no_trace_and_records_none(cast: Cast) -> None:
    case = in_procedure(cast)
    involve(case, unit("dtv-uitvoering"), Part.DEPARTURE)
    involve(case, unit("azc-veenmeer"), Part.RECEPTION, InvolvementGround.LOCATION)
    asked_for(cast, case)
    asked_for(cast, case, "moratorium", "granted")

    assert [knows(cast.ind, case, kind) for kind in ("art64", "trafficking", "moratorium")] == [True, True, True]
    assert [knows(cast.ua, case, kind) for kind in ("art64", "trafficking", "moratorium")] == [False, True, True]
    assert [knows(cast.casemanager, case, kind) for kind in ("art64", "moratorium")] == [False, False]
    with pytest.raises(NotAllowed):
        begin_postponement(case, postponement_kind("no_fault"), NewStep("requested", days_ago(1)), by=cast.ua)
    shown = {
        member.username: {
            step.row.kind.code
            for step in steps_of_case(case, member, access_of(member, case).can, only=["procedure.postponement"])
        }
        for member in (cast.ind, cast.regievoerder, cast.ua, cast.casemanager)
    }
    assert shown == {
        "ind": {"art64", "moratorium"},
        "regievoerder": {"art64", "moratorium"},
        "ua": {"moratorium"},
        "casemanager": set(),
    }


def test_who_may_record_grounds_but_may_not_know_of_this_one_records_none(cast: Cast) -> None:
    case = in_procedure(cast)
    narrowed = SectionException(case=case, unit=case.led_by, section="medical", allowed=False, reason="test")
    save_as(narrowed, by=PRINCIPAL)

    with pytest.raises(NotAllowed):
        begin_postponement(case, postponement_kind("art64"), NewStep("requested", days_ago(1)), by=cast.regievoerder)
    begin_postponement(case, postponement_kind("moratorium"), NewStep("granted", days_ago(1)), by=cast.regievoerder)
    assert [one.kind.code for one in Postponement.objects.all()] == ["moratorium"]


def rows_behind_the_wall(member: Member) -> list[str]:
    with as_member(member), connection.cursor() as cursor:
        cursor.execute("SELECT section FROM procedure_postponement ORDER BY section")
        return [section for (section,) in cursor.fetchall()]


def test_the_database_itself_shows_a_medical_ground_only_to_who_may_know(cast: Cast) -> None:
    case = in_procedure(cast)
    involve(case, unit("dtv-uitvoering"), Part.DEPARTURE)
    asked_for(cast, case)
    asked_for(cast, case, "moratorium", "granted")

    assert rows_behind_the_wall(cast.ind) == ["decisions", "medical"]
    assert rows_behind_the_wall(cast.regievoerder) == ["decisions", "medical"]
    assert rows_behind_the_wall(cast.ua) == ["decisions"]
    assert rows_behind_the_wall(cast.regievoerder2) == []
