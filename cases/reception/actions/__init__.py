"""What may happen to a stay. Everything runs under the case row's lock; who is told reads no name and no place.

A reservation and a stay at a site make that site's unit take part in the case, so that it can prepare; the last one that
ends there ends its part. The axis of residence follows, except in a case with a protected address: there no place is told.
"""

from cases.reception.actions.arriving import (
    begin_at_known_site,
    begin_many,
    cancel_reservation,
    record_arrival,
    record_no_show,
    reserve,
)
from cases.reception.actions.common import Known
from cases.reception.actions.correcting import correct, correct_end
from cases.reception.actions.ending import end_placement, end_with_case
from cases.reception.actions.staying import change_planned_end, change_room, change_status
from cases.reception.actions.undoing import take_back, undoable_step

__all__ = [
    "Known",
    "begin_at_known_site",
    "begin_many",
    "cancel_reservation",
    "change_planned_end",
    "change_room",
    "change_status",
    "correct",
    "correct_end",
    "end_placement",
    "end_with_case",
    "record_arrival",
    "record_no_show",
    "reserve",
    "take_back",
    "undoable_step",
]
