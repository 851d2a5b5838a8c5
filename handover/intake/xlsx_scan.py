"""Measures the parts of a workbook piece by piece, from their tags alone: nothing is parsed and nothing is kept."""

import re
from array import array
from collections import Counter
from itertools import chain

from handover.intake.limits import MEGABYTE

SHEET_ROOT = re.compile(rb"<(?:\w+:)?worksheet[\s>]")
STRINGS_ROOT = re.compile(rb"<(?:\w+:)?sst[\s>]")
ROW_START = re.compile(rb"<(?:\w+:)?row[\s>/]")
CELL_START = re.compile(rb"<(?:\w+:)?c[\s>/]")
STRING_START = re.compile(rb"<(?:\w+:)?si[\s>/]")
POSITION = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*\bt\s*=\s*["']e["'][^>]*>""")
STRING_CELL = re.compile(rb"""\bt\s*=\s*["']s["']""")
STRING_INDEX = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*><(?:\w+:)?v>([0-9]{1,8})</""")

Cell = tuple[int, int]  # row and column, both counted from 1


class PartScan:
    """One part of the workbook. Feed it every piece; it looks at sheets and at the list of shared strings only."""

    def __init__(self, max_cells: int) -> None:
        self.failed: set[Cell] = set()
        self.is_sheet = False
        self.is_strings = False
        self._max_cells = max_cells
        self._tail = b""
        self._rows = 0
        self._rows_counted = 0
        self._columns = 1
        self._cells_in_row = 0
        self._string_cells = 0
        self._uses = array("L")
        self._lengths = array("L")

    def is_within(self, piece: bytes) -> bool:
        """False as soon as the part is larger than a sheet may be. A sheet is a full rectangle once it is read."""
        # A tag that is cut in two waits for the next piece; text between tags does not matter here.
        xml, found, last = (self._tail + piece).rpartition(b"<")
        is_whole = not found or b">" in last
        self._tail = b"" if is_whole else found + last
        xml = xml + found + last if is_whole else xml
        self.is_sheet = self.is_sheet or bool(SHEET_ROOT.search(xml))
        self.is_strings = self.is_strings or bool(STRINGS_ROOT.search(xml))
        if self.is_sheet:
            self._measure_sheet(xml)
        if self.is_strings:
            self._measure_strings(xml)
        if not self.is_sheet and not self.is_strings:
            self._tail = self._tail[:MEGABYTE]
        size = max(self._rows * self._columns, len(self._uses), len(self._lengths))
        return len(self._tail) <= MEGABYTE and size <= self._max_cells

    def text_size(self, strings: "PartScan | None") -> int:
        """The size of the text of this sheet once every cell has its own copy of its shared string."""
        lengths = strings._lengths if strings else array("L")
        found = sum(uses * length for uses, length in zip(self._uses, lengths, strict=False))
        # Cells whose string could not be told count as if they had the longest one.
        return found + (self._string_cells - sum(self._uses)) * max(lengths, default=0)

    def _measure_sheet(self, xml: bytes) -> None:
        positions = POSITION.findall(xml)
        placed = [row for column, row in positions if column]
        in_a_row = self._longest_row(xml)
        letters = {column for column, _row in positions if column}
        self._columns = max([self._columns, *map(_column_number, letters)])
        if len(placed) < len(CELL_START.findall(xml)):
            # A cell without a position follows the one before it, in a row that may lack a position too.
            self._columns += in_a_row
            placed += [row for _column, row in positions] + [b"%d" % self._rows_counted]
        self._rows = max([self._rows, *map(int, set(placed))])
        self._note_failed(xml)
        self._count_strings(xml)

    def _longest_row(self, xml: bytes) -> int:
        first, *others = ROW_START.split(xml)
        self._rows_counted += len(others)
        lengths = [self._cells_in_row + len(CELL_START.findall(first))]
        lengths += [len(CELL_START.findall(row)) for row in others]
        self._cells_in_row = lengths[-1]
        return max(lengths)

    def _note_failed(self, xml: bytes) -> None:
        for tag in ERROR_CELL.findall(xml):
            position = POSITION.search(tag)
            if position and position[1]:
                self.failed.add((int(position[2]), _column_number(position[1])))

    def _count_strings(self, xml: bytes) -> None:
        self._string_cells += len(STRING_CELL.findall(xml))
        counted = {int(index): uses for index, uses in Counter(STRING_INDEX.findall(xml)).items()}
        known = {index: uses for index, uses in counted.items() if index < self._max_cells}
        missing = max(known, default=-1) + 1 - len(self._uses)
        self._uses.extend([0] * missing)
        for index, uses in known.items():
            self._uses[index] += uses

    def _measure_strings(self, xml: bytes) -> None:
        starts = [match.start() for match in STRING_START.finditer(xml)]
        ends = chain(starts, [len(xml)])
        before = next(ends)
        if self._lengths:
            self._lengths[-1] += before
        self._lengths.extend(end - start for start, end in zip(starts, ends, strict=True))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
