"""Organisations whose presence in a case tells something by itself, and to whom it may be shown: one table, with reasons.

Who may not see the section does not read that the unit takes part: not on a page, in a history, or in a count.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.case.access import Access
from cases.case.history import Can
from cases.case.models import Part
from partners.models import Member


@dataclass(frozen=True)
class Telling:
    """Shown only with the right to view `section`. `reason` says what the presence tells."""

    section: str
    reason: StrPromise


TELLING: Mapping[Part, Telling] = {
    Part.BOOKING: Telling("departure_date", _("A booking tells that a departure is near.")),
    Part.DEPARTURE: Telling("custody", _("The staff who carry out departures tell that somebody will be fetched.")),
    Part.ESCORT: Telling("custody", _("An escort tells that somebody will be removed under guard.")),
    Part.CUSTODY: Telling("custody", _("A detention centre tells that somebody is, or will be, in custody.")),
    Part.TRANSPORT: Telling("custody", _("A transport planner tells that somebody will be fetched.")),
    Part.ASSISTED: Telling("assisted_departure", _("IOM tells that somebody wants to leave with help.")),
}


def part_is_shown(part: str, unit_id: int, member: Member, can: Can) -> bool:
    """Whether this viewer may know that a unit plays this part. One's own unit always; the rest by what the part tells."""
    if unit_id == member.acting_unit_id:
        return True
    telling = TELLING.get(Part(part))
    return can("people.view") and (telling is None or can(f"{telling.section}.view"))


def knows_who_takes_part(access: Access, part: str, unit_id: int) -> bool:
    """As `part_is_shown`, for the page about access: the responsible unit is known to everybody who has the case."""
    return part == Part.LEAD or part_is_shown(part, unit_id, access.member, access.can)
