"""Facts, stops, bookings and permissions in any order: nothing that is held back is let through, whatever was allowed before.

After each step the guards are asked anew about every booking and permission that stands. Who left although something held it
back, or was removed without permission, left an incident behind.
"""

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cases.case.models import ReturnCase
from cases.departure import actions
from cases.departure.actions import Left
from cases.departure.looking_again import PRINCIPAL, look_at_all
from cases.departure.models import Departure
from cases.departure.states import OPEN, State
from cases.procedure.actions.postponements import NewStep, begin_postponement, next_step_of_postponement
from cases.procedure.actions.remedies import record_ruling
from cases.procedure.models import Decision, Postponement, Remedy
from cases.procedure.states import REMOVABILITY_CHECK
from cases.requests.actions import confirm_request
from cases.requests.models import Request
from cases.terms.authorising import AskedForReason, judge_now
from cases.terms.guards.known import Topic
from cases.terms.models import Act, Incident, Stop
from cases.terms.statement_words import VALUES
from cases.terms.stop_actions import ask_to_lift, lift_stop
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from leidraad.lib.who import principal
from tests.cast import Cast, member_of
from tests.departure.leaving import WHY, new, refused_for_good, stated
from tests.factories import unit
from tests.procedure.answered import NOT_YET, answered, stating
from tests.procedure.law import COUNTRY, lodged, postponement_kind
from tests.terms.placed import stopped

pytestmark = pytest.mark.django_db

settings.register_profile(
    "departures", max_examples=4, stateful_step_count=14, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.register_profile("departures_nightly", max_examples=100, stateful_step_count=40)
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
PROFILE = settings.get_profile("departures_nightly" if NIGHTLY else "departures")

ACTS = st.sampled_from([Act.FORCED_REMOVAL, Act.DUBLIN_TRANSFER, Act.OWN_DEPARTURE])
COUNTRIES = st.sampled_from([COUNTRY, COUNTRY, "MAR", "DEU"])
SAID = st.sampled_from(
    [(topic, value) for topic, values in VALUES.items() for value in values if topic is not Topic.BIRTH]
)
KINDS = st.sampled_from(["art64", "moratorium", "trafficking", "criminal_case"])


class Leaving(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.cast = Cast()
        self.case = refused_for_good(self.cast)
        self.colleague = member_of(unit("ind-noord"), "ind_officer")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @property
    def row(self) -> Departure | None:
        return Departure.objects.for_pages().filter(case=self.case, state__in=OPEN).first()

    # --- facts ------------------------------------------------------------------------------------------------------

    @rule(said=SAID)
    def state(self, said: tuple[Topic, str]) -> None:
        more: dict[str, Any] = {"country": "DEU"} if said[0] is Topic.PROTECTION and said[1] != "none" else {}
        stated(self.cast, self.case, *said, **more)

    @rule(obstacle=st.booleans())
    def ind_answers(self, obstacle: bool) -> None:
        for asked in Request.objects.open().filter(case=self.case, kind__code=REMOVABILITY_CHECK):
            confirm_request(asked, by=self.cast.regievoerder)
        answered(self.cast, self.case, stating(*NOT_YET) if obstacle else None)

    @rule(days=st.integers(0, 20))
    def lodge(self, days: int) -> None:
        with suppress(NotPossible):
            lodged(Decision.objects.filter(case=self.case).latest("pk"), self.cast.ind, "higher_appeal", days)

    @rule(ruling=st.sampled_from(["dismissed", "upheld"]))
    def rule_on_it(self, ruling: str) -> None:
        remedy = Remedy.objects.filter(case=self.case, ruled_on=None).last()
        if remedy is not None:
            record_ruling([remedy], clock.today(), ruling, by=self.cast.ind)

    @rule(kind=KINDS, granted=st.booleans())
    def postpone(self, kind: str, granted: bool) -> None:
        with suppress(NotPossible):
            step = NewStep("granted" if granted else "requested", clock.today(), clock.today() + timedelta(days=60))
            begin_postponement(self.case, postponement_kind(kind), step, by=self.cast.ind)

    @rule()
    def postponement_ends(self) -> None:
        running = [one for one in Postponement.objects.filter(case=self.case) if one.is_running]
        if running:
            next_step_of_postponement(running[-1], NewStep("ended", clock.today()), by=self.cast.ind)

    @rule()
    def place_a_stop(self) -> None:
        with suppress(NotPossible):
            stopped(self.case, self.cast.ind)

    @rule()
    def lift_the_stop(self) -> None:
        stop = Stop.objects.filter(case=self.case, lifted_at=None).last()
        if stop is not None:
            with suppress(NotPossible):
                if stop.is_grave:
                    ask_to_lift(stop, "Beslist", by=self.cast.ind)
                    stop.refresh_from_db()
                lift_stop(stop, "Beslist", by=self.colleague)

    # --- the departure ----------------------------------------------------------------------------------------------

    @rule(act=ACTS, to=COUNTRIES, days=st.integers(0, 40))
    def prepare(self, act: Act, to: str, days: int) -> None:
        with suppress(NotPossible):
            actions.prepare(self.case, new(days, act, to), by=self.cast.regievoerder)

    @rule(days=st.integers(0, 40), to=COUNTRIES)
    def change(self, days: int, to: str) -> None:
        if self.row is not None:
            actions.change(self.row, new(days, Act(self.row.act), to), by=self.cast.regievoerder)

    @rule(data=st.booleans())
    def go_on(self, data: bool) -> None:
        """Book what is prepared, let go ahead what is booked; with a reason for each warning that is asked for, or for none."""
        if self.row is None or self.row.state == State.AUTHORISED:
            return
        do, by = (
            (actions.book, self.cast.regievoerder)
            if self.row.state == State.PREPARED
            else (actions.permit, self.cast.ua)
        )
        reasons: dict[str, str] = {}
        with suppress(NotPossible):
            try:
                do(self.row, reasons, by=by)
            except AskedForReason as asked:
                do(self.row, dict.fromkeys(asked.codes, WHY) if data else {"G01": WHY}, by=by)

    @rule()
    def withdraw(self) -> None:
        if self.row is not None:
            with suppress(NotPossible):
                actions.withdraw(self.row, "Anders besloten", by=self.cast.ua)

    @rule(act=ACTS, to=COUNTRIES)
    def leave(self, act: Act, to: str) -> None:
        """It happens, whatever was allowed."""
        row = self.row
        permitted = (
            row is not None
            and row.state == State.AUTHORISED
            and (row.act, row.destination) == (act, to)
            and row.leaves_on <= clock.today()
        )
        plan = Departure(act=act, destination=to, leaves_on=clock.today(), by_air=row.by_air if row else None).plan()
        held = not judge_now(self.case, plan).passes
        gone = actions.record_left(self.case, Left(act, to, clock.today()), by=self.cast.ua)
        raised = Incident.objects.filter(source=f"departure:{gone.pk}").exists()
        assert raised == (held or (act is not Act.OWN_DEPARTURE and not permitted))

    # --- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def nothing_that_is_held_back_stands(self) -> None:
        with principal(PRINCIPAL):
            look_at_all()
        case = ReturnCase.objects.get(pk=self.case.pk)
        for row in Departure.objects.guarded().filter(case=case):
            judged = judge_now(case, row.plan())
            assert not judged.blocks, [one.code for one in judged.blocks]
            assert not judged.stops


@pytest.mark.timeout(0 if NIGHTLY else 600)
def test_no_allowed_acts_end_in_a_removal_that_is_held_back(cast: Cast) -> None:
    checked = settings(PROFILE, deadline=None, suppress_health_check=list(HealthCheck), database=None, print_blob=True)
    run_state_machine_as_test(Leaving, settings=checked)


def permission(state: Leaving) -> None:
    state.prepare(act=Act.FORCED_REMOVAL, days=0, to=COUNTRY)
    state.go_on(data=True)
    state.go_on(data=True)
    assert state.row is not None
    assert state.row.state == State.AUTHORISED


def test_the_machine_comes_as_far_as_a_departure_that_is_in_order(cast: Cast) -> None:
    state = Leaving()
    permission(state)
    state.nothing_that_is_held_back_stands()
    state.leave(act=Act.FORCED_REMOVAL, to=COUNTRY)
    assert not Incident.objects.filter(case=state.case).exists()
    state.teardown()


def test_the_machine_notices_a_permission_that_outlives_what_it_stood_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.departure.test_no_way_to_leave.look_at_all", lambda: 0)
    state = Leaving()
    permission(state)
    state.state(said=(Topic.FITNESS, "unfit"))
    with pytest.raises(AssertionError, match="G15"):
        state.nothing_that_is_held_back_stands()
    state.teardown()


def test_the_machine_notices_a_removal_without_an_incident(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.departure.actions.raise_incident", lambda *_args, **_more: None)
    state = Leaving()
    with pytest.raises(AssertionError):
        state.leave(act=Act.FORCED_REMOVAL, to=COUNTRY)
    state.teardown()
