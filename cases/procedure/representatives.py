"""What may happen to who speaks for a person: recorded, confirmed, replaced, ended, corrected; and informed of something.

Everything runs under the case row's lock and asks `representatives.change`. A new or other representative is told to who leads
the case and to the units that plan something in it, as far as their roles may see representatives.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.models import Involvement, Part, ReturnCase
from cases.procedure.models import (
    HowInformed,
    InformedMatter,
    Representative,
    RepresentativeInformed,
    RepresentativeKind,
)
from cases.requests.common import still_there
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible, Stale
from partners.actions import notify
from partners.models import Member, Unit
from partners.policy import roles_with

VIEW, CHANGE = "representatives.view", "representatives.change"
# Parts in which a unit plans something of which a representative must hear.
PLANNING_PARTS = (Part.DECISION, Part.DEPARTURE, Part.BOOKING, Part.SUPERVISION)
RECORDED, CONFIRMED = gettext_noop("Representative recorded"), gettext_noop("Representative confirmed")


@dataclass(frozen=True)
class Details:
    """What is stated about a representative. `since` is the first day; None when nobody knows it."""

    kind: RepresentativeKind
    name: str
    office: str = ""
    phone: str = ""
    email: str = ""
    since: date | None = None
    is_main: bool = False


@dataclass(frozen=True)
class Informed:
    """Of what a representative was informed, how, and on which day."""

    matter: InformedMatter
    how: str
    on: date
    note: str = ""


# --- who speaks for the person --------------------------------------------------------------------------------------


@transaction.atomic
def start_representative(case: ReturnCase, new: Details, *, by: Member) -> Representative:
    """Record one more representative. Raises NotAllowed, or NotPossible where the main one is there already."""
    case = _open(lock_case(case), by)
    _check(case, new)
    started = _put(case, new, by=by, reason=RECORDED)
    _tell_planners(case, "representative_changed", by=by)
    return started


@transaction.atomic
def replace_representative(
    former: Representative, new: Details, reason: str, *, by: Member, version: int | None = None
) -> Representative:
    """End one and start another in its place, in one act. The former one's last day is the day before the new one's first."""
    case, former = _locked(former, by, version)
    if not former.is_running:
        raise NotPossible(_("%(name)s is no longer a representative. Record the new one.") % {"name": former.name})
    first = new.since or clock.today()
    if former.since is not None and first <= former.since:
        raise NotPossible(_("The new representative must begin after the first day of the former one."))
    _end(former, date.fromordinal(first.toordinal() - 1), _needed(reason), by=by)
    _check(case, new, but=former)
    started = _put(case, new, by=by, reason=reason.strip(), replaces=former)
    _tell_planners(case, "representative_changed", by=by)
    return started


@transaction.atomic
def end_representative(
    former: Representative, until: date, reason: str, *, by: Member, version: int | None = None
) -> Representative:
    """Record the last day on which somebody represented the person, with the reason; nobody takes the place."""
    case, former = _locked(former, by, version)
    if not former.is_running:
        raise NotPossible(_("%(name)s is no longer a representative.") % {"name": former.name})
    _end(former, until, _needed(reason), by=by)
    _tell_planners(case, "representative_changed", by=by)
    return former


@transaction.atomic
def confirm_representative(
    stated: Representative, details: Details, *, by: Member, version: int | None = None
) -> Representative:
    """Say that what a sender stated is so, with the details as they are. From now on the file changes nothing of it."""
    case, stated = _locked(stated, by, version)
    if stated.is_confirmed:
        raise NotPossible(_("%(name)s was confirmed already.") % {"name": stated.name})
    if not stated.is_running:
        raise NotPossible(_("%(name)s is no longer a representative.") % {"name": stated.name})
    _check(case, details, but=stated)
    _write(stated, details)
    stated.confirmed_by, stated.confirmed_at = by, clock.now()
    save_as(stated, by=by, reason=CONFIRMED)
    _tell_planners(case, "representative_changed", by=by)
    return stated


@transaction.atomic
def correct_representative(
    wrong: Representative, details: Details, reason: str, *, by: Member, version: int | None = None
) -> Representative:
    """Put right what was recorded wrongly, with a reason, also of one who stopped. Those who plan are told."""
    case, wrong = _locked(wrong, by, version)
    _check(case, details, but=wrong, running=wrong.is_running)
    if wrong.until is not None and details.since is not None and details.since > wrong.until:
        raise NotPossible(_("The first day must not lie after the last day."))
    _write(wrong, details)
    if not wrong.is_confirmed:
        wrong.confirmed_by, wrong.confirmed_at = by, clock.now()
    save_as(wrong, by=by, reason=_needed(reason))
    _tell_planners(case, "representative_changed", by=by)
    return wrong


# --- informed -------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_informed(told: Representative, new: Informed, *, by: Member) -> RepresentativeInformed:
    """Record that a representative was informed, of a matter that the member may know of. Of one who stopped as well."""
    case = _open(lock_case(told.case_id), by)
    told = Representative.objects.get(pk=told.pk)
    require(by, f"{new.matter.section}.view", case)
    if new.how not in HowInformed.values:
        raise NotPossible(_("Choose how the representative was informed."))
    if not InformedMatter.objects.valid().filter(pk=new.matter.pk).exists():
        raise NotPossible(_("Choose of what the representative was informed."))
    if new.on > clock.today():
        raise NotPossible(_("This day has not come yet. Record it when the representative has been informed."))
    if (told.since and new.on < told.since) or (told.until and new.on > told.until):
        raise NotPossible(_("%(name)s did not represent this person on that day.") % {"name": told.name})
    row = RepresentativeInformed(
        representative=told,
        case=case,
        matter=new.matter,
        how=new.how,
        informed_on=new.on,
        note=new.note.strip(),
        by=by,
        unit=by.acting_unit,
        recorded_at=clock.now(),
    )
    return save_as(row, by=by, reason=gettext_noop("Representative informed"))


@transaction.atomic
def strike_informed(
    row: RepresentativeInformed, reason: str, *, by: Member, version: int | None = None
) -> RepresentativeInformed:
    """Say with a reason that this was recorded wrongly. Only the unit that recorded it; it stays readable, struck through."""
    case = _open(lock_case(row.case_id), by)
    row = RepresentativeInformed.objects.select_related("matter", "representative").get(pk=row.pk)
    require(by, f"{row.matter.section}.view", case)
    if row.unit_id != by.acting_unit_id:
        raise NotPossible(_("Only the unit that recorded this can say that it was wrong."))
    if version is not None and row.version != version:
        raise Stale(row)
    if row.struck_at is not None:
        raise NotPossible(_("This was struck already."))
    row.struck_at, row.struck_reason = clock.now(), _needed(reason)
    return save_as(row, by=by, reason=row.struck_reason)


# --- what they share ------------------------------------------------------------------------------------------------


def _open(case: ReturnCase, by: Member) -> ReturnCase:
    require(by, CHANGE, case)
    return case


def _locked(one: Representative, by: Member, version: int | None) -> tuple[ReturnCase, Representative]:
    case = _open(lock_case(one.case_id), by)
    found = Representative.objects.select_related("kind").get(pk=one.pk)
    if version is not None and found.version != version:
        raise Stale(found)
    return case, found


def _check(case: ReturnCase, new: Details, *, but: Representative | None = None, running: bool = True) -> None:
    if not new.name.strip():
        raise NotPossible(_("Fill in the name of the representative."))
    if new.since is not None and new.since > clock.today():
        raise NotPossible(_("The first day must be today or earlier. Record a later one on the day itself."))
    if new.is_main and not new.kind.may_be_main:
        raise NotPossible(_("This kind cannot be the main representative."))
    if new.is_main and running:
        others = Representative.objects.running().filter(case=case, is_main=True)
        main = others.exclude(pk=but.pk if but else 0).first()
        if main is not None:
            raise NotPossible(_("%(name)s is the main representative. Replace that one.") % {"name": main.name})


def _write(one: Representative, details: Details) -> None:
    one.kind, one.is_main, one.since = details.kind, details.is_main, details.since
    one.name, one.office = details.name.strip(), details.office.strip()
    one.phone, one.email = details.phone.strip(), details.email.strip()


def _put(
    case: ReturnCase, new: Details, *, by: Member, reason: str, replaces: Representative | None = None
) -> Representative:
    started = Representative(
        case=case,
        source=by.acting_unit.full_name[:120],
        confirmed_by=by,
        confirmed_at=clock.now(),
        replaces=replaces,
    )
    _write(started, new)
    return save_as(started, by=by, reason=reason)


def _end(former: Representative, until: date, reason: str, *, by: Member) -> None:
    if until > clock.today():
        raise NotPossible(_("The last day must be today or earlier."))
    if former.since is not None and until < former.since:
        raise NotPossible(_("The last day must not lie before the first day."))
    former.until, former.end_reason = until, reason
    save_as(former, by=by, reason=reason)


def _needed(reason: str) -> str:
    if not reason.strip():
        raise NotPossible(_("Say why. The reason stays in the history."))
    return reason.strip()[:300]


def _tell_planners(case: ReturnCase, kind: str, *, by: Member) -> None:
    """The director, or the desk of the responsible unit; and each unit that plans something and may see representatives."""
    director = still_there(case.director, case.led_by)
    if by != director and (director is not None or by.acting_unit_id != case.led_by_id):
        notify(case.led_by, kind, by=by, member=director, case=case, url_name="cases:person")
    for unit in _planning_units(case, but={by.acting_unit_id, case.led_by_id}):
        notify(unit, kind, by=by, case=case, url_name="cases:person")


def _planning_units(case: ReturnCase, *, but: set[int | None]) -> list[Unit]:
    running = Involvement.objects.in_force().filter(case=case, part__in=PLANNING_PARTS)
    found = {
        one.unit_id: one.unit
        for one in running.select_related("unit__organisation").order_by("unit_id")
        if roles_with(VIEW, one.unit.organisation.code, one.part)
    }
    return [unit for pk, unit in found.items() if pk not in but]
