"""Before and at the door: a place reserved, taken back, taken; or the person who did not come."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.grants import start_many
from cases.case.models import Involvement, InvolvementGround, Part, ReturnCase
from cases.case.protection import is_protected
from cases.reception.actions.common import (
    COA,
    Known,
    add_step,
    check_day,
    check_reason,
    check_version,
    end_arrival_task,
    give_arrival_task,
    involve,
    legal_basis_of,
    locked,
    new_step,
    put_residence_at,
    release,
    require_site,
    save,
    tell_lead,
)
from cases.reception.actions.ending import end_for_move
from cases.reception.models import Placement, PlacementStep, ReceptionForm
from cases.reception.states import EndReason, PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, bulk_create_as, save_as
from leidraad.lib.display import date_time
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member, Unit, UnitKind

RESERVED = gettext_noop("Place reserved")
CANCELLED = gettext_noop("Reservation cancelled")
ARRIVED = gettext_noop("Arrival recorded")
NO_SHOW = gettext_noop("Did not arrive within 48 hours")
KNOWN = gettext_noop("Stay as the sender stated it")


@transaction.atomic
def reserve(case: ReturnCase, site: Unit, expected_on: date, *, by: Member, reason: str) -> Placement:
    """Reserve a place at a site of COA, for the first stay or for a move. The site sees the case from now on.

    Its desk is told and gets the task to record the arrival. Raises NotPossible when the person is expected somewhere
    already, or stays at that site.
    """
    case = lock_case(case)
    require(by, "residence.change", case)
    note = check_reason(reason)
    if site.organisation.code != COA or site.kind != UnitKind.SITE or not Unit.objects.valid().filter(pk=site.pk):
        raise NotPossible(_("Choose a site of COA."))
    if expected_on < clock.today():
        raise NotPossible(_("The day of arrival must not lie before today."))
    if Placement.objects.staying().filter(case=case, site=site).exists():
        raise NotPossible(_("This person stays at %(site)s already.") % {"site": site})
    placement = Placement(
        case=case,
        site=site,
        form=site.reception_form,
        legal_basis=legal_basis_of(site.reception_form),
        status=PlacementStatus.RESERVED,
        status_since=clock.today(),
        expected_on=expected_on,
        source=COA.upper(),
    )
    save(placement, by=by, reason=RESERVED)
    add_step(placement, StepKind.RESERVED, by=by, note=note, value=expected_on.isoformat())
    involve(case, site, by=by, reason=RESERVED)
    give_arrival_task(placement, by=by)
    if site.pk != by.acting_unit_id:
        notify(site, "reception_reserved", case=case, by=by, url_name="cases:residence")
    return placement


@transaction.atomic
def cancel_reservation(placement: Placement, *, by: Member, reason: str, version: int | None = None) -> Placement:
    """Either site may: the one that would receive and the one where the person stays. The other one's desk is told."""
    case, placement = locked(placement)
    require(by, "residence.change", case)
    if placement.started_on is not None or not placement.is_running:
        raise NotPossible(_("This is no reservation any more. Read what happened to it."))
    check_version(placement, version)
    note = check_reason(reason)
    placement.move_to(PlacementStatus.ENDED, clock.today())
    placement.ended_on, placement.end_reason = clock.today(), EndReason.CANCELLED
    save(placement, by=by, reason=CANCELLED)
    add_step(placement, StepKind.CANCELLED, by=by, note=note)
    end_arrival_task(placement, by=by, reason=CANCELLED)
    release(case, placement.site, by=by, reason=CANCELLED)
    if placement.site_id != by.acting_unit_id:
        notify(placement.site, "reception_cancelled", case=case, by=by, url_name="pages:my-work")
    return placement


@transaction.atomic
def record_arrival(
    placement: Placement,
    day: date,
    *,
    by: Member,
    room: str = "",
    administrative: bool = False,
    version: int | None = None,
) -> Placement:
    """The person is there. A stay elsewhere ends that day as moved, and that site's part in the case with it.

    `administrative`: on the books of this site, living elsewhere.
    """
    case, placement = locked(placement)
    require_site(by, case, placement)
    if placement.started_on is not None:
        raise NotPossible(_("The arrival is recorded already, on %(moment)s.") % {"moment": _noted(placement)})
    placement.move_to(PlacementStatus.ADMINISTRATIVE if administrative else PlacementStatus.PRESENT, day)
    check_version(placement, version)
    former = Placement.objects.staying().filter(case=case).select_related("site__organisation").first()
    check_day(day, not_before=former.started_on if former else None)
    if former is not None:
        end_for_move(former, day, by=by)
    placement.started_on, placement.room = day, room.strip()
    save(placement, by=by, reason=ARRIVED)
    add_step(placement, StepKind.ARRIVED, by=by, value=placement.room)
    end_arrival_task(placement, by=by, reason=ARRIVED)
    involve(case, placement.site, by=by, reason=ARRIVED)
    put_residence_at(case, placement, day, by=by, reason=ARRIVED)
    if former is not None:
        release(case, former.site, by=by, reason=ARRIVED)
        notify(former.site, "reception_moved_out", case=case, by=by, url_name="pages:my-work")
    return placement


def _noted(placement: Placement) -> str:
    return date_time(placement.steps.filter(kind=StepKind.ARRIVED).values_list("noted_at", flat=True).last())


@transaction.atomic
def record_no_show(placement: Placement, *, by: Member, reason: str, version: int | None = None) -> Placement:
    """Not arrived 48 hours after the day of arrival: the responsible unit is told. Too early: says from when it may."""
    case, placement = locked(placement)
    require_site(by, case, placement)
    placement.move_to(PlacementStatus.NO_SHOW, clock.today())
    check_version(placement, version)
    note = check_reason(reason)
    deadline = placement.arrival_deadline
    if deadline is not None and clock.now() <= deadline:
        raise NotPossible(
            _("This is possible after %(moment)s: 48 hours after the end of the day of arrival.")
            % {"moment": date_time(deadline)}
        )
    save(placement, by=by, reason=NO_SHOW)
    add_step(placement, StepKind.NO_SHOW, by=by, note=note)
    end_arrival_task(placement, by=by, reason=NO_SHOW)
    tell_lead(case, "reception_no_show", by=by)
    return placement


# --- stays that somebody else states --------------------------------------------------------------------------------


def begin_at_known_site(case: ReturnCase, site: Unit, *, since: date, source: str, by: By, reason: str) -> None:
    """The sender of a case says that the person stays at this site: the stay begins here, and the site takes part.

    The caller holds the case lock and has asked the rights. COA's own record is never overruled: with a running stay
    only the site's part is made sure of. Nothing for a site of another organisation, nor with a protected address.
    """
    if site.organisation.code != COA or is_protected(case):
        return
    running = Placement.objects.staying().filter(case=case).select_related("site__organisation").first()
    if running is not None:
        involve(case, running.site, by=by, reason=reason)
        return
    last = Placement.objects.filter(case=case, started_on__isnull=False).order_by("-ended_on").first()
    since = max(since, last.ended_on) if last is not None and last.ended_on is not None else since
    placement = _known(Known(case, site, since, source), legal_basis_of(site.reception_form))
    save_as(placement, by=by, reason=KNOWN)
    add_step(placement, StepKind.STARTED, by=by)
    involve(case, site, by=by, reason=reason)


def begin_many(stays: Sequence[Known], *, by: By, reason: str) -> list[Placement]:
    """The same for many cases set-based, in a fixed number of statements: none of them has a placement yet, nor an
    involvement of that site, nor a protected address. Sites come with their organisation; those that are not COA's are left out.
    """
    known = [stay for stay in stays if stay.site.organisation.code == COA]
    if not known:
        return []
    bases = dict(ReceptionForm.objects.values_list("code", "legal_basis"))
    placements = [_known(stay, bases.get(stay.site.reception_form, "")) for stay in known]
    parts = [
        Involvement(
            case=stay.case, unit=stay.site, part=Part.RECEPTION, ground=InvolvementGround.LOCATION, since=clock.now()
        )
        for stay in known
    ]
    with transaction.atomic():
        bulk_create_as(placements, by=by, reason=KNOWN)
        steps = [new_step(placement, StepKind.STARTED, by=by) for placement in placements]
        PlacementStep.objects.bulk_create(steps, batch_size=2000)
        start_many(parts, by=by, reason=reason)
    return placements


def _known(stay: Known, legal_basis: str) -> Placement:
    return Placement(
        case=stay.case,
        site=stay.site,
        form=stay.site.reception_form,
        legal_basis=legal_basis,
        status=PlacementStatus.PRESENT,
        status_since=stay.since,
        started_on=stay.since,
        source=stay.source[:40],
    )
