"""Preparing, booking, permission, and what happened: who may, what holds it back, what is kept, who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from cases.case.actions import close_case
from cases.case.models import Phase, ReturnCase
from cases.departure import actions
from cases.departure.actions import Left
from cases.departure.looking_again import PRINCIPAL, look_at_all
from cases.departure.models import Departure
from cases.departure.states import State
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.terms.actions import strike_statement
from cases.terms.authorising import AskedForReason, Held
from cases.terms.guards.judging import judge_each
from cases.terms.guards.known import Topic
from cases.terms.models import Act, Effect, GuardStatement, Incident, KeptJudgement, Purpose
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from leidraad.lib.who import principal
from partners.models import Member, Notice
from tests.cast import Cast
from tests.departure.leaving import (
    WHY,
    booked,
    fresh,
    in_days,
    new,
    permitted,
    prepared,
    reasons_for,
    refused_for_good,
    stated,
)
from tests.factories import case_director, led_case
from tests.procedure.law import COUNTRY, days_ago, decided, in_procedure, lodged, postponement_kind, refusing

pytestmark = pytest.mark.django_db


def phase_of(case: ReturnCase) -> str:
    return ReturnCase.objects.get(pk=case.pk).phase


def codes(kept: KeptJudgement, effect: Effect) -> set[str]:
    with principal("guards"):
        return set(kept.findings.filter(effect=effect).values_list("guard__guard__code", flat=True))


# --- preparing is always possible, booking is not ----------------------------------------------------------------------


def test_preparing_is_held_back_by_no_guard_and_booking_is(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=3, told=2))
    row = prepared(cast, case)
    with pytest.raises(Held) as held:
        actions.book(row, {}, by=cast.regievoerder)
    assert fresh(row).state == State.PREPARED
    assert {"G03", "G05"} <= codes(held.value.kept, Effect.BLOCK)


def test_a_refused_booking_is_kept_with_everything_that_was_known(cast: Cast) -> None:
    case = in_procedure(cast)
    row = prepared(cast, case)
    with pytest.raises(Held):
        actions.book(row, {}, by=cast.regievoerder)
    kept = KeptJudgement.objects.get(case=case)
    assert (kept.passes, kept.purpose, kept.member) == (False, Purpose.BOOK, cast.regievoerder)
    assert kept.blocks == len(codes(kept, Effect.BLOCK)) > 0


def test_who_is_refused_for_good_is_booked_and_gets_permission_of_somebody_else(cast: Cast) -> None:
    row = booked(cast)
    assert (row.state, phase_of(row.case)) == (State.BOOKED, Phase.TRAVEL_BOOKED)
    row = actions.permit(row, reasons_for(actions.permit, row, cast.ua), by=cast.ua)
    assert (row.state, row.authorised_by, phase_of(row.case)) == (State.AUTHORISED, cast.ua, Phase.FINAL_CHECKS)
    assert row.judgement is not None
    assert row.judgement.passes


def test_a_warning_asks_for_a_reason_and_keeps_it_beside_the_name(cast: Cast) -> None:
    row = prepared(cast)
    with pytest.raises(AskedForReason) as asked:
        actions.book(row, {}, by=cast.regievoerder)
    assert asked.value.codes == ("G31",)
    assert not KeptJudgement.objects.filter(case=row.case).exists()
    done = actions.book(row, {"G31": WHY}, by=cast.regievoerder)
    assert done.judgement is not None
    finding = done.judgement.findings.get(guard__guard__code="G31")
    assert (finding.effect, finding.reason, done.judgement.member) == (Effect.WARN, WHY, cast.regievoerder)


def test_a_reason_never_passes_a_block_by(cast: Cast) -> None:
    case = refused_for_good(cast)
    stated(cast, case, Topic.PROSECUTOR, "refused")
    row = prepared(cast, case)
    every = {f"G{number:02}": WHY for number in range(1, 32)}
    with pytest.raises(Held) as held:
        actions.book(row, every, by=cast.regievoerder)
    assert codes(held.value.kept, Effect.BLOCK) == {"G18"}


def test_a_warning_about_a_part_that_one_may_not_see_is_not_passed_by_blindly(cast: Cast) -> None:
    case = refused_for_good(cast)
    row = booked(cast, case)
    begin_postponement(case, postponement_kind("art64"), NewStep("requested", days_ago(1)), by=cast.ind)
    row = fresh(row)
    if row.state != State.BOOKED:  # the request held it back at once
        pytest.fail("a request only warns, so the booking stands")
    with pytest.raises(Held) as held:
        actions.permit(row, {"G13": WHY, "G31": WHY}, by=cast.ua)
    assert "G13" in codes(held.value.kept, Effect.BLOCK)


def test_nobody_gives_permission_for_what_they_booked(cast: Cast) -> None:
    row = booked(cast)
    stale = fresh(row)
    row.booked_by = cast.ua
    save_as(row, by="test")
    with pytest.raises(NotPossible, match="zelf"):
        actions.permit(stale, {}, by=cast.ua)


def test_permission_without_a_booking_is_no_step(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="In voorbereiding"):
        actions.permit(prepared(cast), {}, by=cast.ua)


def test_the_regievoerder_gives_no_permission_and_a_partner_prepares_nothing(cast: Cast) -> None:
    case = refused_for_good(cast)
    row = prepared(cast, case)
    row = actions.book(row, {"G31": WHY}, by=case_director())
    with pytest.raises(NotAllowed):
        actions.permit(row, {"G31": WHY}, by=cast.regievoerder)
    with pytest.raises(NotAllowed):
        actions.prepare(case, new(), by=cast.ind)


def test_own_departure_is_booked_while_an_appeal_runs(cast: Cast) -> None:
    case = in_procedure(cast)
    lodged(decided(case, cast.ind, refusing(decided=3, told=2)), cast.ind, days=1)
    row = prepared(cast, case, act=Act.OWN_DEPARTURE)
    done = actions.book(row, reasons_for(actions.book, row, cast.regievoerder), by=cast.regievoerder)
    assert done.state == State.BOOKED


def test_a_changed_day_takes_the_booking_back(cast: Cast) -> None:
    row = booked(cast)
    row = actions.change(row, new(days=9), by=cast.regievoerder)
    assert (row.state, row.judgement, phase_of(row.case)) == (State.PREPARED, None, Phase.PLANNING)


def test_a_case_has_one_open_departure(cast: Cast) -> None:
    row = prepared(cast)
    with pytest.raises(NotPossible, match="open vertrek"):
        actions.prepare(row.case, new(), by=cast.regievoerder)
    actions.cancel(row, "Vlucht geannuleerd", by=cast.regievoerder)
    assert actions.prepare(row.case, new(), by=cast.regievoerder).state == State.PREPARED


def test_who_read_an_older_page_changes_nothing(cast: Cast) -> None:
    row = prepared(cast)
    actions.change(row, new(days=9), by=cast.regievoerder)
    with pytest.raises(Stale):
        actions.cancel(row, "Te laat", by=cast.regievoerder, version=1)


# --- a new fact takes permission back ----------------------------------------------------------------------------------


def test_a_new_fact_takes_permission_back_and_tells_everybody_who_counts_on_it(cast: Cast) -> None:
    case = refused_for_good(cast)
    row = permitted(cast, case)
    stated(cast, case, Topic.FITNESS, "unfit")
    with principal(PRINCIPAL):
        assert look_at_all() == 1
        assert look_at_all() == 0
    row = fresh(row)
    assert (row.state, row.judgement, phase_of(case)) == (State.PREPARED, None, Phase.PLANNING)
    told = Notice.objects.filter(case_number=case.number, kind="departure_withdrawn")
    assert {notice.unit.code for notice in told} == {"dtv-noord-2", "dtv-uitvoering", "dtv-boekingen"}
    again = KeptJudgement.objects.get(case=case, purpose=Purpose.AGAIN)
    assert codes(again, Effect.BLOCK) == {"G15"}


@pytest.mark.django_db(transaction=True)
def test_the_act_that_records_the_fact_takes_permission_back_by_itself(cast: Cast) -> None:
    case = refused_for_good(cast)
    row = permitted(cast, case)
    begin_postponement(case, postponement_kind("moratorium"), NewStep("granted", clock.today()), by=cast.ind)
    with principal(PRINCIPAL):
        assert fresh(row).state == State.PREPARED


@pytest.mark.django_db(transaction=True)
def test_looking_again_sets_no_other_look_going(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locking a case has others look at it again: a look at what stands must not lock it."""
    looks: list[int] = []

    def counted(plans: Any) -> Any:
        looks.append(1)
        return judge_each(plans)

    row = booked(cast)
    monkeypatch.setattr("cases.departure.looking_again.judge_each", counted)
    actions.permit(row, reasons_for(actions.permit, row, cast.ua), by=cast.ua)
    assert len(looks) == 1


def test_what_stands_is_left_alone(cast: Cast) -> None:
    row = permitted(cast)
    with principal(PRINCIPAL):
        assert look_at_all() == 0
    assert fresh(row).state == State.AUTHORISED
    assert KeptJudgement.objects.filter(case=row.case, purpose=Purpose.AGAIN).count() == 0


def test_a_statement_that_is_taken_back_takes_permission_back(cast: Cast) -> None:
    case = refused_for_good(cast)
    permitted(cast, case)
    strike_statement(
        GuardStatement.objects.get(case=case, topic=Topic.PROSECUTOR), "Verkeerde zaak", by=cast.regievoerder
    )
    with principal(PRINCIPAL):
        assert look_at_all() == 1


# --- recording what happened is never refused ---------------------------------------------------------------------------


def test_a_permitted_departure_that_happened_raises_no_incident(cast: Cast) -> None:
    row = permitted(cast, days=0)
    done = actions.record_left(row.case, Left(row.act, row.destination, clock.today()), by=cast.ua)
    assert (done.state, phase_of(row.case)) == (State.DEPARTED, Phase.DEPARTED)
    assert not Incident.objects.exists()


def test_what_happened_although_it_was_blocked_is_recorded_and_both_managers_are_told(cast: Cast) -> None:
    case = refused_for_good(cast)
    stated(cast, case, Topic.FITNESS, "unfit")
    done = actions.record_left(case, Left(Act.FORCED_REMOVAL, COUNTRY, clock.today()), by=cast.ua)
    assert done.state == State.DEPARTED
    incident = Incident.objects.get(case=case)
    assert (incident.lead.code, incident.unit.code) == ("dtv-noord-2", "dtv-uitvoering")
    assert incident.without_permission
    assert codes(incident.judgement, Effect.BLOCK) == {"G15"}
    told = Notice.objects.filter(kind="incident_raised")
    assert {(one.unit.code, one.member) for one in told} == {("dtv-noord-2", cast.manager), ("dtv-uitvoering", None)}
    assert {task.unit.code for task in case.tasks.open().filter(source=f"incident:{incident.pk}")} == {
        "dtv-noord-2",
        "dtv-uitvoering",
    }


def test_a_removal_without_permission_is_an_incident_though_no_guard_holds(cast: Cast) -> None:
    case = refused_for_good(cast)
    actions.record_left(case, Left(Act.FORCED_REMOVAL, COUNTRY, clock.today()), by=cast.ua)
    incident = Incident.objects.get(case=case)
    assert incident.without_permission
    assert incident.judgement.passes


def test_permission_for_another_country_is_none(cast: Cast) -> None:
    row = permitted(cast, days=0)
    actions.record_left(row.case, Left(row.act, "MAR", clock.today()), by=cast.ua)
    assert Incident.objects.get(case=row.case).without_permission


def test_leaving_of_ones_own_free_will_needs_no_permission(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    actions.record_left(case, Left(Act.OWN_DEPARTURE, COUNTRY, clock.today()), by=cast.regievoerder)
    assert not Incident.objects.exists()


def test_tomorrow_has_not_happened(cast: Cast) -> None:
    case = refused_for_good(cast)
    with pytest.raises(NotPossible, match="gebeurd"):
        actions.record_left(case, Left(Act.FORCED_REMOVAL, COUNTRY, in_days(1)), by=cast.ua)


def test_a_departure_that_did_not_go_ahead_brings_the_case_back(cast: Cast) -> None:
    row = permitted(cast, days=0)
    done = actions.record_failed(row, clock.today(), "Verzet bij de gate", by=cast.ua)
    assert (done.state, phase_of(row.case)) == (State.FAILED, Phase.PLANNING)


def test_a_closed_case_gets_no_departure(cast: Cast) -> None:
    case = refused_for_good(cast)
    close_case(case, "other", by=cast.regievoerder, reason="Dubbel")
    with pytest.raises(NotAllowed):
        actions.prepare(case, new(), by=cast.regievoerder)


# --- whatever the door ----------------------------------------------------------------------------------------------


def refused_by_the_database(sql: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{departure_no_way_around}', true)")
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


SET = """UPDATE departure_departure SET state = %s, judgement_id = %s, booked_by_id = %s, authorised_by_id = %s,
                authorised_at = now() WHERE id = %s"""


def test_plain_sql_books_and_permits_nothing_without_a_judgement(cast: Cast) -> None:
    row, by = prepared(cast), cast.ua.pk
    for state in ("booked", "authorised"):
        assert refused_by_the_database(SET, state, None, by, by, row.pk)


def test_plain_sql_does_not_stand_on_a_judgement_that_failed_or_is_of_another_moment(cast: Cast) -> None:
    case = in_procedure(cast)
    row = prepared(cast, case)
    with pytest.raises(Held):
        actions.book(row, {}, by=cast.regievoerder)
    failed = KeptJudgement.objects.get(case=case)
    assert refused_by_the_database(SET, "booked", failed.pk, cast.ua.pk, cast.ua.pk, row.pk)


def test_the_database_takes_no_permission_of_who_booked(cast: Cast) -> None:
    row = permitted(cast)
    with pytest.raises(IntegrityError, match="departure_permitted_by_another"), transaction.atomic():
        Departure.objects.filter(pk=row.pk).update(authorised_by=row.booked_by)
    assert fresh(row).authorised_by == cast.ua

    row.authorised_by = row.booked_by
    with pytest.raises(ValidationError, match="Dat doet een ander"):
        row.validate_constraints()


def test_a_booking_moves_to_no_other_day_or_country_by_plain_sql(cast: Cast) -> None:
    row = booked(cast)
    for column, value in (("leaves_on", in_days(30)), ("destination", "MAR"), ("act", "own_departure")):
        assert refused_by_the_database(
            f"UPDATE departure_departure SET {column} = %s WHERE id = %s",
            value,
            row.pk,
        )


def test_a_made_up_judgement_without_findings_lets_nothing_through(cast: Cast) -> None:
    row = prepared(cast)
    made_up = """
        WITH j AS (INSERT INTO terms_keptjudgement (case_id, act, "on", destination, purpose, passes, blocks, warnings,
                                                    judged_at, member_id, unit_id, transaction)
                   VALUES (%s, %s, %s, %s, 'book', true, 0, 0, now(), %s, %s, pg_current_xact_id()::text::bigint)
                   RETURNING id)
        UPDATE departure_departure SET state = 'booked', booked_by_id = %s, judgement_id = (SELECT id FROM j) WHERE id = %s
    """
    by = cast.regievoerder
    assert refused_by_the_database(
        made_up,
        row.case_id,
        row.act,
        row.leaves_on,
        row.destination,
        by.pk,
        by.acting_unit_id,
        by.pk,
        row.pk,
    )


def test_what_was_judged_is_never_changed(cast: Cast) -> None:
    row = booked(cast)
    for table in ("terms_keptjudgement", "terms_keptfinding"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    assert fresh(row).judgement is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_at_once_one_is_told_to_read_again(cast: Cast) -> None:
    row = prepared(cast)

    def book(member: Member) -> str:
        try:
            actions.book(row, {"G31": WHY}, by=member, version=row.version)
        except (Stale, NotPossible) as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "booked"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(book, [cast.regievoerder, case_director()]))
    assert said == ["Stale", "booked"]


def test_ruled_out_by_the_day_after_the_answer_expired(cast: Cast) -> None:
    """The boundary of IND's answer, both sides: it holds until day 30."""
    case = refused_for_good(cast)
    on_last = prepared(cast, case, days=30)
    assert actions.book(on_last, {"G31": WHY, "G23": WHY}, by=cast.regievoerder).state == State.BOOKED
    actions.cancel(on_last, "Andere dag", by=cast.regievoerder)
    too_late = prepared(cast, case, days=31)
    with pytest.raises(Held):
        actions.book(too_late, {"G31": WHY, "G23": WHY}, by=cast.regievoerder)
    assert too_late.leaves_on - on_last.leaves_on == timedelta(days=1)
