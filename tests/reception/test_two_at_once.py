"""Two colleagues act in the same moment: one wins, the other reads why. And the database itself knows no overlap."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction

from cases.case.access import NotInSight
from cases.reception.actions import change_room, end_placement, record_arrival, reserve
from cases.reception.models import Placement
from cases.reception.states import EndReason
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import unit
from tests.reception.stays import ELSEWHERE, HOME, days_ago, grants_agree, moved, reserved, staying, stored, today
from tests.requests.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_reservations_at_once_one_stands(cast: Cast) -> None:
    case, first, second = staying(cast).case, cast.casemanager, member_of(unit(HOME), "coa_manager")

    won, lost = at_once(
        lambda: reserve(case, unit(ELSEWHERE), today(), by=first, reason="school"),
        lambda: reserve(case, unit("azc-zandwijk"), today(), by=second, reason="familie"),
    )

    assert won == ""
    assert "wordt al op een locatie verwacht" in lost
    expected = Placement.objects.expected().get()
    assert case.involvements.running().exclude(unit__code__in=[HOME, "dtv-noord-2"]).get().unit_id == expected.site_id
    assert grants_agree()


def test_of_two_arrivals_at_once_one_stands(cast: Cast) -> None:
    placement, first, second = reserved(cast), cast.casemanager2, member_of(unit(ELSEWHERE), "coa_manager")

    won, lost = at_once(
        lambda: record_arrival(placement, today(), room="A-1", by=first, version=placement.version),
        lambda: record_arrival(placement, today(), room="B-2", by=second, version=placement.version),
    )

    assert won == ""
    assert "De aankomst is al vastgelegd" in lost
    assert Placement.objects.staying().count() == 1


def test_of_two_rooms_at_once_one_stands_and_the_other_reads_it_was_changed(cast: Cast) -> None:
    placement, first, second = staying(cast), cast.casemanager, member_of(unit(HOME), "coa_manager")

    won, lost = at_once(
        lambda: change_room(placement, "A-1", by=first, version=placement.version),
        lambda: change_room(placement, "B-2", by=second, version=placement.version),
    )

    assert won == ""
    assert "Iemand heeft dit gewijzigd" in lost
    assert stored(placement).room in ("A-1", "B-2")


def test_an_end_and_a_move_at_once_leave_one_end(cast: Cast) -> None:
    placement = staying(cast)
    expected, here, there = reserved(cast, placement.case), cast.casemanager, cast.casemanager2

    def end() -> None:
        # Once the person arrived elsewhere, the former site sees nothing to end any more.
        with suppress(NotInSight):
            end_placement(placement, EndReason.EVICTED, today(), by=here, reason="test")

    results = at_once(end, lambda: record_arrival(expected, today(), by=there))

    assert results == ["", ""]
    assert not stored(placement).is_running
    assert stored(expected).is_running
    assert grants_agree()


def test_the_database_itself_refuses_an_overlap(cast: Cast) -> None:
    here = moved(cast)
    other = Placement(
        case=here.case,
        site=unit(HOME),
        form="azc",
        status="present",
        status_since=days_ago(1),
        started_on=days_ago(1),
        source="COA",
    )

    with pytest.raises(IntegrityError, match="placement_no_overlap"), transaction.atomic():
        save_as(other, by=PRINCIPAL)
