"""What the acts on facts of law share: the locks, the right, the stamp of who recorded, taking back, and who hears of it."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import ReturnCase
from cases.procedure.common import tell_lead
from cases.procedure.models import LegalFact
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Member

DECISIONS = "decisions.change"
POSTPONEMENTS = "postponement.change"

F = TypeVar("F", bound=LegalFact)


def lock(case: ReturnCase, by: Member, capability: str) -> ReturnCase:
    """The locked case. Raises NotAllowed without the right, and NotPossible when the case is closed."""
    locked = lock_case(case)
    require(by, capability, locked)
    if locked.is_closed:
        raise NotPossible(_("This case is closed. Reopen it to record what happened since."))
    return locked


def lock_all(cases: Iterable[ReturnCase], by: Member, capability: str) -> list[ReturnCase]:
    """The cases of a household, locked in the order of their keys so that two people never wait for each other."""
    return [lock(case, by, capability) for case in sorted(cases, key=lambda case: case.pk)]


def current(fact: F, by: Member, capability: str, version: int | None) -> F:
    """The fact as it is under the lock of its case. Raises Stale, and NotPossible when it is out of force."""
    case = lock(fact.case, by, capability)
    found = type(fact)._default_manager.select_for_update(no_key=True).get(pk=fact.pk)
    found.case = case
    if version is not None and found.version != version:
        raise Stale(found)
    if not found.is_standing:
        raise NotPossible(_("This is no longer in force. Read what took its place."))
    return found


def stamped(fact: F, *, by: Member, source: str = "") -> F:
    """The fact as recorded and confirmed by this member. Without a source it is that of the member's own organisation."""
    now = clock.now()
    fact.source = (source.strip() or by.acting_unit.full_name)[:80]
    fact.recorded_by, fact.recorded_at = by, now
    fact.confirmed_by, fact.confirmed_at = by, now
    return fact


def keep(fact: F, *, by: Member, reason: str, what: str) -> F:
    """Save a new fact, tell who judges facts, and tell the responsible unit that there is something to read."""
    save_as(fact, by=by, reason=reason)
    tell(fact.case, what, f"{what}:{fact.pk}", by=by)
    return fact


def tell(case: ReturnCase, what: str, key: str, *, by: Member) -> None:
    publish(case, Fact(FactKind.LEGAL_FACT, what, key), by=by)
    if case.led_by_id != by.acting_unit_id:
        tell_lead(case, "legal_fact_recorded", by=by)


def strike(fact: F, reason: str, *, by: Member, capability: str = DECISIONS, version: int | None = None) -> F:
    """Take back what should not have been recorded. It stays readable, with the reason. The caller is in a transaction."""
    found = current(fact, by, capability, version)
    found.reason, found.struck_at = given(reason), clock.now()
    save_as(found, by=by, reason=found.reason)
    tell(found.case, "struck", f"struck:{found._meta.model_name}:{found.pk}", by=by)
    return found


def confirm(fact: F, *, by: Member, capability: str = DECISIONS, version: int | None = None) -> F:
    """Say of what a dossier stated that it is so. The caller is in a transaction."""
    found = current(fact, by, capability, version)
    if found.is_confirmed:
        return found
    found.confirmed_by, found.confirmed_at = by, clock.now()
    return save_as(found, by=by, reason=gettext_noop("Confirmed"))


def given(reason: str) -> str:
    """The reason, without which nothing leaves its force."""
    if not reason.strip():
        raise NotPossible(_("Say why. Others read it."))
    return reason.strip()


def in_order(*steps: tuple[date | None, str]) -> None:
    """Raises NotPossible with the sentence of the first day that lies before one that is named earlier. Unknown days pass."""
    last: date | None = None
    for day, sentence in steps:
        if day is None:
            continue
        if last is not None and day < last:
            raise NotPossible(sentence)
        last = day


def not_ahead(day: date | None, sentence: str) -> None:
    """What has happened lies not in the future."""
    if day is not None and day > clock.today():
        raise NotPossible(sentence)
