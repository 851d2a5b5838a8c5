"""What may happen to a procedure: begun, its steps recorded and taken back, its regime set, ended."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.models import ReturnCase
from cases.procedure.actions.facts import DECISIONS, current, given, in_order, keep, lock, not_ahead, stamped, tell
from cases.procedure.models import Procedure, ProcedureKind, ProcedureStep, Result, StepKind, regime_of
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member


@dataclass(frozen=True)
class NewProcedure:
    """`regime_reason` is needed where the regime is not what the day of lodging proposes."""

    kind: ProcedureKind
    regime: str
    lodged_on: date
    regime_reason: str = ""
    reference: str = ""
    source: str = ""


@transaction.atomic
def begin_procedure(case: ReturnCase, new: NewProcedure, *, by: Member) -> Procedure:
    """Record an application or another procedure. Raises NotAllowed and NotPossible."""
    case = lock(case, by, DECISIONS)
    _check(new.kind, new.regime, new.lodged_on, new.regime_reason)
    procedure = Procedure(
        case=case,
        kind=new.kind,
        regime=new.regime,
        regime_reason=new.regime_reason.strip(),
        lodged_on=new.lodged_on,
        reference=new.reference.strip(),
    )
    return keep(
        stamped(procedure, by=by, source=new.source), by=by, reason=gettext_noop("Procedure recorded"), what="procedure"
    )


@transaction.atomic
def change_procedure(
    procedure: Procedure, new: NewProcedure, reason: str, *, by: Member, version: int | None = None
) -> Procedure:
    """Put right what was recorded of a procedure. The regime and kind cannot change once steps are recorded in them."""
    found = current(procedure, by, DECISIONS, version)
    moved = (new.kind.pk, new.regime) != (found.kind_id, found.regime)
    if moved and found.steps.filter(struck_at=None).exists():
        raise NotPossible(
            _(
                "Steps of this procedure are recorded under its kind and regime. Take them back first, or begin another one."
            )
        )
    _check(new.kind, new.regime, new.lodged_on, new.regime_reason)
    first = found.steps.filter(struck_at=None).order_by("on").first()
    in_order((new.lodged_on, ""), (first.on if first else None, _("A step was taken before this day of lodging.")))
    found.kind, found.regime, found.lodged_on = new.kind, new.regime, new.lodged_on
    found.regime_reason, found.reference = new.regime_reason.strip(), new.reference.strip()
    found.confirmed_by, found.confirmed_at = by, clock.now()
    save_as(found, by=by, reason=given(reason))
    tell(found.case, "procedure", f"procedure:{found.pk}:{found.version}", by=by)
    return found


@transaction.atomic
def record_step(
    procedure: Procedure,
    step: StepKind,
    on: date,
    *,
    by: Member,
    note: str = "",
    source: str = "",
    version: int | None = None,
) -> ProcedureStep:
    """Record that a step was taken. Raises NotPossible for a step of another procedure or regime, and for a day ahead."""
    found = current(procedure, by, DECISIONS, version)
    if step.kind_id != found.kind_id:
        raise NotPossible(_("This step belongs to another procedure. Choose a step of this one."))
    not_ahead(on, _("A step that is recorded was taken. Choose today or an earlier day."))
    in_order((found.lodged_on, ""), (on, _("A step cannot lie before the day on which the application was lodged.")))
    if found.ended_on is not None and on > found.ended_on:
        raise NotPossible(_("The procedure ended before this day."))
    if found.steps.filter(step=step, struck_at=None).exists():
        raise NotPossible(_("This step is recorded already. Take the other one back first."))
    reason = gettext_noop("Step recorded")
    taken = ProcedureStep(procedure=found, step=step, on=on, note=note.strip())
    taken.source = (source.strip() or by.acting_unit.full_name)[:80]
    save_as(taken, by=by, reason=reason)
    save_as(found, by=by, reason=reason)
    return taken


@transaction.atomic
def take_back_step(taken: ProcedureStep, reason: str, *, by: Member) -> ProcedureStep:
    """A step recorded in error. It stays readable, with the reason."""
    found = current(taken.procedure, by, DECISIONS, None)
    row = found.steps.select_for_update(no_key=True).get(pk=taken.pk)
    if row.struck_at is not None:
        return row
    row.struck_at, row.reason = clock.now(), given(reason)
    save_as(row, by=by, reason=row.reason)
    save_as(found, by=by, reason=row.reason)
    return row


@transaction.atomic
def end_procedure(procedure: Procedure, on: date, result: str, *, by: Member, version: int | None = None) -> Procedure:
    """Record how the procedure ended. Its steps stay as they are."""
    found = current(procedure, by, DECISIONS, version)
    if found.ended_on is not None:
        raise NotPossible(_("This procedure has ended already."))
    if result not in Result.values:
        raise NotPossible(_("Say how the procedure ended, and on which day."))
    not_ahead(on, _("The procedure has not ended while that day lies ahead."))
    last = found.steps.filter(struck_at=None).order_by("-on").first()
    in_order(
        (found.lodged_on, ""),
        (last.on if last else None, ""),
        (on, _("The procedure cannot end before its last step or its first day.")),
    )
    found.ended_on, found.result = on, result
    save_as(found, by=by, reason=gettext_noop("Procedure ended"))
    tell(found.case, "procedure", f"procedure:{found.pk}:{found.version}", by=by)
    return found


def _check(kind: ProcedureKind, regime: str, lodged_on: date, regime_reason: str) -> None:
    if not kind.holds_in(regime):
        raise NotPossible(_("This procedure does not exist in that regime. Choose a procedure of the regime."))
    not_ahead(lodged_on, _("An application that is recorded was lodged. Choose today or an earlier day."))
    if regime != regime_of(lodged_on) and not regime_reason.strip():
        raise NotPossible(
            _("Applications of that day fall under the other regime, as far as we know. Say why it is this one.")
        )
    ahead = lodged_on < kind.valid_from
    if ahead or (kind.valid_until is not None and lodged_on > kind.valid_until and not regime_reason.strip()):
        raise NotPossible(_("This procedure did not exist on the day of lodging. Choose another one, or say why."))
