"""File and register about who a person is: blanks are filled, differences are kept for a person to judge."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from cases.case.models import DifferenceDecision, IdentityConflict, Person, PersonAlias, ReturnCase
from cases.identity.sources import Stated, put_source, stated_of
from handover.importing.context import REASON, Context
from handover.importing.meaning import aliases_of, established, sex_of
from handover.importing.news import tell_conflicts
from handover.importing.outcomes import identity_remark
from handover.intake.cells import PartialDate
from handover.intake.judging import GoodRow
from leidraad.lib.audit import bulk_create_as, bulk_update_as

NAMES = ("surname", "name_prefix", "given_names")
FILLED = ("name_prefix", "given_names", "sex", "nationality_established", "language", "unaccompanied_minor")
BIRTH = ("birth_year", "birth_month", "birth_day")


def new_person(row: GoodRow) -> Person:
    return Person(v_number=row.v_number, source=row.supplier, **_stated(row), **_birth(row))


def _stated(row: GoodRow) -> dict[str, Any]:
    return {
        "surname": row.surname,
        "name_prefix": row.name_prefix,
        "given_names": row.first_names,
        "sex": sex_of(row),
        "nationality": row.nationality,
        "nationality_established": established(row),
        "language": row.language,
        "unaccompanied_minor": row.unaccompanied_minor,
    }


def _birth(row: GoodRow) -> dict[str, int | None]:
    year, month, day = row.birth_date or (None, None, None)
    return {"birth_year": year, "birth_month": month, "birth_day": day}


def update_identity(
    pairs: Sequence[tuple[Person, GoodRow]], context: Context, cases: dict[int, ReturnCase] | None = None
) -> dict[int, list[dict[str, Any]]]:
    """Fill blanks of known persons and record the differences. Returns the remarks by row number.

    The register's value always stays. A difference that is open already is not recorded twice. `cases` are the locked
    cases of the persons, by person, whose differences are told to those who depend on them.
    """
    filled = [person for person, row in pairs if _fill_blanks(person, row, context.today)]
    fields = [*FILLED, *BIRTH, "field_sources", "version"]
    bulk_update_as(filled, fields, by=context.by, reason=REASON)
    conflicts = {row.row_number: _conflicts(person, row, context) for person, row in pairs}
    recorded = _record([one for several in conflicts.values() for one in several], context)
    tell_conflicts(recorded, cases or {}, context)
    return {number: [identity_remark(one.field) for one in found] for number, found in conflicts.items() if found}


def add_aliases(pairs: Sequence[tuple[Person, GoodRow]], context: Context, *, known: Iterable[Person] = ()) -> None:
    """New names only. `known` are the persons that may have some already."""
    present = set(PersonAlias.objects.filter(person__in=list(known)).values_list("person_id", "name"))
    new = [
        PersonAlias(person=person, name=name, source=row.supplier)
        for person, row in pairs
        for name in aliases_of(row)
        if (person.pk, name) not in present
    ]
    bulk_create_as(new, by=context.by, reason=REASON)


def _fill_blanks(person: Person, row: GoodRow, today: date) -> bool:
    """What is filled by another sender than the person's first one keeps that one as its source."""
    stated = _stated(row)
    new = {
        name: stated[name] for name in FILLED if getattr(person, name) in ("", None) and stated[name] not in ("", None)
    }
    if person.birth_year is None and row.birth_date is not None:
        new |= _birth(row)
    for name, value in new.items():
        setattr(person, name, value)
        if row.supplier != person.source:
            put_source(person, "birth_date" if name in BIRTH else name, Stated(row.supplier, since=today))
    person.version += bool(new)
    return bool(new)


def _conflicts(person: Person, row: GoodRow, context: Context) -> list[IdentityConflict]:
    return [_conflict(person, row, name, values, context) for name, values in _differences(person, row).items()]


def _conflict(person: Person, row: GoodRow, name: str, values: tuple[str, str], context: Context) -> IdentityConflict:
    stated = stated_of(person, name, context.known)
    return IdentityConflict(
        person=person,
        field=name,
        stored_value=values[0],
        stored_source=stated.source,
        stored_level=stated.level,
        offered_value=values[1],
        offered_source=row.supplier,
        noted_on=context.today,
    )


def _differences(person: Person, row: GoodRow) -> Mapping[str, tuple[str, str]]:
    stated, found = _stated(row), {}
    for name in NAMES:
        stored, offered = getattr(person, name), stated[name]
        if offered and stored and _folded(stored) != _folded(offered):
            found[name] = (stored, offered)
    if row.birth_date is not None and person.birth_year is not None:
        stored_birth = PartialDate(person.birth_year, person.birth_month, person.birth_day).isoformat()
        # A date that is only less precise says nothing else.
        if not stored_birth.startswith(row.birth_date.isoformat()):
            found["birth_date"] = (stored_birth, row.birth_date.isoformat())
    for name in ("sex", "nationality"):
        if stated[name] and getattr(person, name) and stated[name] != getattr(person, name):
            found[name] = (getattr(person, name), stated[name])
    if person.nationality_established is False and stated["nationality_established"] is True:
        found["nationality_established"] = ("gesteld", "vastgesteld")
    return found


def _record(conflicts: Sequence[IdentityConflict], context: Context) -> list[IdentityConflict]:
    """Those that are not open already, and not decided already while what stands here is still what was kept."""
    persons = {one.person_id for one in conflicts}
    known = Q(resolved_on=None) | Q(decision=DifferenceDecision.KEEP)
    stored = IdentityConflict.objects.filter(known, person__in=persons) if persons else ()
    present = {_key(one, one.stored_value if one.decision == DifferenceDecision.KEEP else "") for one in stored}
    new = [one for one in conflicts if not present & {_key(one, ""), _key(one, one.stored_value)}]
    return bulk_create_as(new, by=context.by, reason=REASON)


def _key(one: IdentityConflict, kept: str) -> tuple[int, str, str, str, str]:
    return one.person_id, one.field, one.offered_value, one.offered_source, kept


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
