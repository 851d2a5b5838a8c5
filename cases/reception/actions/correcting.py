"""What was recorded wrongly: a date or status corrected with a reason, today's arrival or end taken back."""

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
    end_arrival_task,
    give_arrival_task,
    locked,
    put_residence,
    put_residence_at,
    require_site,
    save,
    tell_lead,
)
from cases.reception.actions.ending import CHOSEN_END_REFUSED, RESIDENCE_AFTER
from cases.reception.models import Placement
from cases.reception.rights import require_own_ended
from cases.reception.states import CHOSEN_ENDS, EXPECTED, STAYING, EndReason, PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from partners.models import Member

CORRECTED = gettext_noop("Stay corrected")


@transaction.atomic
def correct(
    placement: Placement,
    *,
    by: Member,
    reason: str,
    version: int | None = None,
    expected_on: date | None = None,
    started_on: date | None = None,
    status: str = "",
    status_since: date | None = None,
) -> Placement:
    """Put right what was recorded wrongly: of a reservation its day, of a stay its first day and its status since when.

    A status is corrected to any status of a stay, whatever the table of steps says: the former one never was. The end of
    the stay before it moves along with a first day. What is left out stays as it is.
    """
    case, placement = locked(placement)
    require_site(by, case, placement)
    check_version(placement, version)
    note = check_reason(reason)
    if placement.status in EXPECTED:
        _correct_expected(placement, expected_on, by=by, note=note)
    elif placement.status in STAYING:
        _correct_stay(case, placement, started_on, by=by, note=note, status=status, status_since=status_since)
    else:
        raise NotPossible(_("This stay has ended. Correct its end among the stays that ended lately."))
    return placement


def _correct_expected(placement: Placement, expected_on: date | None, *, by: Member, note: str) -> None:
    """Another day of arrival, and with it another moment of no-show: who was written off too early is expected again."""
    placement.expected_on = expected_on or placement.expected_on
    deadline = placement.arrival_deadline
    if placement.status == PlacementStatus.NO_SHOW and deadline is not None and clock.now() <= deadline:
        placement.status, placement.status_since = PlacementStatus.RESERVED, clock.today()
    _save(placement, by=by, note=note)
    if placement.status == PlacementStatus.RESERVED:
        end_arrival_task(placement, by=by, reason=CORRECTED)
        give_arrival_task(placement, by=by)


def _correct_stay(
    case: ReturnCase,
    placement: Placement,
    started_on: date | None,
    *,
    by: Member,
    note: str,
    status: str,
    status_since: date | None,
) -> None:
    if status and status not in STAYING:
        raise NotPossible(_("Choose the new status."))
    was, first = placement.started_on, started_on or placement.started_on
    former = former_of(case, placement) if first != was else None
    if first is not None:
        check_day(first, not_before=former.started_on if former else None)
    placement.status = status or placement.status
    # A status that began with the stay begins with the corrected stay too.
    since = status_since or (first if placement.status_since == was else placement.status_since)
    if since is not None:
        check_day(since, not_before=first)
        placement.status_since = since
    placement.started_on = first
    if former is None or first is None or was is None:
        _save(placement, by=by, note=note)
    else:
        former.ended_on = former.status_since = first
        # One of the two makes room for the other, so that the stays never overlap.
        for one in (former, placement) if first < was else (placement, former):
            _save(one, by=by, note=note)
    if first is not None:
        put_residence_at(case, placement, first, by=by, reason=CORRECTED)


def _save(placement: Placement, *, by: Member, note: str) -> None:
    save(placement, by=by, reason=CORRECTED)
    add_step(placement, StepKind.CORRECTED, by=by, note=note)


def former_of(case: ReturnCase, placement: Placement) -> Placement | None:
    """The stay that ended as moved because the person arrived here."""
    found = Placement.objects.filter(case=case, end_reason=EndReason.TRANSFERRED, ended_on=placement.started_on)
    return found.exclude(pk=placement.pk).select_related("site__organisation").order_by("-pk").first()


@transaction.atomic
def correct_end(
    placement: Placement, end_reason: str, ended_on: date, *, by: Member, reason: str, version: int | None = None
) -> Placement:
    """Put right when and why a stay ended, by the site that ended it. The responsible unit is told.

    The site does not see the case any more: it opens its own record, and nothing of the case.
    """
    case, placement = locked(placement)
    require_own_ended(by, placement)
    check_version(placement, version)
    note = check_reason(reason)
    if case.is_closed:
        raise NotPossible(_("This case is closed. Its stays are read-only."))
    if not Placement.objects.ended_lately_by(by).filter(pk=placement.pk).exists():
        raise NotPossible(_("Only an end that your site recorded can be put right here."))
    if end_reason not in CHOSEN_ENDS:
        raise NotPossible(str(CHOSEN_END_REFUSED))
    check_day(ended_on, not_before=placement.started_on)
    placement.ended_on = placement.status_since = ended_on
    placement.end_reason = end_reason
    save(placement, by=by, reason=CORRECTED)
    add_step(placement, StepKind.CORRECTED, by=by, note=note, value=end_reason)
    later = Placement.objects.filter(case=case, started_on__gte=ended_on).exclude(pk=placement.pk)
    if not later.exists():
        put_residence(case, RESIDENCE_AFTER[end_reason], ended_on, by=by, reason=CORRECTED)
    tell_lead(case, "reception_end_corrected", by=by)
    return placement
