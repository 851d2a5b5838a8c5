"""What closing a case asks of departures: a forced departure or a transfer is recorded as such first, an open one falls away."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.models import Outcome, ReturnCase
from cases.departure.models import Departure
from cases.departure.states import State
from cases.terms.models import Act
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member

ACTS = {Outcome.DEPARTED_FORCED: Act.FORCED_REMOVAL, Outcome.TRANSFERRED_DUBLIN: Act.DUBLIN_TRANSFER}
CLOSED = gettext_noop("Case closed")


def close(case: ReturnCase, outcome: str, by: Member) -> None:
    """Called when the case closes. By the record of the departure, and no other way, the guards see that it happened."""
    act = ACTS.get(Outcome(outcome)) if outcome in Outcome.values else None
    left = Departure.objects.filter(case=case, state=State.DEPARTED, happened_on__gte=case.opened_on)
    if act is not None and not left.filter(act=act).exists():
        raise NotPossible(
            _("Record first that the person left, under “Departure”. Then close the case with this outcome.")
        )
    for row in Departure.objects.open().filter(case=case):
        row.state, row.reason = State.CANCELLED, CLOSED
        row.recorded_by, row.recorded_at = by, clock.now()
        save_as(row, by=by, reason=CLOSED)
