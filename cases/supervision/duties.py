"""Imposing, changing and ending the duty to report (art. 54 Vw). One verb, one function; under the case lock.

A unit that has the supervision part of a case may impose: it got that part by accepting a request. Otherwise the duty comes
with the dossier, when the handover is accepted, and the team of the place of residence gets its part by law.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.grants import end_involvement, start_involvement
from cases.case.models import Address, InvolvementGround, Part, ReturnCase, Rhythm
from cases.requests.common import has_work
from cases.requests.places import unit_working_in
from cases.supervision.models import ReportingDuty
from cases.supervision.reporting_actions import RIGHT, require_unit
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible, Stale
from partners.actions import notify
from partners.models import Member, Unit, UnitKind

POLICE = "police"
IMPOSED, RHYTHM_CHANGED = gettext_noop("Duty to report imposed"), gettext_noop("Rhythm changed")
FROM_DOSSIER = gettext_noop("Duty to report stated in the dossier")
CASE_CLOSED = gettext_noop("Case closed")


@dataclass(frozen=True)
class Terms:
    """How often and where somebody must report; no `place` is at the unit itself. `form_no` is of the register that made it."""

    rhythm: str = Rhythm.WEEKLY
    place: Unit | None = None
    form_no: str = ""


@transaction.atomic
def impose_reporting(case: ReturnCase, terms: Terms, imposed_on: date, *, by: Member) -> ReportingDuty:
    """Impose the duty; from now on it keeps the unit's part in the case. Raises NotAllowed or NotPossible."""
    case = lock_case(case)
    require(by, RIGHT, case)
    _check_terms(terms)
    _check_day(imposed_on)
    if ReportingDuty.objects.running().filter(case=case).exists():
        raise NotPossible(_("This person has a duty to report already. Change that one."))
    unit = by.acting_unit
    start_involvement(case, unit, Part.SUPERVISION, InvolvementGround.LAW, by=by, reason=IMPOSED)
    return save_as(_new(case, unit, terms, imposed_on, unit.full_name), by=by, reason=IMPOSED)


@transaction.atomic
def change_reporting(
    duty: ReportingDuty, terms: Terms, from_day: date, reason: str, *, by: Member, version: int | None = None
) -> ReportingDuty:
    """Change rhythm, place or form. Another rhythm is a new duty from `from_day`, so that what was due before stays due."""
    case, duty = _locked(duty, by, version)
    _check_terms(terms)
    _check_day(from_day)
    if not reason.strip():
        raise NotPossible(_("Write why the duty to report changes."))
    if from_day < duty.imposed_on:
        raise NotPossible(_("The change cannot begin before the duty itself."))
    if terms == Terms(duty.rhythm, duty.place, duty.form_no):
        raise NotPossible(_("Nothing is different. Change something, or go back."))
    if terms.rhythm == duty.rhythm:
        duty.place, duty.form_no = terms.place, terms.form_no
        return save_as(duty, by=by, reason=reason.strip())
    duty.ended_on, duty.end_reason = from_day, RHYTHM_CHANGED
    save_as(duty, by=by, reason=reason.strip())
    new = _new(case, duty.unit, terms, from_day, by.acting_unit.full_name)
    # The count goes on, so that a page drawn from the former duty is known as old.
    new.version = duty.version + 1
    return save_as(new, by=by, reason=reason.strip())


@transaction.atomic
def end_reporting(
    duty: ReportingDuty, ended_on: date, reason: str, *, by: Member, version: int | None = None
) -> ReportingDuty:
    """End the duty: `ended_on` is the first day without it. The unit's part ends too, unless it has other work in the case."""
    case, duty = _locked(duty, by, version)
    if not reason.strip():
        raise NotPossible(_("Write why the duty to report ends."))
    if ended_on < duty.imposed_on:
        raise NotPossible(_("The last day must not lie before the first day."))
    _check_day(ended_on)
    duty.ended_on, duty.end_reason = ended_on, reason.strip()[:200]
    save_as(duty, by=by, reason=reason.strip())
    _end_part(case, duty.unit, by=by)
    return duty


def impose_from_dossier(case: ReturnCase, *, source: str, since: date | None, by: Member) -> ReportingDuty | None:
    """What a dossier states, at the acceptance of its handover, on the locked case: `source` is the sender.

    Weekly, as the law has it in principle. Nothing happens where no team works in the place of residence, where the person has
    such a duty already, or where the place is not known; the police impose it then on a request. The caller asked the right.
    """
    unit = unit_working_in(_city_of(case), POLICE)
    if unit is None or ReportingDuty.objects.running().filter(case=case).exists():
        return None
    imposed_on = since if since is not None and since <= clock.today() else clock.today()
    start_involvement(case, unit, Part.SUPERVISION, InvolvementGround.LAW, by=by, reason=FROM_DOSSIER)
    site = case.residence_unit
    place = site if site is not None and site.organisation.code == "coa" else None
    duty = save_as(_new(case, unit, Terms(place=place), imposed_on, source), by=by, reason=FROM_DOSSIER)
    notify(unit, "reporting_imposed", by=by, case=case, url_name="cases:supervision")
    return duty


def end_with_case(case: ReturnCase, outcome: str, by: Member) -> None:
    """A closed case obliges nobody, whatever its outcome. The caller holds the lock and ends the parts."""
    for duty in ReportingDuty.objects.running().filter(case=case):
        duty.ended_on, duty.end_reason = max(clock.today(), duty.imposed_on), CASE_CLOSED
        save_as(duty, by=by, reason=CASE_CLOSED)


def keeps_part(case: ReturnCase, unit: Unit) -> bool:
    """A running duty keeps its unit in the case, whatever becomes of the request that brought it there."""
    return ReportingDuty.objects.running().filter(case=case, unit=unit).exists()


def places() -> list[Unit]:
    """Where somebody may report: the sites of COA."""
    return list(Unit.objects.valid().of("coa").filter(kind=UnitKind.SITE).order_by("name"))


# --- what they share ------------------------------------------------------------------------------------------------


def _new(case: ReturnCase, unit: Unit, terms: Terms, imposed_on: date, source: str) -> ReportingDuty:
    return ReportingDuty(
        case=case,
        unit=unit,
        rhythm=terms.rhythm,
        place=terms.place,
        form_no=terms.form_no.strip(),
        imposed_on=imposed_on,
        source=source[:80],
    )


def _locked(duty: ReportingDuty, by: Member, version: int | None) -> tuple[ReturnCase, ReportingDuty]:
    case = lock_case(duty.case_id)
    require_unit(by, case, duty)
    stored = ReportingDuty.objects.select_related("unit__organisation", "place").get(pk=duty.pk)
    if stored.ended_on is not None:
        raise NotPossible(_("This duty to report has ended already."))
    if version is not None and stored.version != version:
        raise Stale(stored)
    return case, stored


def _check_terms(terms: Terms) -> None:
    if terms.rhythm not in Rhythm.values:
        raise NotPossible(_("Choose how often the person must report."))
    if terms.place is not None and terms.place not in places():
        raise NotPossible(_("Choose one of the sites shown, or the unit itself."))


def _check_day(day: date) -> None:
    if day > clock.today():
        raise NotPossible(_("The date must not lie after today."))


def _end_part(case: ReturnCase, unit: Unit, *, by: Member) -> None:
    part = case.involvements.running().filter(unit=unit, part=Part.SUPERVISION).first()
    if part is not None and not has_work(case, unit):
        part.case, part.unit = case, unit
        end_involvement(part, by=by, reason=gettext_noop("Duty to report ended"))


def _city_of(case: ReturnCase) -> str:
    """Where the person stays, as far as that is no protected address."""
    if case.residence_unit is not None:
        return case.residence_unit.city
    address = Address.objects.filter(case=case, until=None).first()
    return address.city if address else ""
