"""The end of a stay: by hand, by a move, and because the case closes."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from cases.case.models import Outcome, ReturnCase
from cases.reception.actions.common import (
    add_step,
    check_day,
    check_reason,
    check_version,
    end_arrival_task,
    locked,
    put_residence,
    release,
    require_site,
    save,
    tell_lead,
)
from cases.reception.models import Placement
from cases.reception.states import CHOSEN_ENDS, STAYING, EndReason, PlacementStatus, StepKind
from cases.terms.incidents import happened
from cases.terms.models import Act
from leidraad.lib import clock
from leidraad.lib.audit import By
from leidraad.lib.errors import NotPossible
from partners.models import Member

CHOSEN_END_REFUSED = gettext_lazy("Choose why the stay ends.")
ENDED = gettext_noop("Stay ended")
CLOSED = gettext_noop("Case closed")

# Where the person is after a stay, as far as the reason tells; no place is ever guessed. Blank: no residence here any more.
RESIDENCE_AFTER: Mapping[str, str] = {
    EndReason.DEPARTED: "",
    EndReason.DECEASED: "",
    EndReason.UNKNOWN_DESTINATION: "onbekend",
    EndReason.ENTITLEMENT_ENDED: "onbekend",
    EndReason.EVICTED: "onbekend",
    EndReason.CUSTODY: "dc",
    EndReason.PRISON: "pi",
    EndReason.TO_NIDOS: "nidos",
    EndReason.HOUSED: "prive",
}
# Ends that COA decides upon, and that guards may hold back.
ENDS_RIGHT = frozenset({EndReason.ENTITLEMENT_ENDED, EndReason.EVICTED})
# What the outcome of the case says about the end of the stay; for the others only that the case was closed.
END_BY_OUTCOME: Mapping[str, EndReason] = {
    Outcome.DEPARTED_INDEPENDENTLY: EndReason.DEPARTED,
    Outcome.DEPARTED_FORCED: EndReason.DEPARTED,
    Outcome.TRANSFERRED_DUBLIN: EndReason.DEPARTED,
    Outcome.DEPARTED_UNSUPERVISED: EndReason.UNKNOWN_DESTINATION,
    Outcome.RESIDENCE_GRANTED: EndReason.HOUSED,
}


@transaction.atomic
def end_placement(
    placement: Placement, end_reason: str, day: date, *, by: Member, reason: str, version: int | None = None
) -> Placement:
    """End the stay. `day` is the first day that the person no longer stays there.

    The site's part in the case ends with it, unless another placement of the case runs there: from then on it no longer
    sees the case. The responsible unit is told; both managers, when a guard held the end back. A reservation at another site
    stands.
    """
    case, placement = locked(placement)
    require_site(by, case, placement)
    if placement.status not in STAYING:
        raise NotPossible(_("This stay has ended already, or has not begun. Read what happened to it."))
    check_version(placement, version)
    note = check_reason(reason)
    if end_reason not in CHOSEN_ENDS:
        raise NotPossible(str(CHOSEN_END_REFUSED))
    check_day(day, not_before=placement.started_on)
    _end(placement, EndReason(end_reason), day, by=by, reason=ENDED, note=note)
    if end_reason in ENDS_RIGHT:
        happened(case, Act.END_OF_RECEPTION, f"placement:{placement.pk}", day, by=by)
    # Who recorded a detention said at which centre: the reason of an end knows only that it is one.
    if case.residence_unit is None or case.residence_form != RESIDENCE_AFTER[end_reason]:
        put_residence(case, RESIDENCE_AFTER[end_reason], day, by=by, reason=ENDED)
    release(case, placement.site, by=by, reason=ENDED)
    tell_lead(case, "reception_ended", by=by)
    return placement


def end_for_move(former: Placement, day: date, *, by: By) -> None:
    """The person arrived at another site on `day`. The caller moves the access and the axis."""
    _end(former, EndReason.TRANSFERRED, day, by=by, reason=ENDED)


def end_with_case(case: ReturnCase, outcome: str, by: Member) -> None:
    """Called when the case closes: what runs ends today, and `close_case` ends the involvements."""
    for placement in Placement.objects.running().filter(case=case).select_related("site__organisation"):
        if placement.status in STAYING:
            end_reason = END_BY_OUTCOME.get(outcome, EndReason.CASE_CLOSED)
            _end(placement, end_reason, clock.today(), by=by, reason=CLOSED)
            if end_reason in RESIDENCE_AFTER:
                put_residence(case, RESIDENCE_AFTER[end_reason], clock.today(), by=by, reason=CLOSED)
        else:
            _end(placement, EndReason.CANCELLED, clock.today(), by=by, reason=CLOSED)
            end_arrival_task(placement, by=by, reason=CLOSED)


def _end(placement: Placement, end_reason: EndReason, day: date, *, by: By, reason: str, note: str = "") -> None:
    placement.move_to(PlacementStatus.ENDED, day)
    placement.ended_on, placement.end_reason = day, end_reason
    save(placement, by=by, reason=reason)
    cancelled = end_reason == EndReason.CANCELLED
    add_step(
        placement, StepKind.CANCELLED if cancelled else StepKind.ENDED, by=by, note=note, value=str(end_reason.value)
    )
