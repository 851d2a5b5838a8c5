"""S12 Verblijf: where does the person stay, is somebody expected somewhere, and what happened to the stays."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from cases.reception.actions import undoable_step
from cases.reception.models import Placement, PlacementStep, ReceptionForm
from cases.reception.rights import CHANGE
from cases.reception.states import EXPECTED, STAYING, PlacementStatus, StepKind
from cases.reception.words import step_words
from leidraad.lib import clock
from leidraad.lib.display import date_long, in_days
from leidraad.lib.pagination import KeysetPage, keyset_page
from leidraad.pages.case_frame import OpenCase, case_page

LOG_SIZE = 30
ENDS_SOON = timedelta(days=14)

STATUS_MARKS = {
    PlacementStatus.RESERVED: "planned",
    PlacementStatus.PRESENT: "ok",
    PlacementStatus.TEMPORARILY_ABSENT: "info",
    PlacementStatus.ADMINISTRATIVE: "info",
    PlacementStatus.NO_SHOW: "late",
    PlacementStatus.ABSENT_UNDER_CHECK: "warn",
    PlacementStatus.ENDED: "na",
}


@dataclass(frozen=True)
class Fact:
    label: str
    value: object
    note: str = ""
    mark: tuple[str, str] | None = None


@dataclass(frozen=True)
class Act:
    label: str
    url: str
    primary: bool = False


@dataclass(frozen=True)
class Stay:
    """A running stay or reservation as this viewer reads it, with what the viewer may do about it."""

    placement: Placement
    mark: tuple[str, str]
    facts: list[Fact]
    acts: list[Act]


@dataclass(frozen=True)
class LogLine:
    at: Any
    organisation: str
    who: str
    text: str
    note: str


@require_GET
@case_page("residence.view")
def residence(page: OpenCase) -> HttpResponse:
    shown = list(Placement.objects.shown_in(page.case, page.member).running().select_related("site"))
    now = next((one for one in shown if one.status in STAYING), None)
    expected = next((one for one in shown if one.status in EXPECTED), None)
    log = _log(page)
    return page.render(
        "pages/case/residence.html",
        "residence",
        stay=_stay(page, now) if now else None,
        reservation=_reservation(page, expected) if expected else None,
        reserve_url=_reserve_url(page, now, expected),
        lines=[_line(page, step) for step in log.rows],
        page=log,
    )


def _reserve_url(page: OpenCase, now: Placement | None, expected: Placement | None) -> str:
    """For a site that has the person, or that works on a case in which nobody has."""
    if expected is not None or not page.can(CHANGE) or (now is not None and not _is_own(page, now)):
        return ""
    return reverse("cases:residence-reserve", args=[page.case.number])


def _is_own(page: OpenCase, placement: Placement) -> bool:
    return placement.site_id == page.member.acting_unit_id


# --- the stay -------------------------------------------------------------------------------------------------------


def _stay(page: OpenCase, placement: Placement) -> Stay:
    form = ReceptionForm.objects.filter(code=placement.form).first()
    status = PlacementStatus(placement.status)
    facts = [
        Fact(_("Site"), placement.site.name, note=placement.site.city),
        Fact(_("Room"), placement.room),
        Fact(_("Status since"), date_long(placement.status_since)),
        Fact(_("First night"), date_long(placement.started_on)),
        Fact(_("Planned end"), date_long(placement.planned_end), mark=planned_end_mark(placement.planned_end)),
        Fact(_("Form of reception"), str(form or placement.form)),
        Fact(_("Legal basis"), placement.get_legal_basis_display()),
        Fact(_("In-house registration"), *_rhythm(form)),
        Fact(pgettext("fact", "Stated by"), placement.source),
    ]
    return Stay(placement, (STATUS_MARKS[status], str(status.label)), facts, _stay_acts(page, placement))


def _rhythm(form: ReceptionForm | None) -> tuple[str, str]:
    """How often, and whether a source was found for that."""
    if form is None:
        return "", ""
    unsure = "" if form.is_established else _("not established: no current source was found")
    return str(form.get_in_house_rhythm_display()), unsure


def planned_end_mark(day: date | None) -> tuple[str, str] | None:
    """A planned end that has passed, or comes within two weeks, asks attention. It ends nothing by itself."""
    if day is None or day > clock.today() + ENDS_SOON:
        return None
    return ("late" if day < clock.today() else "warn", in_days(day))


def _stay_acts(page: OpenCase, placement: Placement) -> list[Act]:
    if not page.can(CHANGE) or not _is_own(page, placement):
        return []
    acts = [
        _act(page, _("Change status"), "residence-status", placement),
        _act(page, _("Change room"), "residence-room", placement),
        _act(page, _("Change planned end"), "residence-planned-end", placement),
        _act(page, _("End the stay"), "residence-end", placement),
        _act(page, pgettext("button", "Correct"), "residence-correct", placement),
    ]
    return [*acts, *_undo(placement)]


def _undo(placement: Placement) -> list[Act]:
    """Today's arrival can be taken back while nothing else was recorded."""
    step = undoable_step(placement)
    if step is None or step.kind != StepKind.ARRIVED:
        return []
    return [Act(_("Take back the arrival"), reverse("reception:take-back", args=[placement.pk]))]


def _act(page: OpenCase, label: str, name: str, placement: Placement, *, primary: bool = False) -> Act:
    return Act(label, reverse(f"cases:{name}", args=[page.case.number, placement.pk]), primary)


# --- the reservation ------------------------------------------------------------------------------------------------


def _reservation(page: OpenCase, placement: Placement) -> Stay:
    status, deadline = PlacementStatus(placement.status), placement.arrival_deadline
    late = deadline is not None and clock.now() > deadline
    facts = [
        Fact(_("Site"), placement.site.name, note=placement.site.city),
        Fact(_("Day of arrival"), date_long(placement.expected_on), note=in_days(placement.expected_on)),
    ]
    mark = (STATUS_MARKS[status], str(status.label))
    if status == PlacementStatus.RESERVED and late:
        mark = ("late", _("Not arrived within 48 hours"))
    return Stay(placement, mark, facts, _reservation_acts(page, placement, late))


def _reservation_acts(page: OpenCase, placement: Placement, late: bool) -> list[Act]:
    if not page.can(CHANGE):
        return []
    acts = []
    if _is_own(page, placement):
        acts.append(_act(page, pgettext("button", "Record the arrival"), "residence-arrival", placement, primary=True))
        if late and placement.status == PlacementStatus.RESERVED:
            acts.append(_act(page, _("Did not arrive"), "residence-no-show", placement))
    acts.append(_act(page, _("Cancel the reservation"), "residence-cancel", placement))
    if _is_own(page, placement):
        acts.append(_act(page, pgettext("button", "Correct"), "residence-correct", placement))
    return acts


# --- the stay log ---------------------------------------------------------------------------------------------------


def _log(page: OpenCase) -> KeysetPage[PlacementStep]:
    """The steps of all stays, the newest first."""
    member = page.member
    shown = Placement.objects.shown_in(page.case, member).order_by().values("pk")
    steps = PlacementStep.objects.filter(placement__in=shown)
    steps = steps.select_related("placement__site", "member", "unit__organisation")
    return keyset_page(steps, order=("-noted_at", "-id"), after=page.request.GET.get("after"), size=LOG_SIZE)


def _line(page: OpenCase, step: PlacementStep) -> LogLine:
    """Persons and what they typed are named inside their own organisation, and to the responsible unit."""
    unit, member = step.unit, page.member
    own = page.access.leads or (unit is not None and unit.organisation.code == member.acting_organisation)
    who = str(step.member) if own and step.member else unit.name if unit else "Leidraad"
    organisation = unit.organisation.short_name if unit else ""
    return LogLine(step.noted_at, organisation, who, step_words(step), step.note if own else "")
