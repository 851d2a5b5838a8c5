"""Writing a table as a file that a spreadsheet opens, without letting a cell become a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

# What a spreadsheet would take for a formula when it opens the file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet executes."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


class _Line:
    """A file that hands back what was written to it."""

    @staticmethod
    def write(value: str) -> str:
        return value


def csv_text(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"  # so that Excel reads UTF-8
    for line in lines:
        yield writer.writerow([neutral(cell) for cell in line])
