"""Two imports at the same moment, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import Any

import pytest
from django.db import connection, connections

from cases.case.models import Household, Person, ReturnCase
from handover.importing import batches, recording, runner, store
from handover.models import Dossier, DossierFile, Handover
from partners.models import Member
from tests.cast import Cast
from tests.handover.imports import csv_of, send, totals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_the_day")]

ROWS = [
    {"referentie": f"IND-{number}", "v_nummer": f"9990000{number}", "gezin": f"G{number // 3}", "aliassen": "Een;Twee"}
    for number in range(100, 140)
]


def at_once(*acts: Any) -> list[Any]:
    """Each in a thread of its own, started together."""
    start = Barrier(len(acts))

    def run(act: Any) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(timeout=120) for one in [pool.submit(run, act) for act in acts]]


def test_two_files_with_the_same_rows_bring_each_dossier_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 5)
    content = csv_of(*ROWS)
    first, second = send(content, cast.intake), send(content + b"\r\n", cast.intake)

    at_once(lambda: runner.run(first.pk), lambda: runner.run(second.pk))

    files = list(DossierFile.objects.order_by("pk"))
    assert sum(file.created for file in files) == len(ROWS)
    assert sum(file.unchanged for file in files) == len(ROWS)
    counts = [model.objects.count() for model in (Person, ReturnCase, Dossier, Handover)]
    assert counts == [len(ROWS)] * 4
    assert Household.objects.count() == len({row["gezin"] for row in ROWS})


def test_batches_of_two_files_take_turns(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 5)
    judge, inside, overlaps = batches._judge_and_record, set[int](), []

    def watched(*args: Any) -> Any:
        inside.add(get_ident())
        overlaps.append(len(inside))
        try:
            return judge(*args)
        finally:
            inside.discard(get_ident())

    monkeypatch.setattr(batches, "_judge_and_record", watched)
    first, second = send(csv_of(*ROWS[:20]), cast.intake), send(csv_of(*ROWS[20:]), cast.intake)

    at_once(lambda: runner.run(first.pk), lambda: runner.run(second.pk))

    assert overlaps == [1] * 8


def test_two_runners_on_one_file_do_no_harm(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 5)
    file = send(csv_of(*ROWS), cast.intake)

    at_once(lambda: runner.run(file.pk, force=True), lambda: runner.run(file.pk, force=True))

    file.refresh_from_db()
    assert totals(file) == {"read": len(ROWS), "created": len(ROWS)}
    assert Dossier.objects.count() == len(ROWS)


def test_the_same_bytes_sent_twice_at_once_are_read_in_harmlessly(cast: Cast) -> None:
    content, clerk = csv_of(*ROWS), cast.intake

    def read() -> None:
        by = Member.objects.get(pk=clerk.pk)
        file, _is_new = store.receive("dossiers.csv", [content], by=by, started_by_hand=True)
        runner.run(file.pk, force=True)

    at_once(read, read)

    assert Dossier.objects.count() == len(ROWS)
    assert all(file.judged == file.rows_read == len(ROWS) for file in DossierFile.objects.all())


def test_a_connection_that_breaks_between_batches_is_replaced(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.patience.WAITS", (0, 0))
    find, attempts = runner._first_unjudged, []

    def breaking(file: DossierFile) -> int | None:
        attempts.append(1)
        if len(attempts) == 1:
            connection.connection.close()
        return find(file)

    monkeypatch.setattr(runner, "_first_unjudged", breaking)

    file = runner.run(send(csv_of(*ROWS), cast.intake).pk)

    assert totals(file) == {"read": len(ROWS), "created": len(ROWS)}
    assert len(attempts) == 2


def test_a_connection_that_breaks_in_a_batch_is_replaced(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.patience.WAITS", (0, 0))
    record, attempts = recording.record_new, []

    def breaking(*args: Any) -> Any:
        attempts.append(1)
        if len(attempts) == 1:
            connection.connection.close()
        return record(*args)

    monkeypatch.setattr(batches, "record_new", breaking)

    file = runner.run(send(csv_of(*ROWS), cast.intake).pk)

    assert totals(file) == {"read": len(ROWS), "created": len(ROWS)}
    assert len(attempts) == 2
