"""Other content for a dossier that nobody answered yet: a new version, the case as the sender states it now, the checklist anew.

While it is offered or a question is open the handover goes on with the changed checklist. After a return, a withdrawal
or an expiry it is offered again, in a new round.
"""

from collections.abc import Sequence
from typing import Any

from cases.case.actions import NewAxis
from cases.case.models import Address, Axis, AxisEntry, Household, ProtectedAddress, ReturnCase, Signal, Task
from handover.actions import Revision, offer_many, revise_many
from handover.importing.context import REASON, Context
from handover.importing.deciding import ChangedRow
from handover.importing.households import group_of, households_of, mark_families, with_minors
from handover.importing.identity import add_aliases, update_identity
from handover.importing.law import update_law
from handover.importing.meaning import (
    GROUNDS,
    ROLES,
    address_of,
    is_minor,
    signals_of,
    special_group_of,
    travel_document_of,
)
from handover.importing.news import tell_axes, tell_procedures
from handover.importing.outcomes import Outcome
from handover.importing.recording import (
    Pair,
    add_addresses,
    add_signals,
    items_of,
    kind_of,
    offer_of,
    residence_of,
    site_of,
    version_of,
)
from handover.importing.representatives import update_representatives
from handover.intake.judging import GoodRow
from handover.intake.report import Verdict
from handover.models import ChecklistItem, DossierVersion, Handover, HandoverItem
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as, bulk_update_as

STATED = ["ground", "household", "household_role", "special_group", "residence_unit", "version"]


def record_changed(changed: Sequence[ChangedRow], context: Context) -> dict[int, Outcome]:
    """The caller holds the locks of the cases."""
    if not changed:
        return {}
    tell_procedures(changed, context)
    persons = [(one.case.person, one.row) for one in changed]
    remarks = update_identity(persons, context, {one.case.person_id: one.case for one in changed})
    add_aliases(persons, context, known=[person for person, _row in persons])
    pairs = [(one.case, one.row) for one in changed]
    _update_cases(pairs, context)
    _update_axes(pairs, context)
    _update_addresses(pairs, context)
    _update_signals(pairs, context)
    update_representatives(pairs, context)
    left = update_law(pairs, context)
    _add_versions(changed, context)
    _update_handovers(changed, context)
    return {
        number: Outcome(Verdict.UPDATED, dossier=one.dossier, remarks=remarks.get(number, []) + left[number])
        for one in changed
        if (number := one.row.row_number)
    }


def _update_cases(pairs: Sequence[Pair], context: Context) -> None:
    rows = [row for _case, row in pairs]
    households = households_of(rows, context)
    arriving = {households[group].pk for row in rows if (group := group_of(row)) and is_minor(row, context.today)}
    minors = with_minors(households.values()) | arriving
    touched = []
    for case, row in pairs:
        group = group_of(row)
        if _apply(case, _stated(row, households[group] if group else None, minors, context)):
            touched.append(case)
    bulk_update_as(touched, STATED, by=context.by, reason=REASON)
    mark_families(arriving, context)


def _stated(row: GoodRow, household: Household | None, minors: set[int], context: Context) -> dict[str, Any]:
    site = site_of(row, context)
    return {
        "ground": GROUNDS[row.ground],
        "household_id": household.pk if household else None,
        "household_role": ROLES[row.household_role] if household else "",
        "special_group": special_group_of(row, with_minors=household is not None and household.pk in minors),
        "residence_unit_id": site.pk if site else None,
    }


def _apply(record: ReturnCase, values: dict[str, Any]) -> bool:
    """Set what differs and count the version up; false when nothing did."""
    new = {name: value for name, value in values.items() if getattr(record, name) != value}
    for name, value in new.items():
        setattr(record, name, value)
    record.version += bool(new)
    return bool(new)


def _update_axes(pairs: Sequence[Pair], context: Context) -> None:
    """Residence and travel document as stated now; the former value keeps its dates. The other two are not the sender's."""
    new: list[tuple[ReturnCase, NewAxis, str]] = []
    for case, row in pairs:
        residence = residence_of(row, context, case.led_by)
        if (case.residence_form, case.residence_text) != (residence.value, residence.text):
            new.append((case, residence, case.residence_form))
            case.residence_form, case.residence_text = residence.value, residence.text
        if case.travel_document != (document := travel_document_of(row)):
            axis = NewAxis(Axis.TRAVEL_DOCUMENT, document, context.today, case.led_by.full_name)
            new.append((case, axis, case.travel_document))
            case.travel_document = document
    _supersede([(case, axis) for case, axis, _former in new], context)
    touched = list(dict.fromkeys(case for case, _axis, _former in new))
    for case in touched:
        case.version += 1
    fields = ["residence_form", "residence_text", "travel_document", "version"]
    bulk_update_as(touched, fields, by=context.by, reason=REASON)
    tell_axes(new, context)


def _supersede(new: Sequence[tuple[ReturnCase, NewAxis]], context: Context) -> None:
    wanted = {(case.pk, axis.axis) for case, axis in new}
    in_force = AxisEntry.objects.filter(case__in={case.pk for case, _axis in new}, superseded_at=None)
    former = [entry for entry in in_force.order_by("pk") if (entry.case_id, entry.axis) in wanted]
    now = clock.now()
    for entry in former:
        entry.superseded_at = now
    bulk_update_as(former, ["superseded_at"], by=context.by, reason=REASON)
    entries = [
        AxisEntry(case=case, axis=axis.axis, value=axis.value, text=axis.text, since=axis.since, source=axis.source)
        for case, axis in new
    ]
    bulk_create_as(entries, by=context.by, reason=REASON)


def _update_addresses(pairs: Sequence[Pair], context: Context) -> None:
    """End what is no longer stated, in either table, and add what is new."""
    stands: set[int] = set()
    wanted = {case.pk: row for case, row in pairs}
    for model, protected in ((Address, False), (ProtectedAddress, True)):
        ended = []
        for stored in model.objects.filter(case__in=wanted, until=None).order_by("pk"):
            row = wanted[stored.case_id]
            stated = address_of(row) if bool(row.address_protected) is protected else {}
            if stated == {"street": stored.street, "postcode": stored.postcode, "city": stored.city}:
                stands.add(stored.case_id)
            else:
                stored.until = context.today
                ended.append(stored)
        bulk_update_as(ended, ["until"], by=context.by, reason=REASON)
    add_addresses([(case, row) for case, row in pairs if case.pk not in stands], context)


def _update_signals(pairs: Sequence[Pair], context: Context) -> None:
    """A signal that another source noted is not this sender's to end."""
    present: dict[int, set[str]] = {}
    ended = []
    wanted = {case.pk: row for case, row in pairs}
    for signal in Signal.objects.filter(case__in=wanted, ended_on=None).order_by("pk"):
        row = wanted[signal.case_id]
        if signal.source == row.supplier and signal.kind not in signals_of(row):
            signal.ended_on = context.today
            ended.append(signal)
        else:
            present.setdefault(signal.case_id, set()).add(signal.kind)
    bulk_update_as(ended, ["ended_on"], by=context.by, reason=REASON)
    new = [
        (case, row, [kind for kind in signals_of(row) if kind not in present.get(case.pk, set())])
        for case, row in pairs
    ]
    add_signals(new, context)


def _add_versions(changed: Sequence[ChangedRow], context: Context) -> None:
    dossiers = [one.dossier for one in changed]
    for one in changed:
        one.dossier.version_number += 1
        one.dossier.content_hash = one.content_hash
        one.dossier.version += 1
    bulk_update_as(dossiers, ["version_number", "content_hash", "version"], by=context.by, reason=REASON)
    DossierVersion.objects.bulk_create([version_of(one.dossier, one.row, context) for one in changed])


def _update_handovers(changed: Sequence[ChangedRow], context: Context) -> None:
    waiting = [one for one in changed if one.handover.is_awaited]
    revisions = [Revision(one.handover, one.dossier.version_number, items_of(one.row), context.file) for one in waiting]
    revise_many(revisions, by=context.by, reason=REASON)
    _change_kinds([one for one in waiting if one.handover.kind_id != kind_of(one.row, context).pk], context)
    again = [
        offer_of(one.case, one.row, one.dossier, context, to=one.handover.to_unit, previous=one.handover)
        for one in changed
        if not one.handover.is_awaited
    ]
    offer_many(again, by=context.by, reason=REASON)


def _change_kinds(changed: Sequence[ChangedRow], context: Context) -> None:
    """The changed content asks for another kind, such as detention. A shorter term starts now; a longer one gives no respite."""
    for one in changed:
        kind = kind_of(one.row, context)
        handover = Handover.objects.get(pk=one.handover.pk)
        handover.kind, handover.liberty_clock = kind, kind.liberty_clock
        due = kind.due_after(clock.now())
        handover.answer_due = min(due, handover.answer_due) if handover.answer_due else due
        handover.version += 1
        fields = ["kind", "liberty_clock", "answer_due", "version"]
        bulk_update_as([handover], fields, by=context.by, reason=REASON)
        _move_items(handover, context)
        _move_tasks(handover, context)


def _move_items(handover: Handover, context: Context) -> None:
    by_code = {item.code: item for item in ChecklistItem.objects.valid().filter(kind=handover.kind)}
    lines = list(HandoverItem.objects.filter(handover=handover).select_related("item").order_by("pk"))
    for line in lines:
        line.item = by_code[line.item.code]
    bulk_update_as(lines, ["item"], by=context.by, reason=REASON)


def _move_tasks(handover: Handover, context: Context) -> None:
    tasks = list(Task.objects.open().filter(source=handover.source).order_by("pk"))
    for task in tasks:
        task.due_at, task.liberty_clock = handover.answer_due, handover.liberty_clock
        task.version += 1
    bulk_update_as(tasks, ["due_at", "liberty_clock", "version"], by=context.by, reason=REASON)
