"""The first sheet of a workbook as rows of text. Dates become ISO text, numbers keep no ".0"."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, load_workbook

from handover.intake.problems import FileRefused
from handover.intake.xlsx_scan import Cell

FAILED_FORMULA = "#VALUE!"


def workbook_rows(path: Path, failed: frozenset[Cell] = frozenset()) -> Iterator[list[str]]:
    """Every row from row 1 on, empty ones included. Raises FileRefused; holds the whole sheet in memory.

    Only for a workbook that `check_workbook` let pass. `failed` is its answer.
    """
    try:
        workbook = load_workbook(str(path))
        sheet = workbook.get_sheet_by_index(0)
    # Calamine answers some damaged workbooks with other errors than its own.
    except (CalamineError, OSError, ValueError, IndexError):
        raise FileRefused("damaged_xlsx") from None
    shift = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        texts = [as_text(cell) for cell in row]
        yield _with_failed(texts, number, shift, failed) if failed else texts


def _with_failed(texts: list[str], number: int, shift: int, failed: frozenset[Cell]) -> list[str]:
    return [
        FAILED_FORMULA if (number, shift + column) in failed else text for column, text in enumerate(texts, start=1)
    ]


def as_text(cell: object) -> str:
    """What somebody would have typed in a text file for this cell."""
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
