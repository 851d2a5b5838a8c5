"""Behind the second wall: who reads a referral, and what intake found, however they ask."""

from typing import Any

import pytest
from django.db import connection

from cases.case.lookalikes import Described, lookalikes
from handover.models import Referral, ReferralJudgement
from handover.referrals.judging import MATCHING, take_back
from handover.referrals.states import Finding
from leidraad.lib.who import acting, principal
from partners.models import Member
from tests.cast import Cast, member_of
from tests.factories import led_case, received_case, second_unit
from tests.handover.referred import filed, judged

pytestmark = pytest.mark.django_db
TABLES = ("handover_referral", "handover_historicalreferral")
FOUND = ("handover_referraljudgement", "handover_historicalreferraljudgement")


def as_member(member: Member) -> Any:
    return acting(member.acting_unit_id, member.acting_group_id, member.pk)


def rows(member: Member, tables: tuple[str, ...]) -> list[int]:
    """How many rows of each table a question without any condition finds."""
    with as_member(member), connection.cursor() as cursor:
        counts = []
        for table in tables:
            cursor.execute(f"SELECT count(DISTINCT id) FROM {table}")
            counts.append(int(cursor.fetchone()[0]))
        return counts


def test_a_referral_shows_to_the_unit_that_filed_it_and_to_intake(cast: Cast) -> None:
    filed(cast.gemeente)

    assert rows(cast.gemeente, TABLES) == rows(cast.intake, TABLES) == [1, 1]
    for other in (cast.politie, cast.vwn, cast.regievoerder, cast.manager, cast.auditor, cast.beheer, cast.ind):
        assert rows(other, TABLES) == [0, 0], other


def test_another_desk_of_intake_sees_nothing_of_it(cast: Cast) -> None:
    judged(cast, filed(cast.gemeente), Finding.NO_ACTION)
    elsewhere = member_of(second_unit("dtv-ilc-2", "dtv-ilc"), "intake_clerk")

    assert rows(elsewhere, TABLES + FOUND) == [0, 0, 0, 0]


@pytest.mark.parametrize("finding", list(Finding))
def test_what_intake_found_never_shows_to_the_reporter(cast: Cast, finding: Finding) -> None:
    judged(cast, filed(cast.gemeente), finding, led_case(cast.regievoerder) if finding == Finding.MATCHED else None)

    assert rows(cast.gemeente, FOUND) == [0, 0]
    assert rows(cast.intake, FOUND) == [1, 1]


def test_what_is_matched_shows_to_the_unit_of_dtv_that_is_responsible_and_to_no_other(cast: Cast) -> None:
    referral = judged(cast, filed(cast.gemeente), Finding.MATCHED, led_case(cast.regievoerder))
    assert rows(cast.regievoerder, TABLES + FOUND) == [1, 1, 1, 1]
    assert rows(cast.regievoerder2, TABLES + FOUND) == [0, 0, 0, 0]

    take_back(referral, "Iemand anders", by=cast.intake, version=referral.version)
    assert rows(cast.regievoerder, TABLES) == [0, 0]


def test_an_organisation_that_still_is_responsible_reads_nothing_of_it(cast: Cast) -> None:
    judged(cast, filed(cast.gemeente), Finding.MATCHED, received_case())

    assert rows(cast.ind, TABLES + FOUND) == [0, 0, 0, 0]


def test_the_search_among_all_cases_answers_only_the_work_of_matching(cast: Cast) -> None:
    case = led_case(cast.regievoerder2)
    described = Described(case.person.surname, v_number=case.person.v_number)

    with as_member(cast.intake):
        assert lookalikes(described) == []
        with principal(MATCHING):
            assert [one.case for one in lookalikes(described)] == [case]
        assert lookalikes(described) == []


def test_querysets_show_what_the_wall_shows(cast: Cast) -> None:
    referral = filed(cast.gemeente)

    assert (
        list(Referral.objects.visible_to(cast.gemeente)) == list(Referral.objects.visible_to(cast.intake)) == [referral]
    )
    for other in (cast.politie, cast.regievoerder, cast.auditor):
        assert not Referral.objects.visible_to(other).exists()
    assert not ReferralJudgement.objects.exists()
