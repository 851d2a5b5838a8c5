"""What may happen to a ground that bars or puts off departure: begun, its next step, taken back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import access_of
from cases.case.models import ReturnCase
from cases.procedure.actions.facts import POSTPONEMENTS, current, in_order, keep, lock, not_ahead, stamped, tell
from cases.procedure.models import Postponement, PostponementKind, PostponementState, PostponementStep
from cases.procedure.sections import may_know
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member


@dataclass(frozen=True)
class NewStep:
    """One step: the state it leads to, its day, and the last day on which it holds where that is known."""

    state: str
    on: date
    until: date | None = None
    note: str = ""
    source: str = ""


@transaction.atomic
def begin_postponement(case: ReturnCase, kind: PostponementKind, step: NewStep, *, by: Member) -> Postponement:
    """Record a ground for this person alone: what concerns one child never lands in the case of a relative."""
    case = lock(case, by, POSTPONEMENTS)
    _require(by, kind, case)
    _check(kind, step)
    running = Postponement.objects.standing().filter(case=case, kind=kind)
    if any(one.is_running for one in running):
        raise NotPossible(_("This is running already. Record the next step there."))
    begun = Postponement(case=case, kind=kind, section=kind.section, state=step.state, since=step.on, until=step.until)
    keep(
        stamped(begun, by=by, source=step.source),
        by=by,
        reason=gettext_noop("Ground recorded"),
        what=f"postponement.{kind.section}",
    )
    _add(begun, step, by)
    return begun


@transaction.atomic
def next_step_of_postponement(
    postponement: Postponement, step: NewStep, *, by: Member, version: int | None = None
) -> Postponement:
    """Record what happened next. Raises NotPossible after the end, and for a step that this ground does not know."""
    found = current(postponement, by, POSTPONEMENTS, version)
    _require(by, found.kind, found.case)
    _check(found.kind, step)
    if not found.is_running:
        raise NotPossible(_("This has ended. Record a new one if it holds again."))
    last = found.steps.order_by("-on", "-pk").first()
    in_order(
        (last.on if last else None, ""), (step.on, _("This step cannot lie before the last one that is recorded."))
    )
    found.state = step.state
    found.until = step.on if step.state == PostponementState.ENDED else step.until
    save_as(found, by=by, reason=gettext_noop("Next step recorded"))
    _add(found, step, by)
    tell(found.case, f"postponement.{found.section}", f"postponement:{found.pk}:{found.version}", by=by)
    return found


def _require(by: Member, kind: PostponementKind, case: ReturnCase) -> None:
    """Whoever may not know of such a ground records none."""
    if not may_know(kind.section, access_of(by, case).can):
        raise NotAllowed(POSTPONEMENTS, case)


def _check(kind: PostponementKind, step: NewStep) -> None:
    if step.state not in kind.steps or step.state not in PostponementState.values:
        raise NotPossible(_("This ground does not know that step. Choose another one."))
    not_ahead(step.on, _("What is recorded has happened. Choose today or an earlier day."))
    in_order((step.on, ""), (step.until, _("The last day cannot lie before the first.")))


def _add(postponement: Postponement, step: NewStep, by: Member) -> None:
    taken = PostponementStep(
        postponement=postponement, state=step.state, on=step.on, until=step.until, note=step.note.strip()
    )
    taken.source = (step.source.strip() or by.acting_unit.full_name)[:80]
    save_as(taken, by=by, reason=gettext_noop("Next step recorded"))
