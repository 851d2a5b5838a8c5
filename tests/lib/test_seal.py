"""Seals: what the owner of the database changes behind the triggers is named, and nothing that is right is."""

import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from cases.case.models import Person, ReturnCase
from leidraad.environment import retention
from leidraad.lib import clock, events, read_log, seal, seal_files, tasks
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind, Seal
from leidraad.lib.seal_files import BadSeal
from leidraad.lib.seal_tree import Tree, record_of
from leidraad.lib.who import principal
from tests.cast import Cast
from tests.factories import led_case, person

pytestmark = pytest.mark.django_db

ROLE = "leidraad_app"


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    """An outside place of this test's own."""
    settings.SEAL_KEY, settings.SEAL_DIR = tmp_path / "seal.key", tmp_path / "seals"
    return tmp_path / "seals"


def as_owner(*statements: str) -> None:
    """What somebody with all power over the database does: triggers off, change, triggers on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE NONE")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")


def tamper(table: str, statement: str) -> None:
    as_owner(f"ALTER TABLE {table} DISABLE TRIGGER USER", statement, f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verify(**options: Any) -> tuple[str, bool]:
    """What the command said, and whether all was well."""
    said = StringIO()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    try:
        call_command("verify_log", stdout=said, **options)
    except CommandError as error:
        return said.getvalue() + str(error), False
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
    return said.getvalue(), True


@pytest.fixture
def looks(cast: Cast) -> list[int]:
    """Three looks and a person with two versions, sealed."""
    for _ in range(3):
        events.record(EventKind.READ, cast.regievoerder, route="cases:detail", purpose="Wat ik zocht: é'\"")
    who = person()
    who.given_names = "Samira"
    save_as(who, by=cast.regievoerder)
    seal.seal_now()
    return sorted(Event.objects.values_list("pk", flat=True))


def test_what_was_sealed_and_left_alone_is_whole(looks: list[int]) -> None:
    said, well = verify()

    assert well, said
    assert "1 windows" in said
    assert "not sealed yet" not in said


def test_every_table_that_only_grows_is_sealed_but_the_seals(looks: list[int]) -> None:
    tables = {one.table for one in seal.sealed_tables()}

    assert {"lib_event", "cases_historicalperson", "handover_handoverstep", "lib_certificate"} <= tables
    assert "lib_seal" not in tables
    assert len(tables) > 45


def test_the_job_seals_what_the_wall_hides_from_it_and_reads_nothing_of_it(cast: Cast, place: Path) -> None:
    case = led_case(cast.regievoerder)
    with principal("lib.seal_history"):
        assert not ReturnCase.objects.exists()
        window = seal.seal_now()

    assert window is not None
    (section,) = [one for one in window.sections if one.table == "cases_historicalreturncase"]
    assert section.rows == ReturnCase.history.model.objects.count() > 0
    assert case.pk
    assert verify()[1]


def test_a_changed_row_of_the_event_log_is_named(looks: list[int]) -> None:
    tamper("lib_event", f"UPDATE lib_event SET purpose = 'iets anders' WHERE id = {looks[1]}")

    said, well = verify()

    assert not well
    assert f"lib_event {looks[1]}: was changed after it was sealed" in said
    assert said.count("was changed") == 1


def test_a_changed_version_of_a_person_is_named(looks: list[int]) -> None:
    row = Person.history.model.objects.filter(given_names="Samira").latest("history_id")
    tamper(
        "cases_historicalperson",
        f"UPDATE cases_historicalperson SET history_user_id = NULL WHERE history_id = {row.history_id}",
    )

    assert f"cases_historicalperson {row.history_id}: was changed after it was sealed" in verify()[0]


def test_an_empty_text_and_nothing_are_not_the_same(looks: list[int]) -> None:
    row = Person.history.model.objects.latest("history_id")
    tamper(
        "cases_historicalperson",
        f"UPDATE cases_historicalperson SET history_change_reason = NULL WHERE history_id = {row.history_id}",
    )

    assert row.history_change_reason == ""
    assert f"cases_historicalperson {row.history_id}: was changed" in verify()[0]


def test_a_removed_row_is_named(looks: list[int]) -> None:
    tamper("lib_event", f"DELETE FROM lib_event WHERE id = {looks[0]}")

    said, well = verify()

    assert not well
    assert f"lib_event {looks[0]}: was removed after it was sealed" in said


def test_a_row_put_between_the_sealed_ones_is_named(looks: list[int], cast: Cast) -> None:
    tamper("lib_event", f"DELETE FROM lib_event WHERE id = {looks[1]}")
    columns = ", ".join(read_log.COLUMNS[1:])
    as_owner(
        f"INSERT INTO lib_event (id, {columns}) SELECT {looks[0] - 1}, {columns} FROM lib_event WHERE id = {looks[0]}"
    )

    said = verify()[0]

    assert f"lib_event {looks[0] - 1}: was inserted after it was sealed" in said
    assert f"lib_event {looks[1]}: was removed after it was sealed" in said


def test_the_web_can_put_a_row_between_but_not_unseen(looks: list[int]) -> None:
    Event.objects.create(pk=looks[0] - 1, at=clock.now(), kind=EventKind.READ)

    assert f"lib_event {looks[0] - 1}: was inserted after it was sealed" in verify()[0]


def test_what_came_after_the_last_window_is_told_and_is_no_fault(looks: list[int], cast: Cast) -> None:
    events.record(EventKind.READ, cast.regievoerder)

    said, well = verify()

    assert well
    assert f"lib_event: 1 rows not sealed yet, {looks[-1] + 1} to {looks[-1] + 1}" in said


def test_each_window_goes_on_where_the_last_one_ended(looks: list[int], cast: Cast, place: Path) -> None:
    events.record(EventKind.READ, cast.regievoerder)

    tasks.seal_history()
    tasks.seal_history()  # nothing new: no window

    assert seal_files.numbers(place) == [1, 2]
    key = seal_files.public_key(place.parent / "seal.key.pub")
    (section,) = seal_files.read(place, 2, key).sections
    assert (section.table, section.after, section.upto, section.rows) == ("lib_event", looks[-1], looks[-1] + 1, 1)
    assert verify()[1]


# --- the outside place ------------------------------------------------------------------------------------------------


def test_without_the_outside_place_nothing_is_proven(looks: list[int], tmp_path: Path) -> None:
    said, well = verify(anchor=tmp_path / "elsewhere")

    assert not well
    assert "without them nothing can be proven" in said


def test_a_window_that_is_missing_is_named(looks: list[int], cast: Cast, place: Path) -> None:
    for _ in range(2):
        events.record(EventKind.READ, cast.regievoerder)
        seal.seal_now()
    seal_files.path_of(place, 2).unlink()

    said, well = verify()

    assert not well
    assert "window 2: its file is missing" in said


def test_the_last_window_missing_is_named_and_stops_the_sealing(looks: list[int], cast: Cast, place: Path) -> None:
    events.record(EventKind.READ, cast.regievoerder)
    seal.seal_now()
    seal_files.path_of(place, 2).unlink()
    events.record(EventKind.READ, cast.regievoerder)

    assert "window 2: the database knows it, its file is missing" in verify()[0]
    with pytest.raises(BadSeal, match="the database knows 2 windows, the outside place 1"):
        seal.seal_now()


@pytest.mark.parametrize("offset", [40, -1])
def test_a_changed_file_is_named(looks: list[int], place: Path, offset: int) -> None:
    """In its signed line, and in the leaves at its end."""
    path = seal_files.path_of(place, 1)
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)

    said, well = verify()

    assert not well
    assert "window 1: " in said


def test_a_window_signed_with_another_key_is_refused(looks: list[int], place: Path, tmp_path: Path) -> None:
    seal_files.make_key(tmp_path / "other.key")

    said, well = verify(public_key=tmp_path / "other.key.pub")

    assert not well
    assert "window 1: not signed with this key" in said


def test_a_chain_that_was_made_anew_over_changed_rows_does_not_fit_the_copy_of_the_auditor(
    looks: list[int], place: Path, tmp_path: Path
) -> None:
    """Who has the database and the key can make a new chain, but not the copy that was kept elsewhere."""
    copy = tmp_path / "auditor"
    copy.mkdir()
    path = seal_files.path_of(place, 1)
    (copy / path.name).write_bytes(path.read_bytes())
    tamper("lib_event", f"UPDATE lib_event SET purpose = 'iets anders' WHERE id = {looks[1]}")
    tamper("lib_seal", "DELETE FROM lib_seal")
    path.unlink()
    seal.seal_now()

    assert verify()[1]
    assert f"lib_event {looks[1]}: was changed" in verify(anchor=copy)[0]


def test_a_window_written_by_a_run_that_died_is_taken_over(looks: list[int], cast: Cast, place: Path) -> None:
    events.record(EventKind.READ, cast.regievoerder)
    seal.seal_now()
    tamper("lib_seal", "DELETE FROM lib_seal WHERE number = 2")

    assert seal.seal_now() is None

    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert verify()[1]


def test_a_window_is_never_written_over(looks: list[int], place: Path) -> None:
    key = seal_files.private_key(place.parent / "seal.key")
    window = seal_files.read(place, 1, key.public_key())

    with pytest.raises(FileExistsError):
        seal_files.write(place, window, seal_files.path_of(place, 1), key)


def test_key_and_windows_are_for_their_owner_only(looks: list[int], place: Path) -> None:
    assert stat.S_IMODE((place.parent / "seal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(seal_files.path_of(place, 1).stat().st_mode) & 0o222 == 0
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_in_production_a_missing_key_is_not_made_in_silence(settings: Any, cast: Cast) -> None:
    settings.PRODUCTION = True

    with pytest.raises(FileNotFoundError):
        seal.seal_now()
    assert "made" in verify(make_key=True)[0]
    assert "there already" in verify(make_key=True)[0]
    seal.seal_now()


def test_no_content_stands_in_the_outside_place(looks: list[int], place: Path) -> None:
    content = seal_files.path_of(place, 1).read_bytes()

    assert b"Samira" not in content
    assert b"Wat ik zocht" not in content


# --- retention --------------------------------------------------------------------------------------------------------


def test_a_month_dropped_with_its_certificate_is_no_finding(cast: Cast, settings: Any) -> None:
    settings.READ_LOG_RETENTION = retention("2020-01-01=12")
    old = read_log.months_on(clock.today(), -14)
    read_log.make_ahead(old, 0)
    for day in (2, 3):
        with clock.as_if(read_log.moment_of(old) + timedelta(days=day)):
            events.record(EventKind.READ, cast.regievoerder)
    seal.seal_now()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    certificate = read_log.drop(next(one for one in read_log.months() if one.first == old), by="beheer")

    said, well = verify()

    assert well, said
    assert f"2 rows as certificate {certificate.pk} says: lib_event {old:%Y-%m}, retention, by beheer" in said


def test_a_dropped_month_without_a_certificate_is_a_finding(cast: Cast) -> None:
    old = read_log.months_on(clock.today(), -14)
    read_log.make_ahead(old, 0)
    with clock.as_if(read_log.moment_of(old) + timedelta(days=2)):
        events.record(EventKind.READ, cast.regievoerder)
    seal.seal_now()
    as_owner(f"DROP TABLE lib_event_{old:%Y_%m}")

    assert "was removed after it was sealed" in verify()[0]


# --- when a window is closed ------------------------------------------------------------------------------------------


@pytest.fixture
def writer() -> Iterator[Any]:
    """Somebody whose transaction took a key and is not committed until told."""
    took, commit = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                person()
                took.set()
                commit.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    assert took.wait(30)

    def finish() -> None:
        commit.set()
        thread.join()

    yield finish
    finish()


@pytest.mark.django_db(transaction=True)
def test_a_row_committed_late_with_a_lower_key_is_sealed_and_not_taken_for_inserted(
    cast: Cast, writer: Any, place: Path
) -> None:
    later = person()  # a higher key, committed first
    key = Person.history.model.objects.get(id=later.pk).history_id

    first = seal.seal_now()
    assert first is not None
    assert "cases_historicalperson" not in {section.table for section in first.sections}

    writer()
    second = seal.seal_now()
    assert second is not None
    (section,) = [one for one in second.sections if one.table == "cases_historicalperson"]
    assert section.upto == key
    assert section.rows == Person.history.model.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_one_window(cast: Cast, place: Path) -> None:
    person()
    found: list[Any] = []
    start = threading.Barrier(2)

    def run() -> None:
        try:
            start.wait(30)
            found.append(seal.seal_now())
        finally:
            connections.close_all()

    seal_files.make_key(place.parent / "seal.key")
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seal_files.numbers(place) == [1]
    assert len([window for window in found if window]) == 1


# --- the tree ---------------------------------------------------------------------------------------------------------


def root(*leaves: bytes) -> str:
    tree = Tree()
    for number, leaf in enumerate(leaves):
        tree.add(record_of(number, leaf))
    return tree.root


def test_the_root_depends_on_every_leaf_its_key_and_their_order() -> None:
    one, two = bytes(32), b"\x01" * 32
    roots = [
        root(),
        root(one),
        root(one, one),
        root(one, two),
        root(two, one),
        root(one, two, one),
        root(one, two, two),
    ]

    assert len(set(roots)) == len(roots)
