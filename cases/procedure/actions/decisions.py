"""What may happen to a decision: recorded for one person or a household, made known, replaced, its period changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cases.case.models import ReturnCase
from cases.procedure.actions.facts import (
    DECISIONS,
    current,
    given,
    in_order,
    keep,
    lock_all,
    not_ahead,
    stamped,
    tell,
)
from cases.procedure.models import (
    Authority,
    Decision,
    DecisionKind,
    LegalGround,
    Notified,
    PeriodChange,
    Procedure,
    Topic,
)
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member

STANDARD_DAYS = 28  # Vw 62(1)


@dataclass(frozen=True)
class Notification:
    """How the person was told of a decision."""

    on: date
    how: str
    to: str = ""
    language: str = ""


@dataclass(frozen=True)
class NewDecision:
    """What is recorded. `countries` and `period_days` belong to a return decision, `ban_years` to an entry ban."""

    kind: DecisionKind
    regime: str
    decided_on: date
    authority: str = Authority.IND
    procedure: Procedure | None = None
    reference: str = ""
    source: str = ""
    notification: Notification | None = None
    is_return_decision: bool = False
    countries: tuple[str, ...] = ()
    period_days: int | None = None
    period_ground: LegalGround | None = None
    ban_years: int | None = None
    ban_ground: LegalGround | None = None


@dataclass(frozen=True)
class Exceptions:
    """What differs for one member of a household, by the key of the case."""

    without_ban: frozenset[int] = field(default_factory=frozenset)


@transaction.atomic
def record_decision(
    cases: Sequence[ReturnCase], new: NewDecision, *, by: Member, exceptions: Exceptions | None = None
) -> list[Decision]:
    """Record one decision for each of the cases, each person's own row. Locks the cases in the order of their keys.

    A procedure belongs to one person: for the others of the household the decision has none. Raises NotAllowed when the
    right is missing in any of them; then nothing is recorded.
    """
    locked = lock_all(cases, by, DECISIONS)
    without = exceptions.without_ban if exceptions else frozenset()
    reason = gettext_noop("Decision recorded")
    recorded = []
    for case in locked:
        own = replace(new, ban_years=None, ban_ground=None) if case.pk in without else new
        decision = _filled(Decision(case=case), own, case)
        recorded.append(keep(stamped(decision, by=by, source=new.source), by=by, reason=reason, what="decision"))
    return recorded


@transaction.atomic
def notify_decision(
    decision: Decision, told: Notification, *, by: Member, reason: str = "", version: int | None = None
) -> Decision:
    """Record that the person was told. With a reason what was recorded before is put right; without one it is refused."""
    found = current(decision, by, DECISIONS, version)
    if found.notified_on is not None and not reason.strip():
        raise NotPossible(_("The notification is recorded already. Say why it is changed."))
    _tell_person(found, told)
    save_as(found, by=by, reason=reason.strip() or gettext_noop("Notification recorded"))
    tell(found.case, "decision", f"notified:{found.pk}:{found.version}", by=by)
    return found


@transaction.atomic
def replace_decision(
    former: Decision, new: NewDecision, reason: str, *, by: Member, correction: bool, version: int | None = None
) -> Decision:
    """Put another decision in the place of one. The former stays readable, with the reason.

    With `correction` the former was written down wrongly: remedies and changes of the period belong to the new row.
    """
    found = current(former, by, DECISIONS, version)
    if not correction:
        in_order((found.decided_on, ""), (new.decided_on, _("A newer decision cannot lie before the one it replaces.")))
    found.reason, found.replaced_at = given(reason), clock.now()
    save_as(found, by=by, reason=found.reason)
    decision = stamped(_filled(Decision(case=found.case, replaces=found), new, found.case), by=by, source=new.source)
    keep(decision, by=by, reason=found.reason, what="decision")
    if correction:
        _move(found, decision, by=by, reason=found.reason)
    return decision


@transaction.atomic
def change_period(
    decision: Decision,
    ground: LegalGround,
    decided_on: date,
    until: date,
    *,
    by: Member,
    reason: str = "",
    version: int | None = None,
) -> PeriodChange:
    """Extend or shorten the departure period of a return decision. An earlier change is replaced, with a reason."""
    found = current(decision, by, DECISIONS, version)
    if found.period_days is None:
        raise NotPossible(_("This decision gives no departure period. Record that first."))
    if ground.topic not in (Topic.PERIOD_EXTENDED, Topic.PERIOD_SHORT):
        raise NotPossible(_("This ground does not change a departure period. Choose another ground."))
    not_ahead(decided_on, _("The period has not been changed while that day lies ahead."))
    in_order(
        (found.decided_on, ""),
        (decided_on, _("The period cannot be changed before it was given.")),
    )
    in_order((found.decided_on, ""), (until, _("The period cannot end before it began.")))
    most, ends = ground.most, found.period_ends_on
    if ground.topic == Topic.PERIOD_EXTENDED and most and ends and (until - ends).days > most:
        text = ngettext("An extension lasts at most %(most)d day.", "An extension lasts at most %(most)d days.", most)
        raise NotPossible(text % {"most": most})
    earlier = found.period_changes.filter(replaced_at=None, struck_at=None).first()
    if earlier is not None:
        earlier.reason, earlier.replaced_at = given(reason), clock.now()
        save_as(earlier, by=by, reason=earlier.reason)
    change = PeriodChange(case=found.case, decision=found, ground=ground, decided_on=decided_on, until=until)
    return keep(stamped(change, by=by), by=by, reason=gettext_noop("Departure period changed"), what="decision")


# --- what they share ------------------------------------------------------------------------------------------------


def _filled(decision: Decision, new: NewDecision, case: ReturnCase) -> Decision:
    check_decision(new)
    own = new.procedure if new.procedure is not None and new.procedure.case_id == case.pk else None
    if own is not None and own.lodged_on is not None and new.decided_on < own.lodged_on:
        raise NotPossible(_("A decision cannot lie before the day on which the application was lodged."))
    decision.kind, decision.procedure, decision.regime = new.kind, own, new.regime
    decision.authority, decision.reference = new.authority, new.reference.strip()
    decision.decided_on = new.decided_on
    decision.is_return_decision, decision.countries = new.is_return_decision, list(new.countries)
    decision.period_days, decision.period_ground = new.period_days, new.period_ground
    decision.ban_years, decision.ban_ground = new.ban_years, new.ban_ground
    if new.notification is not None:
        _tell_person(decision, new.notification)
    return decision


def check_decision(new: NewDecision) -> None:
    """Raises NotPossible with the sentence of what cannot be so, whatever the case."""
    if not new.kind.holds_in(new.regime):
        raise NotPossible(_("This decision does not exist in that regime. Choose another kind."))
    if new.procedure is not None and new.procedure.regime != new.regime:
        raise NotPossible(_("The procedure falls under another regime than the decision. Choose one regime."))
    not_ahead(new.decided_on, _("A decision that is recorded was taken. Choose today or an earlier day."))
    if new.is_return_decision and not new.countries:
        raise NotPossible(_("A return decision names the country to which the person has to return."))
    if not new.is_return_decision and (new.countries or new.period_days is not None):
        raise NotPossible(_("Only a return decision names a country of return and a departure period."))
    if new.period_days is not None and new.period_days < STANDARD_DAYS and new.period_ground is None:
        raise NotPossible(_("A departure period of less than 28 days needs a ground (Vw 62(2))."))
    if new.notification is not None:
        _check_told(new.decided_on, new.notification)
    _check_ban(new)


def _check_ban(new: NewDecision) -> None:
    if new.kind.bans and new.ban_years is None:
        raise NotPossible(_("Say for how many years the entry ban holds."))
    if new.ban_years is None:
        return
    most = new.ban_ground.most if new.ban_ground is not None else None
    if most is None:
        raise NotPossible(_("Say on which ground the entry ban rests: it decides how long it may last (Vb 6.5a)."))
    if new.ban_years > most:
        text = ngettext(
            "On this ground an entry ban lasts at most %(most)d year (Vb 6.5a).",
            "On this ground an entry ban lasts at most %(most)d years (Vb 6.5a).",
            most,
        )
        raise NotPossible(text % {"most": most})


def _check_told(decided_on: date, told: Notification) -> None:
    in_order(
        (decided_on, ""),
        (told.on, _("A decision cannot be made known before the day on which it was taken.")),
    )
    not_ahead(told.on, _("The person has not been told while that day lies ahead. Record it when it has happened."))
    if told.how not in Notified.values:
        raise NotPossible(_("Say how the decision was made known."))


def _tell_person(decision: Decision, told: Notification) -> None:
    _check_told(decision.decided_on, told)
    decision.notified_on, decision.notified_how = told.on, told.how
    decision.notified_to, decision.notified_language = told.to.strip(), told.language


def _move(former: Decision, decision: Decision, *, by: Member, reason: str) -> None:
    """What stood on a decision that was written down wrongly belongs to the row that is right."""
    for remedy in former.remedies.select_related("suspension"):
        in_order(
            (decision.decided_on, ""), (remedy.lodged_on, _("A remedy was lodged before this day. Correct it first."))
        )
        remedy.decision = decision
        save_as(remedy, by=by, reason=reason)
    for change in former.period_changes.filter(replaced_at=None):
        change.decision = decision
        save_as(change, by=by, reason=reason)


def warnings_of(new: NewDecision, minors: Mapping[str, bool]) -> list[str]:
    """What the recorder should know before going on; nothing of it forbids recording. `minors` are names by minority."""
    found = []
    if new.ban_years is not None:
        for name, is_minor in minors.items():
            if is_minor:
                found.append(
                    _("%(name)s is under age: an entry ban is barred for minors (Vw 66a; Vb 6.5).") % {"name": name}
                )
    if new.notification is None and new.kind.refuses:
        found.append(_("Without a notification no term runs. Record it as soon as the person has been told."))
    return found
