"""The end of a stay: by hand, and because the case closes."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from cases.case.actions import add_task, close_case, lock_case
from cases.case.models import TaskKind
from cases.reception.actions import change_status, end_placement, reserve
from cases.reception.models import Placement
from cases.reception.states import CHOSEN_ENDS, EndReason, StepKind
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import LEFT, gone, unit
from tests.reception.stays import (
    ELSEWHERE,
    HOME,
    allowed,
    days_ago,
    ended,
    grants_agree,
    in_days,
    last_step,
    moved,
    reserved,
    residence,
    staying,
    stored,
    takes_part,
    today,
)

pytestmark = pytest.mark.django_db


def test_an_end_takes_the_access_of_the_site_and_tells_the_responsible_unit(cast: Cast) -> None:
    placement = ended(cast)

    assert (placement.status, placement.ended_on) == ("ended", today())
    assert (last_step(placement).kind, last_step(placement).value) == (StepKind.ENDED, "unknown_destination")
    assert not allowed(cast.casemanager, placement.case)
    assert allowed(cast.regievoerder, placement.case)
    notice = Notice.objects.get(kind="reception_ended")
    assert (notice.unit.code, notice.member, notice.params) == ("dtv-noord-2", cast.regievoerder, {})
    assert grants_agree()


@pytest.mark.parametrize(
    ("end_reason", "form"),
    [
        (EndReason.CUSTODY, "dc"),
        (EndReason.PRISON, "pi"),
        (EndReason.TO_NIDOS, "nidos"),
        (EndReason.UNKNOWN_DESTINATION, "onbekend"),
        (EndReason.ENTITLEMENT_ENDED, "onbekend"),
        (EndReason.EVICTED, "onbekend"),
        (EndReason.HOUSED, "prive"),
        (EndReason.DEPARTED, ""),
        (EndReason.DECEASED, ""),
    ],
)
def test_the_axis_follows_the_reason_and_never_guesses_a_place(cast: Cast, end_reason: str, form: str) -> None:
    case = ended(cast, end_reason).case

    case.refresh_from_db()
    assert residence(case) == (form, "", "COA azc Veenmeer")
    assert case.residence_text == ""


def test_every_reason_that_may_be_chosen_is_tested() -> None:
    assert len(CHOSEN_ENDS) == 9


@pytest.mark.parametrize("end_reason", ["transferred", "cancelled", "case_closed", "", "vakantie"])
def test_a_reason_that_follows_from_something_else_is_not_chosen(cast: Cast, end_reason: str) -> None:
    with pytest.raises(NotPossible, match="Kies waarom"):
        end_placement(staying(cast), end_reason, today(), by=cast.casemanager, reason="test")


@pytest.mark.parametrize(("day", "refusal"), [(in_days(1), "in de toekomst"), (days_ago(8), "niet vóór")])
def test_an_end_has_happened_and_lies_in_the_stay(cast: Cast, day: date, refusal: str) -> None:
    with pytest.raises(NotPossible, match=refusal):
        end_placement(staying(cast), EndReason.CUSTODY, day, by=cast.casemanager, reason="test")


def test_an_older_page_ends_nothing(cast: Cast) -> None:
    placement = staying(cast)
    change_status(placement, "temporarily_absent", today(), by=cast.casemanager, reason="test")

    with pytest.raises(Stale):
        end_placement(placement, "custody", today(), by=cast.casemanager, reason="test", version=placement.version)

    assert stored(placement).is_running


@pytest.mark.parametrize("username", ["regievoerder", "coa_receptie"])
def test_who_only_reads_ends_nothing(cast: Cast, username: str) -> None:
    with pytest.raises(PermissionDenied):
        end_placement(staying(cast), "custody", today(), by=getattr(cast, username), reason="test")


def test_a_reservation_elsewhere_stands_when_the_stay_ends(cast: Cast) -> None:
    placement = staying(cast)
    reserved(cast, placement.case)

    end_placement(placement, EndReason.EVICTED, today(), by=cast.casemanager, reason="test")

    assert takes_part(placement.case, ELSEWHERE)
    assert not takes_part(placement.case, HOME)


def test_a_site_that_still_expects_the_person_keeps_its_part(cast: Cast) -> None:
    """Moved from Veenmeer to Oosterhaar, and a place reserved back at Veenmeer: an end at Oosterhaar leaves Veenmeer alone."""
    there = moved(cast)
    reserved_back = reserve_back(cast, there)

    end_placement(stored(there), EndReason.EVICTED, today(), by=cast.casemanager2, reason="test")

    assert takes_part(there.case, HOME)
    assert reserved_back.is_running


def reserve_back(cast: Cast, placement: Placement) -> Placement:
    return reserve(placement.case, unit(HOME), today(), by=cast.casemanager2, reason="Terug naar de school.")


def test_the_tasks_of_a_site_end_with_its_part(cast: Cast) -> None:
    placement = staying(cast)
    task = add_task(lock_case(placement.case), unit(HOME), TaskKind.OTHER, "Afrondingsgesprek", by=PRINCIPAL)

    end_placement(placement, EndReason.EVICTED, today(), by=cast.casemanager, reason="test")

    task.refresh_from_db()
    assert task.done_at is not None


# --- the case closes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "end_reason"),
    [
        ("departed_independently", EndReason.DEPARTED),
        ("departed_forced", EndReason.DEPARTED),
        ("transferred_dublin", EndReason.DEPARTED),
        ("departed_unsupervised", EndReason.UNKNOWN_DESTINATION),
        ("residence_granted", EndReason.HOUSED),
        ("other", EndReason.CASE_CLOSED),
    ],
)
def test_closing_a_case_ends_what_runs_for_the_reason_that_is_known(cast: Cast, outcome: str, end_reason: str) -> None:
    placement = staying(cast)
    expected = reserved(cast, placement.case)
    if outcome in LEFT:
        gone(placement.case, LEFT[outcome])

    close_case(placement.case, outcome, by=cast.regievoerder, reason="test")

    assert (stored(placement).end_reason, stored(placement).ended_on) == (end_reason, today())
    assert stored(expected).end_reason == EndReason.CANCELLED
    assert not Placement.objects.running().exists()
    assert not takes_part(placement.case, HOME)
    assert not takes_part(placement.case, ELSEWHERE)
    assert grants_agree()


def test_closing_says_nothing_about_where_a_person_is_when_the_outcome_does_not(cast: Cast) -> None:
    placement = staying(cast)
    before = residence(placement.case)

    close_case(placement.case, "other", by=cast.regievoerder, reason="Dubbel dossier.")

    assert residence(placement.case) == before
