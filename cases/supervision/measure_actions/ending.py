"""The end of a measure: lifted, taken back when that was a mistake, and because the case closes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.facts import FactKind
from cases.case.grants import end_involvement
from cases.case.models import Outcome, Part, ReturnCase
from cases.requests.common import has_work
from cases.supervision.measure_actions.common import (
    check_past,
    check_reason,
    check_standing,
    check_version,
    locked,
    publish_fact,
    require_change_of,
    save,
    tell,
)
from cases.supervision.measure_states import CHOSEN_LIFTS, LiftReason
from cases.supervision.models import Measure
from leidraad.lib import clock
from leidraad.lib.display import date_time
from leidraad.lib.errors import NotPossible
from partners.models import Member, Unit

LIFTED, CLOSED = gettext_noop("Measure lifted"), gettext_noop("Case closed")
DEPARTED = frozenset({Outcome.DEPARTED_INDEPENDENTLY, Outcome.DEPARTED_FORCED, Outcome.TRANSFERRED_DUBLIN})


@dataclass(frozen=True)
class Lifting:
    """When and why a measure ended; `form_no` is of the form of lifting (M113), made elsewhere."""

    at: datetime
    reason: str
    note: str = ""
    form_no: str = ""


@transaction.atomic
def lift(measure: Measure, lifting: Lifting, *, by: Member, version: int | None = None) -> Measure:
    """Record that the measure ended. A court's ruling of the same day is not asked for: the ground may be another.

    The part of a police unit that had no other work in the case ends with it. Raises NotPossible for a moment before the
    measure or ahead, and when a colleague was first.
    """
    case, measure = locked(measure)
    require_change_of(by, case, measure)
    check_standing(measure)
    if measure.lifted_at is not None:
        words = {"moment": date_time(measure.lifted_at), "reason": measure.get_lift_reason_display()}
        raise NotPossible(_("This measure has ended already: %(moment)s, %(reason)s.") % words)
    check_version(measure, version)
    if measure.stated:
        raise NotPossible(_("The dossier states this measure. Confirm it first, or strike it out."))
    put_end(measure, lifting)
    save(measure, by=by, reason=LIFTED)
    publish_fact(case, FactKind.MEASURE_LIFTED, measure, by=by)
    tell(case, measure, "measure_lifted", by=by)
    _end_part(case, measure.unit, by=by)
    return measure


def put_end(measure: Measure, lifting: Lifting) -> None:
    """Write the end into the record, without saving it. Raises NotPossible for what cannot be so."""
    if lifting.reason not in CHOSEN_LIFTS:
        raise NotPossible(_("Choose why the measure ended."))
    check_past(lifting.at, _("The lifting lies in the future. Record it when it has happened."))
    if lifting.at < measure.imposed_at:
        raise NotPossible(_("A measure cannot be lifted before it was imposed."))
    measure.lifted_at, measure.lift_reason = lifting.at, lifting.reason
    measure.lift_note, measure.lift_form_no = lifting.note.strip(), lifting.form_no.strip()


@transaction.atomic
def take_back_lifting(measure: Measure, reason: str, *, by: Member, version: int | None = None) -> Measure:
    """The lifting was a mistake: the measure never ended. Raises NotPossible where another measure has begun since."""
    case, measure = locked(measure)
    require_change_of(by, case, measure)
    check_standing(measure)
    if measure.lifted_at is None:
        raise NotPossible(_("This measure runs: there is no lifting to take back."))
    check_version(measure, version)
    measure.lifted_at, measure.lift_reason, measure.lift_note, measure.lift_form_no = None, "", "", ""
    save(measure, by=by, reason=check_reason(reason))
    publish_fact(case, FactKind.MEASURE_IMPOSED, measure, by=by)
    tell(case, measure, "measure_corrected", by=by)
    return measure


def end_with_case(case: ReturnCase, outcome: str, by: Member) -> None:
    """Called when the case closes: what runs ends, for nobody could lift it any more. The caller holds the lock."""
    reason = LiftReason.DEPARTED if outcome in DEPARTED else LiftReason.CASE_CLOSED
    for measure in Measure.objects.running().filter(case=case).for_pages():
        measure.lifted_at, measure.lift_reason = max(clock.now(), measure.imposed_at), reason
        save(measure, by=by, reason=CLOSED)
        publish_fact(case, FactKind.MEASURE_LIFTED, measure, by=by)


def keeps_part(case: ReturnCase, unit: Unit) -> bool:
    """A running measure keeps the unit that recorded it in the case: it must lift it once the ground falls away."""
    return Measure.objects.running().filter(case=case, unit=unit, stated=False).exists()


def _end_part(case: ReturnCase, unit: Unit, *, by: Member) -> None:
    part = case.involvements.running().filter(unit=unit, part=Part.SUPERVISION).first()
    if part is not None and not has_work(case, unit):
        part.case, part.unit = case, unit
        end_involvement(part, by=by, reason=LIFTED)
