"""The cases that the bench fills are cases like any others: rights, copies, search rows and history agree."""

from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count

from cases.case.management.commands.check_grants import findings
from cases.case.models import CaseGrant, Involvement, Part, Person, ReturnCase, Task
from cases.case.models.case import permission_id
from cases.requests.models import Request
from leidraad.pages.bench.accepting import accepting
from leidraad.pages.bench.fill import fill
from leidraad.pages.bench.subjects import Subject, pages_of, queries_of, work_of
from leidraad.pages.bench.watching import buffers_of, watched
from leidraad.pages.bench.world import World, build
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ROWS = 1_500


@pytest.fixture
def world(cast: Cast) -> World:
    """Filled by the owner of the tables, who may tell the planner how large they are, and read by the application."""
    assert cast
    people = build(ROWS)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        fill(people, ROWS)
        cursor.execute("ANALYZE")
        cursor.execute(f"SET ROLE {settings.APP_ROLE}")
    return people


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

    # Everything stated has its history.
    for model in (Person, ReturnCase, Involvement, CaseGrant, Task, Request):
        kept = model.history.model.objects.filter(history_type="+", history_principal="bench")
        assert kept.count() == model._default_manager.count() > 0

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


def test_each_kind_of_work_has_a_page_to_begin_with(world: World) -> None:
    for member in world.workers.values():
        work_of(member).run()


def test_accepting_a_handover_is_measured_and_leaves_nothing(world: World) -> None:
    before = ReturnCase.objects.count()
    grants = CaseGrant.objects.count()

    with accepting(world) as subject, watched() as statements:
        subject.run()

    assert any('INSERT INTO "cases_casegrant"' in one.sql for one in statements)
    assert (ReturnCase.objects.count(), CaseGrant.objects.count()) == (before, grants)


def test_building_the_world_again_finds_it(world: World) -> None:
    again = build(ROWS)

    assert again.viewers == world.viewers
    assert again.choices == world.choices
