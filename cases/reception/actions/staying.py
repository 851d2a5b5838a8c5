"""While somebody stays: present or not, in which room, until when."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.models import ReturnCase
from cases.reception.actions.common import (
    add_step,
    check_day,
    check_reason,
    check_version,
    locked,
    put_residence_at,
    require_site,
    save,
)
from cases.reception.models import Placement
from cases.reception.states import STAYING, PlacementStatus, StepKind
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible
from partners.models import Member

STATUS_CHANGED = gettext_noop("Status of the stay changed")
ROOM_CHANGED = gettext_noop("Room changed")
PLANNED_END_CHANGED = gettext_noop("Planned end of the stay changed")


def _staying(placement: Placement, by: Member, version: int | None) -> tuple[ReturnCase, Placement]:
    case, placement = locked(placement)
    require_site(by, case, placement)
    if placement.status not in STAYING:
        raise NotPossible(_("This stay has ended already, or has not begun. Read what happened to it."))
    check_version(placement, version)
    return case, placement


@transaction.atomic
def change_status(
    placement: Placement, status: str, since: date, *, by: Member, reason: str, version: int | None = None
) -> Placement:
    """Present, temporarily absent, placed administratively, absent and being checked. Ending is an act of its own."""
    case, placement = _staying(placement, by, version)
    note = check_reason(reason)
    if status not in STAYING:
        raise NotPossible(_("Choose the new status."))
    check_day(since)
    if since < placement.status_since:
        raise NotPossible(
            _("The present status began on %(date)s. Was that wrong? Then correct it.")
            % {"date": date_long(placement.status_since)}
        )
    was_administrative = placement.status == PlacementStatus.ADMINISTRATIVE
    placement.move_to(status, since)
    save(placement, by=by, reason=STATUS_CHANGED)
    add_step(placement, StepKind.STATUS, by=by, note=note)
    if was_administrative or status == PlacementStatus.ADMINISTRATIVE:
        put_residence_at(case, placement, since, by=by, reason=STATUS_CHANGED)
    return placement


@transaction.atomic
def change_room(placement: Placement, room: str, *, by: Member, version: int | None = None) -> Placement:
    """Another room at the same site; an empty one says that it is not known."""
    _case, placement = _staying(placement, by, version)
    if placement.room == room.strip():
        return placement
    placement.room = room.strip()
    save(placement, by=by, reason=ROOM_CHANGED)
    add_step(placement, StepKind.ROOM, by=by, value=placement.room)
    return placement


@transaction.atomic
def change_planned_end(
    placement: Placement, planned_end: date | None, *, by: Member, reason: str, version: int | None = None
) -> Placement:
    """When the stay is to end, or None for no date. It ends by nobody's hand: a person ends it."""
    _case, placement = _staying(placement, by, version)
    note = check_reason(reason)
    if planned_end is not None and placement.started_on is not None and planned_end < placement.started_on:
        raise NotPossible(_("The date must not lie before %(date)s.") % {"date": date_long(placement.started_on)})
    placement.planned_end = planned_end
    save(placement, by=by, reason=PLANNED_END_CHANGED)
    value = planned_end.isoformat() if planned_end else ""
    add_step(placement, StepKind.PLANNED_END, by=by, note=note, value=value)
    return placement
