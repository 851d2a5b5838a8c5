"""What happened before the court about a measure: recorded by who imposes it or is responsible for the case."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import access_of, require
from cases.case.models import ReturnCase
from cases.supervision.measure_actions.common import check_reason, check_standing, locked, may_change_of, tell
from cases.supervision.measure_rules import day_of
from cases.supervision.measure_states import CourtKind, Ruling
from cases.supervision.models import CourtFact, Measure
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member

RECORDED = gettext_noop("Fact of the court recorded")


@dataclass(frozen=True)
class NewCourtFact:
    """`at` is when it was sent, lodged, is or was heard, or was given. Without `time_known` only its day counts."""

    kind: str
    at: datetime
    time_known: bool = True
    court: str = ""
    reference: str = ""
    result: str = ""
    compensation: bool = False
    note: str = ""


@transaction.atomic
def record_court(measure: Measure, new: NewCourtFact, *, by: Member) -> CourtFact:
    """Record a notice, appeal, hearing or ruling. The others are told of a ruling. Lifting is another act, of an officer.

    Raises NotPossible for a fact before the measure, and for one ahead that is no hearing.
    """
    case, measure = locked(measure)
    _require(by, case, measure)
    check_standing(measure)
    _check(measure, new)
    fact = CourtFact(
        measure=measure,
        kind=new.kind,
        at=new.at,
        time_known=new.time_known,
        court=new.court.strip(),
        reference=new.reference.strip(),
        result=new.result,
        compensation=new.compensation,
        note=new.note.strip(),
        by=by,
        unit=by.acting_unit,
        recorded_at=clock.now(),
    )
    save_as(fact, by=by, reason=RECORDED)
    if fact.kind == CourtKind.RULING:
        tell(case, measure, "measure_ruled", by=by)
    return fact


@transaction.atomic
def void_court(fact: CourtFact, reason: str, *, by: Member) -> CourtFact:
    """Strike out what was recorded wrongly; the right fact is recorded anew. What was told stays told, so this is told too."""
    case, measure = locked(fact.measure)
    _require(by, case, measure)
    stored = CourtFact.objects.get(pk=fact.pk)
    if stored.voided_at is not None:
        raise NotPossible(_("This was struck out already."))
    stored.voided_at, stored.void_reason = clock.now(), check_reason(reason)
    save_as(stored, by=by, reason=stored.void_reason)
    if stored.kind == CourtKind.RULING:
        tell(case, measure, "measure_corrected", by=by)
    return stored


def _require(by: Member, case: ReturnCase, measure: Measure) -> None:
    """Who may change the measure may note what the court did; so may who holds only the right to note."""
    if not may_change_of(access_of(by, case), measure):
        require(by, f"{measure.section}.note", case)


def _check(measure: Measure, new: NewCourtFact) -> None:
    if new.kind not in CourtKind.values:
        raise NotPossible(_("Choose what you record."))
    if measure.stated:
        raise NotPossible(_("The dossier states this measure. Confirm it first, or strike it out."))
    before = new.at < measure.imposed_at if new.time_known else day_of(new.at) < day_of(measure.imposed_at)
    if before:
        raise NotPossible(_("This lies before the measure was imposed. Check both dates."))
    if new.kind != CourtKind.HEARING and new.at > clock.now():
        raise NotPossible(_("This lies in the future. Record it when it has happened; only a hearing may be planned."))
    if (new.kind == CourtKind.RULING) != (new.result in (Ruling.CONTINUES, Ruling.LIFTED)):
        raise NotPossible(_("Say what the court ruled; only a ruling has a result."))
    if new.compensation and new.kind != CourtKind.RULING:
        raise NotPossible(_("Only a ruling grants compensation."))
