"""The report that can be downloaded, and the sum that must hold."""

import csv
import io
from dataclasses import replace

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from handover.intake.judging import BadRow, GoodRow, Rules, judge_row
from handover.intake.report import (
    FORMULA_STARTS,
    ReportLine,
    Totals,
    Verdict,
    accepted_lines,
    harmless,
    refused_line,
    report_csv,
)
from tests.handover.intake_files import RULES, TODAY, raw_row


def table(*lines: ReportLine, totals: Totals | None = None) -> list[list[str]]:
    with override("nl"):
        content = "".join(report_csv(lines, totals)).encode().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))


def test_the_file_opens_in_a_dutch_spreadsheet_program() -> None:
    with override("nl"):
        content = "".join(report_csv([ReportLine(2, "IND-1", Verdict.CREATED)])).encode()

    assert content == (
        b"\xef\xbb\xbfrij;referentie;uitkomst;kolom;probleem;wat goed zou zijn\r\n2;IND-1;aangemaakt;;;\r\n"
    )


def test_a_refused_row_stands_there_with_its_cell_and_what_would_be_right() -> None:
    row = judge_row(raw_row(12, grond="overig"), RULES)
    assert isinstance(row, BadRow)

    with override("nl"):
        cells = table(refused_line(row))[1]

    assert cells[:5] == ["12", "IND-2026-000001", "geweigerd", "grond", "“overig” staat niet in de lijst."]
    assert cells[5].startswith("Gebruik een van deze waarden: asiel_afgewezen, dublin")


def test_an_accepted_row_stands_there_once_or_once_for_each_remark() -> None:
    row = judge_row(raw_row(3, aanvraag_op="2026-12-01", uitspraak_op="2026-12-02"), RULES)
    assert isinstance(row, GoodRow)

    lines = accepted_lines(row, Verdict.UPDATED)

    assert [(line.row_number, line.verdict, line.column) for line in lines] == [
        (3, Verdict.UPDATED, "aanvraag_op"),
        (3, Verdict.UPDATED, "uitspraak_op"),
    ]
    assert accepted_lines(replace(row, remarks=()), Verdict.CREATED) == [
        ReportLine(3, "IND-2026-000001", Verdict.CREATED)
    ]


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://voorbeeld.invalid";"klik")', "+1", "-3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]
)
def test_a_cell_that_looks_like_a_formula_is_text_in_the_download(cell: str) -> None:
    assert table(ReportLine(2, cell, Verdict.HELD, "grond", cell, cell))[1] == [
        "2", "'" + cell, "aangehouden", "grond", "'" + cell, "'" + cell,
    ]  # fmt: skip


def test_a_formula_in_a_reference_of_a_refused_row_is_text_in_the_download() -> None:
    row = judge_row(raw_row(2, referentie="=1+1", grond=""), RULES)
    assert isinstance(row, BadRow)

    assert table(refused_line(row))[1][1] == "'=1+1"


@given(st.text(max_size=20))
def test_no_cell_starts_like_a_formula_and_nothing_is_lost(cell: str) -> None:
    safe = harmless(cell)

    assert not safe.lstrip().startswith(FORMULA_STARTS)
    assert safe.removeprefix("'") == cell or safe == cell


def test_the_totals_close_the_file() -> None:
    totals = Totals.of(
        6, {Verdict.CREATED: 1, Verdict.UPDATED: 1, Verdict.UNCHANGED: 1, Verdict.HELD: 1, Verdict.REFUSED: 2}
    )

    assert table(totals=totals)[-1][4] == (
        "6 rijen gelezen = 1 aangemaakt + 1 bijgewerkt + 1 ongewijzigd + 1 aangehouden + 2 geweigerd."
    )


def test_totals_that_do_not_add_up_say_so() -> None:
    totals = Totals.of(6, {Verdict.CREATED: 5})

    assert not totals.adds_up
    with override("nl"):
        assert totals.sentence().startswith("6 rijen gelezen, maar 5 beoordeeld")
        assert totals.sentence().endswith("Het inlezen is nog niet klaar.")


def test_the_report_follows_the_language_of_its_reader() -> None:
    row = judge_row(raw_row(taal="??"), Rules(TODAY))
    assert isinstance(row, BadRow)

    with override("en"):
        assert row.problem == "“??” is not a language code."
    with override("nl"):
        assert row.problem == "“??” is geen taalcode."
