"""A decision to extend a measure: recorded by who imposes such measures, and struck out when it was recorded wrongly."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.supervision.extending import rule_of
from cases.supervision.measure_actions.common import check_reason, check_standing, locked, require_change_of, tell
from cases.supervision.measure_rules import day_of
from cases.supervision.measure_states import ExtensionGround
from cases.supervision.models import Measure, MeasureExtension
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member

EXTENDED = gettext_noop("Decision to extend recorded")


@dataclass(frozen=True)
class NewExtension:
    """The decision as it was made: `until` is the last day that it names."""

    decided_on: date
    notified_on: date
    ground: str
    until: date
    form_no: str = ""
    note: str = ""


@transaction.atomic
def extend(measure: Measure, new: NewExtension, *, by: Member) -> MeasureExtension:
    """Record a decision of which the person was told. The others are told. One that came too late is recorded and warned of.

    Raises NotPossible for a measure that ended, that only a dossier states, or that no decision extends, and for days that
    cannot be so.
    """
    case, measure = locked(measure)
    require_change_of(by, case, measure)
    check_standing(measure)
    _check(measure, new)
    one = MeasureExtension(
        measure=measure,
        decided_on=new.decided_on,
        notified_on=new.notified_on,
        ground=new.ground,
        until=new.until,
        form_no=new.form_no.strip(),
        note=new.note.strip(),
        by=by,
        unit=by.acting_unit,
        recorded_at=clock.now(),
    )
    try:
        one.validate_constraints()
    except ValidationError as wrong:
        raise NotPossible(" ".join(wrong.messages)) from wrong
    save_as(one, by=by, reason=EXTENDED)
    tell(case, measure, "measure_extended", by=by)
    return one


@transaction.atomic
def void_extension(one: MeasureExtension, reason: str, *, by: Member) -> MeasureExtension:
    """Strike out what was recorded wrongly; the right decision is recorded anew. Who was told of it is told of this."""
    case, measure = locked(one.measure)
    require_change_of(by, case, measure)
    stored = MeasureExtension.objects.get(pk=one.pk)
    if stored.voided_at is not None:
        raise NotPossible(_("This was struck out already."))
    stored.voided_at, stored.void_reason = clock.now(), check_reason(reason)
    save_as(stored, by=by, reason=stored.void_reason)
    tell(case, measure, "measure_corrected", by=by)
    return stored


def _check(measure: Measure, new: NewExtension) -> None:
    if measure.stated:
        raise NotPossible(_("The dossier states this measure. Confirm it first, or strike it out."))
    if not measure.is_running:
        raise NotPossible(_("This measure has ended. Only a measure that runs is extended."))
    if not rule_of(measure.kind):
        raise NotPossible(_("The rules know no extension of this measure."))
    if new.ground not in ExtensionGround.values:
        raise NotPossible(_("Choose why the measure is extended."))
    if new.decided_on < day_of(measure.imposed_at):
        raise NotPossible(_("This lies before the measure was imposed. Check both dates."))
    if new.notified_on > clock.today():
        raise NotPossible(_("This lies in the future. Record the decision when the person was told of it."))
