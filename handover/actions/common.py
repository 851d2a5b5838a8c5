"""What the acts on a handover share: what they are given, the lock, the rights of the two sides, steps and tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from cases.case.actions import NewAxis, add_task, finish_task, lock_case, set_axis
from cases.case.models import Axis, ReturnCase, Task, TaskKind
from handover.intake.checklist import Line
from handover.models import Dossier, DossierFile, Handover, HandoverKind, HandoverStep, ItemState
from handover.states import StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.errors import NotAllowed, Stale
from partners.models import Member, Unit
from partners.policy import require_to

TASK_TITLE = gettext_noop("Judge an offered handover")
NEXT_STEP_DAYS = 5


@dataclass(frozen=True)
class NewItem:
    """A line of the checklist as the sender states it. `reason` is a code of `intake.checklist.Reason`, `text` free."""

    code: str
    state: str
    reason: str = ""
    text: str = ""

    @classmethod
    def of(cls, line: Line) -> "NewItem":
        return cls(line.code, str(line.state), str(line.reason or ""))


@dataclass
class NewOffer:
    """One handover to be. The sender leads the case. `previous` is the round that was returned, withdrawn or expired."""

    case: ReturnCase
    kind: HandoverKind
    from_unit: Unit
    to_unit: Unit
    items: Sequence[NewItem]
    dossier: Dossier | None = None
    dossier_version: int | None = None
    note: str = ""
    previous: Handover | None = None
    file: DossierFile | None = None


@dataclass
class Revision:
    """Changed content of a dossier whose handover is not answered yet. `items` is the whole checklist anew."""

    handover: Handover
    dossier_version: int
    items: Sequence[NewItem]
    file: DossierFile | None = field(default=None)


def locked(handover: Handover) -> tuple[ReturnCase, Handover]:
    """The case row, locked until the transaction ends, and the handover as it is stored now."""
    # The bare row first: a lock on a joined row finds nothing when who held it before us moved the lead to another unit.
    ReturnCase.objects.select_for_update(no_key=True).filter(pk=handover.case_id).values_list("pk").first()
    case = lock_case(handover.case_id)
    related = ("kind", "from_unit__organisation", "to_unit__organisation", "answered_by", "opened_by", "dossier")
    return case, Handover.objects.select_related(*related).get(pk=handover.pk)


def require_receiver(by: Member, handover: Handover) -> None:
    """Only a member of the receiving unit with the answering role, never the sender."""
    if by.acting_unit_id != handover.to_unit_id:
        raise NotAllowed("handovers.answer")
    require_to(by, "handovers.answer")


def require_sender(by: Member, handover: Handover) -> None:
    if by.acting_unit_id != handover.from_unit_id:
        raise NotAllowed("handovers.offer")
    require_to(by, "handovers.offer")


def check_version(handover: Handover, version: int | None) -> None:
    """Raises Stale when the stored handover is newer than the page was drawn from."""
    if version is not None and handover.version != version:
        raise Stale(handover)


def new_step(
    handover: Handover,
    kind: StepKind,
    *,
    by: By,
    text: str = "",
    changed: Sequence[dict[str, str]] = (),
    file: DossierFile | None = None,
    unit: Unit | None = None,
) -> HandoverStep:
    """An unsaved step of now. Of a system job it names neither person nor unit."""
    member = by if isinstance(by, Member) else None
    return HandoverStep(
        handover=handover,
        kind=kind,
        at=clock.now(),
        member=member,
        unit=unit or (member.acting_unit if member else None),
        file=file,
        text=text,
        changed=list(changed),
    )


def add_step(handover: Handover, kind: StepKind, **more: Any) -> HandoverStep:
    step = new_step(handover, kind, **more)
    step.save(force_insert=True)
    return step


def count_items(handover: Handover, states: Iterable[str]) -> None:
    """Set the completeness shown in lists: present, of those that apply."""
    states = list(states)
    handover.items_present = states.count(ItemState.PRESENT)
    handover.items_applicable = len(states) - states.count(ItemState.NOT_APPLICABLE)


def set_phase(case: ReturnCase, phase: str, *, by: By, reason: str, source: Unit) -> None:
    """Put the phase in force on the locked case, unless it already is."""
    if case.phase != phase:
        set_axis(case, NewAxis(Axis.PHASE, phase, clock.today(), source.full_name), by=by, reason=reason)


def give_next_step(
    case: ReturnCase, unit: Unit, title: str, *, by: By, assignee: Member | None, url_name: str, url_arg: str
) -> Task:
    """The case's next step with its unit and a date; a former one ends. No open case is ever without."""
    reason = gettext_noop("Former next step replaced")
    for former in case.tasks.open().filter(kind=TaskKind.NEXT_STEP):
        finish_task(former, by=by, reason=reason)
    due = clock.end_of(clock.working_days_after(clock.today(), NEXT_STEP_DAYS))
    return add_task(
        case, unit, TaskKind.NEXT_STEP, title, due_at=due, assignee=assignee, by=by, url_name=url_name, url_arg=url_arg
    )


def move_task(handover: Handover, due_at: datetime, *, by: By, reason: str) -> None:
    """The receiver's open task follows the term of the handover."""
    for task in Task.objects.open().filter(source=handover.source, unit=handover.to_unit):
        task.due_at = due_at
        save_as(task, by=by, reason=reason)
