"""What nobody answers climbs, rung by rung, and never falls back silently."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from cases.case.models import Phase, ReturnCase
from handover.actions import climb, overdue_handovers
from handover.models import Handover
from handover.states import Status, StepKind
from handover.tasks import expire_handovers
from leidraad.lib import clock
from partners.models import Notice
from tests.cast import Cast, member_of
from tests.factories import received_case
from tests.handover import hand

pytestmark = pytest.mark.django_db


def after_term(handover: Handover, **late: float) -> Handover:
    """Run the periodic task so long after the term of this handover."""
    assert handover.answer_due is not None
    with patch("leidraad.lib.clock.now", return_value=handover.answer_due + timedelta(**late)):
        expire_handovers()
    return Handover.objects.get(pk=handover.pk)


def kinds(handover: Handover) -> list[str]:
    return [step.kind for step in handover.steps.order_by("pk")]


def told(kind: str) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(kind=kind).select_related("unit", "member").order_by("pk")
    return [(one.unit.code, str(one.member or "")) for one in notices]


def test_in_time_nothing_climbs() -> None:
    handover = hand.offered()

    assert overdue_handovers() == []
    assert climb(handover.pk).climbed == 0


def test_the_person_and_the_desk_hear_it_first_and_once(cast: Cast) -> None:
    handover = after_term(hand.opened(cast), minutes=1)
    after_term(handover, minutes=20)

    assert (handover.status, handover.climbed) == (Status.OFFERED, 1)
    assert told("handover_overdue") == [("dtv-ilc", str(cast.intake)), ("dtv-ilc", "")]
    assert told("handover_escalated") == []


def test_then_both_managers_hear_it(cast: Cast) -> None:
    manager = member_of(cast.ilc, "dtv_manager")
    chief = cast.politie_teamchef
    handover = hand.offered(received_case(led_by=chief.acting_unit), kind="found")

    handover = after_term(handover, days=2)

    assert kinds(handover)[-2:] == [StepKind.OVERDUE, StepKind.ESCALATED]
    assert told("handover_escalated") == [("dtv-ilc", str(manager)), ("avim-noord", str(chief))]


def test_where_a_unit_has_no_manager_its_desk_hears_it(cast: Cast) -> None:
    after_term(hand.offered(), days=2)

    assert told("handover_escalated") == [("dtv-ilc", ""), ("ind-noord", "")]


def test_with_a_liberty_clock_it_climbs_in_minutes() -> None:
    handover = after_term(hand.offered(kind="detained"), minutes=31)

    assert (handover.status, handover.climbed) == (Status.OFFERED, 2)


def test_at_last_it_expires_and_the_sender_has_the_next_step(cast: Cast) -> None:
    handover = after_term(hand.opened(cast), days=15)

    case = ReturnCase.objects.get(pk=handover.case_id)
    assert handover.status == Status.EXPIRED
    assert kinds(handover)[-3:] == [StepKind.OVERDUE, StepKind.ESCALATED, StepKind.EXPIRED]
    assert [task.unit.code for task in case.tasks.open()] == ["ind-noord"]
    assert (case.led_by.code, case.phase) == ("ind-noord", Phase.RECEIVED)
    assert {unit for unit, _member in told("handover_expired")} == {"ind-noord", "dtv-ilc"}
    assert overdue_handovers() == []


def test_an_unanswered_question_climbs_to_the_sender(cast: Cast) -> None:
    after_term(hand.queried(cast), minutes=1)

    assert told("handover_overdue") == [("ind-noord", "")]


def test_a_new_term_after_an_answer_starts_at_the_first_rung(cast: Cast) -> None:
    from handover.actions import answer_query

    handover = after_term(hand.queried(cast), days=2)

    answered = answer_query(handover, "Hier.", by=cast.ind)

    assert (handover.climbed, answered.climbed) == (2, 0)
    assert answered.answer_due is not None
    assert answered.answer_due > clock.now()
