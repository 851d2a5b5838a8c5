"""What may happen to a departure. Preparing and recording are always possible; booking and permission pass the guards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import access_of, require
from cases.case.actions import NewAxis, add_task, finish_tasks_of, lock_case, set_axis
from cases.case.models import Axis, Phase, ReturnCase, TaskKind
from cases.case.nationalities import nationality_codes
from cases.departure.models import ACTS, Departure
from cases.departure.states import GUARDED, TRANSITIONS, State
from cases.departure.telling import PAGE, tell
from cases.terms.authorising import Asked, Held, authorise, judge_now, keep_judgement
from cases.terms.guards.judging import Judgement
from cases.terms.incidents import raise_incident
from cases.terms.models import Act, KeptJudgement, Purpose
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Member

PREPARE, EXECUTE, RECORD = "departure.prepare", "departure.execute", "departure.record"
# Who lets something through reads what the guards say of it.
GUARDS = "procedure.view"
PREPARED = gettext_noop("Departure prepared")
CHANGED = gettext_noop("Departure changed")
BOOKED = gettext_noop("Departure booked")
AUTHORISED = gettext_noop("Departure may go ahead")
WITHDRAWN = gettext_noop("Permission withdrawn: a guard or stop holds the departure back")
LEFT = gettext_noop("Departure recorded")


@dataclass(frozen=True)
class NewDeparture:
    """What is planned. `leaves_at` is the hour in the Netherlands; `by_air` None while it is not known how."""

    act: str
    destination: str
    leaves_on: date
    leaves_at: time | None = None
    by_air: bool | None = None
    escorted: bool = False
    reference: str = ""


@transaction.atomic
def prepare(case: ReturnCase, new: NewDeparture, *, by: Member) -> Departure:
    """Plan a departure. No guard holds this back: nothing is promised to anybody by it."""
    case = _locked(case, by)
    _check(new)
    if Departure.objects.open().filter(case=case).exists():
        raise NotPossible(_("There is an open departure already. Change that one, or cancel it first."))
    row = Departure(case=case, unit=by.acting_unit, prepared_by=by, prepared_at=clock.now())
    return save_as(_filled(row, new), by=by, reason=PREPARED)


@transaction.atomic
def change(departure: Departure, new: NewDeparture, *, by: Member, version: int | None = None) -> Departure:
    """Change what is planned. A booking or a permission was about the former plan, so it falls away."""
    case, row = _current(departure, by, PREPARE, version)
    _check(new)
    if row.state in GUARDED:
        _back_to_prepared(case, row, by=by, reason=CHANGED)
    return save_as(_filled(row, new), by=by, reason=CHANGED)


def _filled(row: Departure, new: NewDeparture) -> Departure:
    row.act, row.destination = new.act, new.destination
    row.leaves_on, row.leaves_at = new.leaves_on, new.leaves_at
    row.by_air, row.escorted, row.reference = new.by_air, new.escorted, new.reference.strip()[:80]
    return row


def _check(new: NewDeparture) -> None:
    if new.act not in ACTS:
        raise NotPossible(_("Choose how the person leaves."))
    if new.destination not in nationality_codes():
        raise NotPossible(_("Choose the country."))
    if new.leaves_on < clock.today():
        raise NotPossible(_("The planned day must not lie before today. Record a departure that has happened instead."))


def book(departure: Departure, reasons: Mapping[str, str], *, by: Member, version: int | None = None) -> Departure:
    """Book the journey. Raises Held, with the kept judgement, when a guard or stop holds it back."""
    return _let_through(departure, Purpose.BOOK, PREPARE, reasons, by=by, version=version)


def permit(departure: Departure, reasons: Mapping[str, str], *, by: Member, version: int | None = None) -> Departure:
    """Let a booked departure go ahead. Raises Held, with the kept judgement, when a guard or stop holds it back.

    Never the person who booked it: two people look at whether somebody may be removed.
    """
    return _let_through(departure, Purpose.AUTHORISE, EXECUTE, reasons, by=by, version=version)


def _let_through(
    departure: Departure, purpose: Purpose, right: str, reasons: Mapping[str, str], *, by: Member, version: int | None
) -> Departure:
    """A refusal is kept as well, so it is raised only after its transaction."""
    with transaction.atomic():
        case, row = _current(departure, by, right, version)
        require(by, GUARDS, case)
        target = State.BOOKED if purpose is Purpose.BOOK else State.AUTHORISED
        _require_step(row, target)
        if target is State.AUTHORISED and row.booked_by_id == by.pk:
            raise NotPossible(_("You booked this departure yourself. Somebody else gives permission."))
        if row.leaves_on < clock.today():
            raise NotPossible(_("The planned day has passed. Choose another day first."))
        asked = Asked(by, access_of(by, case).can, reasons)
        kept = authorise(case, row.plan(), purpose, asked)
        if kept.passes:
            _go_ahead(case, row, target, kept, by=by)
    if not kept.passes:
        raise Held(kept)
    return row


def _go_ahead(case: ReturnCase, row: Departure, target: State, kept: KeptJudgement, *, by: Member) -> None:
    now = clock.now()
    if target is State.BOOKED:
        row.booked_by, row.booked_at, row.phase_before = by, now, case.phase
    else:
        row.authorised_by, row.authorised_at = by, now
    row.state, row.judgement = target, kept
    reason, phase, kind = _OF[target]
    save_as(row, by=by, reason=reason)
    _phase(case, phase, by=by, reason=reason)
    if target is State.BOOKED:
        _ask_what_happens(case, row, by=by)
    tell(case, kind, by=by)


_OF = {
    State.BOOKED: (BOOKED, Phase.TRAVEL_BOOKED, "departure_booked"),
    State.AUTHORISED: (AUTHORISED, Phase.FINAL_CHECKS, "departure_authorised"),
}


def _ask_what_happens(case: ReturnCase, row: Departure, *, by: Member) -> None:
    """On the planned day somebody has to record whether the person left."""
    add_task(
        case,
        case.led_by,
        TaskKind.OTHER,
        gettext_noop("Record whether the departure went ahead"),
        by=by,
        due_at=clock.end_of(row.leaves_on),
        assignee=case.director,
        source=source_of(row),
        url_name=PAGE,
        url_arg=case.number,
    )


def source_of(row: Departure) -> str:
    return f"departure:{row.pk}"


@transaction.atomic
def withdraw(departure: Departure, reason: str, *, by: Member, version: int | None = None) -> Departure:
    """Take a booking or permission back. Who prepares and who executes may both do so: holding back is never too much."""
    case, row = _current(departure, by, PREPARE if access_of(by, departure.case).can(PREPARE) else EXECUTE, version)
    if row.state not in GUARDED:
        raise NotPossible(_("There is no booking or permission to take back."))
    _back_to_prepared(case, row, by=by, reason=_given(reason))
    return row


def _back_to_prepared(case: ReturnCase, row: Departure, *, by: By, reason: str) -> None:
    row.state, row.judgement = State.PREPARED, None
    row.booked_by = row.booked_at = row.authorised_by = row.authorised_at = None
    save_as(row, by=by, reason=reason)
    finish_tasks_of(source_of(row), by=by, reason=reason)
    if case.phase in (Phase.TRAVEL_BOOKED, Phase.FINAL_CHECKS):
        _phase(case, row.phase_before or Phase.PLANNING, by=by, reason=reason)
    tell(case, "departure_withdrawn", by=by)


@transaction.atomic
def look_again(case_id: int, *, by: By) -> bool:
    """Whether the booking or permission of this case still stands on what is known now; when not, it falls away.

    Returns whether one fell away. The judgement is kept, and everybody who counts on the departure is told.
    """
    case = lock_case(case_id)
    row = Departure.objects.guarded().filter(case=case).select_related("judgement").first()
    if row is None or row.judgement is None:
        return False
    row.case = case
    judgement = judge_now(case, row.plan())
    if stands(row, judgement):
        return False
    keep_judgement(judgement, Purpose.AGAIN, passes=False, by=by)
    _back_to_prepared(case, row, by=by, reason=WITHDRAWN)
    return True


def stands(row: Departure, judgement: Judgement) -> bool:
    """Whether a booking or permission still stands on what is known. A permission also falls by a warning that is new and known.

    One query for a permission about which something is warned, none else.
    """
    if not judgement.passes:
        return False
    known = {one.code for one in judgement.warnings if not one.is_unknown}
    if row.state != State.AUTHORISED or not known or row.judgement is None:
        return True
    return known <= set(row.judgement.findings.exclude(reason="").values_list("guard__guard__code", flat=True))


# --- what happened --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """That somebody left, as it happened: with a prepared departure or without one."""

    act: str
    destination: str
    on: date
    reference: str = ""


def record_left(case: ReturnCase, left: Left, *, by: Member) -> Departure:
    """Record that the person left. Never refused for what guards say: then both managers are told, in the same transaction."""
    if left.on > clock.today():
        raise NotPossible(_("What you record has happened. Choose today or an earlier day."))
    if left.act not in ACTS or left.destination not in nationality_codes():
        raise NotPossible(_("Choose how the person left, and to which country."))
    with transaction.atomic():
        case = _locked(case, by, RECORD)
        row = Departure.objects.open().filter(case=case).select_related("judgement").first()
        row = row or Departure(
            case=case, unit=by.acting_unit, prepared_by=by, prepared_at=clock.now(), leaves_on=left.on
        )
        row.case = case
        had_permission = _permitted(row, left)
        row.act, row.destination = left.act, left.destination
        row.reference = left.reference.strip()[:80] or row.reference
        row.state, row.happened_on = State.DEPARTED, left.on
        row.recorded_by, row.recorded_at = by, clock.now()
        save_as(row, by=by, reason=LEFT)
        finish_tasks_of(source_of(row), by=by, reason=LEFT)
        _judge_what_happened(case, row, by=by, had_permission=had_permission)
        _phase(case, Phase.DEPARTED, by=by, reason=LEFT)
        tell(case, "departure_happened", by=by)
    return row


def _permitted(row: Departure, left: Left) -> bool:
    """Whether there was permission for this very departure. One that is late by a day is still the same journey."""
    same = (row.act, row.destination) == (left.act, left.destination) and row.leaves_on <= left.on
    return row.state == State.AUTHORISED and same


def _judge_what_happened(case: ReturnCase, row: Departure, *, by: Member, had_permission: bool) -> None:
    """Leaving of one's own free will needs no permission of ours, so only a block or stop makes an incident of it."""
    judgement = judge_now(case, row.plan())
    needs = row.act != Act.OWN_DEPARTURE
    kept = keep_judgement(judgement, Purpose.HAPPENED, passes=judgement.passes, by=by)
    if not judgement.passes or (needs and not had_permission):
        raise_incident(
            case,
            kept,
            source_of(row),
            row.happened_on or clock.today(),
            by=by,
            without_permission=needs and not had_permission,
        )


@transaction.atomic
def record_failed(departure: Departure, on: date, reason: str, *, by: Member, version: int | None = None) -> Departure:
    """Record that it did not go ahead on the day. The case goes back to where it was before the booking."""
    if on > clock.today():
        raise NotPossible(_("What you record has happened. Choose today or an earlier day."))
    return _end(departure, State.FAILED, RECORD, reason, by=by, version=version, on=on)


@transaction.atomic
def cancel(departure: Departure, reason: str, *, by: Member, version: int | None = None) -> Departure:
    right = PREPARE if access_of(by, departure.case).can(PREPARE) else EXECUTE
    return _end(departure, State.CANCELLED, right, reason, by=by, version=version)


def _end(
    departure: Departure,
    state: State,
    right: str,
    reason: str,
    *,
    by: Member,
    version: int | None,
    on: date | None = None,
) -> Departure:
    case, row = _current(departure, by, right, version)
    _require_step(row, state)
    was_guarded = row.state in GUARDED
    row.state, row.reason, row.happened_on = state, _given(reason)[:500], on
    row.recorded_by, row.recorded_at = by, clock.now()
    save_as(row, by=by, reason=row.reason)
    finish_tasks_of(source_of(row), by=by, reason=row.reason)
    if case.phase in (Phase.TRAVEL_BOOKED, Phase.FINAL_CHECKS):
        _phase(case, row.phase_before or Phase.PLANNING, by=by, reason=row.reason)
    if was_guarded:
        tell(case, "departure_off", by=by)
    return row


# --- what they share ------------------------------------------------------------------------------------------------


def _locked(case: ReturnCase, by: Member, right: str = PREPARE) -> ReturnCase:
    """The locked case. In a closed one nobody holds these rights."""
    case = lock_case(case)
    require(by, right, case)
    return case


def _current(departure: Departure, by: Member, right: str, version: int | None) -> tuple[ReturnCase, Departure]:
    """The departure as it is under the lock of its case."""
    case = _locked(departure.case, by, right)
    row = Departure.objects.select_related("judgement").get(pk=departure.pk)
    row.case = case
    if version is not None and row.version != version:
        raise Stale(row)
    if not row.is_open:
        raise NotPossible(_("This departure has ended. Prepare a new one."))
    return case, row


def _require_step(row: Departure, target: State) -> None:
    if target not in TRANSITIONS[State(row.state)]:
        raise NotPossible(
            _("From “%(state)s” this step is not possible. Read the page again.") % {"state": row.get_state_display()}
        )


def _phase(case: ReturnCase, phase: str, *, by: By, reason: str) -> None:
    if case.phase != phase:
        source = by.acting_unit.full_name if isinstance(by, Member) else "Leidraad"
        set_axis(case, NewAxis(Axis.PHASE, phase, clock.today(), source), by=by, reason=reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise NotPossible(_("Say why. Others read it."))
    return reason.strip()
