"""Asking and answering: whose turn it is, whose task, and whose clock."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from cases.case.models import Task
from handover.actions import NewItem, answer_query, mark_opened, query
from handover.models import Handover
from handover.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice
from tests.cast import Cast
from tests.handover import hand

pytestmark = pytest.mark.django_db


def test_a_question_gives_the_sender_the_turn_and_a_task(cast: Cast) -> None:
    handover = hand.queried(cast)

    task = Task.objects.open().get(source=f"handover:{handover.pk}:question")
    assert (handover.status, handover.turn_unit, handover.responsible_unit) == (
        Status.QUERIED,
        handover.from_unit,
        handover.from_unit,
    )
    assert (task.unit.code, task.due_at) == ("ind-noord", handover.answer_due)
    assert handover.steps.last().text == hand.QUESTION  # type: ignore[union-attr]
    assert Notice.objects.filter(unit__code="ind-noord", kind="handover_queried").exists()


def test_the_receivers_term_starts_again_with_the_answer(cast: Cast) -> None:
    handover = hand.queried(cast, kind="found")
    later = clock.now() + timedelta(days=7)

    with patch("leidraad.lib.clock.now", return_value=later):
        answered = answer_query(handover, "In de kluis.", by=cast.ind)

    assert answered.answer_due == handover.kind.due_after(later)
    assert Task.objects.open().get(source=handover.source).due_at == answered.answer_due
    assert not Task.objects.open().filter(source=f"handover:{handover.pk}:question").exists()


def test_a_liberty_clock_does_not_wait_for_a_question(cast: Cast) -> None:
    handover = mark_opened(hand.offered(kind="detained"), by=cast.intake)

    asked = query(handover, "Waar?", by=cast.intake)

    assert asked.answer_due == handover.answer_due


def test_an_answer_may_correct_items_and_its_step_says_which(cast: Cast) -> None:
    handover = hand.queried(cast, states={"lawyer": "absent"})

    answered = answer_query(handover, "mr. Test.", items=[NewItem("lawyer", "present")], by=cast.ind)

    step = answered.steps.last()
    assert step is not None
    assert (step.kind, step.changed) == (StepKind.ANSWERED, [{"code": "lawyer", "was": "absent", "now": "present"}])
    assert (answered.status, answered.items_present) == (Status.OFFERED, 19)
    assert Notice.objects.filter(member=cast.intake, kind="handover_answered").exists()


def test_nobody_answers_what_was_not_asked_nor_for_the_other_side(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="geen vraag open"):
        answer_query(hand.offered(), "Hier.", by=cast.ind)
    handover = hand.queried(cast)
    with pytest.raises(NotAllowed):
        answer_query(handover, "Hier.", by=cast.intake)
    with pytest.raises(NotAllowed):
        query(hand.offered(), "Waar?", by=cast.ind)


def test_an_empty_question_or_an_older_page_changes_nothing(cast: Cast) -> None:
    handover = hand.opened(cast)

    with pytest.raises(NotPossible):
        query(handover, "  ", by=cast.intake)
    with pytest.raises(Stale):
        query(handover, "Waar?", by=cast.intake, version=handover.version - 1)

    assert Handover.objects.get(pk=handover.pk).status == Status.OFFERED
