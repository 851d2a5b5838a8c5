"""Recording that a measure was imposed, putting the record right, and striking out one that should not be there."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import lock_case
from cases.case.facts import FactKind
from cases.case.models import ReturnCase
from cases.supervision.measure_actions.common import (
    Details,
    check_details,
    check_reason,
    check_standing,
    check_version,
    fill,
    follow_residence,
    locked,
    publish_fact,
    put,
    put_rungs,
    put_vulnerability,
    require_change,
    require_change_of,
    save,
    tell,
)
from cases.supervision.measure_actions.ending import Lifting, put_end
from cases.supervision.measure_states import Family, LiftReason
from cases.supervision.models import Measure
from cases.terms.calendars.arithmetic import day_of
from cases.terms.incidents import happened
from cases.terms.models import Act
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from partners.models import Member

IMPOSED, REPLACED = gettext_noop("Measure imposed"), gettext_noop("Another measure took its place")


@transaction.atomic
def impose(
    case: ReturnCase,
    details: Details,
    *,
    by: Member,
    replaces: Measure | None = None,
    ended: Lifting | None = None,
) -> Measure:
    """Record a measure that was imposed. `replaces` ends at that same moment: the measure of the family that ran. One that is
    recorded only afterwards may have `ended` already.

    The responsible unit and who keeps the person are told; both managers, when a guard held the detention back. Raises
    NotAllowed, and NotPossible for what cannot be so or overlaps another measure of the family.
    """
    case = lock_case(case)
    require_change(by, case, details.kind.family)
    check_details(details)
    if replaces is not None:
        _end_former(replaces, details, by)
    measure = Measure(case=case, unit=by.acting_unit, source=by.acting_unit.full_name[:80], recorded_at=clock.now())
    if ended is not None:
        put_end(fill(measure, details), ended)
    put(measure, details, by=by, reason=IMPOSED)
    _put_parts(measure, details, by, IMPOSED)
    follow_residence(case, measure, by=by, reason=IMPOSED)
    publish_fact(case, FactKind.MEASURE_IMPOSED, measure, by=by)
    tell(case, measure, "measure_imposed", by=by)
    if measure.family == Family.CUSTODY and measure.is_running:
        happened(case, Act.DETENTION, f"measure:{measure.pk}", day_of(measure.imposed_at), by=by)
    return measure


def _put_parts(measure: Measure, details: Details, by: Member, reason: str) -> None:
    put_rungs(measure, details.rungs, by=by, reason=reason)
    put_vulnerability(measure, details.test_text, by=by, reason=reason)


def _end_former(replaces: Measure, details: Details, by: Member) -> None:
    case, former = locked(replaces)
    require_change_of(by, case, former)
    if not former.is_running or former.family != details.kind.family:
        raise NotPossible(_("The measure that this one takes the place of has ended already. Look at what changed."))
    former.lifted_at, former.lift_reason = details.imposed_at, LiftReason.OTHER_MEASURE
    save(former, by=by, reason=REPLACED)


@transaction.atomic
def correct(measure: Measure, details: Details, reason: str, *, by: Member, version: int | None = None) -> Measure:
    """Put the record right, or confirm what a dossier stated. The former version stays in the history, with the reason.

    The family stays: a restriction that was a detention is struck out and recorded anew. Raises Stale for an old page.
    """
    case, measure = locked(measure)
    require_change_of(by, case, measure)
    check_standing(measure)
    check_version(measure, version)
    why = check_reason(reason)
    check_details(details)
    if details.kind.family != measure.family:
        raise NotPossible(_("That is another sort of measure. Strike this one out and record the right one."))
    if measure.lifted_at is not None and details.imposed_at > measure.lifted_at:
        raise NotPossible(_("A measure cannot be lifted before it was imposed."))
    confirmed = measure.stated
    put(measure, details, by=by, reason=why)
    _put_parts(measure, details, by, why)
    follow_residence(case, measure, by=by, reason=why)
    if confirmed:
        publish_fact(case, FactKind.MEASURE_IMPOSED, measure, by=by)
    tell(case, measure, "measure_imposed" if confirmed else "measure_corrected", by=by)
    return measure


@transaction.atomic
def void(measure: Measure, reason: str, *, by: Member, version: int | None = None) -> Measure:
    """Strike out a record that should not be there: another person's, made twice, or stated wrongly by a dossier.

    It stays readable with the reason; it holds nothing and obliges nobody.
    """
    case, measure = locked(measure)
    require_change_of(by, case, measure)
    check_standing(measure)
    check_version(measure, version)
    measure.voided_at, measure.void_reason = clock.now(), check_reason(reason)
    save(measure, by=by, reason=measure.void_reason)
    publish_fact(case, FactKind.MEASURE_LIFTED, measure, by=by)
    tell(case, measure, "measure_corrected", by=by)
    return measure
