"""Who works on stays at all, and who may put right what the own site ended."""

from cases.case.models import Part
from cases.reception.models import Placement
from leidraad.lib.errors import NotAllowed
from partners.models import Member
from partners.policy import conditions

CHANGE = "residence.change"


def works_on_stays(member: Member) -> bool:
    """Whether the role records stays for its site; in which cases is asked case by case."""
    if not member.is_active or member.acting is None:
        return False
    found = conditions(member.acting_organisation, member.acting_role, Part.RECEPTION, CHANGE)
    return found is not None and "" in found


def require_works_on_stays(member: Member) -> None:
    if not works_on_stays(member):
        raise NotAllowed(CHANGE)


def require_own_ended(member: Member, placement: Placement) -> None:
    """An end that the own site recorded. The site no longer sees the case, so this asks its own record, not the case."""
    require_works_on_stays(member)
    if member.acting_unit_id != placement.site_id:
        raise NotAllowed(CHANGE)
