"""What the acts on a stay share: the lock, the right of the site, steps, the site's part in the case, the axis."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import NewAxis, add_task, finish_task, finish_tasks_of, lock_case, set_axis
from cases.case.grants import end_involvement, start_involvement
from cases.case.models import Axis, InvolvementGround, Part, ReturnCase, TaskKind
from cases.case.protection import is_protected
from cases.reception.models import Placement, PlacementStep, ReceptionForm
from cases.reception.states import PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible, Stale
from partners.actions import notify
from partners.models import Member, Unit

COA = "coa"
ADMINISTRATIVE_FORM = "admin"
ARRIVAL_TASK = gettext_noop("Record the arrival")


@dataclass(frozen=True)
class Known:
    """A stay that somebody else states: since when, and who says so."""

    case: ReturnCase
    site: Unit
    since: date
    source: str


def locked(placement: Placement) -> tuple[ReturnCase, Placement]:
    """The case row, locked until the transaction ends, and the placement as it is stored now."""
    case = lock_case(placement.case_id)
    found = Placement.objects.select_related("site__organisation").get(pk=placement.pk)
    found.case = case
    return case, found


def require_site(by: Member, case: ReturnCase, placement: Placement) -> None:
    """A member of the site itself: another site that sees the case reads about the stay, and no more."""
    require(by, "residence.change", case)
    if by.acting_unit_id != placement.site_id:
        raise NotPossible(_("Only %(site)s can record this, for the stay is at that site.") % {"site": placement.site})


def check_version(placement: Placement, version: int | None) -> None:
    """Raises Stale when the stored placement is newer than the page was drawn from."""
    if version is not None and placement.version != version:
        raise Stale(placement)


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise NotPossible(_("Write why. Colleagues read it in the stay log."))
    return reason.strip()[:200]


def check_day(day: date, *, not_before: date | None = None) -> None:
    if day > clock.today():
        raise NotPossible(_("The date lies in the future. Record it when it has happened."))
    if not_before is not None and day < not_before:
        raise NotPossible(_("The date must not lie before %(date)s.") % {"date": date_long(not_before)})


def save(placement: Placement, *, by: By, reason: str) -> Placement:
    """Save what the rules of the table allow; NotPossible, with the rule as a sentence, for what they do not."""
    try:
        placement.validate_constraints()
    except ValidationError as wrong:
        raise NotPossible(" ".join(wrong.messages)) from wrong
    return save_as(placement, by=by, reason=reason)


def new_step(placement: Placement, kind: StepKind, *, by: By, note: str = "", value: str = "") -> PlacementStep:
    member = by if isinstance(by, Member) else None
    return PlacementStep(
        placement=placement,
        kind=kind,
        value=value,
        status=placement.status,
        since=placement.status_since,
        noted_at=clock.now(),
        member=member,
        unit=member.acting_unit if member else None,
        note=note,
    )


def add_step(placement: Placement, kind: StepKind, *, by: By, note: str = "", value: str = "") -> None:
    new_step(placement, kind, by=by, note=note, value=value).save(force_insert=True)


def legal_basis_of(form: str) -> str:
    return ReceptionForm.objects.filter(code=form).values_list("legal_basis", flat=True).first() or ""


# --- the site's part in the case ------------------------------------------------------------------------------------


def involve(case: ReturnCase, site: Unit, *, by: By, reason: str) -> None:
    start_involvement(case, site, Part.RECEPTION, InvolvementGround.LOCATION, by=by, reason=reason)


def release(case: ReturnCase, site: Unit, *, by: By, reason: str) -> None:
    """End the part of a site that has no running placement of the case any more, and its tasks in a case it no longer sees.

    Its tasks about a request go on: a party keeps its own requests.
    """
    if Placement.objects.running().filter(case=case, site=site).exists():
        return
    parts = case.involvements.running().filter(unit=site).select_related("unit__organisation")
    for involvement in parts.filter(part=Part.RECEPTION):
        end_involvement(involvement, by=by, reason=reason)
    if not parts.exists():
        for task in case.tasks.open().filter(unit=site).exclude(source__startswith="request:"):
            finish_task(task, by=by, reason=reason)


def give_arrival_task(placement: Placement, *, by: By) -> None:
    """The receiving site has to say whether the person arrived, before the 48 hours are over."""
    add_task(
        placement.case,
        placement.site,
        TaskKind.OTHER,
        ARRIVAL_TASK,
        by=by,
        due_at=placement.arrival_deadline,
        source=source_of(placement),
        url_name="cases:residence",
        url_arg=placement.case.number,
    )


def end_arrival_task(placement: Placement, *, by: By, reason: str) -> None:
    finish_tasks_of(source_of(placement), by=by, reason=reason)


def source_of(placement: Placement) -> str:
    return f"placement:{placement.pk}"


# --- the axis of residence ------------------------------------------------------------------------------------------


def put_residence(
    case: ReturnCase, form: str, on: date, *, by: By, reason: str, unit: Unit | None = None, text: str = ""
) -> None:
    """Let the axis say where the person is, unless it does so already or the address is protected."""
    now = (case.residence_form, case.residence_text, case.residence_unit_id)
    if now == (form, text, unit.pk if unit else None) or is_protected(case):
        return
    case.residence_unit = unit
    source = by.acting_unit.full_name if isinstance(by, Member) else "Leidraad"
    set_axis(case, NewAxis(Axis.RESIDENCE, form, on, source, text=text), by=by, reason=reason)


def put_residence_at(case: ReturnCase, placement: Placement, on: date, *, by: By, reason: str) -> None:
    """At this site; who is placed administratively is on its books and lives elsewhere, so the site is not the place."""
    form, text = placement.form, placement.site.name
    if placement.status == PlacementStatus.ADMINISTRATIVE:
        form, text = ADMINISTRATIVE_FORM, ""
    put_residence(case, form, on, by=by, reason=reason, unit=placement.site, text=text)


def tell_lead(case: ReturnCase, kind: str, *, by: By) -> None:
    """The responsible unit hears that something happened; what and where it reads on the page, with its own rights."""
    notify(case.led_by, kind, member=case.director, case=case, by=by, url_name="cases:residence")
