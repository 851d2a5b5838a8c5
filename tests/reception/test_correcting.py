"""What was recorded wrongly is put right with a reason, or taken back on the same day with all that it did."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from cases.case.actions import close_case, reopen_case
from cases.case.models import Task
from cases.reception.actions import change_room, correct, correct_end, end_placement, record_arrival, take_back
from cases.reception.models import ENDED_LATELY, Placement
from cases.reception.states import EndReason, PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Notice
from tests.cast import Cast, member_of
from tests.factories import unit
from tests.reception.stays import (
    ELSEWHERE,
    HOME,
    absent,
    allowed,
    days_ago,
    ended,
    first_reservation,
    grants_agree,
    in_days,
    last_step,
    moved,
    noon,
    reserved,
    residence,
    staying,
    stored,
    takes_part,
    today,
)

pytestmark = pytest.mark.django_db
WHY = "Verkeerd overgenomen van de lijst."


def former_of(placement: Placement) -> Placement:
    return Placement.objects.select_related("site", "case").get(case=placement.case, site__code=HOME)


# --- dates and status -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [days_ago(2), today()])
def test_another_first_day_moves_the_end_of_the_stay_before_it_along(cast: Cast, day: date) -> None:
    placement = reserved(cast)
    record_arrival(placement, days_ago(1), by=cast.casemanager2)

    correct(stored(placement), started_on=day, by=cast.casemanager2, reason=WHY)

    assert (stored(placement).started_on, stored(placement).status_since) == (day, day)
    assert former_of(placement).ended_on == day
    assert residence(placement.case)[:2] == ("azc", ELSEWHERE)


def test_a_first_day_in_the_stay_before_it_is_refused(cast: Cast) -> None:
    placement = moved(cast)

    with pytest.raises(NotPossible, match="niet vóór"):
        correct(placement, started_on=days_ago(8), by=cast.casemanager2, reason=WHY)

    assert stored(placement).started_on == today()


def test_a_status_is_put_right_whatever_the_table_of_steps_says(cast: Cast) -> None:
    placement = staying(cast)

    correct(placement, status="administrative", status_since=days_ago(3), by=cast.casemanager, reason=WHY)

    placement, step = stored(placement), last_step(placement)
    assert (placement.status, placement.status_since) == (PlacementStatus.ADMINISTRATIVE, days_ago(3))
    assert (step.kind, step.note) == (StepKind.CORRECTED, WHY)
    assert residence(placement.case)[:2] == ("admin", HOME)


def test_another_day_of_arrival_moves_the_48_hours_and_the_task(cast: Cast) -> None:
    placement = reserved(cast)

    correct(placement, expected_on=in_days(3), by=cast.casemanager2, reason=WHY)

    assert stored(placement).arrival_deadline == clock.end_of(in_days(3)) + timedelta(hours=48)
    assert Task.objects.open().get(unit__code=ELSEWHERE).due_at == stored(placement).arrival_deadline


def test_who_was_written_off_too_early_is_expected_again(cast: Cast) -> None:
    placement = absent(cast)

    correct(placement, expected_on=today(), by=cast.casemanager2, reason=WHY)

    assert stored(placement).status == PlacementStatus.RESERVED
    assert Task.objects.open().filter(unit__code=ELSEWHERE).exists()


def test_a_correction_needs_the_site_a_reason_and_the_page_of_now(cast: Cast) -> None:
    placement = staying(cast)
    reserved(cast, placement.case)

    with pytest.raises(NotPossible, match="waarom"):
        correct(placement, started_on=days_ago(3), by=cast.casemanager, reason="")
    with pytest.raises(NotPossible, match="azc Veenmeer"):
        correct(placement, started_on=days_ago(3), by=cast.casemanager2, reason=WHY)
    with pytest.raises(Stale):
        correct(placement, started_on=days_ago(3), by=cast.casemanager, reason=WHY, version=placement.version - 1)
    with pytest.raises(PermissionDenied):
        correct(placement, started_on=days_ago(3), by=cast.regievoerder, reason=WHY)


# --- an end ---------------------------------------------------------------------------------------------------------


def test_the_site_puts_the_end_right_that_it_recorded_though_it_sees_the_case_no_more(cast: Cast) -> None:
    placement = ended(cast)
    assert not allowed(cast.casemanager, placement.case)

    correct_end(placement, EndReason.CUSTODY, days_ago(1), by=cast.casemanager, reason=WHY, version=placement.version)

    assert (stored(placement).end_reason, stored(placement).ended_on) == (EndReason.CUSTODY, days_ago(1))
    assert residence(placement.case)[0] == "dc"
    assert not allowed(cast.casemanager, placement.case)
    assert Notice.objects.filter(kind="reception_end_corrected", member=cast.regievoerder).exists()


def test_a_later_stay_keeps_the_axis_when_an_earlier_end_is_put_right(cast: Cast) -> None:
    placement = staying(cast)
    later = reserved(cast, placement.case)
    end_placement(stored(placement), EndReason.EVICTED, days_ago(1), by=cast.casemanager, reason=WHY)
    record_arrival(later, today(), by=cast.casemanager2)

    correct_end(stored(placement), EndReason.CUSTODY, today(), by=cast.casemanager, reason=WHY)

    assert residence(placement.case)[:2] == ("azc", ELSEWHERE)


def test_nobody_else_puts_an_end_right(cast: Cast) -> None:
    placement = ended(cast)

    for member in (cast.casemanager2, cast.coa_receptie, cast.regievoerder):
        with pytest.raises(PermissionDenied):
            correct_end(placement, EndReason.CUSTODY, today(), by=member, reason=WHY)


def test_an_end_that_followed_from_a_move_is_put_right_where_the_person_arrived(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="uw locatie heeft vastgelegd"):
        correct_end(former_of(moved(cast)), EndReason.CUSTODY, today(), by=cast.casemanager, reason=WHY)


def test_a_site_finds_back_what_it_ended_lately(cast: Cast) -> None:
    placement = ended(cast)

    assert list(Placement.objects.ended_lately_by(cast.casemanager)) == [placement]
    assert not Placement.objects.ended_lately_by(cast.casemanager2).exists()
    with clock.as_if(clock.now() + ENDED_LATELY + timedelta(days=1)):
        assert not Placement.objects.ended_lately_by(cast.casemanager).exists()


# --- taking back ----------------------------------------------------------------------------------------------------


def test_an_end_recorded_by_mistake_is_taken_back_with_the_access(cast: Cast) -> None:
    placement = ended(cast, EndReason.CUSTODY)

    take_back(placement, by=cast.casemanager, version=placement.version)

    placement = stored(placement)
    assert (placement.status, placement.status_since) == (PlacementStatus.PRESENT, days_ago(7))
    assert (placement.ended_on, placement.end_reason) == (None, "")
    assert allowed(cast.casemanager, placement.case, "residence.change")
    assert residence(placement.case)[:2] == ("azc", HOME)
    assert Notice.objects.filter(kind="reception_end_taken_back", member=cast.regievoerder).exists()
    assert grants_agree()


def test_a_colleague_at_the_site_may_take_it_back_and_nobody_else(cast: Cast) -> None:
    placement = ended(cast)

    for member in (cast.casemanager2, cast.coa_receptie, cast.regievoerder):
        with pytest.raises(PermissionDenied):
            take_back(placement, by=member)
    take_back(placement, by=member_of(unit(HOME), "reception_case_manager"))

    assert stored(placement).is_running


def test_taking_back_an_arrival_revives_the_stay_that_it_ended(cast: Cast) -> None:
    placement = moved(cast, room="B-114")

    take_back(placement, by=cast.casemanager2)

    placement, former = stored(placement), former_of(placement)
    assert (placement.status, placement.started_on, placement.room) == (PlacementStatus.RESERVED, None, "")
    assert (former.status, former.status_since, former.ended_on) == (PlacementStatus.PRESENT, days_ago(7), None)
    assert takes_part(placement.case, HOME)
    assert takes_part(placement.case, ELSEWHERE)
    assert residence(placement.case)[:2] == ("azc", HOME)
    assert Task.objects.open().filter(unit__code=ELSEWHERE).exists()
    assert Notice.objects.filter(kind="reception_moved_back", unit__code=HOME).exists()
    assert grants_agree()


def test_taking_back_a_first_arrival_gives_the_axis_back_what_it_said_before(cast: Cast) -> None:
    placement = first_reservation(cast)
    before = residence(placement.case)
    record_arrival(placement, today(), by=cast.casemanager)
    assert residence(placement.case) != before

    take_back(stored(placement), by=cast.casemanager)

    assert residence(placement.case) == before


def test_what_is_not_of_today_or_not_the_last_is_not_taken_back(cast: Cast) -> None:
    placement = staying(cast)
    with clock.as_if(noon(days_ago(1))):
        end_placement(placement, EndReason.EVICTED, days_ago(1), by=cast.casemanager, reason=WHY)
    with pytest.raises(NotPossible, match="vandaag als laatste"):
        take_back(stored(placement), by=cast.casemanager)

    arrived = moved(cast)
    change_room(arrived, "C-201", by=cast.casemanager2)
    with pytest.raises(NotPossible, match="vandaag als laatste"):
        take_back(stored(arrived), by=cast.casemanager2)


def test_nothing_is_taken_back_twice_or_in_a_closed_case(cast: Cast) -> None:
    placement = ended(cast)
    take_back(placement, by=cast.casemanager)
    with pytest.raises(NotPossible, match="vandaag als laatste"):
        take_back(stored(placement), by=cast.casemanager)

    other = ended(cast)
    close_case(other.case, "departed_unsupervised", by=cast.regievoerder, reason="test")
    with pytest.raises(NotPossible, match="gesloten"):
        take_back(stored(other), by=cast.casemanager)
    with pytest.raises(NotPossible, match="gesloten"):
        correct_end(stored(other), EndReason.CUSTODY, today(), by=cast.casemanager, reason=WHY)


def test_the_end_that_the_closing_of_a_case_brought_is_not_the_sites_to_put_right(cast: Cast) -> None:
    placement = staying(cast)
    close_case(placement.case, "departed_unsupervised", by=cast.regievoerder, reason="test")
    reopen_case(placement.case, by=cast.regievoerder, reason="test")

    assert not Placement.objects.ended_lately_by(cast.casemanager).exists()
    with pytest.raises(NotPossible, match="vandaag als laatste"):
        take_back(stored(placement), by=cast.casemanager)
    with pytest.raises(NotPossible, match="uw locatie heeft vastgelegd"):
        correct_end(stored(placement), EndReason.CUSTODY, today(), by=cast.casemanager, reason=WHY)


def test_an_end_is_not_taken_back_over_a_stay_that_began_since(cast: Cast) -> None:
    placement = staying(cast)
    elsewhere = reserved(cast, placement.case)
    end_placement(stored(placement), EndReason.EVICTED, today(), by=cast.casemanager, reason=WHY)
    record_arrival(elsewhere, today(), by=cast.casemanager2)

    with pytest.raises(NotPossible, match="verblijft in die periode al ergens"):
        take_back(stored(placement), by=cast.casemanager)
