"""The report of an import: totals that add up, and a file for a spreadsheet program in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handover.intake.judging import BadRow, GoodRow

BYTE_ORDER_MARK = "\ufeff"

# A cell that starts with one of these can become a formula. The wide forms count in East Asian editions.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Verdict(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    HELD = "held"
    REFUSED = "refused"


VERDICT_LABELS: Mapping[Verdict, str | Promise] = {
    Verdict.CREATED: pgettext_lazy("intake report", "created"),
    Verdict.UPDATED: pgettext_lazy("intake report", "updated"),
    Verdict.UNCHANGED: pgettext_lazy("intake report", "unchanged"),
    Verdict.HELD: pgettext_lazy("intake report", "held"),
    Verdict.REFUSED: pgettext_lazy("intake report", "refused"),
}

HEADER: tuple[str | Promise, ...] = (
    pgettext_lazy("intake report", "row"),
    pgettext_lazy("intake report", "reference"),
    pgettext_lazy("intake report", "verdict"),
    pgettext_lazy("intake report", "column"),
    pgettext_lazy("intake report", "problem"),
    pgettext_lazy("intake report", "what would be right"),
)


@dataclass(frozen=True)
class Totals:
    """`read` is counted by the key pass, apart from the verdicts; that is what makes the sum a check."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    held: int = 0
    refused: int = 0

    @classmethod
    def of(cls, read: int, counts: Mapping[Verdict, int]) -> "Totals":
        return cls(read, **{verdict.value: counts.get(verdict, 0) for verdict in Verdict})

    @property
    def judged(self) -> int:
        return self.created + self.updated + self.unchanged + self.held + self.refused

    @property
    def adds_up(self) -> bool:
        return self.read == self.judged

    def sentence(self) -> str:
        """The sum in words, in the active language; says so when it does not hold."""
        text = _(
            "%(read)s rows read = %(created)s created + %(updated)s updated + %(unchanged)s unchanged "
            "+ %(held)s held + %(refused)s refused."
        )
        if not self.adds_up:
            text = _(
                "%(read)s rows read, but %(judged)s judged: %(created)s created, %(updated)s updated, "
                "%(unchanged)s unchanged, %(held)s held, %(refused)s refused. The import is not complete."
            )
        names = ("read", "judged", *(verdict.value for verdict in Verdict))
        return str(text) % {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class ReportLine:
    row_number: int
    reference: str
    verdict: Verdict
    column: str = ""
    problem: str = ""
    what_would_be_right: str = ""


def refused_line(row: BadRow) -> ReportLine:
    return ReportLine(row.row_number, row.reference, Verdict.REFUSED, row.column, row.problem, row.what_would_be_right)


def accepted_lines(row: GoodRow, verdict: Verdict) -> list[ReportLine]:
    """One line for the row, or one for each remark on it."""
    lines = [ReportLine(row.row_number, row.reference, verdict, mark.column, mark.text) for mark in row.remarks]
    return lines or [ReportLine(row.row_number, row.reference, verdict)]


def report_csv(lines: Iterable[ReportLine], totals: Totals | None = None) -> Iterator[str]:
    """The file line by line, for a streaming response encoded as UTF-8: semicolons and a mark, as Dutch Excel wants.

    The totals close the file.
    """
    yield BYTE_ORDER_MARK + _row(map(str, HEADER))
    for line in lines:
        verdict = str(VERDICT_LABELS[line.verdict])
        cells = (line.reference, verdict, line.column, line.problem, line.what_would_be_right)
        yield _row((str(line.row_number), *cells))
    if totals is not None:
        yield _row(("", "", "", "", totals.sentence(), ""))


def harmless(cell: str) -> str:
    """The cell as text: with an apostrophe in front when a spreadsheet program could run it as a formula."""
    # White space in front does not stop every program.
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS) else cell


def _row(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()
