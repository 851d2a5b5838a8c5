"""What an intake file may be, at most."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    max_bytes: int = 50 * MEGABYTE
    max_rows: int = 50_000
    max_unpacked: int = 200 * MEGABYTE
    # A sheet is held as a full rectangle, so two cells far apart could ask for any amount of memory.
    max_sheet_cells: int = 50_001 * 200


DEFAULT_LIMITS = Limits()

# One line of a CSV file, in characters: far more than a row whose cells are all as long as allowed.
MAX_LINE = 100_000
