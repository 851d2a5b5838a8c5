"""Any order of acts, by anybody: the table of states is never left, and responsibility is never lost or doubled."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.case.models import Involvement, Part, ReturnCase
from handover.actions import (
    answer_query,
    climb,
    expire,
    mark_opened,
    offer_again,
    query,
    return_handover,
    withdraw,
)
from handover.models import Handover
from handover.states import ANSWERED, AWAITED, NEXT, OPEN, Status, may_follow
from leidraad.lib.errors import NotPossible
from tests.cast import Cast
from tests.handover import hand

ENDED = {Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN, Status.EXPIRED}


@pytest.mark.parametrize("status", list(Status))
def test_every_state_says_what_may_follow_it(status: Status) -> None:
    assert status in NEXT
    assert not (NEXT[status] and status in ENDED)


def test_only_an_offer_can_be_accepted_and_a_question_goes_back_and_forth() -> None:
    before_acceptance = {status for status in Status if may_follow(status, Status.ACCEPTED)}

    assert before_acceptance == {Status.OFFERED}
    assert may_follow(Status.OFFERED, Status.QUERIED)
    assert may_follow(Status.QUERIED, Status.OFFERED)
    assert not may_follow(Status.QUERIED, Status.WITHDRAWN)


class AnyOrder(RuleBasedStateMachine):
    """The model is three facts: status, whether the receiver opened it, and the round."""

    cast: Cast

    @initialize()
    def start(self) -> None:
        self.handover = hand.offered()
        self.status, self.opened, self.round = Status.OFFERED, False, 1

    def tried(self, allowed: bool, act: Any, becomes: Status) -> bool:
        """Do the act; it must succeed exactly when the model allows it, and change nothing when it does not."""
        before = (self.handover.status, self.handover.version)
        if not allowed:
            with pytest.raises(NotPossible) as refusal:
                act()
            assert str(refusal.value)
            self.handover.refresh_from_db()
            assert (self.handover.status, self.handover.version) == before
            return False
        self.handover = Handover.objects.get(pk=act().pk)
        self.status = becomes
        return True

    @rule()
    def open(self) -> None:
        self.handover = Handover.objects.get(pk=mark_opened(self.handover, by=self.cast.intake).pk)
        self.opened = self.opened or self.status == Status.OFFERED

    @rule()
    def ask(self) -> None:
        by = self.cast.intake
        self.tried(self.status == Status.OFFERED, lambda: query(self.handover, "?", by=by), Status.QUERIED)
        self.opened = self.handover.opened_at is not None

    @rule()
    def answer(self) -> None:
        by = self.cast.ind
        act = lambda: answer_query(self.handover, "Hier.", by=by)  # noqa: E731
        self.tried(self.status == Status.QUERIED, act, Status.OFFERED)

    @rule()
    def accept(self) -> None:
        act = lambda: hand.accept(self.handover, self.cast.regievoerder, by=self.cast.intake)  # noqa: E731
        self.tried(self.status == Status.OFFERED, act, Status.ACCEPTED)

    @rule()
    def send_back(self) -> None:
        act = lambda: return_handover(self.handover, "other", "Nee.", by=self.cast.intake)  # noqa: E731
        self.tried(self.status in AWAITED, act, Status.RETURNED)

    @rule()
    def take_back(self) -> None:
        allowed = self.status == Status.OFFERED and not self.opened
        self.tried(allowed, lambda: withdraw(self.handover, "Fout.", by=self.cast.ind), Status.WITHDRAWN)

    @rule()
    def let_expire(self) -> None:
        self.tried(self.status in AWAITED, lambda: expire(self.handover), Status.EXPIRED)

    @rule()
    def climb_in_time(self) -> None:
        assert climb(self.handover.pk).status == self.status

    @rule()
    def again(self) -> None:
        allowed = self.status in ENDED - {Status.ACCEPTED}
        if self.tried(allowed, lambda: offer_again(self.handover, by=self.cast.ind), Status.OFFERED):
            self.opened, self.round = False, self.round + 1

    @invariant()
    def the_record_says_what_the_model_says(self) -> None:
        stored = Handover.objects.get(pk=self.handover.pk)
        assert (stored.status, stored.round_number) == (self.status, self.round)
        assert (stored.answered_at is not None) == (self.status in ANSWERED)

    @invariant()
    def exactly_one_unit_is_responsible(self) -> None:
        case = ReturnCase.objects.get(pk=self.handover.case_id)
        leads = Involvement.objects.running().filter(case=case, part=Part.LEAD)
        expected = "dtv-noord-2" if self.status == Status.ACCEPTED else "ind-noord"
        assert [lead.unit.code for lead in leads] == [expected] == [case.led_by.code]

    @invariant()
    def the_case_is_never_silent(self) -> None:
        case = ReturnCase.objects.get(pk=self.handover.case_id)
        turn = {Status.OFFERED: "dtv-ilc", Status.ACCEPTED: "dtv-noord-2"}.get(self.status, "ind-noord")
        units = {task.unit.code for task in case.tasks.open()}
        assert turn in units
        assert all(task.due_at for task in case.tasks.open())

    @invariant()
    def at_most_one_handover_is_open(self) -> None:
        assert Handover.objects.filter(case=self.handover.case_id, status__in=OPEN).count() <= 1


@pytest.mark.django_db
def test_no_order_of_acts_breaks_a_handover(cast: Cast) -> None:
    AnyOrder.cast = cast

    run_state_machine_as_test(AnyOrder, settings=settings(max_examples=12, stateful_step_count=10, deadline=None))
