"""Dossiers that are not known yet become persons, cases and offered handovers, in a fixed number of statements a wave."""

from collections.abc import Sequence
from typing import Any

from cases.case.actions import NewAxis, NewCase, open_cases
from cases.case.models import (
    Address,
    Axis,
    Household,
    Person,
    Phase,
    ProtectedAddress,
    Removability,
    ReturnCase,
    Signal,
)
from handover.actions import NewItem, NewOffer, offer_many
from handover.content import content_of
from handover.importing.context import REASON, Context
from handover.importing.deciding import NewRow
from handover.importing.households import Group, group_of, households_of, mark_families, with_minors
from handover.importing.identity import add_aliases, new_person, update_identity
from handover.importing.law import add_law
from handover.importing.meaning import (
    GROUNDS,
    ROLES,
    address_of,
    is_minor,
    residence_form_of,
    residence_text_of,
    signals_of,
    special_group_of,
    travel_document_of,
)
from handover.importing.news import tell_signals
from handover.importing.outcomes import Outcome
from handover.importing.representatives import add_representatives
from handover.intake.checklist import checklist_of
from handover.intake.judging import GoodRow
from handover.intake.report import Verdict
from handover.kinds import kind_code_of
from handover.models import Dossier, DossierVersion, HandoverKind
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as
from partners.models import Unit

Pair = tuple[ReturnCase, GoodRow]


def record_new(new: Sequence[NewRow], context: Context) -> dict[int, Outcome]:
    """Person, household, case with its axes, address and signals, dossier and offer of each row. By row number."""
    if not new:
        return {}
    rows = [one.row for one in new]
    persons = _persons(new, context)
    known = [(one.person, one.row) for one in new if one.person is not None]
    remarks = update_identity(known, context)
    add_aliases(list(zip(persons, rows, strict=True)), context, known=[person for person, _row in known])
    cases = _cases(persons, rows, context)
    pairs = list(zip(cases, rows, strict=True))
    add_addresses(pairs, context)
    add_representatives(pairs, context)
    left = add_law(pairs, context)
    add_signals([(case, row, signals_of(row)) for case, row in pairs], context)
    dossiers = _dossiers(new, cases, context)
    offer_many(
        [offer_of(case, row, dossier, context) for (case, row), dossier in zip(pairs, dossiers, strict=True)],
        by=context.by,
        reason=REASON,
    )
    return {
        row.row_number: Outcome(
            Verdict.CREATED, dossier=dossier, remarks=remarks.get(row.row_number, []) + left[row.row_number]
        )
        for row, dossier in zip(rows, dossiers, strict=True)
    }


def kind_of(row: GoodRow, context: Context) -> HandoverKind:
    return context.kinds[kind_code_of(row.supplier, row.ground, row.measure)]


def offer_of(
    case: ReturnCase, row: GoodRow, dossier: Dossier, context: Context, *, to: Unit | None = None, **more: Any
) -> NewOffer:
    return NewOffer(
        case=case,
        kind=kind_of(row, context),
        from_unit=case.led_by,
        to_unit=to or context.desk,
        items=items_of(row),
        dossier=dossier,
        dossier_version=dossier.version_number,
        file=context.file,
        **more,
    )


def items_of(row: GoodRow) -> list[NewItem]:
    return [NewItem.of(line) for line in checklist_of(row)]


def version_of(dossier: Dossier, row: GoodRow, context: Context) -> DossierVersion:
    return DossierVersion(
        dossier=dossier,
        number=dossier.version_number,
        content=content_of(row),
        content_hash=dossier.content_hash,
        file=context.file,
        row_number=row.row_number,
        created_at=clock.now(),
    )


def residence_of(row: GoodRow, context: Context, sender: Unit) -> NewAxis:
    return NewAxis(Axis.RESIDENCE, residence_form_of(row), context.today, sender.full_name, text=residence_text_of(row))


def site_of(row: GoodRow, context: Context) -> Unit | None:
    return None if row.address_protected else context.site_of(row.location)


def add_addresses(pairs: Sequence[Pair], context: Context) -> None:
    """Each to its own table: a protected address stands nowhere else."""
    for model, protected in ((Address, False), (ProtectedAddress, True)):
        new = [
            model(case=case, source=row.supplier, since=context.today, **address)
            for case, row in pairs
            if bool(row.address_protected) is protected and (address := address_of(row))
        ]
        bulk_create_as(new, by=context.by, reason=REASON)


def add_signals(several: Sequence[tuple[ReturnCase, GoodRow, Sequence[str]]], context: Context) -> None:
    new = [
        Signal(case=case, kind=kind, source=row.supplier, noted_on=context.today)
        for case, row, kinds in several
        for kind in kinds
    ]
    bulk_create_as(new, by=context.by, reason=REASON)
    tell_signals(new, context)


def _persons(new: Sequence[NewRow], context: Context) -> list[Person]:
    persons = [one.person or new_person(one.row) for one in new]
    bulk_create_as([person for person in persons if person.pk is None], by=context.by, reason=REASON)
    return persons


def _cases(persons: Sequence[Person], rows: Sequence[GoodRow], context: Context) -> list[ReturnCase]:
    households = households_of(rows, context)
    arriving = {households[group].pk for row in rows if (group := group_of(row)) and is_minor(row, context.today)}
    minors = with_minors(households.values()) | arriving
    new = [_new_case(person, row, households, minors, context) for person, row in zip(persons, rows, strict=True)]
    cases = open_cases(new, by=context.by, reason=REASON)
    mark_families(arriving, context)
    return cases


def _new_case(
    person: Person, row: GoodRow, households: dict[Group, Household], minors: set[int], context: Context
) -> NewCase:
    sender = context.senders[row.supplier]
    group = group_of(row)
    household = households[group] if group else None
    return NewCase(
        person=person,
        ground=GROUNDS[row.ground],
        led_by=sender,
        household=household,
        household_role=ROLES[row.household_role] if household else "",
        special_group=special_group_of(row, with_minors=household is not None and household.pk in minors),
        residence_unit=site_of(row, context),
        axes=[
            NewAxis(Axis.PHASE, Phase.RECEIVED, context.today, sender.full_name),
            # Whether somebody may be removed is IND's answer and never follows from a file.
            NewAxis(Axis.REMOVABILITY, Removability.UNKNOWN, context.today, sender.full_name),
            residence_of(row, context, sender),
            NewAxis(Axis.TRAVEL_DOCUMENT, travel_document_of(row), context.today, sender.full_name),
        ],
    )


def _dossiers(new: Sequence[NewRow], cases: Sequence[ReturnCase], context: Context) -> list[Dossier]:
    dossiers = [
        Dossier(
            supplier=one.row.supplier,
            reference=one.row.reference,
            v_number=one.row.v_number,
            case=case,
            content_hash=one.content_hash,
        )
        for one, case in zip(new, cases, strict=True)
    ]
    bulk_create_as(dossiers, by=context.by, reason=REASON)
    versions = [version_of(dossier, one.row, context) for dossier, one in zip(dossiers, new, strict=True)]
    DossierVersion.objects.bulk_create(versions)
    return dossiers
