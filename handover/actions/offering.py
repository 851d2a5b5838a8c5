"""The sender's side: making a handover, offering it, offering it again in a new round."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import finish_task, lock_case
from cases.case.models import Phase, ReturnCase, Task, TaskKind
from handover.actions.common import (
    TASK_TITLE,
    NewItem,
    NewOffer,
    Revision,
    check_version,
    count_items,
    locked,
    new_step,
    require_sender,
    set_phase,
)
from handover.models import ChecklistItem, Handover, HandoverItem, HandoverStep, ItemState
from handover.states import REPEATABLE, Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, bulk_create_as, bulk_insert_as, bulk_update_as, save_as
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member


@transaction.atomic
def draft_handover(new: NewOffer, *, by: Member) -> Handover:
    """A handover that only the sender sees. Raises NotPossible when another one of this case is open."""
    case = lock_case(new.case)
    handover = _built(new, Status.DRAFT)
    require_sender(by, handover)
    if case.led_by_id != handover.from_unit_id:
        raise NotPossible(_("Only the unit that is responsible for the case can hand it over."))
    if Handover.objects.filter(case=case, status__in=(Status.DRAFT, Status.OFFERED, Status.QUERIED)).exists():
        raise NotPossible(_("This case is being handed over already."))
    save_as(handover, by=by, reason=gettext_noop("Handover prepared"))
    bulk_create_as(_items([handover], [new]), by=by, reason=gettext_noop("Handover prepared"))
    return handover


@transaction.atomic
def offer(
    handover: Handover, *, changed: Sequence[dict[str, str]] = (), by: Member, version: int | None = None
) -> Handover:
    """Let go of a draft: from now on the receiver sees the offer. Raises NotPossible while a mandatory item is not present.

    `changed` says what differs from the round before, for the step.
    """
    case, handover = locked(handover)
    require_sender(by, handover)
    handover.move_to(Status.OFFERED)
    check_version(handover, version)
    _require_mandatory(handover)
    _start_clock(handover, clock.now())
    save_as(handover, by=by, reason=gettext_noop("Handover offered"))
    _after_offering([handover], [case], by=by)
    new_step(handover, _offer_kind(handover), by=by, text=handover.note, changed=changed).save(force_insert=True)
    notify(handover.to_unit, "handover_offered", by=by, url_name="handover:detail", url_arg=str(handover.pk))
    return handover


@transaction.atomic
def offer_again(
    handover: Handover, *, items: Sequence[NewItem] = (), note: str = "", by: Member, version: int | None = None
) -> Handover:
    """A new round after a return, withdrawal or expiry, with `items` replacing lines of the former round's checklist."""
    case, handover = locked(handover)
    require_sender(by, handover)
    if handover.status not in REPEATABLE or handover.rounds[0].pk != handover.pk:
        raise NotPossible(handover.rounds[0].why_no_longer())
    check_version(handover, version)
    former = {line.item.code: line for line in handover.items.select_related("item")}
    stated = {code: NewItem(code, line.state, line.reason, line.text) for code, line in former.items()}
    changed = _changes(former, items)
    draft = draft_handover(
        NewOffer(
            case=case,
            kind=handover.kind,
            from_unit=handover.from_unit,
            to_unit=handover.to_unit,
            items=list((stated | {item.code: item for item in items}).values()),
            dossier=handover.dossier,
            dossier_version=handover.dossier.version_number if handover.dossier else None,
            note=note,
            previous=handover,
        ),
        by=by,
    )
    return offer(draft, changed=changed, by=by)


def offer_many(new: Sequence[NewOffer], *, by: By, reason: str = "") -> list[Handover]:
    """Offer many at once, set-based: handovers, their items, steps and one task each for the receiving desk.

    No right is asked and no item is required: the caller has asked, and has judged the rows. The cases are locked in id
    order. Raises IntegrityError when one of the cases is being handed over already. A file brings no notice per dossier:
    the desk's tasks say what waits.
    """
    if not new:
        return []
    reason = reason or gettext_noop("Handover offered")
    with transaction.atomic():
        cases = _lock_all(one.case.pk for one in new)
        now = clock.now()
        handovers = [_built(one, Status.OFFERED) for one in new]
        for handover in handovers:
            _start_clock(handover, now)
        bulk_create_as(handovers, by=by, reason=reason)
        bulk_insert_as(HandoverItem, _item_columns(handovers, new), by=by, reason=reason)
        _after_offering(handovers, [cases[handover.case_id] for handover in handovers], by=by)
        HandoverStep.objects.bulk_create(
            [_offered_step(handover, one, by) for handover, one in zip(handovers, new, strict=True)], batch_size=5000
        )
    return handovers


def revise_many(revisions: Sequence[Revision], *, by: By, reason: str = "") -> list[Handover]:
    """Put changed dossiers into their handovers while these are not answered: items, completeness, a step each.

    Returns the handovers that were revised. One that was answered in the meantime is left alone and not returned: the
    caller holds its row. The version grows, so that nobody accepts what they did not read.
    """
    if not revisions:
        return []
    reason = reason or gettext_noop("Dossier changed by the sender")
    with transaction.atomic():
        _lock_all(revision.handover.case_id for revision in revisions)
        wanted = {revision.handover.pk: revision for revision in revisions}
        found = Handover.objects.awaited().filter(pk__in=wanted).select_related("from_unit")
        handovers = list(found.order_by("pk"))
        steps = revise_items({handover: wanted[handover.pk].items for handover in handovers}, by=by, reason=reason)
        for handover in handovers:
            handover.dossier_version = wanted[handover.pk].dossier_version
            handover.version += 1
        fields = ["dossier_version", "version", "items_present", "items_applicable"]
        bulk_update_as(handovers, fields, by=by, reason=reason)
        HandoverStep.objects.bulk_create(
            [
                new_step(
                    handover,
                    StepKind.REVISED,
                    by=by,
                    changed=steps[handover.pk],
                    file=wanted[handover.pk].file,
                    unit=handover.from_unit,
                )
                for handover in handovers
            ]
        )
    return handovers


def revise_items(new: dict[Handover, Sequence[NewItem]], *, by: By, reason: str) -> dict[int, list[dict[str, str]]]:
    """Write changed checklist lines and set the completeness on the handovers, which the caller saves.

    Returns per handover what changed, as its step keeps it.
    """
    former: dict[int, dict[str, HandoverItem]] = {handover.pk: {} for handover in new}
    for line in HandoverItem.objects.filter(handover__in=list(new)).select_related("item"):
        former[line.handover_id][line.item.code] = line
    changes: dict[int, list[dict[str, str]]] = {}
    touched: list[HandoverItem] = []
    for handover, items in new.items():
        lines = former[handover.pk]
        changes[handover.pk] = _changes(lines, items)
        for item in items:
            stored = lines.get(item.code)
            if stored is not None and (stored.state, stored.reason, stored.text) != (
                item.state,
                item.reason,
                item.text,
            ):
                stored.state, stored.reason, stored.text = item.state, item.reason, item.text
                touched.append(stored)
        count_items(handover, [line.state for line in lines.values()])
    bulk_update_as(touched, ["state", "reason", "text"], by=by, reason=reason)
    return changes


def _changes(former: dict[str, HandoverItem], items: Sequence[NewItem]) -> list[dict[str, str]]:
    """Items whose state differs. A changed explanation alone is history, not a step."""
    return [
        {"code": item.code, "was": former[item.code].state, "now": item.state}
        for item in items
        if item.code in former and former[item.code].state != item.state
    ]


def _built(new: NewOffer, status: Status) -> Handover:
    previous = new.previous
    handover = Handover(
        case=new.case,
        kind=new.kind,
        dossier=new.dossier,
        dossier_version=new.dossier_version,
        from_unit=new.from_unit,
        to_unit=new.to_unit,
        status=status,
        moves_lead=new.kind.moves_lead,
        liberty_clock=new.kind.liberty_clock,
        round_number=previous.round_number + 1 if previous else 1,
        first_id=previous.root_id if previous else None,
        note=new.note,
    )
    count_items(handover, [item.state for item in new.items])
    return handover


def _start_clock(handover: Handover, now: datetime) -> None:
    handover.offered_at = now
    handover.answer_due = handover.kind.due_after(now)


def _items(handovers: Sequence[Handover], new: Sequence[NewOffer]) -> list[HandoverItem]:
    kinds = {handover.kind_id for handover in handovers}
    known = {(item.kind_id, item.code): item for item in ChecklistItem.objects.valid().filter(kind__in=kinds)}
    return [
        HandoverItem(
            handover=handover,
            item=known[handover.kind_id, line.code],
            state=line.state,
            reason=line.reason,
            text=line.text,
        )
        for handover, one in zip(handovers, new, strict=True)
        for line in one.items
    ]


def _item_columns(handovers: Sequence[Handover], new: Sequence[NewOffer]) -> dict[str, list[Any]]:
    """The same lines as columns: a file of dossiers brings more than a million of them."""
    kinds = {handover.kind_id for handover in handovers}
    items = ChecklistItem.objects.valid().filter(kind__in=kinds)
    known = {(kind_id, code): pk for pk, kind_id, code in items.values_list("pk", "kind_id", "code")}
    lines = [(handover, line) for handover, one in zip(handovers, new, strict=True) for line in one.items]
    return {
        "handover_id": [handover.pk for handover, _line in lines],
        "item_id": [known[handover.kind_id, line.code] for handover, line in lines],
        "state": [str(line.state) for _handover, line in lines],
        "reason": [line.reason for _handover, line in lines],
        "text": [line.text for _handover, line in lines],
    }


def _offer_kind(handover: Handover) -> StepKind:
    return StepKind.OFFERED_AGAIN if handover.round_number > 1 else StepKind.OFFERED


def _offered_step(handover: Handover, new: NewOffer, by: By) -> HandoverStep:
    kind, unit = _offer_kind(handover), handover.from_unit
    return new_step(handover, kind, by=by, text=handover.note, file=new.file, unit=unit)


def _lock_all(case_ids: Iterable[int]) -> dict[int, ReturnCase]:
    """The case rows, locked in id order, so that two imports never wait for each other in a circle."""
    rows = ReturnCase.objects.select_for_update(no_key=True).filter(pk__in=set(case_ids)).order_by("pk")
    return {case.pk: case for case in rows}


def _after_offering(handovers: Sequence[Handover], cases: Sequence[ReturnCase], *, by: By) -> None:
    """One task each for the receiver; a case that came back once is received anew and the sender's next step is done."""
    reason = gettext_noop("Handover offered")
    bulk_create_as([_desk_task(handover) for handover in handovers], by=by, reason=reason)
    for handover, case in zip(handovers, cases, strict=True):
        if handover.round_number > 1:
            set_phase(case, Phase.RECEIVED, by=by, reason=reason, source=handover.from_unit)
            for task in case.tasks.open().filter(unit=handover.from_unit, kind=TaskKind.NEXT_STEP):
                finish_task(task, by=by, reason=reason)


def _desk_task(handover: Handover) -> Task:
    return Task(
        case_id=handover.case_id,
        unit_id=handover.to_unit_id,
        kind=TaskKind.INTAKE,
        title=TASK_TITLE,
        source=handover.source,
        url_name="handover:detail",
        url_arg=str(handover.pk),
        due_at=handover.answer_due,
        liberty_clock=handover.liberty_clock,
        created_at=clock.now(),
    )


def _require_mandatory(handover: Handover) -> None:
    lines = handover.items.exclude(state=ItemState.PRESENT).filter(item__mandatory=True).select_related("item")
    missing = [line.item.name for line in lines.order_by("item__position")]
    if missing:
        raise NotPossible(_("Not complete enough to offer. Still missing: %(items)s.") % {"items": ", ".join(missing)})
