"""Where a placement stands, which step may follow which, and why one ends."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class PlacementStatus(models.TextChoices):
    RESERVED = "reserved", pgettext_lazy("placement", "Reserved")
    PRESENT = "present", pgettext_lazy("placement", "Present")
    TEMPORARILY_ABSENT = "temporarily_absent", pgettext_lazy("placement", "Temporarily absent")
    ADMINISTRATIVE = "administrative", pgettext_lazy("placement", "Placed administratively")
    NO_SHOW = "no_show", pgettext_lazy("placement", "Did not arrive")
    ABSENT_UNDER_CHECK = "absent_under_check", pgettext_lazy("placement", "Absent, being checked")
    ENDED = "ended", pgettext_lazy("placement", "Ended")


NEXT: Mapping[PlacementStatus, frozenset[PlacementStatus]] = {
    PlacementStatus.RESERVED: frozenset(
        {
            PlacementStatus.PRESENT,
            PlacementStatus.ADMINISTRATIVE,
            PlacementStatus.NO_SHOW,
            PlacementStatus.ENDED,
        }
    ),
    PlacementStatus.NO_SHOW: frozenset(
        {PlacementStatus.PRESENT, PlacementStatus.ADMINISTRATIVE, PlacementStatus.ENDED}
    ),
    PlacementStatus.PRESENT: frozenset(
        {
            PlacementStatus.TEMPORARILY_ABSENT,
            PlacementStatus.ABSENT_UNDER_CHECK,
            PlacementStatus.ADMINISTRATIVE,
            PlacementStatus.ENDED,
        }
    ),
    PlacementStatus.TEMPORARILY_ABSENT: frozenset(
        {PlacementStatus.PRESENT, PlacementStatus.ABSENT_UNDER_CHECK, PlacementStatus.ENDED}
    ),
    PlacementStatus.ADMINISTRATIVE: frozenset(
        {PlacementStatus.PRESENT, PlacementStatus.ABSENT_UNDER_CHECK, PlacementStatus.ENDED}
    ),
    PlacementStatus.ABSENT_UNDER_CHECK: frozenset(
        {PlacementStatus.PRESENT, PlacementStatus.ADMINISTRATIVE, PlacementStatus.ENDED}
    ),
    PlacementStatus.ENDED: frozenset(),
}

# Expected at a site, not there yet.
EXPECTED = (PlacementStatus.RESERVED, PlacementStatus.NO_SHOW)
# On the books of a site: at most one of a case at a time.
STAYING = (
    PlacementStatus.PRESENT,
    PlacementStatus.TEMPORARILY_ABSENT,
    PlacementStatus.ADMINISTRATIVE,
    PlacementStatus.ABSENT_UNDER_CHECK,
)
RUNNING = (*EXPECTED, *STAYING)


def may_follow(now: str, wanted: str) -> bool:
    return PlacementStatus(wanted) in NEXT[PlacementStatus(now)]


class EndReason(models.TextChoices):
    """Why a placement ended. `cancelled` is of a reservation that never became a stay; `case_closed` says no more than that."""

    DEPARTED = "departed", pgettext_lazy("end of placement", "Departure shown")
    UNKNOWN_DESTINATION = "unknown_destination", pgettext_lazy("end of placement", "Left, destination unknown")
    TRANSFERRED = "transferred", pgettext_lazy("end of placement", "Moved to another site")
    ENTITLEMENT_ENDED = "entitlement_ended", pgettext_lazy("end of placement", "Right to reception ended")
    EVICTED = "evicted", pgettext_lazy("end of placement", "Evicted")
    CUSTODY = "custody", pgettext_lazy("end of placement", "In immigration detention")
    PRISON = "prison", pgettext_lazy("end of placement", "In prison")
    HOUSED = "housed", pgettext_lazy("end of placement", "Permit, or housing")
    TO_NIDOS = "to_nidos", pgettext_lazy("end of placement", "To Nidos")
    DECEASED = "deceased", pgettext_lazy("end of placement", "Deceased")
    CANCELLED = "cancelled", pgettext_lazy("end of placement", "Reservation cancelled")
    CASE_CLOSED = "case_closed", pgettext_lazy("end of placement", "Case closed")


# What a person may choose; the others follow from a move, a cancelled reservation or the closing of the case.
CHOSEN_ENDS = tuple(
    reason for reason in EndReason if reason not in (EndReason.TRANSFERRED, EndReason.CANCELLED, EndReason.CASE_CLOSED)
)


class StepKind(models.TextChoices):
    """What a line of the stay log tells."""

    RESERVED = "reserved", pgettext_lazy("stay log", "Reserved")
    CANCELLED = "cancelled", pgettext_lazy("stay log", "Reservation cancelled")
    ARRIVED = "arrived", pgettext_lazy("stay log", "Arrived")
    STARTED = "started", pgettext_lazy("stay log", "Stay as the sender stated it")
    NO_SHOW = "no_show", pgettext_lazy("stay log", "Did not arrive")
    STATUS = "status", pgettext_lazy("stay log", "Status changed")
    ROOM = "room", pgettext_lazy("stay log", "Room changed")
    PLANNED_END = "planned_end", pgettext_lazy("stay log", "Planned end changed")
    ENDED = "ended", pgettext_lazy("stay log", "Stay ended")
    CORRECTED = "corrected", pgettext_lazy("stay log", "Corrected")
    TAKEN_BACK = "taken_back", pgettext_lazy("stay log", "Taken back")
