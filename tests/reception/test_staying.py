"""While somebody stays: present or not, in which room, until when."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from cases.case.models import ReturnCase
from cases.reception.actions import change_planned_end, change_room, change_status
from cases.reception.models import Placement
from cases.reception.states import PlacementStatus, StepKind
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Member
from tests.cast import Cast
from tests.reception.stays import (
    HOME,
    days_ago,
    ended,
    in_days,
    last_step,
    moved,
    reserved,
    residence,
    staying,
    stored,
    today,
)

pytestmark = pytest.mark.django_db


def test_a_status_is_changed_with_its_day_and_reason(cast: Cast) -> None:
    placement = staying(cast)

    change_status(
        placement, "absent_under_check", days_ago(1), by=cast.casemanager, reason="Twee keer gemist.", version=1
    )

    placement, step = stored(placement), last_step(placement)
    assert (placement.status, placement.status_since) == (PlacementStatus.ABSENT_UNDER_CHECK, days_ago(1))
    assert (step.kind, step.status, step.note) == (StepKind.STATUS, "absent_under_check", "Twee keer gemist.")
    assert placement.history.count() == 2


def test_an_absence_changes_nothing_about_where_the_person_is_registered(cast: Cast) -> None:
    placement = staying(cast)
    before = residence(placement.case)

    change_status(placement, "temporarily_absent", today(), by=cast.casemanager, reason="Op bezoek.")

    assert residence(placement.case) == before


def test_the_axis_follows_administrative_placement_and_back(cast: Cast) -> None:
    placement = staying(cast)

    change_status(placement, "administrative", today(), by=cast.casemanager, reason="Woont bij zijn zus.")
    assert residence(placement.case)[:2] == ("admin", HOME)

    change_status(stored(placement), "present", today(), by=cast.casemanager, reason="Terug.")
    assert residence(placement.case)[:2] == ("azc", HOME)


@pytest.mark.parametrize(
    ("status", "since", "refusal"),
    [
        ("temporarily_absent", in_days(1), "in de toekomst"),
        ("temporarily_absent", days_ago(8), "Corrigeer die dan"),
        ("present", today(), "kan deze stap niet"),
        ("ended", today(), "Kies de nieuwe status"),
        ("reserved", today(), "Kies de nieuwe status"),
    ],
)
def test_a_status_that_cannot_be_says_why(cast: Cast, status: str, since: date, refusal: str) -> None:
    placement = staying(cast)

    with pytest.raises(NotPossible, match=refusal):
        change_status(placement, status, since, by=cast.casemanager, reason="test")

    assert stored(placement).status == PlacementStatus.PRESENT


def test_a_room_is_changed_and_the_log_tells_which(cast: Cast) -> None:
    placement = staying(cast)

    change_room(placement, " C-201 ", by=cast.casemanager, version=placement.version)

    assert stored(placement).room == "C-201"
    assert (last_step(placement).kind, last_step(placement).value) == (StepKind.ROOM, "C-201")


def test_the_same_room_again_is_no_step(cast: Cast) -> None:
    placement = staying(cast)

    change_room(placement, "", by=cast.casemanager)

    assert placement.steps.count() == 1
    assert stored(placement).version == placement.version


def test_a_planned_end_is_set_and_removed(cast: Cast) -> None:
    placement = staying(cast)

    change_planned_end(placement, in_days(14), by=cast.casemanager, reason="Einde vertrektermijn.")
    assert stored(placement).planned_end == in_days(14)
    assert last_step(placement).value == in_days(14).isoformat()

    change_planned_end(stored(placement), None, by=cast.casemanager, reason="Uitstel van vertrek.")
    assert stored(placement).planned_end is None


def test_a_planned_end_does_not_lie_before_the_first_night(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="niet vóór"):
        change_planned_end(staying(cast), days_ago(8), by=cast.casemanager, reason="test")


def _acts(placement: Placement, by: Member, version: int | None = None) -> list[Callable[[], Placement]]:
    return [
        lambda: change_status(placement, "temporarily_absent", today(), by=by, reason="test", version=version),
        lambda: change_room(placement, "C-201", by=by, version=version),
        lambda: change_planned_end(placement, in_days(3), by=by, reason="test", version=version),
    ]


def test_an_older_page_changes_nothing(cast: Cast) -> None:
    placement = staying(cast)

    for act in _acts(placement, cast.casemanager, version=placement.version - 1):
        with pytest.raises(Stale):
            act()

    assert stored(placement).version == placement.version


@pytest.mark.parametrize("username", ["regievoerder", "coa_receptie"])
def test_who_only_reads_changes_nothing(cast: Cast, username: str) -> None:
    for act in _acts(staying(cast), getattr(cast, username)):
        with pytest.raises(PermissionDenied):
            act()


def test_the_site_that_only_expects_the_person_changes_nothing_of_the_stay(cast: Cast) -> None:
    placement = staying(cast)
    reserved(cast, placement.case)

    for act in _acts(placement, cast.casemanager2):
        with pytest.raises(NotPossible, match="azc Veenmeer"):
            act()


def test_what_has_ended_and_what_has_not_begun_is_no_stay(cast: Cast) -> None:
    placement = reserved(cast)

    for act in _acts(placement, cast.casemanager2):
        with pytest.raises(NotPossible, match="nog niet begonnen"):
            act()


def test_nobody_of_the_former_site_sees_the_case_after_a_move(cast: Cast) -> None:
    case = moved(cast).case

    for act in _acts(Placement.objects.get(case=case, site__code=HOME), cast.casemanager):
        with pytest.raises(ReturnCase.DoesNotExist):
            act()


def test_after_the_end_the_site_no_longer_sees_the_case(cast: Cast) -> None:
    for act in _acts(ended(cast), cast.casemanager):
        with pytest.raises(ReturnCase.DoesNotExist):
            act()
