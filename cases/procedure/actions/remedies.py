"""What may happen to a remedy: lodged, heard, ruled on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.procedure.actions.facts import DECISIONS, current, given, in_order, keep, not_ahead, stamped, tell
from cases.procedure.effects import is_late, proposed_rule
from cases.procedure.models import Decision, Effect, Hearing, Remedy, RemedyKind, Ruling, SuspensionRule
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member


@dataclass(frozen=True)
class NewRemedy:
    """`rule` is the row of the suspension matrix; without it the law's own proposal holds. Another one needs a reason."""

    kind: str
    lodged_on: date
    court: str = ""
    reference: str = ""
    country: str = ""
    source: str = ""
    rule: SuspensionRule | None = None
    effect_reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """What the law says of a remedy, as far as it is known: late or not (None: unknown), and its row of the matrix."""

    late: bool | None
    rule: SuspensionRule


def proposal_of(decision: Decision, kind: str, lodged_on: date) -> Proposal:
    """Two queries. The decision has its kind and procedure."""
    appeal = decision.remedies.filter(kind=RemedyKind.APPEAL, struck_at=None, replaced_at=None).order_by("-pk").first()
    late = is_late(decision, kind, lodged_on, appeal.lodged_on if appeal else None)
    return Proposal(late, SuspensionRule.objects.get(code=proposed_rule(decision, kind, late=late)))


@transaction.atomic
def lodge_remedy(decisions: Sequence[Decision], new: NewRemedy, *, by: Member) -> list[Remedy]:
    """Record one remedy against the decision of each person, with its effect. Locks the cases in the order of their keys.

    What was lodged late is recorded all the same; it suspends nothing. Raises NotAllowed, NotPossible.
    """
    return [_lodge(decision, new, by) for decision in sorted(decisions, key=lambda one: one.case_id)]


def check_remedy(decision: Decision, new: NewRemedy) -> Proposal:
    """What the law says of it. Raises NotPossible with the sentence of what cannot be so. Three queries."""
    if new.kind not in RemedyKind.values:
        raise NotPossible(_("Choose which remedy was lodged."))
    not_ahead(new.lodged_on, _("A remedy that is recorded was lodged. Choose today or an earlier day."))
    in_order(
        (decision.decided_on, ""),
        (new.lodged_on, _("A remedy cannot be lodged before the day of the decision.")),
    )
    if decision.remedies.open().filter(kind=new.kind).exists():
        raise NotPossible(_("This remedy is open already. Record its ruling first."))
    if new.kind == RemedyKind.ECTHR and not new.country:
        raise NotPossible(_("Name the country to which the measure bars removal."))
    proposed = proposal_of(decision, new.kind, new.lodged_on)
    if new.rule is not None and new.rule.pk != proposed.rule.pk and not new.effect_reason.strip():
        raise NotPossible(
            _("The law proposes another effect: %(rule)s. Say why it is different here.")
            % {"rule": proposed.rule.in_full}
        )
    return proposed


def _lodge(decision: Decision, new: NewRemedy, by: Member) -> Remedy:
    found = current(decision, by, DECISIONS, None)
    proposed = check_remedy(found, new)
    rule = new.rule or proposed.rule
    remedy = Remedy(
        case=found.case,
        decision=found,
        kind=new.kind,
        lodged_on=new.lodged_on,
        late=proposed.late,
        court=new.court.strip(),
        reference=new.reference.strip(),
        country=new.country if new.kind == RemedyKind.ECTHR else "",
        effect=rule.effect,
        suspension=rule,
        effect_reason=new.effect_reason.strip(),
    )
    return keep(stamped(remedy, by=by, source=new.source), by=by, reason=gettext_noop("Remedy recorded"), what="remedy")


@transaction.atomic
def plan_hearing(remedy: Remedy, at: datetime, *, by: Member, place: str = "", version: int | None = None) -> Hearing:
    """Record when the court hears the case, ahead or past."""
    found = current(remedy, by, DECISIONS, version)
    in_order((found.lodged_on, ""), (localtime(at).date(), _("A hearing cannot lie before the remedy was lodged.")))
    if found.ruled_on is not None:
        raise NotPossible(_("The court has ruled already."))
    hearing = Hearing(remedy=found, at=at, place=place.strip())
    save_as(hearing, by=by, reason=gettext_noop("Hearing recorded"))
    save_as(found, by=by, reason=gettext_noop("Hearing recorded"))
    return hearing


@transaction.atomic
def cancel_hearing(hearing: Hearing, note: str, *, by: Member) -> Hearing:
    """Record that a hearing does not go on."""
    found = current(hearing.remedy, by, DECISIONS, None)
    row = found.hearings.select_for_update(no_key=True).get(pk=hearing.pk)
    if row.cancelled_at is None:
        row.cancelled_at, row.note = clock.now(), given(note)
        save_as(row, by=by, reason=row.note)
    return row


@transaction.atomic
def record_ruling(
    remedies: Sequence[Remedy], on: date, ruling: str, *, by: Member, version: int | None = None
) -> list[Remedy]:
    """Record the court's ruling in the case of each person, or in none. `version` is that of the first, whose page it was.

    Raises NotPossible for a day before lodging or ahead.
    """
    seen = {remedies[0].pk: version} if remedies else {}
    ordered = sorted(remedies, key=lambda one: one.case_id)
    return [_rule(remedy, on, ruling, by, seen.get(remedy.pk)) for remedy in ordered]


def _rule(remedy: Remedy, on: date, ruling: str, by: Member, version: int | None) -> Remedy:
    found = current(remedy, by, DECISIONS, version)
    if found.ruled_on is not None and found.ruling != Ruling.NOT_STATED:
        raise NotPossible(_("A ruling is recorded already. Take the remedy back and record it again if it is wrong."))
    if ruling not in Ruling.values or ruling == Ruling.NOT_STATED:
        raise NotPossible(_("Say what the ruling is, and of which day."))
    if ruling == Ruling.LIFTED and found.kind not in (RemedyKind.ECTHR, RemedyKind.RELIEF):
        raise NotPossible(_("Only an interim measure can be lifted."))
    not_ahead(on, _("The court has not ruled while that day lies ahead. Record the hearing instead."))
    decided = found.decision.decided_on
    in_order(
        (decided, ""),
        (found.lodged_on, _("A remedy cannot be lodged before the day of the decision.")),
        (on, _("A ruling cannot lie before the day on which the remedy was lodged.")),
    )
    found.ruled_on, found.ruling = on, ruling
    save_as(found, by=by, reason=gettext_noop("Ruling recorded"))
    tell(found.case, "ruling", f"ruling:{found.pk}", by=by)
    return found


@transaction.atomic
def change_effect(
    remedy: Remedy, effect: SuspensionRule, reason: str, *, by: Member, version: int | None = None
) -> Remedy:
    """Another effect on removal than was recorded, with the reason. Raises NotPossible for a late remedy that would suspend."""
    found = current(remedy, by, DECISIONS, version)
    found.suspension, found.effect, found.effect_reason = effect, effect.effect, given(reason)
    if found.late and effect.effect != Effect.NONE and not found.effect_reason:
        raise NotPossible(_("What was lodged late does not suspend. Say why it does here."))
    save_as(found, by=by, reason=found.effect_reason)
    tell(found.case, "remedy", f"effect:{found.pk}:{found.version}", by=by)
    return found
