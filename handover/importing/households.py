"""Households of a file. A key such as "G1" means something within one file and one sender only.

A household is known by the sender, the key and the first reference in the file that uses the key: "G1@IND-2026-010001". Two files
that both begin at G1 therefore never share a household, and the same file read in again finds the same one. A file in
which some of the members are known already (a corrected delivery) finds theirs, so that the others join them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from cases.case.models import Household, ReturnCase, SpecialGroup
from handover.importing.context import REASON, Context
from handover.intake.judging import GoodRow
from handover.models import Dossier, DossierRow
from leidraad.lib.audit import bulk_create_as, bulk_update_as

Group = tuple[str, str]  # sender and key
LONGEST = 80


def group_of(row: GoodRow) -> Group | None:
    return (row.supplier, row.household_key) if row.household_key else None


def household_key(key: str, first_reference: str) -> str:
    text = f"{key}@{first_reference}"
    return text if len(text) <= LONGEST else hashlib.sha256(text.encode()).hexdigest()


def households_of(rows: Iterable[GoodRow], context: Context) -> dict[Group, Household]:
    """The household of each group among the rows, made where there is none yet."""
    groups = {group for row in rows if (group := group_of(row))}
    if not groups:
        return {}
    references = _references(groups, context)
    found = _of_known_members(references)
    missing = {group: household_key(group[1], references[group][0]) for group in groups if group not in found}
    return found | _by_key(missing, context)


def _references(groups: set[Group], context: Context) -> Mapping[Group, list[str]]:
    """The references that use each group's key, in the order of the file; refused rows count, or the first would differ."""
    staged = DossierRow.objects.filter(file=context.file, household__in={key for _supplier, key in groups})
    found: dict[Group, list[str]] = defaultdict(list)
    rows = staged.exclude(reference="").order_by("row_number").values_list("supplier", "household", "reference")
    for supplier, key, reference in rows:
        if (supplier, key) in groups:
            found[supplier, key].append(reference)
    return found


def _of_known_members(references: Mapping[Group, list[str]]) -> dict[Group, Household]:
    suppliers = {supplier for supplier, _key in references}
    every = {reference for several in references.values() for reference in several}
    dossiers = Dossier.objects.filter(supplier__in=suppliers, reference__in=every, case__household__isnull=False)
    by_reference = {
        (one.supplier, one.reference): one.case.household for one in dossiers.select_related("case__household")
    }
    found: dict[Group, Household] = {}
    for group, several in references.items():
        known = (by_reference.get((group[0], reference)) for reference in several)
        first = next((household for household in known if household is not None), None)
        if first is not None:
            found[group] = first
    return found


def _by_key(missing: Mapping[Group, str], context: Context) -> dict[Group, Household]:
    present = Household.objects.filter(key__in=missing.values(), supplier__in={supplier for supplier, _key in missing})
    known = {(one.supplier, one.key): one for one in present}
    new = [
        Household(supplier=group[0], key=key) for group, key in sorted(missing.items()) if (group[0], key) not in known
    ]
    known |= {(one.supplier, one.key): one for one in bulk_create_as(new, by=context.by, reason=REASON)}
    return {group: known[group[0], key] for group, key in missing.items()}


def with_minors(households: Iterable[Household]) -> set[int]:
    """Keys of households in which an open case says that there are minors."""
    ids = {household.pk for household in households}
    cases = ReturnCase.objects.open().filter(household__in=ids, special_group=SpecialGroup.FAMILY_WITH_MINORS)
    return set(cases.values_list("household_id", flat=True))


def mark_families(household_ids: set[int], context: Context) -> None:
    """The other members of a household of which a minor came in now. The case rows are locked in id order."""
    cases = ReturnCase.objects.select_for_update(no_key=True).filter(
        household__in=household_ids, closed_on=None, special_group=SpecialGroup.NONE
    )
    others = list(cases.order_by("pk")) if household_ids else []
    for case in others:
        case.special_group = SpecialGroup.FAMILY_WITH_MINORS
        case.version += 1
    bulk_update_as(others, ["special_group", "version"], by=context.by, reason=REASON)
