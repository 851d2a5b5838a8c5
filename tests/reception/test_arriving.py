"""A place reserved, taken back, taken; and the person who did not come."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases.case.models import Task
from cases.reception.actions import cancel_reservation, end_placement, record_arrival, record_no_show, reserve
from cases.reception.models import Placement
from cases.reception.states import EndReason, PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Notice
from tests.cast import Cast, member_of
from tests.factories import at_site, involve, led_case, unit
from tests.reception.stays import (
    ELSEWHERE,
    HOME,
    WHY,
    absent,
    allowed,
    days_ago,
    first_reservation,
    grants_agree,
    in_days,
    last_step,
    moved,
    noon,
    overdue,
    reserved,
    residence,
    staying,
    stored,
    takes_part,
    today,
)

pytestmark = pytest.mark.django_db


# --- reserving ------------------------------------------------------------------------------------------------------


def test_a_reservation_lets_the_receiving_site_prepare(cast: Cast) -> None:
    case = staying(cast).case
    assert not allowed(cast.casemanager2, case)

    placement = stored(reserve(case, unit(ELSEWHERE), in_days(2), by=cast.casemanager, reason=WHY))

    assert (placement.status, placement.expected_on, placement.started_on) == ("reserved", in_days(2), None)
    assert (placement.form, placement.legal_basis, placement.source) == ("azc", "rva", "COA")
    assert allowed(cast.casemanager2, case, "residence.change")
    assert takes_part(case, HOME)
    assert grants_agree()


def test_a_reservation_tells_the_desk_and_gives_it_the_task_to_record_the_arrival(cast: Cast) -> None:
    placement = reserved(cast, day=in_days(2))

    notice = Notice.objects.get(unit__code=ELSEWHERE, kind="reception_reserved")
    assert (notice.member, notice.params) == (None, {})
    task = Task.objects.open().get(unit__code=ELSEWHERE)
    assert task.due_at == clock.end_of(in_days(2)) + timedelta(hours=48) == placement.arrival_deadline
    assert task.shown_title == "Leg de aankomst vast"


def test_who_reserved_why_and_when_stays_on_record(cast: Cast) -> None:
    placement = reserved(cast)

    step = placement.steps.get()
    assert (step.kind, step.status, step.note, step.member, step.unit) == (
        StepKind.RESERVED,
        "reserved",
        WHY,
        cast.casemanager,
        unit(HOME),
    )
    assert placement.history.get().history_user == cast.casemanager


def test_the_first_place_is_reserved_at_the_own_site_without_telling_oneself(cast: Cast) -> None:
    placement = first_reservation(cast)

    assert placement.site.code == HOME
    assert not Notice.objects.filter(kind="reception_reserved").exists()


@pytest.mark.parametrize("code", ["dc-maasvliet", "avim-noord", "dtv-noord-2"])
def test_only_a_site_of_coa_takes_a_reservation(cast: Cast, code: str) -> None:
    with pytest.raises(NotPossible, match="Kies een locatie van COA"):
        reserve(staying(cast).case, unit(code), today(), by=cast.casemanager, reason=WHY)


def test_nobody_is_expected_in_the_past(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="niet vóór vandaag"):
        reserve(staying(cast).case, unit(ELSEWHERE), days_ago(1), by=cast.casemanager, reason=WHY)


def test_nobody_is_expected_where_they_stay(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="azc Veenmeer"):
        reserve(staying(cast).case, unit(HOME), today(), by=cast.casemanager, reason=WHY)


def test_a_reservation_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="waarom"):
        reserve(staying(cast).case, unit(ELSEWHERE), today(), by=cast.casemanager, reason="  ")


def test_nobody_is_expected_at_two_sites(cast: Cast) -> None:
    case = reserved(cast).case

    with pytest.raises(NotPossible, match="wordt al op een locatie verwacht"):
        reserve(case, unit("azc-zandwijk"), today(), by=cast.casemanager, reason=WHY)

    assert Placement.objects.expected().count() == 1


@pytest.mark.parametrize("username", ["regievoerder", "coa_receptie", "politie"])
def test_who_only_reads_about_the_stay_reserves_nothing(cast: Cast, username: str) -> None:
    case = involve(staying(cast).case, unit("avim-noord"), "supervision")

    with pytest.raises(PermissionDenied):
        reserve(case, unit(ELSEWHERE), today(), by=getattr(cast, username), reason=WHY)


def test_for_another_site_the_case_does_not_exist(cast: Cast) -> None:
    with pytest.raises(Http404):
        reserve(staying(cast).case, unit(ELSEWHERE), today(), by=cast.casemanager2, reason=WHY)


# --- cancelling -----------------------------------------------------------------------------------------------------


def test_cancelling_takes_the_access_back_and_tells_the_desk(cast: Cast) -> None:
    placement = reserved(cast)

    cancel_reservation(placement, by=cast.casemanager, reason="Toch niet.", version=placement.version)

    placement = stored(placement)
    assert (placement.status, placement.end_reason, placement.ended_on) == ("ended", EndReason.CANCELLED, today())
    assert not allowed(cast.casemanager2, placement.case)
    assert takes_part(placement.case, HOME)
    assert Notice.objects.filter(unit__code=ELSEWHERE, kind="reception_cancelled").exists()
    assert not Task.objects.open().filter(unit__code=ELSEWHERE).exists()
    assert grants_agree()


def test_the_receiving_site_may_cancel_too(cast: Cast) -> None:
    placement = reserved(cast)

    cancel_reservation(placement, by=cast.casemanager2, reason="Geen plaats.")

    assert stored(placement).end_reason == EndReason.CANCELLED
    assert not Notice.objects.filter(kind="reception_cancelled").exists()


def test_a_cancelled_reservation_at_the_own_site_keeps_the_part_of_a_running_stay(cast: Cast) -> None:
    placement = first_reservation(cast)

    cancel_reservation(placement, by=cast.casemanager, reason="Toch niet.")

    assert not takes_part(placement.case, HOME)


def test_what_arrived_is_no_reservation_any_more(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="geen reservering meer"):
        cancel_reservation(moved(cast), by=cast.casemanager2, reason="Toch niet.")


# --- arriving -------------------------------------------------------------------------------------------------------


def test_an_arrival_ends_the_former_stay_that_day_and_moves_the_access(cast: Cast) -> None:
    former = staying(cast)
    placement = reserved(cast, former.case)

    record_arrival(placement, today(), by=cast.casemanager2, room="B-114", version=placement.version)

    placement, former = stored(placement), stored(former)
    assert (placement.status, placement.started_on, placement.room) == ("present", today(), "B-114")
    assert (former.status, former.ended_on, former.end_reason) == ("ended", today(), EndReason.TRANSFERRED)
    assert takes_part(placement.case, ELSEWHERE)
    assert not allowed(cast.casemanager, placement.case)
    assert Notice.objects.filter(unit__code=HOME, kind="reception_moved_out").exists()
    assert not Task.objects.open().filter(unit__code=ELSEWHERE).exists()
    assert grants_agree()


def test_the_axis_of_residence_and_the_location_follow_an_arrival(cast: Cast) -> None:
    placement = moved(cast)

    assert residence(placement.case) == ("azc", ELSEWHERE, "COA azc Oosterhaar")
    assert placement.case.axis_entries.filter(axis="residence").count() == 2


def test_who_is_placed_administratively_is_on_the_books_and_lives_elsewhere(cast: Cast) -> None:
    placement = moved(cast, administrative=True)

    assert placement.status == PlacementStatus.ADMINISTRATIVE
    assert residence(placement.case)[:2] == ("admin", ELSEWHERE)


def test_only_the_receiving_site_records_an_arrival(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="azc Oosterhaar"):
        record_arrival(reserved(cast), today(), by=cast.casemanager)


def test_an_arrival_is_recorded_when_it_has_happened(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="in de toekomst"):
        record_arrival(reserved(cast, day=in_days(1)), in_days(1), by=cast.casemanager2)


def test_nobody_arrives_before_the_former_stay_began(cast: Cast) -> None:
    case = staying(cast, since=days_ago(2)).case

    with pytest.raises(NotPossible, match="niet vóór"):
        record_arrival(reserved(cast, case), days_ago(3), by=cast.casemanager2)


def test_an_arrival_is_recorded_once(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="is al vastgelegd"):
        record_arrival(moved(cast), today(), by=cast.casemanager2)


def test_a_page_that_is_older_than_the_reservation_changes_nothing(cast: Cast) -> None:
    placement = reserved(cast)

    with pytest.raises(Stale):
        record_arrival(placement, today(), by=cast.casemanager2, version=placement.version - 1)

    assert stored(placement).status == PlacementStatus.RESERVED


# --- not arriving ---------------------------------------------------------------------------------------------------


def test_a_no_show_is_possible_only_after_the_48_hours_and_says_from_when(cast: Cast) -> None:
    placement = reserved(cast)
    deadline = placement.arrival_deadline
    assert deadline is not None

    with clock.as_if(deadline), pytest.raises(NotPossible, match="23:59"):
        record_no_show(placement, by=cast.casemanager2, reason="Niet gezien.")
    with clock.as_if(deadline + timedelta(seconds=1)):
        record_no_show(placement, by=cast.casemanager2, reason="Niet gezien.")

    assert stored(placement).status == PlacementStatus.NO_SHOW


def test_the_responsible_unit_hears_of_a_no_show_and_no_place_stands_in_it(cast: Cast) -> None:
    placement = absent(cast)

    notice = Notice.objects.get(kind="reception_no_show")
    assert (notice.unit.code, notice.member, notice.params) == ("dtv-noord-2", cast.regievoerder, {})
    assert last_step(placement).kind == StepKind.NO_SHOW


def test_who_comes_after_all_is_still_expected(cast: Cast) -> None:
    placement = absent(cast)

    record_arrival(placement, today(), by=cast.casemanager2)

    assert stored(placement).status == PlacementStatus.PRESENT


def test_a_no_show_is_recorded_by_the_site_where_the_person_was_expected(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="azc Oosterhaar"):
        record_no_show(overdue(cast), by=cast.casemanager, reason="Niet gezien.")


def test_a_colleague_at_the_same_site_works_on_the_same_reservation(cast: Cast) -> None:
    colleague = member_of(unit(ELSEWHERE), "coa_manager")

    record_arrival(reserved(cast), today(), by=colleague)

    assert Placement.objects.staying().get().site.code == ELSEWHERE


def test_a_stay_that_overlaps_another_is_refused_in_a_sentence(cast: Cast) -> None:
    """The former stay ended yesterday; an arrival before that would overlap it."""
    former = staying(cast)
    with clock.as_if(noon(days_ago(1))):
        end_placement(former, EndReason.EVICTED, days_ago(1), by=cast.casemanager, reason="test")
    case = at_site(former.case, unit(HOME))
    placement = reserve(case, unit(ELSEWHERE), today(), by=cast.casemanager, reason=WHY)

    with pytest.raises(NotPossible, match="verblijft in die periode al ergens"):
        record_arrival(placement, days_ago(3), by=cast.casemanager2)


def test_a_case_without_any_stay_is_led_by_a_unit_that_reads_only(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        reserve(led_case(cast.regievoerder), unit(HOME), today(), by=cast.regievoerder, reason=WHY)
