"""The first pass over a file: the keys of its rows, to find what only shows between rows.

The importer streams `keys_of(file)` into a staging table, so memory stays flat; one statement then finds the clashes:

    SELECT v_number FROM staging WHERE v_number <> '' GROUP BY v_number HAVING count(DISTINCT person) > 1
    SELECT supplier, reference FROM staging WHERE reference <> '' GROUP BY 1, 2 HAVING count(*) > 1

`KeyPass` does the same in memory, for tests and small files.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handover.intake import cells
from handover.intake.columns import BY_NAME
from handover.intake.problems import CellFault
from handover.intake.reading import IntakeFile
from handover.intake.rows import RawRow

NAME_COLUMNS = ("achternaam", "tussenvoegsel", "voornamen")


@dataclass(frozen=True)
class RowKey:
    """The keys of one row. A key that is empty or faulty is empty text and compares with nothing.

    `person` is a fingerprint of name and date of birth: rows that share it are taken for one person. It cannot be
    turned back into a name.
    """

    row_number: int
    supplier: str
    reference: str
    v_number: str
    person: str
    household: str = ""


def keys_of(file: IntakeFile) -> Iterator[RowKey]:
    """One key per row, bad rows included, so their number is the number of rows read. Raises FileRefused."""
    return map(key_of, file.rows())


def key_of(raw: RawRow) -> RowKey:
    if raw.fault is not None:
        return RowKey(raw.number, "", "", "", "")
    return RowKey(
        row_number=raw.number,
        supplier=_parsed(raw, "aanleveraar"),
        reference=_parsed(raw, "referentie"),
        v_number=_parsed(raw, "v_nummer"),
        person=fingerprint(raw),
        household=_parsed(raw, "gezin"),
    )


def fingerprint(raw: RawRow) -> str:
    """Equal for equal name and date of birth, whatever capitals, white space or date notation the row uses."""
    names = [_folded(raw.cells.get(name, "")) for name in NAME_COLUMNS]
    born = raw.cells.get("geboortedatum", "").strip()
    try:
        born = cells.birth_date(born).isoformat()
    except CellFault:
        born = _folded(born)
    text = "\x1f".join([*names, born])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _parsed(raw: RawRow, name: str) -> str:
    column = BY_NAME[name]
    try:
        cell = cells.clean(raw.cells.get(name, ""))
        fits = column.max_length is None or len(cell) <= column.max_length
        return str(column.parse(cell)) if cell and fits else ""
    except CellFault:
        return ""


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class KeyPass:
    """Collects keys in memory. Also the definition of what the statements above must answer."""

    def __init__(self, keys: Iterable[RowKey] = ()) -> None:
        self.rows_read = 0
        self._persons: defaultdict[str, set[str]] = defaultdict(set)
        self._rows: defaultdict[tuple[str, str], list[RowKey]] = defaultdict(list)
        for key in keys:
            self.add(key)

    def add(self, key: RowKey) -> None:
        self.rows_read += 1
        if key.v_number:
            self._persons[key.v_number].add(key.person)
        if key.reference and key.supplier:
            self._rows[key.supplier, key.reference].append(key)

    def clashing_v_numbers(self) -> frozenset[str]:
        """V-numbers that two different persons have in this file: every row with one of them is refused."""
        return frozenset(number for number, persons in self._persons.items() if len(persons) > 1)

    def repeated_references(self) -> Mapping[tuple[str, str], tuple[RowKey, ...]]:
        """Supplier and reference that come more than once, with their rows in order.

        No fault in itself: the first row is a dossier, a later one with the same V-number is unchanged or updated, one
        with another V-number is held.
        """
        return {name: tuple(rows) for name, rows in self._rows.items() if len(rows) > 1}
