"""Every step of a stay: the table, and the acts that follow it whatever their order."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.reception.models import Placement
from cases.reception.states import CHOSEN_ENDS, EXPECTED, NEXT, RUNNING, STAYING, EndReason, PlacementStatus, may_follow
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible

ALLOWED = {
    ("reserved", "present"),
    ("reserved", "administrative"),
    ("reserved", "no_show"),
    ("reserved", "ended"),
    ("no_show", "present"),
    ("no_show", "administrative"),
    ("no_show", "ended"),
    ("present", "temporarily_absent"),
    ("present", "absent_under_check"),
    ("present", "administrative"),
    ("present", "ended"),
    ("temporarily_absent", "present"),
    ("temporarily_absent", "absent_under_check"),
    ("temporarily_absent", "ended"),
    ("administrative", "present"),
    ("administrative", "absent_under_check"),
    ("administrative", "ended"),
    ("absent_under_check", "present"),
    ("absent_under_check", "administrative"),
    ("absent_under_check", "ended"),
}


@pytest.mark.parametrize("now", PlacementStatus.values)
@pytest.mark.parametrize("wanted", PlacementStatus.values)
def test_a_step_is_possible_exactly_when_the_table_says_so(now: str, wanted: str) -> None:
    assert may_follow(now, wanted) == ((now, wanted) in ALLOWED)


def test_every_status_is_in_the_table_and_only_the_end_has_no_way_out() -> None:
    assert set(NEXT) == set(PlacementStatus)
    assert [status for status in PlacementStatus if not NEXT[status]] == [PlacementStatus.ENDED]
    assert set(RUNNING) == set(EXPECTED) | set(STAYING) == set(PlacementStatus) - {PlacementStatus.ENDED}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PlacementStatus.values), max_size=12))
def test_no_walk_leaves_the_table_and_nothing_follows_the_end(wanted: list[str]) -> None:
    placement = Placement(status=PlacementStatus.RESERVED, status_since=clock.today())

    for status in wanted:
        was = placement.status
        try:
            placement.move_to(status, clock.today())
        except NotPossible:
            assert (was, status) not in ALLOWED
            assert placement.status == was
        else:
            assert (was, status) in ALLOWED
            assert was != PlacementStatus.ENDED


def test_a_step_that_is_not_possible_says_from_where_in_dutch() -> None:
    placement = Placement(status=PlacementStatus.NO_SHOW, status_since=clock.today())

    with translation.override("nl"), pytest.raises(NotPossible, match="Niet verschenen"):
        placement.move_to(PlacementStatus.TEMPORARILY_ABSENT, clock.today())


def test_a_person_chooses_none_of_the_ends_that_follow_from_something_else() -> None:
    assert set(EndReason) - set(CHOSEN_ENDS) == {
        EndReason.TRANSFERRED,
        EndReason.CANCELLED,
        EndReason.CASE_CLOSED,
    }
