"""A test that commits leaves nothing behind for the next one."""

import pytest
from django.db import connection

from cases.case.models import ReturnCase
from leidraad.lib.audit import save_as
from partners.models import Member, Membership
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case
from tests.starting_rows import StartingRows


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_gone_and_what_was_changed_is_as_before(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    start, history = StartingRows(), Member.history.count()
    name = cast.regievoerder.display_name
    member = cast.regievoerder
    member.display_name = "Iemand anders"
    save_as(member, by=PRINCIPAL)
    led_case(cast.regievoerder)

    start.put_back()

    assert cast.regievoerder.display_name == name
    assert Member.history.count() == history
    assert not ReturnCase.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_taken_away_comes_back(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    start, count = StartingRows(), Membership.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partners_membership WHERE member_id = %s", [cast.dji.pk])
    assert Membership.objects.count() == count - 1

    start.put_back()

    assert Membership.objects.count() == count
