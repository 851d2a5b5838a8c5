"""What was refused stays on record, also when the work around it is undone."""

import threading

import pytest
from django.db import connections, transaction

from leidraad.lib import events
from leidraad.lib.models import Event, EventKind
from tests.cast import Cast


@pytest.mark.django_db(transaction=True)
def test_an_event_stays_when_the_transaction_around_it_rolls_back(cast: Cast) -> None:
    member = cast.regievoerder

    def refused_in_a_transaction_that_fails() -> None:
        try:
            with transaction.atomic():
                events.record(EventKind.REFUSED, member, case_number="Z-2026-000001", detail={"status": 404})
                transaction.set_rollback(True)
        finally:
            connections.close_all()

    # A thread has two connections of its own, as a web process has.
    thread = threading.Thread(target=refused_in_a_transaction_that_fails)
    thread.start()
    thread.join()

    assert Event.objects.get(kind=EventKind.REFUSED).case_number == "Z-2026-000001"
