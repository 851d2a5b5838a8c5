"""Claims on another member state (Dublin, now AMMR) and the latest day of the transfer."""

from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.procedure.models.facts import LegalFact, LegalFactQuerySet, out_of_force_with_reason
from cases.procedure.models.kinds import LegalGround, Regime
from leidraad.lib.audit import Recorded


class ClaimReply(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    DEEMED = "deemed_accepted", _("deemed accepted: no reply in time")
    REFUSED = "refused", _("refused")


class ClaimQuerySet(LegalFactQuerySet["TransferClaim"]):
    def for_pages(self) -> Self:
        return self.select_related("recorded_by")


class TransferClaim(LegalFact):
    """What was asked of the state that is responsible, its answer, and the latest transfer date as it was first set.

    The date in force is that of the last move that stands.
    """

    state = models.CharField(max_length=3)
    regime = models.CharField(max_length=10, choices=Regime)
    requested_on = models.DateField(null=True, blank=True)
    replied_on = models.DateField(null=True, blank=True)
    reply = models.CharField(max_length=20, choices=ClaimReply, blank=True)
    latest_on = models.DateField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(LegalFact.Meta):
        constraints = [
            out_of_force_with_reason("claim_out_of_force"),
            models.CheckConstraint(
                name="claim_reply_after_request",
                condition=Q(replied_on=None) | Q(requested_on=None) | Q(replied_on__gte=F("requested_on")),
                violation_error_message=_("The reply cannot lie before the request."),
            ),
            models.CheckConstraint(
                name="claim_reply_with_day",
                condition=Q(replied_on=None, reply="") | (Q(replied_on__isnull=False) & ~Q(reply="")),
                violation_error_message=_("Say what the other state replied, and on which day."),
            ),
            models.CheckConstraint(
                name="claim_latest_after_acceptance",
                condition=Q(latest_on=None) | Q(replied_on__isnull=False, latest_on__gte=F("replied_on")),
                violation_error_message=_("The latest transfer date lies after the acceptance. Record that one first."),
            ),
            models.UniqueConstraint(
                fields=["case", "state"],
                condition=Q(replaced_at=None, struck_at=None),
                name="claim_once_per_state",
                violation_error_message=_("There is a claim on this state already. Change that one."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    @property
    def is_accepted(self) -> bool:
        return self.reply in (ClaimReply.ACCEPTED, ClaimReply.DEEMED)

    def latest(self) -> date | None:
        """The latest transfer date in force. Uses `moves` as they were fetched."""
        standing = [move for move in self.moves.all() if move.struck_at is None]
        return standing[-1].latest_on if standing else self.latest_on


class TransferMove(models.Model):
    """A reason to move the latest transfer date, and the date it became."""

    claim = models.ForeignKey(TransferClaim, models.PROTECT, related_name="moves")
    ground = models.ForeignKey(LegalGround, models.PROTECT, related_name="+", db_index=False)
    decided_on = models.DateField()
    latest_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80)
    struck_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=500, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="transfer_move_struck_with_reason", condition=Q(struck_at=None) | ~Q(reason=""))
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
