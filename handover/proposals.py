"""A proposal for team and regievoerder: the same as the rest of the household, else the team of the last case of that place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.case.protection import is_protected
from handover.models import Handover
from handover.states import Status


@dataclass(frozen=True)
class Proposal:
    """`preset` is the choice of the form; empty where only a team is proposed. A person decides."""

    text: str
    preset: str = ""


def proposal_for(handover: Handover) -> Proposal | None:
    """Reads this desk's own accepted handovers only. A protected address proposes nothing."""
    accepted = Handover.objects.filter(to_unit=handover.to_unit, status=Status.ACCEPTED).select_related(
        "team", "director"
    )
    accepted = accepted.defer("frozen").order_by("-pk")
    household = handover.case.household_id
    same = accepted.filter(case__household=household).first() if household else None
    if same is not None and same.director is not None:
        words = {"member": same.director, "team": same.team}
        text = _("Proposal: %(member)s, %(team)s. Another member of this household went there.") % words
        return Proposal(text, f"{same.team_id}:{same.director_id}")
    site = handover.case.residence_unit
    if site is None or is_protected(handover.case):
        return None
    near = accepted.filter(case__residence_unit=site).first()
    if near is None:
        return None
    return Proposal(
        _("Proposal: %(team)s. The last case from %(site)s went there.") % {"team": near.team, "site": site}
    )
