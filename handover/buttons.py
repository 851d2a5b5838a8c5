"""Which acts a member may start from the page of a handover, the likeliest first."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from handover.models import Handover
from handover.presentation import side_of
from handover.states import REPEATABLE, Status
from partners.models import Member
from partners.policy import may_do


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    primary: bool = False


def buttons_of(handover: Handover, member: Member) -> list[Button]:
    side = side_of(handover, member)
    if side == "receiver" and may_do(member, "handovers.answer"):
        return _receiver(handover)
    if side == "sender" and may_do(member, "handovers.offer"):
        return _sender(handover)
    return []


def _button(handover: Handover, name: str, label: str, *, primary: bool = False) -> Button:
    return Button(label, reverse(f"handover:{name}", args=[handover.pk]), primary)


def _receiver(handover: Handover) -> list[Button]:
    back = _button(handover, "return", _("Return"))
    if handover.status == Status.QUERIED:
        return [back]
    if handover.status != Status.OFFERED:
        return []
    return [
        _button(handover, "accept", _("Accept"), primary=True),
        back,
        _button(handover, "query", _("Ask a question")),
    ]


def _sender(handover: Handover) -> list[Button]:
    if handover.status == Status.QUERIED:
        return [_button(handover, "answer", _("Answer the question"), primary=True)]
    if handover.status == Status.OFFERED and handover.opened_at is None:
        return [_button(handover, "withdraw", _("Withdraw"))]
    if handover.status in REPEATABLE and handover.case.closed_on is None and _is_newest(handover):
        return [_button(handover, "offer-again", _("Offer again"), primary=True)]
    return []


def _is_newest(handover: Handover) -> bool:
    return not handover.rounds.filter(round_number__gt=handover.round_number).exists()
