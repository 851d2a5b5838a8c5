"""Judges one row on its own: a `GoodRow` with typed values, or a `BadRow` that names its first faulty cell.

Pure: no database, no clock, no settings. What the row is compared with comes in through `Rules`.
"""

import hashlib
import json
from collections.abc import Collection, Container
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from handover.intake import cells
from handover.intake.cells import PartialDate
from handover.intake.columns import COLUMNS, REQUIRED_BY_DEFAULT, Column, meaning_of
from handover.intake.problems import CellFault, Problem, Remark, clip
from handover.intake.rows import RawRow

# Regulation (EU) 2024/1348 applies to applications lodged on or after this day.
PACT_APPLIES_FROM = date(2026, 6, 12)

NO_NUMBERS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """`known_locations` are site names through `normal_name`; None when names are not to be checked."""

    today: date
    required: frozenset[str] = REQUIRED_BY_DEFAULT
    known_locations: Container[str] | None = None


@dataclass(frozen=True)
class BadRow:
    """A row that is refused. `column` is empty when the row as a whole could not be taken apart."""

    row_number: int
    reference: str
    column: str
    fault: Problem

    @property
    def problem(self) -> str:
        return self.fault.problem

    @property
    def what_would_be_right(self) -> str:
        return self.fault.what_would_be_right(meaning_of(self.column))


@dataclass(frozen=True)
class GoodRow:
    """A row without faults. Empty text, an empty tuple and None mean: not recorded, which is not the same as no."""

    row_number: int
    reference: str
    supplier: str
    v_number: str
    surname: str
    first_names: str
    name_prefix: str
    aliases: tuple[str, ...]
    birth_date: PartialDate | None
    sex: str
    nationality: str
    nationality_status: str
    language: str
    household_key: str
    household_role: str
    unaccompanied_minor: bool | None
    lawyer: str
    residence_form: str
    location: str
    address: str
    postcode: str
    place: str
    address_protected: bool | None
    ground: str
    applied_on: date | None
    regime: str
    return_decision_on: date | None
    notified_on: date | None
    return_country: str
    departure_period_days: int | None
    suspensive_effect: str
    appealed_on: date | None
    ruled_on: date | None
    entry_ban_years: int | None
    responsible_state: str
    claim_accepted_on: date | None
    transfer_deadline: date | None
    measure: str
    measure_since: date | None
    flags: tuple[str, ...]
    documents: tuple[str, ...]
    comment: str
    remarks: tuple[Remark, ...] = ()

    @property
    def proposed_regime(self) -> str:
        """What the application date points to; a person sets the regime. Empty without a date."""
        if self.applied_on is None:
            return ""
        return "pact" if self.applied_on >= PACT_APPLIES_FROM else "oud"

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the row says, however it was written.

        The same for another row number, file type, date notation or order within a list, and independent of the day
        on which it was judged. Another content, another hash: that tells `updated` from `unchanged`.
        """
        names = [field.name for field in fields(self) if field.name not in ("row_number", "remarks")]
        content = {name: _canonical(getattr(self, name)) for name in names}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def judge_row(raw: RawRow, rules: Rules, *, clashing_v_numbers: Container[str] = NO_NUMBERS) -> GoodRow | BadRow:
    """Never raises, whatever the row holds. `clashing_v_numbers` comes from the key pass over the same file."""
    if raw.fault is not None:
        return BadRow(raw.number, "", "", raw.fault)
    values: dict[str, Any] = {}
    for column in COLUMNS:
        try:
            values[column.field] = _value(column, raw, values, rules, clashing_v_numbers)
        except CellFault as fault:
            reference = clip(raw.cells.get("referentie", ""))
            return BadRow(raw.number, reference, column.name, fault.problem)
    row = GoodRow(row_number=raw.number, **values)
    return GoodRow(row_number=raw.number, **values, remarks=tuple(_remarks(row, rules)))


def normal_name(name: str) -> str:
    """A site name as it is compared: white space and capitals make no difference."""
    return " ".join(name.split()).casefold()


def _value(column: Column, raw: RawRow, values: dict[str, Any], rules: Rules, clashing: Container[str]) -> Any:
    cell = cells.clean(raw.cells.get(column.name, ""))
    if not cell:
        code = "empty_required" if column.name in rules.required else column.needed(values)
        if code:
            raise CellFault(code)
        return column.empty_is
    if column.max_length is not None and len(cell) > column.max_length:
        raise CellFault("too_long", length=str(len(cell)), limit=str(column.max_length))
    value = column.parse(cell)
    if column.field == "birth_date" and _is_after(value, rules.today):
        raise CellFault("birth_after_today", shown=clip(cell))
    if column.field == "v_number" and value in clashing:
        raise CellFault("v_number_two_persons", shown=value)
    return value


def _is_after(birth: PartialDate, today: date) -> bool:
    known = [part for part in birth if part is not None]
    return known > [today.year, today.month, today.day][: len(known)]


def _remarks(row: GoodRow, rules: Rules) -> list[Remark]:
    found = []
    if row.language and row.language not in cells.known_languages():
        found.append(Remark("taal", "unknown_language", {"shown": row.language}))
    known = rules.known_locations
    if row.location and known is not None and normal_name(row.location) not in known:
        found.append(Remark("locatie", "unknown_location", {"shown": clip(row.location)}))
    if row.regime and row.proposed_regime not in ("", row.regime):
        found.append(Remark("regime", "regime_differs", {"proposed": row.proposed_regime}))
    if row.return_decision_on and row.notified_on and row.notified_on < row.return_decision_on:
        found.append(Remark("bekendgemaakt_op", "notified_before_decision"))
    if row.claim_accepted_on and row.transfer_deadline and row.transfer_deadline < row.claim_accepted_on:
        found.append(Remark("uiterste_overdrachtsdatum", "deadline_before_acceptance"))
    if row.measure_since and not row.measure:
        found.append(Remark("maatregel_sinds", "since_without_measure"))
    return found + _future_dates(row, rules.today)


def _future_dates(row: GoodRow, today: date) -> list[Remark]:
    dates = ((column.name, getattr(row, column.field)) for column in COLUMNS if column.in_future)
    return [Remark(name, "future_date", {"shown": day.isoformat()}) for name, day in dates if day and day > today]


def _canonical(value: Any) -> Any:
    if isinstance(value, PartialDate | date):
        return value.isoformat()
    # The order within a list says nothing.
    return sorted(value) if isinstance(value, tuple) else value


def known_names(names: Collection[str]) -> frozenset[str]:
    """Site names made ready for `Rules.known_locations`."""
    return frozenset(map(normal_name, names))
