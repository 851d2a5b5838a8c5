"""A CSV file as a stream of records. Memory does not grow with the number of rows, nor with the length of a line."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from handover.intake.limits import MAX_LINE
from handover.intake.problems import Problem

DELIMITERS = (",", ";")


class LineFeed(Iterator[str]):
    """Lines for the CSV reader. Remembers the lines of the present record, so that a broken one can be undone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self.overlong = False

    def start_record(self) -> None:
        self.record = []
        self.overlong = False

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.record.append(line)
        return line

    def keep_first_line_only(self) -> None:
        """Give every line but the first back: an open quotation mark swallowed them."""
        self._again.extendleft(reversed(self.record[1:]))
        self.record = self.record[:1]

    def _read(self) -> str:
        line = self._stream.readline(MAX_LINE)
        if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
            return line
        rest = line
        while rest and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(MAX_LINE)
        self.overlong = True
        return "\n"


def delimiter_of(header_line: str) -> str:
    """Comma or semicolon, whichever divides the header line into more names."""
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([header_line], delimiter=delimiter), [])))


def records(stream: TextIO, delimiter: str, width: int | None = None) -> Iterator[list[str] | Problem]:
    """Each record, or what is wrong with it. A broken record ends at its own line, the next one is read normally.

    With `width` a record of more than one line that has another number of cells counts as broken as well: mostly a
    forgotten quotation mark, which must not take the following rows with it.
    """
    feed = LineFeed(stream)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.start_record()
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            feed.keep_first_line_only()
            yield Problem("row_quotes")
            continue
        if feed.overlong:
            feed.keep_first_line_only()
            yield Problem("row_too_long", {"limit": str(MAX_LINE)})
        elif width is not None and len(feed.record) > 1 and len(record) != width:
            feed.keep_first_line_only()
            yield Problem("row_quotes")
        else:
            yield record
