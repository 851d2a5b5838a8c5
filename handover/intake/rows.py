"""A row as it stands in the file, before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handover.intake.problems import Problem


@dataclass(frozen=True)
class RawRow:
    """`number` counts the header as row 1. `cells` holds the known columns only, as text.

    With a `fault` the row could not be taken apart; `cells` then holds nothing that may be trusted.
    """

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: Problem | None = None
