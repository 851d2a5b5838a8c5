"""An import that is cut off anywhere ends like one that was not: killed, database away, two runners, broker away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django_celery_outbox.models import CeleryOutbox

from handover.importing import batches, progress, recording, runner, store
from handover.importing.context import context_of
from handover.intake.limits import Limits
from handover.intake.reading import open_intake
from handover.models import DossierFile, DossierRow, FileStatus, Handover
from handover.tasks import import_file, resume_imports
from leidraad.celery import app
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from tests.cast import Cast
from tests.handover.imports import EXAMPLES, csv_of, everything, read_rows, send, totals, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

SECOND = (EXAMPLES / "dossiers-120-with-faults.csv").read_bytes()
ROWS = [{"referentie": f"IND-{number}", "v_nummer": f"99900000{number}", "gezin": "G1"} for number in range(10, 16)]


class Killed(BaseException):
    """Like SIGKILL: nothing in the code may catch it."""


def cut_off(file: DossierFile, call: int) -> None:
    """Run, until the process ends in the middle of the transaction of the batch with this number."""
    record, calls = recording.record_new, iter(range(1, 1000))

    def dying(*args: Any) -> Any:
        outcome = record(*args)
        if next(calls) == call:
            raise Killed
        return outcome

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batches, "record_new", dying)
        with pytest.raises(Killed):
            runner.run(file.pk)


def undone(act: Any) -> Any:
    """Do it, take the answer, and leave the database as it was."""
    mark = transaction.savepoint()
    answer = act()
    transaction.savepoint_rollback(mark)
    return answer


def test_killed_in_the_middle_and_resumed_it_ends_as_if_never_interrupted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 25)

    def whole() -> Any:
        runner.run(send(SECOND, cast.intake).pk)
        return everything()

    uninterrupted = undone(whole)
    file = send(SECOND, cast.intake)
    cut_off(file, 3)
    assert DossierRow.objects.filter(file=file, verdict="").count() == 70

    finished = runner.run(file.pk, force=True)

    assert totals(finished) == {"read": 120, "created": 101, "refused": 19}
    assert everything() == uninterrupted


def test_killed_while_the_keys_were_read_it_begins_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    file = send(csv_of(*ROWS), cast.intake)

    def dying(*args: Any, **more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(progress, "keys_read", dying)
        with pytest.raises(Killed):
            runner.run(file.pk)
    assert not DossierRow.objects.filter(file=file).exists()

    assert totals(runner.run(file.pk, force=True)) == {"read": 6, "created": 6}


def test_the_same_file_sent_again_goes_on_with_the_unfinished_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 2)
    file = send(csv_of(*ROWS), cast.intake)
    cut_off(file, 2)

    again = send(csv_of(*ROWS), cast.intake)

    assert again.pk == file.pk
    assert totals(runner.run(again.pk, force=True)) == {"read": 6, "created": 6}


def test_a_finished_file_may_be_sent_again(cast: Cast) -> None:
    first = read_rows(cast.intake, *ROWS)

    again = read_rows(cast.intake, *ROWS)

    assert again.pk != first.pk
    assert totals(again) == {"read": 6, "unchanged": 6}


def test_a_batch_is_tried_again_when_the_database_went_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.patience.connection", _NoBlock())
    monkeypatch.setattr("handover.importing.patience.WAITS", (0, 0))
    record, attempts = recording.record_new, []

    def away_once(*args: Any) -> Any:
        attempts.append(1)
        outcome = record(*args)
        if len(attempts) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return outcome

    monkeypatch.setattr(batches, "record_new", away_once)

    file = read_rows(cast.intake, *ROWS)

    assert totals(file) == {"read": 6, "created": 6}
    assert len(attempts) == 2
    assert Handover.objects.count() == 6


class _NoBlock:
    """The connection as `patiently` sees it outside a test's own transaction."""

    in_atomic_block = False

    def close(self) -> None:
        pass


def test_a_database_that_stays_away_ends_the_run_and_loses_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.patience.connection", _NoBlock())
    monkeypatch.setattr("handover.importing.patience.WAITS", (0, 0))
    file = send(csv_of(*ROWS), cast.intake)
    with monkeypatch.context() as patched:

        def away(*args: Any) -> Any:
            raise OperationalError("the database system is shutting down")

        patched.setattr(batches, "record_new", away)
        with pytest.raises(OperationalError):
            runner.run(file.pk)

    assert totals(runner.run(file.pk, force=True)) == {"read": 6, "created": 6}


@pytest.mark.parametrize("fault", [DataError("value too long"), TypeError("a fault of ours")])
def test_a_row_that_cannot_be_recorded_is_put_aside_and_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    record = recording.record_new

    def refusing(new: Any, context: Any) -> Any:
        if any(one.row.reference == "IND-12" for one in new):
            raise fault
        return record(new, context)

    monkeypatch.setattr(batches, "record_new", refusing)

    file = read_rows(cast.intake, *ROWS)

    assert totals(file) == {"read": 6, "created": 5, "held": 1}
    assert DossierRow.objects.get(file=file, verdict="held").problem["code"] == "not_recorded"


def test_a_batch_that_was_written_is_not_written_again(cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS)
    before = everything()
    rows = list(open_intake(store.path_of(file.stored_as)).rows())
    batches.write_batch(rows, context_of(DossierFile.objects.select_related("uploaded_unit").get(pk=file.pk)))

    assert everything() == before


def test_of_a_batch_that_was_written_in_part_only_the_rest_is_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 2)
    file = send(csv_of(*ROWS), cast.intake)
    cut_off(file, 2)
    rows = list(open_intake(store.path_of(file.stored_as)).rows())

    batches.write_batch(rows, context_of(DossierFile.objects.select_related("uploaded_unit").get(pk=file.pk)))

    file.refresh_from_db()
    assert totals(file) == {"read": 6, "created": 6}
    assert Handover.objects.count() == 6


def test_an_ended_file_is_not_read_twice_by_an_order_that_came_twice(cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS)
    versions = file.history.count()

    import_file(file.pk)

    assert file.history.count() == versions


def test_a_running_file_is_left_to_its_runner_until_nothing_is_heard(cast: Cast) -> None:
    file = send(csv_of(*ROWS), cast.intake)
    progress.claim(file.pk, by=cast.intake)

    assert runner.run(file.pk).status == FileStatus.READING

    _grown_silent(file)
    assert totals(runner.run(file.pk)) == {"read": 6, "created": 6}


def _grown_silent(file: DossierFile) -> None:
    DossierFile.objects.filter(pk=file.pk).update(
        heartbeat_at=clock.now() - timedelta(minutes=3), uploaded_at=clock.now() - timedelta(minutes=9)
    )


def test_the_periodic_job_takes_up_what_was_cut_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 2)
    file = send(csv_of(*ROWS), cast.intake)
    cut_off(file, 2)
    resume_imports()
    assert DossierFile.objects.get(pk=file.pk).status == FileStatus.WRITING
    _grown_silent(file)

    resume_imports()

    file.refresh_from_db()
    assert (file.status, totals(file)) == (FileStatus.DONE, {"read": 6, "created": 6})
    principals = file.history.filter(status=FileStatus.INTERRUPTED).values_list("history_principal", flat=True)
    assert list(principals) == ["resume_imports"]


@pytest.fixture
def through_the_outbox() -> Iterator[None]:
    """Orders wait for the relay instead of being carried out at once."""
    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    yield
    app.conf.task_always_eager = eager


@pytest.mark.usefixtures("through_the_outbox")
def test_with_the_broker_away_the_order_waits_in_the_outbox(cast: Cast) -> None:
    file, _is_new = store.receive("dossiers.csv", [csv_of(*ROWS)], by=cast.intake)

    (order,) = CeleryOutbox.objects.filter(task_name="handover.import_file")
    assert order.args == [file.pk]
    assert file.status == FileStatus.UPLOADED
    import_file(*order.args)
    assert totals(DossierFile.objects.get(pk=file.pk)) == {"read": 6, "created": 6}


@pytest.mark.usefixtures("through_the_outbox")
def test_an_upload_that_rolls_back_leaves_no_order(cast: Cast) -> None:
    def upload() -> None:
        with transaction.atomic():
            store.receive("dossiers.csv", [csv_of(*ROWS)], by=cast.intake)
            raise Killed

    with pytest.raises(Killed):
        upload()

    assert not CeleryOutbox.objects.exists()
    assert not DossierFile.objects.exists()


@pytest.mark.usefixtures("through_the_outbox")
def test_a_waiting_file_is_ordered_again_when_its_order_seems_lost(cast: Cast) -> None:
    file, _is_new = store.receive("dossiers.csv", [csv_of(*ROWS)], by=cast.intake)
    resume_imports()
    assert CeleryOutbox.objects.filter(task_name="handover.import_file").count() == 1
    _grown_silent(file)

    resume_imports()
    resume_imports()

    file.refresh_from_db()
    assert file.status == FileStatus.UPLOADED
    assert CeleryOutbox.objects.filter(task_name="handover.import_file").count() == 2


def test_resuming_by_hand_needs_an_interruption(cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS)

    with pytest.raises(NotPossible, match="niet onderbroken"):
        store.resume(file, by=cast.intake)


def test_a_whole_file_is_refused_before_any_row(cast: Cast) -> None:
    header = ("referentie", "aanleveraar", "v_nummer", "achternaam", "grond")

    file = runner.run(send(csv_of(*ROWS, header=header), cast.intake).pk)

    assert file.status == FileStatus.FAILED
    assert progress.refusal_text(file).count("nationaliteit") == 1
    assert not DossierRow.objects.exists()


def test_a_row_too_many_refuses_the_whole_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.open_intake", _with_limits(Limits(max_rows=5)))

    file = runner.run(send(csv_of(*ROWS), cast.intake).pk)

    assert (file.status, file.refusal["code"]) == (FileStatus.FAILED, "too_many_rows")
    assert not DossierRow.objects.exists()


def _with_limits(limits: Limits) -> Any:
    return lambda path, required: open_intake(path, required=required, limits=limits)


def test_a_header_without_rows_is_done_with_nothing(cast: Cast) -> None:
    file = runner.run(send(csv_of(), cast.intake).pk)

    assert (file.status, totals(file)) == (FileStatus.DONE, {"read": 0})


def test_the_database_refuses_totals_that_do_not_add_up(cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS)
    file.created += 1

    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(file, by="test")
    assert connection.is_usable()


def test_each_batch_stands_when_a_later_one_is_cut_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 2)
    file = send(csv_of(*ROWS), cast.intake)

    cut_off(file, 3)

    assert list(verdicts(file).values()) == ["created"] * 4 + ["", ""]
    file.refresh_from_db()
    assert totals(file) == {"read": 6, "created": 4}
