"""What the police record of a visit, how long it can be taken back, and when the asker hears of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases.case.models import ReturnCase, Task
from cases.requests.actions import confirm_request, not_possible, withdraw_request
from cases.requests.registry import result_of
from cases.requests.states import Status
from cases.supervision.actions import (
    assign_task,
    correct_outcome,
    record_outcome,
    send_due_outcomes,
    send_outcome,
    undo_outcome,
)
from cases.supervision.models import Attempt, SupervisionTask
from cases.supervision.states import TaskStatus
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import unit
from tests.requests.asked import accepted, officer, reported
from tests.supervision.visits import open_task, recorded, sent, stored, task_of, visit

pytestmark = pytest.mark.django_db

ELEVEN_MINUTES = timedelta(minutes=11)


def told(member: Member) -> list[str]:
    return list(Notice.objects.for_member(member).order_by("pk").values_list("kind", flat=True))


def contact_of(task: SupervisionTask) -> object:
    return ReturnCase.objects.get(pk=task.request.case_id).last_contact_on


# --- the task -------------------------------------------------------------------------------------------------------


def test_accepting_a_request_opens_a_task_for_the_officer_who_accepted(cast: Cast) -> None:
    task = open_task(cast)

    assert (task.type, task.status, task.assignee) == ("address_check", TaskStatus.OPEN, cast.politie)
    work = Task.objects.open().get(source=task.request.source)
    assert (work.url_name, work.url_arg, work.assignee) == ("supervision:detail", str(task.pk), cast.politie)


def test_what_the_chief_accepts_waits_to_be_assigned(cast: Cast) -> None:
    task = task_of(accepted(cast, by=cast.politie_teamchef))
    assert task.assignee is None

    assign_task(task, cast.politie, by=cast.politie_teamchef, version=task.version)

    assert stored(task).assignee == cast.politie
    assert Task.objects.open().get(source=task.request.source).assignee == cast.politie
    assert "supervision_assigned" in told(cast.politie)


def test_an_officer_takes_a_task_but_does_not_give_it_to_a_colleague(cast: Cast) -> None:
    task, colleague = open_task(cast), officer()

    assign_task(task, colleague, by=colleague)
    assert stored(task).assignee == colleague

    with pytest.raises(NotAllowed):
        assign_task(task, colleague, by=cast.politie)
    with pytest.raises(NotPossible):
        assign_task(task, cast.ind, by=cast.politie_teamchef)


# --- recording ------------------------------------------------------------------------------------------------------


def test_a_recorded_outcome_is_told_to_nobody_yet(cast: Cast) -> None:
    attempt = recorded(cast)

    task = stored(attempt.task)
    assert (task.outcome, task.status) == ("not_found", TaskStatus.RECORDED)
    assert task.request.status == Status.ACCEPTED
    assert told(cast.regievoerder) == ["request_accepted"]
    assert result_of(task.request) == []
    newest = attempt.history.latest()
    assert (newest.history_user, newest.history_organisation) == (cast.politie, "police")


def test_an_attempt_without_result_leaves_the_task_open(cast: Cast) -> None:
    task = open_task(cast)
    record_outcome(task, visit("failed", note="Niemand deed open"), by=cast.politie)

    assert (stored(task).status, send_due_outcomes()) == (TaskStatus.OPEN, 0)

    with clock.as_if(clock.now() + ELEVEN_MINUTES):
        assert send_due_outcomes() == 0
    record_outcome(task, visit("found"), by=cast.politie)
    assert stored(task).outcome == "found"


def test_only_one_outcome_waits_at_a_time(cast: Cast) -> None:
    attempt = recorded(cast)

    with pytest.raises(NotPossible):
        record_outcome(stored(attempt.task), visit("found"), by=cast.politie)
    twin = Attempt.objects.get(pk=attempt.pk)
    twin.pk, twin.id, twin._state.adding = None, None, True
    with pytest.raises(IntegrityError, match="attempt_one_unsent_result"), transaction.atomic():
        save_as(twin, by=PRINCIPAL)


@pytest.mark.parametrize(
    "wrong",
    [{"outcome": "vanished"}, {"outcome": "other", "note": " "}, {"next_step": "shout"}],
)
def test_a_visit_that_makes_no_sense_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    task = open_task(cast)

    with pytest.raises(NotPossible):
        record_outcome(task, visit(**wrong), by=cast.politie)
    with pytest.raises(NotPossible):
        record_outcome(task, visit(at=clock.now() + timedelta(minutes=5)), by=cast.politie)
    with pytest.raises(NotPossible):
        record_outcome(task, visit(at=clock.now() - timedelta(days=5)), by=cast.politie)
    assert not Attempt.objects.exists()


def test_only_officers_of_the_unit_record(cast: Cast) -> None:
    task = open_task(cast)

    for member in (cast.regievoerder, cast.ind, officer("avim-zuid"), member_of(unit("dtv-noord-2"), "dtv_manager")):
        with pytest.raises(NotAllowed):
            record_outcome(task, visit(), by=member)


def test_a_stale_page_records_nothing(cast: Cast) -> None:
    task = open_task(cast)

    with pytest.raises(Stale):
        record_outcome(task, visit(), by=cast.politie, version=task.version + 1)


def test_nothing_is_recorded_on_a_withdrawn_request(cast: Cast) -> None:
    task = open_task(cast)
    withdraw_request(task.request, "Niet nodig", by=cast.regievoerder)

    with pytest.raises(NotPossible, match="ingetrokken"):
        record_outcome(task, visit(), by=cast.politie)
    assert stored(task).status == TaskStatus.WITHDRAWN


def test_what_was_stated_never_changes_in_the_database(cast: Cast) -> None:
    attempt = recorded(cast)

    for change in ({"outcome": "found"}, {"note": "anders"}, {"at": clock.now() - timedelta(hours=1)}):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            Attempt.objects.filter(pk=attempt.pk).update(**change)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk)._raw_delete("default")


# --- ten minutes ----------------------------------------------------------------------------------------------------


def test_within_ten_minutes_an_outcome_is_taken_back_and_nobody_heard(cast: Cast) -> None:
    attempt = recorded(cast, "found")

    with clock.as_if(attempt.recorded_at + timedelta(minutes=9)):
        undo_outcome(attempt, by=cast.politie)

    task = stored(attempt.task)
    assert (task.status, task.outcome) == (TaskStatus.OPEN, "")
    assert told(cast.regievoerder) == ["request_accepted"]
    assert contact_of(task) is None
    with clock.as_if(clock.now() + ELEVEN_MINUTES):
        assert send_due_outcomes() == 0
    record_outcome(task, visit(), by=cast.politie)


def test_after_ten_minutes_it_can_only_be_corrected(cast: Cast) -> None:
    attempt = recorded(cast)

    with clock.as_if(attempt.recorded_at + ELEVEN_MINUTES), pytest.raises(NotPossible, match="tien minuten"):
        undo_outcome(attempt, by=cast.politie)


def test_when_the_ten_minutes_end_the_request_is_reported_ready_once(cast: Cast) -> None:
    attempt = recorded(cast)
    assert send_due_outcomes() == 0

    with clock.as_if(attempt.recorded_at + ELEVEN_MINUTES):
        assert (send_due_outcomes(), send_due_outcomes()) == (1, 0)

    task = stored(attempt.task)
    assert (task.request.status, task.status) == (Status.REPORTED_READY, TaskStatus.REPORTED)
    assert told(cast.regievoerder).count("request_reported") == 1
    assert task.request.steps.get(kind="reported").member == cast.politie
    assert Attempt.objects.get(pk=attempt.pk).history.latest().history_principal == "send_due_outcomes"


def test_the_officer_may_send_at_once_and_twice_does_no_harm(cast: Cast) -> None:
    attempt = recorded(cast)

    send_outcome(attempt, by=cast.politie)
    send_outcome(attempt, by=cast.politie)

    with clock.as_if(attempt.recorded_at + ELEVEN_MINUTES):
        assert send_due_outcomes() == 0
    assert told(cast.regievoerder).count("request_reported") == 1
    with pytest.raises(NotPossible, match="verstuurd"):
        undo_outcome(attempt, by=cast.politie)


def test_an_outcome_of_a_withdrawn_request_is_never_sent(cast: Cast) -> None:
    attempt = recorded(cast)
    withdraw_request(attempt.task.request, "Gevonden", by=cast.regievoerder)

    with clock.as_if(attempt.recorded_at + ELEVEN_MINUTES):
        assert send_due_outcomes() == 0
    assert Attempt.objects.get(pk=attempt.pk).sent_at is None


def test_the_asker_reads_the_outcome_and_confirms_it(cast: Cast) -> None:
    task = sent(cast, "not_found")

    shown = dict(result_of(task.request))
    assert "Niet aangetroffen" in [str(value) for value in shown.values()]

    confirm_request(task.request, by=cast.regievoerder)
    assert stored(task).status == TaskStatus.DONE


def test_work_given_back_as_not_possible_closes_the_task(cast: Cast) -> None:
    task = open_task(cast)

    not_possible(task.request, "Adres bestaat niet", by=cast.politie)

    assert stored(task).status == TaskStatus.NOT_POSSIBLE


# --- last contact ---------------------------------------------------------------------------------------------------


def test_finding_somebody_is_the_last_contact_of_the_case(cast: Cast) -> None:
    attempt = recorded(cast, "found")
    assert contact_of(attempt.task) is None

    send_outcome(attempt, by=cast.politie)

    assert contact_of(attempt.task) == clock.today()


def test_not_finding_somebody_is_no_contact(cast: Cast) -> None:
    assert contact_of(sent(cast, "not_found")) is None


# --- correcting -----------------------------------------------------------------------------------------------------


def test_a_sent_outcome_is_corrected_with_a_reason_that_the_asker_reads(cast: Cast) -> None:
    task = sent(cast, "found")
    with pytest.raises(NotPossible):
        correct_outcome(task, visit("not_found"), " ", by=cast.politie)
    with pytest.raises(NotPossible):
        correct_outcome(task, visit("failed"), "vergissing", by=cast.politie)

    correct_outcome(task, visit("not_found"), "Het was zijn broer", by=cast.politie, version=task.version)

    task = stored(task)
    assert (task.outcome, task.request.status) == ("not_found", Status.REPORTED_READY)
    assert told(cast.regievoerder)[-1] == "request_corrected"
    assert [one.outcome for one in task.attempts.all()] == ["found", "not_found"]
    assert contact_of(task) is None
    assert task.request.steps.get(kind="corrected").text == "Het was zijn broer"


def test_a_confirmed_outcome_is_not_corrected_any_more(cast: Cast) -> None:
    task = sent(cast)
    confirm_request(task.request, by=cast.regievoerder)

    with pytest.raises(NotPossible):
        correct_outcome(task, visit("found"), "toch wel", by=cast.politie)


def test_a_report_without_a_visit_still_shows_no_outcome(cast: Cast) -> None:
    assert result_of(reported(cast)) == []
