"""Opens an intake file and gives its rows as text. Judges nothing.

`open_intake` raises FileRefused before any row. `IntakeFile.rows()` may be called as often as needed: a CSV streams,
so memory does not grow with its rows.
"""

import codecs
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import puremagic

from handover.intake.columns import BY_NAME, REQUIRED_BY_DEFAULT, in_table_order
from handover.intake.csv_rows import delimiter_of, records
from handover.intake.limits import DEFAULT_LIMITS, MAX_LINE, MEGABYTE, Limits
from handover.intake.problems import FileRefused, Problem, clip
from handover.intake.rows import RawRow
from handover.intake.xlsx_guard import check_workbook
from handover.intake.xlsx_rows import workbook_rows
from handover.intake.xlsx_scan import Cell

ZIP_SIGNATURE = b"PK\x03\x04"
OLD_OFFICE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
HEAD = 4096


@dataclass(frozen=True)
class IntakeFile:
    """A file whose type, encoding and header are in order.

    `unknown_columns` are to be reported once; their cells are never read. `sha256` is that of the bytes of the file.
    """

    path: Path
    kind: Literal["csv", "xlsx"]
    size: int
    sha256: str
    delimiter: str
    header: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    limits: Limits
    failed_cells: frozenset[Cell] = frozenset()

    def rows(self) -> Iterator[RawRow]:
        """Every row that is not empty. Raises FileRefused("too_many_rows") when it comes to the first row too many.

        Row numbers count every record, empty ones included, so they are those of a spreadsheet program.
        """
        count = 0
        for number, record in enumerate(islice(self._records(), 1, None), start=2):
            if isinstance(record, list) and not any(map(_has_content, record)):
                continue
            count += 1
            if count > self.limits.max_rows:
                raise FileRefused("too_many_rows", limit=str(self.limits.max_rows))
            yield self._raw_row(number, record)

    def _records(self) -> Iterator[list[str] | Problem]:
        if self.kind == "xlsx":
            yield from workbook_rows(self.path, self.failed_cells)
            return
        with self.path.open(encoding="utf-8-sig", newline="") as stream:
            yield from records(stream, self.delimiter, len(self.header))

    def _raw_row(self, number: int, record: list[str] | Problem) -> RawRow:
        if isinstance(record, Problem):
            return RawRow(number, fault=record)
        width = len(self.header)
        # Separators after the last cell are harmless. A short row is not: nobody knows which cell is the missing one.
        if len(record) < width or any(map(_has_content, record[width:])):
            details = {"cells": str(len(record)), "expected": str(width)}
            return RawRow(number, fault=Problem("row_shape", details))
        return RawRow(number, {name: cell for name, cell in zip(self.header, record, strict=False) if name in BY_NAME})


def open_intake(
    path: Path, *, required: frozenset[str] = REQUIRED_BY_DEFAULT, limits: Limits = DEFAULT_LIMITS
) -> IntakeFile:
    """Look at size, type, encoding and header, in that order. Raises FileRefused with a sentence for the user.

    `required` comes from `required_columns()`.
    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise FileRefused("too_large", size=str(-(-size // MEGABYTE)), limit=str(limits.max_bytes // MEGABYTE))
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(ZIP_SIGNATURE):
        failed = _check_is_workbook(path, limits)
        first = next(workbook_rows(path), [])
        header, unknown = _check_header(first, required)
        return IntakeFile(path, "xlsx", size, _sha256(path), "", header, unknown, limits, failed)
    digest = _check_is_text(path, head)
    delimiter, first = _csv_header(path)
    header, unknown = _check_header(first, required)
    return IntakeFile(path, "csv", size, digest, delimiter, header, unknown, limits)


def _check_is_workbook(path: Path, limits: Limits) -> frozenset[Cell]:
    failed = check_workbook(path, limits)
    kind = _kind_of(path)
    if kind != ".xlsx":
        raise FileRefused("other_type", kind=kind or ".zip")
    return failed


def _kind_of(path: Path) -> str:
    """The extension that fits the content, empty when puremagic does not know it."""
    try:
        return str(puremagic.from_file(path))
    except (puremagic.PureError, ValueError, OSError):
        return ""


def _check_is_text(path: Path, head: bytes) -> str:
    """The SHA-256 of a file that is UTF-8 from start to end. Reads it in pieces."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _alternates_with_nul(head):
        raise FileRefused("utf16")
    if head.startswith(OLD_OFFICE_SIGNATURE):
        raise FileRefused("old_excel")
    if b"\0" in head:
        raise _not_text(path)
    decoder = codecs.getincrementaldecoder("utf-8")()
    digest = hashlib.sha256()
    line, blank = 1, True
    with path.open("rb") as file:
        while piece := file.read(MEGABYTE):
            digest.update(piece)
            try:
                blank = not decoder.decode(piece).strip("\ufeff \t\r\n") and blank
            except UnicodeDecodeError as error:
                raise _not_utf8(path, line + piece.count(b"\n", 0, error.start)) from None
            line += piece.count(b"\n")
    if decoder.getstate()[0]:
        raise _not_utf8(path, line)
    if blank:
        raise FileRefused("empty_file")
    return digest.hexdigest()


def _alternates_with_nul(head: bytes) -> bool:
    """UTF-16 without its mark: in Latin text every other byte is zero."""
    return len(head) >= 4 and (not any(head[:64:2]) or not any(head[1:64:2]))


def _not_utf8(path: Path, line: int) -> FileRefused:
    refused = _not_text(path)
    # Anything puremagic knows is certainly no CSV; the rest is most likely text in another encoding.
    return refused if refused.code == "other_type" else FileRefused("not_utf8", line=str(line))


def _not_text(path: Path) -> FileRefused:
    kind = _kind_of(path)
    return FileRefused("other_type", kind=kind) if kind else FileRefused("binary")


def _csv_header(path: Path) -> tuple[str, list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        delimiter = delimiter_of(stream.readline(MAX_LINE))
        stream.seek(0)
        first = next(records(stream, delimiter), [])
    return delimiter, first if isinstance(first, list) else []


def _check_header(first: Sequence[str], required: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names as used here, and the unknown ones. Raises FileRefused naming the columns that lack or repeat."""
    header = tuple(name.strip().casefold() for name in first)
    if missing := in_table_order(required - set(header)):
        raise FileRefused("missing_columns", columns=", ".join(missing))
    counts = Counter(header)
    if repeated := in_table_order(name for name in counts if counts[name] > 1):
        raise FileRefused("duplicate_columns", columns=", ".join(repeated))
    return header, tuple(clip(name) for name in counts if name and name not in BY_NAME)


def _has_content(cell: str) -> bool:
    return bool(cell.strip())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
