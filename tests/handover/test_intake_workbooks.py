"""Workbooks: their rows as text, and those that are refused before they take memory."""

import io
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from handover.intake.columns import required_columns
from handover.intake.limits import MEGABYTE, Limits
from handover.intake.problems import FileRefused
from handover.intake.reading import open_intake
from tests.handover.intake_files import HEADER, numbers, refusal, row_text, write_xlsx


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "dossiers.xlsx"


def test_real_dates_become_iso_text_and_numbers_stay_text(book: Path) -> None:
    cells = {
        "v_nummer": 9990100000,
        "geboortedatum": 1994,
        "aanvraag_op": date(2026, 5, 1),
        "bekendgemaakt_op": datetime(2026, 6, 2, 0, 0),  # noqa: DTZ001  (a spreadsheet knows no time zone)
        "vertrektermijn_dagen": 28,
        "postcode": "0123",
    }
    file = open_intake(write_xlsx(book, [cells]))

    row = next(file.rows())

    assert (file.kind, row.number) == ("xlsx", 2)
    assert {name: row.cells[name] for name in cells} == {
        "v_nummer": "9990100000",
        "geboortedatum": "1994",
        "aanvraag_op": "2026-05-01",
        "bekendgemaakt_op": "2026-06-02",
        "vertrektermijn_dagen": "28",
        "postcode": "0123",
    }


def test_row_numbers_of_a_workbook_are_those_of_the_sheet(book: Path) -> None:
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        workbook.add_worksheet("second").write(0, 0, "not read")
        # The table starts in column B, and row 3 is empty.
        sheet.write_row(0, 1, HEADER)
        sheet.write_row(1, 1, row_text().strip().split(","))
        sheet.write_row(3, 1, row_text(referentie="IND-4").strip().split(","))

    assert [(row.number, row.cells["referentie"]) for row in open_intake(book).rows()] == [
        (2, "IND-2026-000001"),
        (4, "IND-4"),
    ]


def test_a_header_that_is_not_in_row_one_is_not_searched_for(book: Path) -> None:
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet().write_row(1, 0, HEADER)

    assert refusal(book).code == "missing_columns"


def test_a_failed_formula_is_not_mistaken_for_an_empty_cell(book: Path) -> None:
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 1, HEADER)
        for number in (1, 2):
            sheet.write_row(number, 1, row_text().strip().split(","))
        sheet.write_formula(2, 1 + HEADER.index("taal"), "=1/0", None, "#DIV/0!")

    assert [row.cells["taal"] for row in open_intake(book).rows()] == ["", "#VALUE!"]


def test_a_workbook_with_a_row_too_many_is_refused(book: Path) -> None:
    write_xlsx(book, [{}] * 4)

    assert len(numbers(open_intake(book, limits=Limits(max_rows=4)))) == 4
    assert refusal(book, Limits(max_rows=3)).code == "too_many_rows"


def _with_sheet(book: Path, sheet: bytes, strings: bytes = b"") -> Path:
    """A workbook with this sheet and these shared strings."""
    replaced = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings}
    packed = io.BytesIO()
    with zipfile.ZipFile(write_xlsx(book, [])) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, replaced.get(part.filename) or old.read(part))
    book.write_bytes(packed.getvalue())
    return book


NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _sheet(cells: bytes) -> bytes:
    return b"<worksheet " + NAMESPACE + b"><sheetData>" + cells + b"</sheetData></worksheet>"


def _strings(*texts: bytes) -> bytes:
    items = b"".join(b"<si><t>" + text + b"</t></si>" for text in texts)
    return b"<sst " + NAMESPACE + b">" + items + b"</sst>"


def test_a_zip_bomb_is_refused_by_what_it_claims(book: Path) -> None:
    _with_sheet(book, _sheet(b" " * (3 * MEGABYTE)))

    refused = refusal(book, Limits(max_unpacked=2 * MEGABYTE))

    assert book.stat().st_size < MEGABYTE
    assert (refused.code, refused.details) == ("unpacked_too_large", {"limit": "2"})


def test_a_zip_bomb_that_lies_about_its_size_is_refused_by_what_it_unpacks_to(book: Path) -> None:
    sheet = _sheet(b" " * (3 * MEGABYTE))
    _with_sheet(book, sheet)
    # Both the local header and the directory claim ten bytes.
    book.write_bytes(book.read_bytes().replace(struct.pack("<L", len(sheet)), struct.pack("<L", 10)))
    with zipfile.ZipFile(book) as archive:
        assert sum(part.file_size for part in archive.infolist()) < MEGABYTE

    assert refusal(book, Limits(max_unpacked=2 * MEGABYTE)).code == "unpacked_too_large"


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row>" + b"<c><v>1</v></c>" * 9000 + b"</row>" + b"<row><c><v>1</v></c></row>" * 9000,
        b'<row r="1">' + b"<c><v>1</v></c>" * 900 + b'</row><row r="900000"><c><v>1</v></c></row>',
    ],
)
def test_a_sheet_with_cells_far_apart_is_refused_before_it_takes_memory(book: Path, cells: bytes) -> None:
    assert refusal(_with_sheet(book, _sheet(cells))).code == "sheet_too_wide"


@pytest.mark.parametrize("space", ["", " ", "\n<!-- -->"])
def test_a_long_text_that_many_cells_share_is_refused_before_it_takes_memory(book: Path, space: str) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s">{space}<v>0</v></c></row>' for row in range(1, 3000))
    _with_sheet(book, _sheet(cells.encode()), strings=_strings(b"x" * 1000))

    assert refusal(book, Limits(max_unpacked=2 * MEGABYTE)).code == "unpacked_too_large"


def test_many_cells_with_short_texts_and_one_with_a_long_text_are_no_bomb(book: Path) -> None:
    # Three thousand cells share a short text; only one has the long text.
    header = "".join(
        f'<c r="{chr(65 + at)}1" t="inlineStr"><is><t>{n}</t></is></c>' for at, n in enumerate(HEADER[:26])
    )
    rows = "".join(f'<row r="{row}"><c r="C{row}" t="s"><v>1</v></c></row>' for row in range(2, 3000))
    last = '<row r="3000"><c r="C3000" t="s"><v>0</v></c></row>'
    sheet = _sheet(f'<row r="1">{header}</row>{rows}{last}'.encode())
    _with_sheet(book, sheet, strings=_strings(b"x" * 1000, b"12345678"))

    file = open_intake(book, required=frozenset(), limits=Limits(max_unpacked=2 * MEGABYTE))

    assert len(numbers(file)) == 2999


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"\0" * 40, b"PK\x03\x04 not a zip at all"])
def test_a_damaged_workbook_is_refused(book: Path, content: bytes) -> None:
    book.write_bytes(content)

    assert refusal(book).code == "damaged_xlsx"


def test_a_workbook_cut_off_halfway_is_refused(book: Path) -> None:
    write_xlsx(book, [{}] * 50)
    book.write_bytes(book.read_bytes()[:2000])

    assert refusal(book).code == "damaged_xlsx"


def test_a_zip_with_something_else_in_it_is_refused(book: Path) -> None:
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("lees-mij.txt", "geen werkmap")

    assert refusal(book).code in ("other_type", "damaged_xlsx")


def test_a_required_column_is_missed_in_a_workbook_too(book: Path) -> None:
    header = [name for name in HEADER if name != "taal"]
    write_xlsx(book, [], header=header)

    with pytest.raises(FileRefused, match="taal"):
        open_intake(book, required=required_columns(["taal"]))
