"""Claims on another member state, and the latest day of the transfer with its reasons to move."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.procedure.actions.claims import ClaimFacts, change_claim, move_transfer, record_claim, take_back_move
from cases.procedure.models import Regime, TransferClaim
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from tests.cast import PRINCIPAL, Cast
from tests.procedure.law import accepted_claim, days_ago, in_procedure, legal_ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_claim_is_recorded_asked_and_answered_later(cast: Cast) -> None:
    claim = record_claim(in_procedure(cast), ClaimFacts("DEU", Regime.PACT, days_ago(30)), by=cast.ind)
    reply = ClaimFacts("DEU", Regime.PACT, days_ago(30), days_ago(2), "accepted", days_ago(-180))

    changed = change_claim(claim, reply, "Antwoord ontvangen", by=cast.ind, version=claim.version)

    assert (changed.is_accepted, changed.latest()) == (True, days_ago(-180))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (ClaimFacts("DEU", "pact", days_ago(2), days_ago(3), "accepted"), "before the request"),
        (ClaimFacts("DEU", "pact", days_ago(9), days_ago(3), "accepted", days_ago(4)), "after the acceptance"),
        (ClaimFacts("DEU", "pact", days_ago(9), None, "", days_ago(-100)), "Record that one first"),
        (ClaimFacts("DEU", "pact", days_ago(9), days_ago(3), "refused", days_ago(-100)), "Record that one first"),
        (ClaimFacts("DEU", "pact", days_ago(9), days_ago(3)), "what the other state replied"),
        (ClaimFacts("DEU", "pact", days_ago(-1)), "was not asked"),
    ],
)
def test_a_transfer_date_before_acceptance_and_other_impossible_orders_are_refused(
    cast: Cast, facts: ClaimFacts, sentence: str
) -> None:
    with pytest.raises(NotPossible, match=sentence):
        record_claim(in_procedure(cast), facts, by=cast.ind)


def test_the_database_refuses_a_latest_day_before_acceptance_by_any_door(cast: Cast) -> None:
    row = TransferClaim(
        case=in_procedure(cast),
        state="DEU",
        regime=Regime.PACT,
        replied_on=days_ago(3),
        reply="accepted",
        latest_on=days_ago(4),
        source="x",
        recorded_at=clock.now(),
    )

    with pytest.raises(IntegrityError, match="claim_latest_after_acceptance"), transaction.atomic():
        save_as(row, by=PRINCIPAL)


def test_one_claim_at_a_time_on_one_state(cast: Cast) -> None:
    case = in_procedure(cast)
    accepted_claim(case, cast.ind)

    with pytest.raises(NotPossible, match="already"):
        accepted_claim(case, cast.ind)


def test_the_latest_day_moves_on_a_ground_of_its_regime_and_back(cast: Cast) -> None:
    claim = accepted_claim(in_procedure(cast), cast.ind)
    later = days_ago(-300)

    with pytest.raises(NotPossible, match="in that regime"):
        move_transfer(claim, legal_ground("transfer_moved", "absconded"), days_ago(5), later, by=cast.ind)
    with pytest.raises(NotPossible, match="before the other state accepted"):
        move_transfer(claim, legal_ground("transfer_moved", "prison"), days_ago(21), later, by=cast.ind)
    move = move_transfer(claim, legal_ground("transfer_moved", "prison"), days_ago(5), later, by=cast.ind)
    assert TransferClaim.objects.get().latest() == later

    take_back_move(move, "Niet gedetineerd", by=cast.ind)
    assert TransferClaim.objects.get().latest() == claim.latest_on


def test_a_claim_without_acceptance_has_no_date_to_move(cast: Cast) -> None:
    claim = record_claim(in_procedure(cast), ClaimFacts("DEU", Regime.PACT, days_ago(30)), by=cast.ind)

    with pytest.raises(NotPossible, match="Record that one first"):
        move_transfer(
            claim, legal_ground("transfer_moved", "prison"), days_ago(1), clock.today() + timedelta(days=9), by=cast.ind
        )
