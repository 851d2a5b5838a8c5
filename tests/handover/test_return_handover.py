"""Returning: with a reason, a text and what is wrong per item; nothing is lost and the sender is at turn."""

import pytest

from cases.case.models import Phase, ReturnCase, TaskKind
from handover.actions import return_handover
from handover.models import Handover
from handover.states import Status
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Notice
from tests.cast import Cast
from tests.handover import hand

pytestmark = pytest.mark.django_db


def test_a_return_keeps_reason_text_and_remarks_and_gives_the_sender_the_next_step(cast: Cast) -> None:
    handover = hand.opened(cast, states={"lawyer": "absent"})

    back = return_handover(
        handover,
        "incomplete",
        "Stuur het besluit mee.",
        item_texts={"lawyer": "Wie is dit?", "names": " "},
        by=cast.intake,
    )

    case = ReturnCase.objects.get(pk=handover.case_id)
    (task,) = case.tasks.open()
    assert (back.status, back.return_reason and back.return_reason.code) == (Status.RETURNED, "incomplete")
    assert back.items.get(item__code="lawyer").remark == "Wie is dit?"
    assert back.items.exclude(remark="").count() == 1
    assert (case.phase, case.led_by.code) == (Phase.RETURNED_TO_SENDER, "ind-noord")
    assert (task.unit.code, task.kind) == ("ind-noord", TaskKind.NEXT_STEP)
    assert Notice.objects.filter(unit__code="ind-noord", kind="handover_returned").exists()


@pytest.mark.parametrize(("reason", "text"), [("incomplete", "  "), ("bestaat-niet", "Nee."), ("", "Nee.")])
def test_no_return_without_reason_and_text(cast: Cast, reason: str, text: str) -> None:
    handover = hand.opened(cast)

    with pytest.raises(NotPossible):
        return_handover(handover, reason, text, by=cast.intake)

    assert Handover.objects.get(pk=handover.pk).status == Status.OFFERED


def test_an_older_page_returns_nothing(cast: Cast) -> None:
    handover = hand.opened(cast)

    with pytest.raises(Stale):
        return_handover(handover, "other", "Nee.", by=cast.intake, version=handover.version - 1)


def test_what_was_returned_can_no_longer_be_accepted(cast: Cast) -> None:
    handover = hand.returned(cast)

    with pytest.raises(NotPossible, match="heeft deze overdracht al teruggestuurd"):
        hand.accept(handover, cast.regievoerder, by=cast.intake)


def test_a_question_that_stays_open_does_not_keep_the_receiver_from_returning(cast: Cast) -> None:
    handover = hand.queried(cast)

    back = return_handover(handover, "other", "Geen antwoord gekregen.", by=cast.intake)

    assert back.status == Status.RETURNED
    assert {task.kind for task in ReturnCase.objects.get(pk=back.case_id).tasks.open()} == {TaskKind.NEXT_STEP}
