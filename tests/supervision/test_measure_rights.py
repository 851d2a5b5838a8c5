"""Who may see which measure: on the page's own question, behind the wall, and in the history."""

from typing import Any

import pytest
from django.db import connection

from cases.case.access import access_of
from cases.case.history_page import case_history
from cases.case.models import Part, ReturnCase
from cases.supervision.measure_actions import NewCourtFact, record_court
from cases.supervision.models import CourtFact, Measure, MeasureRung, VulnerabilityNote
from leidraad.lib.who import acting
from partners.models import Member
from tests.cast import Cast
from tests.factories import at_site, involve, led_case, unit
from tests.supervision.measures import ago, detained, restricted

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """Detained, restricted before, with everything; COA, DJI, the police and IND take part."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involve(case, unit("dc-maasvliet"), Part.CUSTODY, "law")
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    involve(case, unit("ind-noord"), Part.DECISION, "law")
    measure = detained(cast, case, test_text="Slaapt slecht.", test_result="weighed")
    record_court(measure, NewCourtFact("notice", ago(2.9)), by=cast.ua)
    restricted(cast, case, at=ago(40))
    return case


def as_member(member: Member) -> Any:
    return acting(member.acting_unit_id, member.acting_group_id, member.pk)


@pytest.mark.parametrize(
    ("username", "families"),
    [
        ("regievoerder", {"custody", "area"}),
        ("manager", {"custody", "area"}),
        ("ua", {"custody", "area"}),
        ("politie", {"custody", "area"}),
        ("coa_manager", {"custody", "area"}),
        ("casemanager", {"area"}),
        ("ind", {"area"}),
        ("dji", {"custody"}),
        ("coa_receptie", set()),
        ("intake", set()),
        ("regievoerder2", set()),
    ],
)
def test_each_reads_the_measures_that_the_task_needs(
    cast: Cast, case: ReturnCase, username: str, families: set[str]
) -> None:
    member = getattr(cast, username)

    shown = Measure.objects.shown_in(case, access_of(member, case))

    assert set(shown.values_list("family", flat=True)) == families


def test_reasons_are_for_who_weighs_them(cast: Cast, case: ReturnCase) -> None:
    can = {name: access_of(getattr(cast, name), case).can("measure_reasons.view") for name in (
        "regievoerder", "ua", "politie", "dji", "casemanager", "coa_manager", "ind",
    )}  # fmt: skip

    assert can == {
        "regievoerder": True, "ua": True, "politie": True, "dji": False, "casemanager": False, "coa_manager": False,
        "ind": False,
    }  # fmt: skip


def test_behind_the_wall_custody_is_for_units_with_the_grant(cast: Cast, case: ReturnCase) -> None:
    def raw(member: Member) -> tuple[int, int, int, int, int]:
        with as_member(member):
            found = (
                Measure.objects,
                Measure.history,
                MeasureRung.objects,
                CourtFact.objects,
                VulnerabilityNote.objects,
            )
            return tuple(manager.count() for manager in found)  # type: ignore[return-value]

    assert raw(cast.ua) == (2, 2, 3, 1, 1)
    assert raw(cast.regievoerder) == (2, 2, 3, 1, 1)  # may see medical facts
    assert raw(cast.politie) == (2, 2, 3, 1, 0)
    assert raw(cast.ind) == (1, 1, 0, 0, 0)
    assert raw(cast.regievoerder2) == (0, 0, 0, 0, 0)
    with acting(None, None, None):
        assert not Measure.objects.exists()


def test_what_is_behind_the_wall_cannot_be_changed_by_who_does_not_find_it(cast: Cast, case: ReturnCase) -> None:
    with as_member(cast.ind), connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_measure SET officer = 'x' WHERE family = 'custody'")
        assert cursor.rowcount == 0


def test_in_the_history_custody_leaves_no_trace_and_what_was_found_is_medical(cast: Cast, case: ReturnCase) -> None:
    def records(member: Member) -> str:
        with as_member(member):
            changes = case_history(case, access_of(member, case)).changes
        return " ".join(f"{one.record} {one.field} {one.now}" for one in changes)

    assert "Slaapt slecht" in records(cast.regievoerder)
    police = records(cast.politie)
    assert "artikel 59" in police
    assert "Slaapt slecht" not in police
    assert "Eerder niet nagekomen" in police
    coa = records(cast.casemanager)
    assert "artikel 56" in coa
    for word in ("artikel 59", "Rechtbank", "Lichter middel", "M109", "Slaapt slecht", "onttrokken"):
        assert word not in coa
