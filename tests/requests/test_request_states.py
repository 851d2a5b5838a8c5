"""The state table as a property: whatever the two sides try, in whatever order, nothing leaves the table."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case.models import Involvement, ReturnCase, Task, TaskKind
from cases.requests.actions import (
    accept_request,
    confirm_request,
    decline_request,
    not_possible,
    report_ready,
    withdraw_request,
)
from cases.requests.models import Request
from cases.requests.states import AT_WORK, ENDED, NEXT, OPEN, RUNNING, Status, may_follow
from cases.requests.words import status_sentence, turn_sentence, why_no_longer
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member
from tests.cast import Cast
from tests.requests.asked import offered, stored

ACTS: Mapping[str, tuple[Status, Callable[[Request, Member], Any], str]] = {
    "accept": (Status.ACCEPTED, lambda one, by: accept_request(one, by=by), "receiver"),
    "decline": (Status.DECLINED, lambda one, by: decline_request(one, "nee", by=by), "receiver"),
    "not_possible": (Status.NOT_POSSIBLE, lambda one, by: not_possible(one, "kan niet", by=by), "receiver"),
    "report": (Status.REPORTED_READY, lambda one, by: report_ready(one, by=by), "receiver"),
    "withdraw": (Status.WITHDRAWN, lambda one, by: withdraw_request(one, "toch niet", by=by), "asker"),
    "confirm": (Status.DONE, lambda one, by: confirm_request(one, by=by), "asker"),
}


def turns(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for task in Task.objects.open().filter(source=request.source).select_related("unit"):
        found.setdefault(task.unit.code, []).append(task.kind)
    return found


def expected_turns(status: str) -> dict[str, list[str]]:
    by_status: dict[Status, dict[str, list[str]]] = {
        Status.OFFERED: {"avim-noord": [TaskKind.REQUEST]},
        Status.ACCEPTED: {"avim-noord": [TaskKind.SUPERVISION]},
        Status.REPORTED_READY: {"dtv-noord-2": [TaskKind.CONFIRM]},
    }
    return by_status.get(Status(status), {})


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(["asker", "receiver"])), max_size=6))
def test_whatever_is_tried_the_request_stays_in_its_table(cast: Cast, tries: list[tuple[str, str]]) -> None:
    request = offered(cast)
    people = {"asker": cast.regievoerder, "receiver": cast.politie}

    for name, who in tries:
        wanted, act, side = ACTS[name]
        before = stored(request).status
        allowed = who == side and may_follow(before, wanted)
        try:
            act(request, people[who])
        except (NotPossible, NotAllowed):
            assert not allowed, (before, name, who)
            assert stored(request).status == before
        else:
            assert allowed, (before, name, who)
            assert stored(request).status == wanted

        now = stored(request)
        assert turns(now) == expected_turns(now.status)
        assert (now.ended_at is not None) == (now.status in ENDED)
        part = Involvement.objects.running().filter(case=now.case, unit=now.to_unit).exists()
        assert part == (now.status in AT_WORK)
        assert ReturnCase.objects.visible_to(cast.politie).filter(pk=now.case_id).exists() == part


def test_every_status_is_reachable_and_every_end_is_an_end() -> None:
    reached, queue = {Status.OFFERED}, [Status.OFFERED]
    while queue:
        for status in NEXT[queue.pop()] - reached:
            reached.add(status)
            queue.append(status)

    assert reached == set(Status) == set(NEXT)
    assert set(ENDED) | set(OPEN) == set(Status)
    assert set(RUNNING) <= set(OPEN)


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_sentences(status: Status, confirmed: bool) -> None:
    unit = SimpleNamespace(full_name="Politie AVIM Noord")
    holder = SimpleNamespace(
        status=status, from_unit=unit, to_unit=unit, turn_unit=unit, answered_at=None, reported_at=None, ended_at=None,
        due_at=None, kind=SimpleNamespace(needs_confirmation=confirmed),
    )  # fmt: skip
    request = cast(Request, holder)

    for sentence in (status_sentence(request), why_no_longer(request), turn_sentence(request)):
        assert sentence.endswith(".")
        assert "%(" not in sentence
