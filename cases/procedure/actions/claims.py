"""What may happen to a claim on another member state, and to the latest day of the transfer."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.models import ReturnCase
from cases.procedure.actions.facts import DECISIONS, current, given, in_order, keep, lock, not_ahead, stamped, tell
from cases.procedure.models import ClaimReply, LegalGround, Topic, TransferClaim, TransferMove
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member


@dataclass(frozen=True)
class ClaimFacts:
    """What is known of a claim. `latest_on` is the latest transfer date as it was set at the acceptance."""

    state: str
    regime: str
    requested_on: date | None = None
    replied_on: date | None = None
    reply: str = ""
    latest_on: date | None = None
    source: str = ""


@transaction.atomic
def record_claim(case: ReturnCase, facts: ClaimFacts, *, by: Member) -> TransferClaim:
    """Record a claim on a state. One at a time for each state."""
    case = lock(case, by, DECISIONS)
    if TransferClaim.objects.standing().filter(case=case, state=facts.state).exists():
        raise NotPossible(_("There is a claim on this state already. Change that one."))
    claim = _filled(TransferClaim(case=case), facts)
    return keep(stamped(claim, by=by, source=facts.source), by=by, reason=gettext_noop("Claim recorded"), what="claim")


@transaction.atomic
def change_claim(
    claim: TransferClaim, facts: ClaimFacts, reason: str, *, by: Member, version: int | None = None
) -> TransferClaim:
    """Record the reply, or put right what was recorded. The reason says which of both."""
    found = current(claim, by, DECISIONS, version)
    if facts.state != found.state:
        raise NotPossible(_("A claim on another state is another claim. Record that one."))
    _filled(found, facts)
    found.confirmed_by, found.confirmed_at = by, clock.now()
    save_as(found, by=by, reason=given(reason))
    tell(found.case, "claim", f"claim:{found.pk}:{found.version}", by=by)
    return found


@transaction.atomic
def move_transfer(
    claim: TransferClaim,
    ground: LegalGround,
    decided_on: date,
    latest_on: date,
    *,
    by: Member,
    note: str = "",
    source: str = "",
    version: int | None = None,
) -> TransferMove:
    """Move the latest transfer date on a ground. The former dates stay readable."""
    found = current(claim, by, DECISIONS, version)
    if not found.is_accepted or found.replied_on is None:
        raise NotPossible(_("The latest transfer date lies after the acceptance. Record that one first."))
    if ground.topic != Topic.TRANSFER_MOVED or not ground.holds_in(found.regime):
        raise NotPossible(_("This ground does not move a transfer date in that regime. Choose another ground."))
    not_ahead(decided_on, _("The date has not been moved while that day lies ahead."))
    in_order(
        (found.replied_on, ""),
        (decided_on, _("The date cannot be moved before the other state accepted.")),
        (latest_on, _("The latest transfer date lies after the day on which it was moved.")),
    )
    move = TransferMove(claim=found, ground=ground, decided_on=decided_on, latest_on=latest_on, note=note.strip())
    move.source = (source.strip() or by.acting_unit.full_name)[:80]
    reason = gettext_noop("Latest transfer date moved")
    save_as(move, by=by, reason=reason)
    save_as(found, by=by, reason=reason)
    tell(found.case, "claim", f"claim:{found.pk}:{found.version}", by=by)
    return move


@transaction.atomic
def take_back_move(move: TransferMove, reason: str, *, by: Member) -> TransferMove:
    found = current(move.claim, by, DECISIONS, None)
    row = found.moves.select_for_update(no_key=True).get(pk=move.pk)
    if row.struck_at is None:
        row.struck_at, row.reason = clock.now(), given(reason)
        save_as(row, by=by, reason=row.reason)
        save_as(found, by=by, reason=row.reason)
        tell(found.case, "claim", f"claim:{found.pk}:{found.version}", by=by)
    return row


def _filled(claim: TransferClaim, facts: ClaimFacts) -> TransferClaim:
    if facts.reply and facts.reply not in ClaimReply.values:
        raise NotPossible(_("Say what the other state replied, and on which day."))
    if bool(facts.reply) != (facts.replied_on is not None):
        raise NotPossible(_("Say what the other state replied, and on which day."))
    not_ahead(facts.requested_on, _("The other state was not asked while that day lies ahead."))
    not_ahead(facts.replied_on, _("The other state has not replied while that day lies ahead."))
    in_order(
        (facts.requested_on, ""),
        (facts.replied_on, _("The reply cannot lie before the request.")),
        (facts.latest_on, _("The latest transfer date lies after the acceptance.")),
    )
    accepted = facts.reply in (ClaimReply.ACCEPTED, ClaimReply.DEEMED)
    if facts.latest_on is not None and not accepted:
        raise NotPossible(_("The latest transfer date lies after the acceptance. Record that one first."))
    claim.state, claim.regime = facts.state, facts.regime
    claim.requested_on, claim.replied_on = facts.requested_on, facts.replied_on
    claim.reply, claim.latest_on = facts.reply, facts.latest_on
    return claim
