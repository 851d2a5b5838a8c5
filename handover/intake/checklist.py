"""The contents list of a handover dossier: what a good row brings, what it lacks and what does not apply.

Follows the proposed checklist (the official list is not public). A fact that is there is always `present`, also where
the item would otherwise not apply: what the sender states is never hidden.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handover.intake.columns import DETENTION_MEASURES
from handover.intake.judging import GoodRow


class State(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    NOT_RECORDED = "not_recorded"
    NO_COLUMN = "no_column"
    NOT_DUBLIN = "not_dublin"
    DUBLIN_HAS_NO_PERIOD = "dublin_has_no_period"
    OWN_REQUEST = "own_request"
    NO_DETENTION = "no_detention"


STATE_LABELS: Mapping[State, str | Promise] = {
    State.PRESENT: pgettext_lazy("dossier checklist", "Present"),
    State.ABSENT: pgettext_lazy("dossier checklist", "Absent"),
    State.NOT_APPLICABLE: pgettext_lazy("dossier checklist", "Not applicable"),
}

REASON_LABELS: Mapping[Reason, str | Promise] = {
    Reason.NOT_RECORDED: _("Not recorded in the file"),
    Reason.NO_COLUMN: _("A dossier file cannot contain this"),
    Reason.NOT_DUBLIN: _("The ground is not Dublin"),
    Reason.DUBLIN_HAS_NO_PERIOD: _("A Dublin transfer has no departure period"),
    Reason.OWN_REQUEST: _("The person asked for help with return"),
    Reason.NO_DETENTION: _("There is no detention measure"),
}


@dataclass(frozen=True)
class Item:
    code: str
    label: str | Promise
    is_present: Callable[[GoodRow], bool]
    # Why the item does not apply to this row, or None when it does.
    not_for: Callable[[GoodRow], Reason | None]
    absent_because: Reason = Reason.NOT_RECORDED


@dataclass(frozen=True)
class Line:
    """One item of the checklist for one row. `reason` is set unless the item is present."""

    code: str
    state: State
    reason: Reason | None = None


def _always(row: GoodRow) -> Reason | None:
    return None


def _only_dublin(row: GoodRow) -> Reason | None:
    return None if row.ground == "dublin" else Reason.NOT_DUBLIN


def _not_own_request(row: GoodRow) -> Reason | None:
    return Reason.OWN_REQUEST if row.ground == "eigen_verzoek" else None


def _has_period(row: GoodRow) -> Reason | None:
    return Reason.DUBLIN_HAS_NO_PERIOD if row.ground == "dublin" else _not_own_request(row)


def _in_detention(row: GoodRow) -> Reason | None:
    return None if row.measure in DETENTION_MEASURES else Reason.NO_DETENTION


def _is_detained_since(row: GoodRow) -> bool:
    return _in_detention(row) is None and row.measure_since is not None


def _never_present(row: GoodRow) -> bool:
    return False


ITEMS: tuple[Item, ...] = (
    Item("v_number", _("V-number"), lambda row: bool(row.v_number), _always),
    Item("names", _("Names"), lambda row: bool(row.surname), _always),
    Item("aliases", _("Aliases"), lambda row: bool(row.aliases), _always),
    Item("birth_date", _("Birth data"), lambda row: row.birth_date is not None, _always),
    Item("nationality", _("Nationality, claimed or established"), lambda row: bool(row.nationality), _always),
    Item("language", _("Language"), lambda row: bool(row.language), _always),
    Item("address", _("Address or site"), lambda row: bool(row.location or (row.address and row.place)), _always),
    Item("lawyer", _("Lawyer"), lambda row: bool(row.lawyer), _always),
    Item("return_decision", _("Return decision with date"), lambda row: row.return_decision_on is not None,
         _not_own_request),
    Item("departure_period", _("Departure period"), lambda row: row.departure_period_days is not None, _has_period),
    Item("entry_ban", _("Entry ban, or none"), lambda row: row.entry_ban_years is not None, _not_own_request),
    Item("procedures", _("Procedures"), lambda row: bool(row.applied_on or row.appealed_on or row.ruled_on), _always),
    Item("suspensive_effect", _("Suspensive effect"), lambda row: bool(row.suspensive_effect), _not_own_request),
    Item("identity_documents", _("Identity documents, original or copy"), lambda row: bool(row.documents), _always),
    Item("document_whereabouts", _("Whereabouts of original documents"), _never_present, _always, Reason.NO_COLUMN),
    Item("interview_reports", _("Interview reports relevant to identity"), _never_present, _always, Reason.NO_COLUMN),
    Item("family_links", _("Family links"), lambda row: bool(row.household_key), _always),
    Item("flags", _("Flags: minor, medical, trafficking, public order, suicide risk"),
         lambda row: bool(row.flags) or row.unaccompanied_minor is True, _always),
    Item("measures", _("Measures in force"), lambda row: bool(row.measure), _always),
    Item("detention_date", _("Start or release date of detention"), _is_detained_since, _in_detention),
    Item("responsible_state", _("Dublin: accepting state"), lambda row: bool(row.responsible_state), _only_dublin),
    Item("claim_accepted", _("Dublin: date of acceptance"), lambda row: row.claim_accepted_on is not None,
         _only_dublin),
    Item("transfer_deadline", _("Dublin: latest transfer date"), lambda row: row.transfer_deadline is not None,
         _only_dublin),
)  # fmt: skip

LABELS: Mapping[str, str | Promise] = {item.code: item.label for item in ITEMS}


def checklist_of(row: GoodRow) -> tuple[Line, ...]:
    """Every item, in the order of `ITEMS`."""
    return tuple(_line(item, row) for item in ITEMS)


def _line(item: Item, row: GoodRow) -> Line:
    if item.is_present(row):
        return Line(item.code, State.PRESENT)
    if reason := item.not_for(row):
        return Line(item.code, State.NOT_APPLICABLE, reason)
    return Line(item.code, State.ABSENT, item.absent_because)
