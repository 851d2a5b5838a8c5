"""An arrival or an end that was recorded by mistake, taken back on the same day with all that it did."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import NewAxis, set_axis
from cases.case.models import Axis, ReturnCase
from cases.reception.actions.common import (
    add_step,
    check_version,
    give_arrival_task,
    involve,
    locked,
    put_residence_at,
    require_site,
    save,
    tell_lead,
)
from cases.reception.actions.correcting import former_of
from cases.reception.models import Placement, PlacementStep
from cases.reception.rights import require_own_ended
from cases.reception.states import CHOSEN_ENDS, PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member

TAKEN_BACK = gettext_noop("Taken back: recorded by mistake")


def undoable_step(placement: Placement) -> PlacementStep | None:
    """The arrival or the end that may still be taken back: the last thing recorded, today, by the site itself.

    The end that a move or the closing of the case brought is not the site's to take back.
    """
    step = placement.steps.order_by("-pk").first()
    if step is None or step.noted_at.astimezone(clock.now().tzinfo).date() != clock.today():
        return None
    by_hand = step.kind == StepKind.ENDED and step.value in CHOSEN_ENDS and step.unit_id == placement.site_id
    return step if step.kind == StepKind.ARRIVED or by_hand else None


@transaction.atomic
def take_back(placement: Placement, *, by: Member, version: int | None = None) -> Placement:
    """Undo today's arrival or end: the stay, the site's part in the case and the axis are as they were before it.

    Taking back an arrival revives the stay elsewhere that it ended. Taking back an end tells the responsible unit.
    """
    case, placement = locked(placement)
    step = undoable_step(placement)
    if placement.is_running:
        require_site(by, case, placement)
    else:
        require_own_ended(by, placement)
    if case.is_closed:
        raise NotPossible(_("This case is closed. Its stays are read-only."))
    check_version(placement, version)
    if step is None:
        raise NotPossible(_("Only an arrival or end that was recorded today, as the last thing, can be taken back."))
    if step.kind == StepKind.ENDED:
        _revive(case, placement, by=by)
        tell_lead(case, "reception_end_taken_back", by=by)
    else:
        _take_back_arrival(case, placement, step, by=by)
    return placement


def _take_back_arrival(case: ReturnCase, placement: Placement, step: PlacementStep, *, by: Member) -> None:
    former = former_of(case, placement)
    placement.status, placement.status_since = _before(placement, PlacementStatus.RESERVED)
    placement.started_on, placement.room = None, ""
    save(placement, by=by, reason=TAKEN_BACK)
    add_step(placement, StepKind.TAKEN_BACK, by=by)
    if placement.status == PlacementStatus.RESERVED:
        give_arrival_task(placement, by=by)
    if former is None:
        _restore_axis(case, step, by=by)
        return
    _revive(case, former, by=by)
    notify(former.site, "reception_moved_back", case=case, by=by, url_name="cases:residence")


def _revive(case: ReturnCase, placement: Placement, *, by: Member) -> None:
    """An ended stay runs again as it did before its end, and its site takes part again."""
    placement.status, placement.status_since = _before(placement, PlacementStatus.PRESENT)
    placement.ended_on, placement.end_reason = None, ""
    save(placement, by=by, reason=TAKEN_BACK)
    add_step(placement, StepKind.TAKEN_BACK, by=by)
    involve(case, placement.site, by=by, reason=TAKEN_BACK)
    put_residence_at(case, placement, placement.status_since, by=by, reason=TAKEN_BACK)


def _before(placement: Placement, otherwise: PlacementStatus) -> tuple[str, date]:
    """Status and since when, before the step that is taken back."""
    steps = list(placement.steps.order_by("-pk")[1:2])
    if steps:
        return steps[0].status, steps[0].since
    return otherwise, placement.started_on or placement.status_since


def _restore_axis(case: ReturnCase, step: PlacementStep, *, by: Member) -> None:
    """What the axis said before the arrival, with its own source; nothing when the arrival did not change it."""
    entries = case.axis_entries.filter(axis=Axis.RESIDENCE, superseded_at__gte=step.noted_at)
    former = entries.order_by("pk").first()
    if former is None:
        return
    case.residence_unit_id = _former_unit(case)
    axis = NewAxis(Axis.RESIDENCE, former.value, former.since, former.source, former.text, former.valid_until)
    set_axis(case, axis, by=by, reason=TAKEN_BACK)


def _former_unit(case: ReturnCase) -> int | None:
    """The site that the case named before its place of residence changed last."""
    now = (case.residence_form, case.residence_text, case.residence_unit_id)
    versions = case.history.order_by("-history_id").values_list("residence_form", "residence_text", "residence_unit_id")
    former = next((version for version in versions[:50] if version != now), None)
    return former[2] if former else None
