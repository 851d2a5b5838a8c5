"""The cases that the bench fills are cases like any others: rights, copies, search rows and history agree."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count

from cases.case.management.commands.check_grants import findings
from cases.case.management.commands.check_history import differences, recorded_models
from cases.case.models import CaseGrant, Involvement, Part, Person, ReturnCase, Task
from cases.case.models.case import permission_id
from cases.reception.models import InHouseMark, Placement
from cases.requests.models import Request
from cases.terms.models import KeptDeadline, Reminder
from leidraad.pages.bench import fill as filling
from leidraad.pages.bench.acting import acts_of
from leidraad.pages.bench.fill import Drifted, fill, tables
from leidraad.pages.bench.subjects import Subject, pages_of, queries_of, register_of, report_of, work_of
from leidraad.pages.bench.ticking import COUNT_AGAIN, COUNT_ANEW, REMIND, REMIND_AGAIN, TOGETHER, ticks
from leidraad.pages.bench.watching import buffers_of, watched
from leidraad.pages.bench.world import World, build
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ROWS, FEW = 1_500, 90


# Everything about a table that filling takes off for a while: keys, indexes, and triggers with whether they are on. A
# condition that is read again is written with its brackets and casts elsewhere.
STRUCTURE = """
    SELECT of, name, regexp_replace(words, '::text|::character varying|[][()]', '', 'g')
      FROM (SELECT conrelid AS of, conname::text AS name, pg_get_constraintdef(oid) AS words FROM pg_constraint
             UNION ALL
            SELECT indrelid, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
             UNION ALL
            SELECT tgrelid, tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal) found
     WHERE of = ANY(%(tables)s::regclass[]) ORDER BY 1, 2, 3
"""


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield cursor
        cursor.execute(f"SET ROLE {settings.APP_ROLE}")


def structure(cursor: CursorWrapper) -> list[tuple[int, str, str]]:
    cursor.execute(STRUCTURE, {"tables": tables()})
    return list(cursor.fetchall())


@pytest.fixture
def world(cast: Cast) -> World:
    """Filled by the owner of the tables, who may change them, and read by the application."""
    assert cast
    people = build(ROWS)
    with as_owner():
        fill(people, ROWS)
    return people


def test_filling_leaves_every_key_index_and_trigger_as_it_was(cast: Cast) -> None:
    people = build(FEW)

    with as_owner() as cursor:
        before = structure(cursor)
        fill(people, FEW)

        assert len(before) > 200
        assert structure(cursor) == before


def test_a_fill_that_writes_something_else_than_the_triggers_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = build(FEW)
    wrong = [
        (statement.replace("b.special_group, ''", "'', ''"), model) if model == "CaseGrant" else (statement, model)
        for statement, model in filling.STATEMENTS
    ]
    monkeypatch.setattr(filling, "STATEMENTS", wrong)

    with pytest.raises(Drifted, match="list copy drifted"), as_owner():
        fill(people, FEW)


def test_the_filled_cases_are_like_any_others_and_their_units_have_the_planned_shares(world: World) -> None:
    assert ReturnCase.objects.count() == ROWS
    assert list(findings()) == []
    assert set(
        Involvement.objects.values("case").annotate(n=Count("unit", distinct=True)).values_list("n", flat=True)
    ) == {5}
    led = Counter(ReturnCase.objects.values_list("led_by", flat=True))
    desk, large, small = (viewer.member.acting_unit.pk for viewer in world.viewers)
    assert led[large] / ROWS == pytest.approx(0.12, abs=0.03)
    assert led[small] / ROWS == pytest.approx(0.01, abs=0.008)
    assert Involvement.objects.filter(unit=desk).count() / ROWS == pytest.approx(0.75, abs=0.04)

    # Everything stated has its history, and the same words stand there.
    for model in (Person, ReturnCase, Involvement, CaseGrant, Task, Request, Placement, InHouseMark):
        kept = model.history.model.objects.filter(history_type="+", history_principal="bench")
        assert kept.count() == model._default_manager.count() > 0
    assert [(model, differences(model)) for model in recorded_models() if differences(model)] == []

    # What is closed is read-only for the responsible unit alone.
    closed = ReturnCase.objects.exclude(closed_on=None).values_list("pk", flat=True)
    seeing = CaseGrant.objects.filter(content_object__in=closed, permission=permission_id("view"))
    assert 0 < len(closed) == seeing.count()
    assert not Involvement.objects.running().filter(case__in=closed).exclude(part=Part.LEAD).exists()
    assert not Task.objects.open().filter(case__in=closed).exists()


def test_hand_written_statements_find_what_our_code_finds(world: World) -> None:
    measured: list[Subject] = []
    for viewer in world.viewers:
        measured += list(queries_of(viewer))

    assert [subject.name for subject in measured if subject.differs()] == []
    names = Counter(subject.name for subject in measured)
    assert names["list, page 1"] == names["search, three letters"] == names["count, capped"] == 3
    # The desk sees no residence and no activity, so neither filter nor sort exists for it.
    assert names["list, one location"] == names["list, by contact"] == 2


def test_pages_answer_and_what_they_read_can_be_counted(world: World) -> None:
    large = world.viewers[1]
    for subject in pages_of(large):
        with watched() as statements:
            subject.run()
        assert buffers_of(statements) > 0, subject.name
        assert not [one for one in statements if "SAVEPOINT" in one.sql]


def test_each_kind_of_work_has_a_page_to_begin_with_and_each_reader_a_report(world: World) -> None:
    for member in world.workers.values():
        work_of(member).run()
    for reader in world.readers.values():
        report_of(reader).run()


def test_the_register_of_one_site_has_residents_who_were_seen_and_none_noted_this_week(world: World) -> None:
    page: Any = register_of(world).run()

    residents = Placement.objects.staying().filter(site=world.register)
    assert page.context["counts"].people == residents.count() > 50
    assert (page.context["counts"].filled, page.context["counts"].due) == (0, residents.count())
    assert page.context["counts"].missed > 0


def test_acts_are_measured_and_leave_nothing(world: World) -> None:
    def kept() -> tuple[int, ...]:
        return ReturnCase.objects.count(), CaseGrant.objects.count(), InHouseMark.objects.count()

    before = kept()
    with acts_of(world) as (accept, note):
        with watched() as accepting:
            accept.run()
        with watched() as noting:
            note.run()
            note.run()

    assert any('INSERT INTO "cases_casegrant"' in one.sql for one in accepting)
    noted = [one for one in noting if 'INSERT INTO "reception_inhousemark"' in one.sql]
    assert sum(one.alias == "default" for one in noted) == 2
    assert kept() == before


def test_building_the_world_again_finds_it(world: World) -> None:
    again = build(ROWS)

    assert again.viewers == world.viewers
    assert again.choices == world.choices


def test_counting_all_deadlines_and_reminding_is_measured_and_what_was_reminded_is_taken_back(world: World) -> None:
    found = {tick.name: tick for tick in ticks()}

    assert found[COUNT_ANEW].found == found[COUNT_AGAIN].found == ReturnCase.objects.count()
    assert KeptDeadline.objects.count() > ROWS
    assert found[REMIND].found > 0
    assert found[REMIND_AGAIN].found == 0
    assert found[TOGETHER].statements == found[COUNT_ANEW].statements + found[REMIND].statements
    assert not Reminder.objects.exists()
