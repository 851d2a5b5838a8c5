"""Two people act in the same moment: exactly one wins, and the other reads what happened."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.utils import translation

from cases.case.models import CaseGrant, Involvement, Task
from cases.requests.actions import accept_request, decline_request, withdraw_request
from cases.requests.models import Request
from cases.requests.states import Status
from cases.supervision.actions import send_due_outcomes
from cases.supervision.models import Attempt, SupervisionTask
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from partners.models import Notice
from tests.cast import Cast
from tests.requests.asked import offered, officer, stored
from tests.supervision.visits import recorded

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all in threads that start together; "" for who won, the sentence for who did not."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            with translation.override("nl"):
                barrier.wait(timeout=10)
                act()
        except NotPossible as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_of_two_officers_who_accept_at_once_one_wins(cast: Cast) -> None:
    request, first, second = offered(cast), cast.politie, officer()

    won, lost = at_once(
        lambda: accept_request(request, by=first, version=request.version),
        lambda: accept_request(request, by=second, version=request.version),
    )

    assert won == ""
    assert "al aangenomen" in lost
    assert stored(request).status == Status.ACCEPTED
    assert Involvement.objects.running().filter(case=request.case, unit=request.to_unit).count() == 1
    assert SupervisionTask.objects.count() == 1
    assert Task.objects.open().filter(source=request.source).count() == 1
    assert Notice.objects.filter(kind="request_accepted").count() == 1


def test_accepting_and_withdrawing_at_once_never_leaves_access_behind(cast: Cast) -> None:
    request, receiver, asker = offered(cast), cast.politie, cast.regievoerder

    results = at_once(
        lambda: accept_request(request, by=receiver),
        lambda: withdraw_request(request, "toch niet", by=asker),
    )

    # Withdrawing is possible before and after acceptance, so it always wins in the end.
    assert results[0] == ""
    assert stored(request).status == Status.WITHDRAWN
    assert not Involvement.objects.running().filter(case=request.case, unit=request.to_unit).exists()
    assert not CaseGrant.objects.filter(content_object=request.case, group=request.to_unit.group).exists()


def test_accepting_and_declining_at_once_ends_in_one_of_them(cast: Cast) -> None:
    request, first, second = offered(cast), cast.politie, cast.politie_teamchef

    results = at_once(
        lambda: accept_request(request, by=first),
        lambda: decline_request(request, "geen tijd", by=second),
    )

    assert results[0] == ""
    assert results[1] != ""
    took_part = Involvement.objects.running().filter(case=request.case, unit=request.to_unit).exists()
    assert took_part == (stored(request).status == Status.ACCEPTED)


def test_two_sweeps_at_once_send_an_outcome_once(cast: Cast) -> None:
    with transaction.atomic(), clock.as_if(clock.now()):
        attempt = recorded(cast)
    later = attempt.undo_until

    def sweep() -> None:
        with clock.as_if(later):
            send_due_outcomes()

    at_once(sweep, sweep)

    assert Notice.objects.filter(kind="request_reported").count() == 1
    assert Request.objects.get().steps.filter(kind="reported").count() == 1
    assert Attempt.objects.get().sent_at == later
