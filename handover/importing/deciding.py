"""What has to happen with each good row, from what stands in the database now. Writes nothing.

The cases of known dossiers are locked before their handovers are read, so that nobody accepts one in between.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cases.case.models import Person, ReturnCase
from handover.importing.outcomes import Held, Outcome
from handover.intake.judging import GoodRow
from handover.intake.report import Verdict
from handover.models import Dossier, Handover
from handover.states import AWAITED, REPEATABLE, Status

Key = tuple[str, str]


@dataclass(frozen=True)
class NewRow:
    """A dossier that is not known yet. `person` when the V-number is: no open case then."""

    row: GoodRow
    content_hash: str
    person: Person | None


@dataclass(frozen=True)
class ChangedRow:
    """Other content for a dossier that is not answered for good. `handover` is the newest round."""

    row: GoodRow
    content_hash: str
    dossier: Dossier
    case: ReturnCase
    handover: Handover


@dataclass
class Decisions:
    new: list[NewRow] = field(default_factory=list)
    changed: list[ChangedRow] = field(default_factory=list)
    # Put aside because the dossier was accepted; what they state is news all the same.
    late: list[ChangedRow] = field(default_factory=list)
    # By row number, of rows that write nothing.
    settled: dict[int, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What the database knows of the rows of one wave."""

    dossiers: Mapping[Key, Dossier]
    cases: Mapping[int, ReturnCase]
    newest: Mapping[int, Handover]
    persons: Mapping[str, Person]
    open_cases: Mapping[int, ReturnCase]
    of_case: Mapping[int, Sequence[Dossier]]


def decide(rows: Sequence[GoodRow]) -> Decisions:
    """No two of the rows share a reference or a V-number."""
    known = _look_up(rows)
    decisions = Decisions()
    for row in rows:
        dossier = known.dossiers.get((row.supplier, row.reference))
        if dossier is None:
            _decide_new(row, known, decisions)
        else:
            _decide_known(row, dossier, known, decisions)
    return decisions


def _look_up(rows: Sequence[GoodRow]) -> Known:
    wanted = {(row.supplier, row.reference) for row in rows}
    found = Dossier.objects.filter(
        supplier__in={supplier for supplier, _reference in wanted},
        reference__in={reference for _supplier, reference in wanted},
    )
    dossiers = {(one.supplier, one.reference): one for one in found if (one.supplier, one.reference) in wanted}
    persons = {person.v_number: person for person in Person.objects.filter(v_number__in={row.v_number for row in rows})}
    open_cases = {
        case.person_id: case
        for case in ReturnCase.objects.open().filter(person__in=[one.pk for one in persons.values()])
    }
    of_case: dict[int, list[Dossier]] = defaultdict(list)
    for one in Dossier.objects.filter(case__in=[case.pk for case in open_cases.values()]).order_by("pk"):
        of_case[one.case_id].append(one)
    changed = list(dossiers.values())
    return Known(
        dossiers=dossiers,
        cases=_locked({one.case_id for one in changed}),
        newest=newest_handovers([one.pk for one in changed]),
        persons=persons,
        open_cases=open_cases,
        of_case=of_case,
    )


def _locked(case_ids: set[int]) -> dict[int, ReturnCase]:
    """In id order, as every bulk act takes them."""
    rows = ReturnCase.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=case_ids)
    return {case.pk: case for case in rows.select_related("person", "led_by").order_by("pk")}


def newest_handovers(dossier_ids: Sequence[int]) -> dict[int, Handover]:
    rows = Handover.objects.filter(dossier__in=dossier_ids).select_related("kind", "from_unit", "to_unit")
    return {row.dossier_id: row for row in rows.defer("frozen").order_by("pk") if row.dossier_id is not None}


def _decide_new(row: GoodRow, known: Known, decisions: Decisions) -> None:
    person = known.persons.get(row.v_number)
    case = known.open_cases.get(person.pk) if person else None
    content_hash = row.content_hash
    if case is None:
        decisions.new.append(NewRow(row, content_hash, person))
        return
    others = known.of_case.get(case.pk, ())
    # A person took this very row over as a version of the dossier that stood here first.
    taken_over = next((one for one in others if one.content_hash == content_hash), None)
    if taken_over is not None:
        decisions.settled[row.row_number] = Outcome(Verdict.UNCHANGED, dossier=taken_over)
    elif others:
        known_as = ", ".join(_named(one.reference, one.supplier) for one in others)
        details = {"known": known_as, "offered": _named(row.reference, row.supplier)}
        decisions.settled[row.row_number] = _held("v_nummer", Held.OTHER_REFERENCE, details, others[0])
    else:
        details = {"offered": _named(row.reference, row.supplier)}
        decisions.settled[row.row_number] = _held("v_nummer", Held.OPEN_CASE, details, None)


def _decide_known(row: GoodRow, dossier: Dossier, known: Known, decisions: Decisions) -> None:
    content_hash = row.content_hash
    if dossier.v_number != row.v_number:
        details = {
            "reference": _named(dossier.reference, dossier.supplier),
            "known": dossier.v_number,
            "offered": row.v_number,
        }
        decisions.settled[row.row_number] = _held("referentie", Held.OTHER_V_NUMBER, details, dossier)
        return
    if dossier.content_hash == content_hash:
        decisions.settled[row.row_number] = Outcome(Verdict.UNCHANGED, dossier=dossier)
        return
    case, handover = known.cases[dossier.case_id], known.newest[dossier.pk]
    why = why_held(case, handover)
    if why is None:
        decisions.changed.append(ChangedRow(row, content_hash, dossier, case, handover))
        return
    if why == Held.AFTER_ACCEPTANCE:
        decisions.late.append(ChangedRow(row, content_hash, dossier, case, handover))
    decisions.settled[row.row_number] = _held("", why, {}, dossier)


def why_held(case: ReturnCase, handover: Handover) -> Held | None:
    """Why changed content may not go into this dossier without a person; None while its handover is unanswered."""
    if case.is_closed:
        return Held.CASE_CLOSED
    if handover.status == Status.ACCEPTED:
        return Held.AFTER_ACCEPTANCE
    return None if handover.status in (*AWAITED, *REPEATABLE) else Held.IN_PREPARATION


def _named(reference: str, supplier: str) -> str:
    """References often begin with the sender's name, so that stands behind."""
    return f"{reference} ({supplier})"


def _held(column: str, code: Held, details: Mapping[str, str], dossier: Dossier | None) -> Outcome:
    return Outcome(Verdict.HELD, column, code.value, details, dossier=dossier)
