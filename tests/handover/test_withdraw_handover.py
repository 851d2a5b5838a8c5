"""Withdrawing: the sender's, and only as long as nobody has read it."""

import pytest

from cases.case.models import ReturnCase, Task
from handover.actions import withdraw
from handover.models import Handover
from handover.states import Status
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from tests.cast import Cast
from tests.handover import hand

pytestmark = pytest.mark.django_db


def test_an_unread_offer_is_withdrawn_and_the_sender_gets_the_next_step(cast: Cast) -> None:
    handover = withdraw(hand.offered(), "Verkeerde persoon.", by=cast.ind)

    case = ReturnCase.objects.get(pk=handover.case_id)
    assert handover.status == Status.WITHDRAWN
    assert [task.unit.code for task in case.tasks.open()] == ["ind-noord"]
    assert not Task.objects.open().filter(source=handover.source).exists()
    assert Notice.objects.filter(unit=cast.ilc, kind="handover_withdrawn").exists()


def test_what_the_receiver_opened_can_no_longer_be_withdrawn(cast: Cast) -> None:
    handover = hand.opened(cast)

    with pytest.raises(NotPossible, match="al geopend"):
        withdraw(handover, "Fout.", by=cast.ind)

    assert Handover.objects.get(pk=handover.pk).status == Status.OFFERED


def test_only_the_sender_withdraws_and_says_why(cast: Cast) -> None:
    handover = hand.offered()

    with pytest.raises(NotAllowed):
        withdraw(handover, "Fout.", by=cast.intake)
    with pytest.raises(NotPossible):
        withdraw(handover, " ", by=cast.ind)
