"""Intake files for tests, made from one row that has no faults."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from handover.intake.columns import COLUMNS
from handover.intake.judging import BadRow, GoodRow, Rules, judge_row
from handover.intake.limits import DEFAULT_LIMITS, Limits
from handover.intake.problems import FileRefused
from handover.intake.reading import IntakeFile, open_intake
from handover.intake.rows import RawRow

EXAMPLES = Path(__file__).parent / "data"
TODAY = date(2026, 11, 23)
RULES = Rules(TODAY)
HEADER = tuple(column.name for column in COLUMNS)

WITHOUT_FAULTS: Mapping[str, str] = {
    "referentie": "IND-2026-000001",
    "aanleveraar": "IND",
    "v_nummer": "0990100000",
    "achternaam": "Voorbeeld",
    "nationaliteit": "SYR",
    "grond": "asiel_afgewezen",
}

DUBLIN: Mapping[str, str] = {
    "grond": "dublin",
    "verantwoordelijke_lidstaat": "DEU",
    "claimakkoord_op": "2026-05-22",
    "uiterste_overdrachtsdatum": "2026-11-22",
}


def raw_row(number: int = 2, /, **changes: str) -> RawRow:
    return RawRow(number, {**WITHOUT_FAULTS, **changes})


def row_text(delimiter: str = ",", header: Iterable[str] = HEADER, **changes: str) -> str:
    cells = {**WITHOUT_FAULTS, **changes}
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerow([cells.get(name, "") for name in header])
    return buffer.getvalue()


def csv_text(*rows: str, delimiter: str = ",", header: Iterable[str] = HEADER) -> str:
    return delimiter.join(header) + "\r\n" + "".join(rows)


def write_csv(path: Path, *rows: str, delimiter: str = ",") -> Path:
    path.write_bytes(csv_text(*rows, delimiter=delimiter).encode())
    return path


def many_rows(count: int) -> Iterable[str]:
    return (row_text(referentie=f"IND-{number}", v_nummer=f"{10_000_000 + number}") for number in range(count))


def write_xlsx(path: Path, rows: Iterable[Mapping[str, Any]], header: Iterable[str] = HEADER) -> Path:
    names = list(header)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "dd-mm-yyyy"}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, names)
        for number, cells in enumerate(rows, start=1):
            for name, value in {**WITHOUT_FAULTS, **cells}.items():
                sheet.write(number, names.index(name), value)
    return path


def good(rules: Rules = RULES, /, **changes: str) -> GoodRow:
    row = judge_row(raw_row(**changes), rules)
    assert isinstance(row, GoodRow), row
    return row


def bad(rules: Rules = RULES, /, **changes: str) -> BadRow:
    row = judge_row(raw_row(**changes), rules)
    assert isinstance(row, BadRow), row
    return row


def refusal(path: Path, limits: Limits = DEFAULT_LIMITS) -> FileRefused:
    """Why the file is refused, when it is opened or else while its rows are read."""
    with pytest.raises(FileRefused) as refused:
        for _row in open_intake(path, limits=limits).rows():
            pass
    return refused.value


def numbers(file: IntakeFile) -> list[int]:
    return [row.number for row in file.rows()]
