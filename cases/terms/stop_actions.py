"""Placing a stop, and lifting it: by who placed it, or by the responsible unit on a new fact. A grave one by two persons."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import Access, access_of, require
from cases.case.actions import lock_case
from cases.case.models import ReturnCase
from cases.case.nationalities import nationality_codes
from cases.terms.models import Scope, Stop, StopGround
from cases.terms.new_facts import new_facts_for
from cases.terms.stop_notices import ASKED, LIFTED, PLACED, REFUSED, tell_all, tell_who_answers
from cases.terms.stops import LIFT, PLACE, VIEW, may_know
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member, Unit


@dataclass(frozen=True)
class NewStop:
    """What somebody places. `until` is the last day on which it holds; `document` is the paper it rests on."""

    ground: str
    until: date
    document: str
    document_on: date
    document_number: str = ""
    source: str = ""
    scope: str = ""
    country: str = ""
    measure: str = ""
    rule: str = ""


# --- placing --------------------------------------------------------------------------------------------------------


def grounds_of(member: Member) -> list[StopGround]:
    """On which grounds the member's organisation may place a stop today. One query."""
    grounds = StopGround.objects.in_force(clock.today())
    return [one for one in grounds if member.acting_organisation in one.placers]


@transaction.atomic
def place_stop(case: ReturnCase, new: NewStop, *, by: Member) -> Stop:
    """Forbid acts from now on, until a day. Raises NotPossible with a sentence for the user."""
    case = lock_case(case)
    require(by, PLACE, case)
    if case.is_closed:
        raise NotPossible(_("This case is closed. Reopen it first."))
    ground = next((one for one in grounds_of(by) if one.code == new.ground), None)
    if ground is None:
        raise NotPossible(_("Your organisation places no stop on this ground."))
    _check_days(ground, new)
    scope = _scope(ground, new)
    if not new.document.strip():
        raise NotPossible(_("Write on which document the stop rests."))
    unit = by.acting_unit
    stop = Stop(
        case=case,
        ground=ground,
        section=ground.section,
        is_grave=ground.is_grave,
        scope=scope,
        country=new.country if scope == Scope.DESTINATION else "",
        measure=new.measure.strip()[:80] if scope == Scope.MEASURE else "",
        rule=_rule(ground, new.rule),
        document=new.document.strip()[:80],
        document_number=new.document_number.strip()[:40],
        document_on=new.document_on,
        source=(new.source.strip() or unit.full_name)[:80],
        placed_by=by,
        unit=unit,
        organisation=unit.organisation,
        placed_at=clock.now(),
        until=new.until,
    )
    save_as(stop, by=by, reason=gettext_noop("Stop placed"))
    tell_all(stop, PLACED, by=by)
    return stop


def _check_days(ground: StopGround, new: NewStop) -> None:
    today = clock.today()
    if new.document_on > today:
        raise NotPossible(_("The document has a day already: choose today or an earlier day."))
    if new.until < today:
        raise NotPossible(_("The last day has passed. A stop holds today at least."))
    if new.until > today + timedelta(days=ground.max_days):
        raise NotPossible(
            _("On this ground a stop holds %(days)d days at most. If it still holds then, place a new one.")
            % {"days": ground.max_days}
        )


def _scope(ground: StopGround, new: NewStop) -> Scope:
    """What was chosen, else the widest that the ground knows, which stands first."""
    scope = new.scope or ground.scopes[0]
    if scope not in ground.scopes:
        raise NotPossible(_("Choose what the stop is about: this ground does not know that."))
    if scope == Scope.DESTINATION and new.country not in nationality_codes():
        raise NotPossible(_("Choose the country that the stop is about."))
    if scope == Scope.MEASURE and not new.measure.strip():
        raise NotPossible(_("Name the measure that the stop is about."))
    return Scope(scope)


def _rule(ground: StopGround, rule: str) -> str:
    """The rule that was chosen, else the only one of the ground; of several none is guessed."""
    if rule and rule not in ground.rules:
        raise NotPossible(_("Choose a rule that belongs to this ground."))
    return rule or (ground.rules[0] if len(ground.rules) == 1 else "")


# --- lifting --------------------------------------------------------------------------------------------------------


def owns(stop: Stop, member: Member) -> bool:
    """Whether the member works for the organisation that placed it."""
    return stop.organisation.code == member.acting_organisation


def may_lift(stop: Stop, access: Access) -> bool:
    """Who placed it, or the responsible unit, which must point to a new fact. Nobody lifts what they may not read."""
    member = access.member
    if owns(stop, member):
        return access.can(PLACE)
    return access.leads and access.can(LIFT) and may_know(stop, access.can, member.acting_organisation)


@transaction.atomic
def ask_to_lift(stop: Stop, reason: str, fact: str = "", *, by: Member, version: int | None = None) -> Stop:
    """Ask that a grave stop ends; somebody else of the same organisation confirms or refuses. It holds until then."""
    found = _current(stop, by, version)
    if not found.is_grave:
        raise NotPossible(_("One person lifts this stop: lift it at once."))
    _ask(found, reason, fact, by)
    save_as(found, by=by, reason=gettext_noop("Asked to lift the stop"))
    tell_who_answers(found, ASKED, by=by, asked_in=by.acting_unit)
    return found


@transaction.atomic
def lift_stop(stop: Stop, reason: str = "", fact: str = "", *, by: Member, version: int | None = None) -> Stop:
    """End a light stop, or confirm what a colleague asked for a grave one. What it forbade is possible again at once."""
    found = _current(stop, by, version)
    if not found.is_grave:
        _ask(found, reason, fact, by)
    elif found.lift_asked_at is None:
        raise NotPossible(_("Two persons lift this stop. Ask first; a colleague confirms."))
    elif found.lift_asked_for_id != by.acting_unit.organisation_id:
        raise NotPossible(_("Somebody of the organisation that asked must confirm."))
    elif found.lift_asked_by_id == by.pk:
        raise NotPossible(_("Two persons lift this stop. Somebody else must confirm."))
    elif not owns(found, by):
        _fact_words(found, found.new_fact)
    found.lifted_by, found.lifted_at = by, clock.now()
    save_as(found, by=by, reason=found.lift_reason)
    tell_all(found, LIFTED, by=by)
    return found


@transaction.atomic
def refuse_lift(stop: Stop, reason: str, *, by: Member, version: int | None = None) -> Stop:
    """Say no to what was asked; the stop goes on. Who asked takes it back the same way, and who placed it may say no too."""
    found = _current(stop, by, version)
    if found.lift_asked_at is None:
        raise NotPossible(_("Nobody asks to lift this stop."))
    if found.lift_asked_for_id != by.acting_unit.organisation_id and not owns(found, by):
        raise NotPossible(_("Somebody of the organisation that asked must confirm."))
    if not reason.strip():
        raise NotPossible(_("Say why the stop goes on."))
    asked_in = _unit_of_asker(found, by)
    found.lift_asked_by = found.lift_asked_for = found.lift_asked_at = None
    found.lift_reason = found.new_fact = found.new_fact_words = ""
    found.lift_refused_at, found.lift_refusal = clock.now(), reason.strip()[:300]
    save_as(found, by=by, reason=found.lift_refusal)
    tell_who_answers(found, REFUSED, by=by, asked_in=asked_in)
    return found


def _unit_of_asker(stop: Stop, by: Member) -> Unit:
    """Who placed it asked from a unit of theirs; the responsible unit from itself."""
    if stop.lift_asked_for_id == by.acting_unit.organisation_id:
        return by.acting_unit
    return stop.case.led_by


def _current(stop: Stop, by: Member, version: int | None) -> Stop:
    """The row under the lock of its case, if this member may lift it and it stands."""
    case = lock_case(stop.case_id)
    require(by, VIEW, case)
    found = Stop.objects.for_pages().select_related("lift_asked_by").filter(pk=stop.pk, case=case).first()
    if found is None or not may_lift(found, access_of(by, case)):
        raise NotAllowed(LIFT, case)
    if case.is_closed:
        raise NotPossible(_("This case is closed. Reopen it first."))
    if version is not None and found.version != version:
        raise Stale(found)
    if not found.stands:
        raise NotPossible(_("This stop has ended already."))
    found.version += 1
    return found


def _ask(stop: Stop, reason: str, fact: str, by: Member) -> None:
    if stop.lift_asked_at is not None:
        raise NotPossible(_("This was asked already. A colleague confirms or refuses."))
    if not reason.strip():
        raise NotPossible(_("Say why the stop may end."))
    stop.new_fact, stop.new_fact_words = (fact, _fact_words(stop, fact)) if fact or not owns(stop, by) else ("", "")
    stop.lift_asked_by, stop.lift_asked_for = by, by.acting_unit.organisation
    stop.lift_asked_at, stop.lift_reason = clock.now(), reason.strip()[:300]


def _fact_words(stop: Stop, key: str) -> str:
    """The new fact in words. Raises NotPossible when it is not there, or no longer."""
    found = next((one for one in new_facts_for(stop) if one.key == key), None)
    if found is None:
        raise NotPossible(
            _(
                "There is no such new fact. The organisation that placed the stop can lift it, or records the fact first."
            )
        )
    return found.words[:200]
