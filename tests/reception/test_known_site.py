"""A stay that the sender of a case states: at the acceptance of a handover, and for many cases at once."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.case.actions import lock_case
from cases.case.models import ProtectedAddress, ReturnCase
from cases.reception.actions import Known, begin_at_known_site, begin_many
from cases.reception.models import Placement
from cases.reception.states import PlacementStatus, StepKind
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case, received_case, unit
from tests.handover import hand
from tests.reception.stays import (
    ELSEWHERE,
    HOME,
    allowed,
    days_ago,
    ended,
    grants_agree,
    staying,
    stored,
    takes_part,
    today,
)

pytestmark = pytest.mark.django_db


def protected(case: ReturnCase) -> None:
    address = ProtectedAddress(case=case, city="Elders", source="Politie", since=today())
    save_as(address, by=PRINCIPAL)


def test_accepting_a_handover_begins_the_stay_that_the_sender_states(cast: Cast) -> None:
    handover = hand.accepted(cast, received_case(residence_unit=unit(HOME)))

    placement = Placement.objects.select_related("site").get(case=handover.case)
    assert (placement.site.code, placement.status, placement.source) == (HOME, PlacementStatus.PRESENT, "IND")
    assert (placement.form, placement.legal_basis, placement.started_on) == ("azc", "rva", today())
    assert placement.steps.get().kind == StepKind.STARTED
    assert allowed(cast.casemanager, handover.case, "residence.change")
    assert grants_agree()


def test_no_stay_begins_at_a_site_of_another_organisation(cast: Cast) -> None:
    hand.accepted(cast, received_case(residence_unit=unit("dc-maasvliet")))

    assert not Placement.objects.exists()


def test_no_stay_begins_with_a_protected_address(cast: Cast) -> None:
    case = received_case(residence_unit=unit(HOME))
    protected(case)

    hand.accepted(cast, case)

    assert not Placement.objects.exists()
    assert not allowed(cast.casemanager, case)


@transaction.atomic
def begin(case: ReturnCase, site: str) -> None:
    begin_at_known_site(lock_case(case), unit(site), since=days_ago(3), source="AVIM", by=PRINCIPAL, reason="test")


def test_what_coa_recorded_itself_is_not_overruled(cast: Cast) -> None:
    placement = staying(cast)

    begin(placement.case, ELSEWHERE)

    assert Placement.objects.get().site.code == HOME
    assert not takes_part(placement.case, ELSEWHERE)


def test_a_stay_begins_after_the_one_that_ended(cast: Cast) -> None:
    placement = ended(cast)

    begin(placement.case, ELSEWHERE)

    assert Placement.objects.running().get().started_on == stored(placement).ended_on


def test_many_stays_begin_in_as_many_statements_as_one(cast: Cast) -> None:
    def cases(count: int) -> list[Known]:
        return [Known(led_case(cast.regievoerder), unit(HOME), days_ago(9), "IND") for _number in range(count)]

    def statements(stays: list[Known]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(begin_many(stays, by=PRINCIPAL, reason="test")) == len(stays)
        return len(seen)

    assert statements(cases(2)) == statements(cases(12))
    assert Placement.objects.staying().count() == 14
    assert allowed(cast.casemanager, Placement.objects.all()[7].case, "residence.change")
    assert grants_agree()


def test_of_many_stays_those_at_sites_of_others_are_left_out(cast: Cast) -> None:
    in_custody = Known(led_case(cast.regievoerder), unit("dc-maasvliet"), today(), "IND")

    assert begin_many([in_custody], by=PRINCIPAL, reason="test") == []
