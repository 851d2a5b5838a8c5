"""What was handed in about the procedure of a case: it stands in dossiers, in a room above, which registers how to read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cases.case.models import ReturnCase


@dataclass(frozen=True)
class StatedProcedure:
    """What one sender stated, and when it was handed in. A date or word that was not stated is "".

    `effect` is the suspensive effect as one sentence with its rule.
    """

    sender: str
    handed_in_at: datetime
    facts: list[tuple[str, object]]
    effect: str


Reader = Callable[[ReturnCase], StatedProcedure | None]

_readers: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """Called once when the app of the room that holds dossiers is ready."""
    if reader not in _readers:
        _readers.append(reader)


def stated_procedure(case: ReturnCase) -> StatedProcedure | None:
    """The latest statement, or None when nothing was handed in. The caller has asked `decisions.view`."""
    found = [stated for reader in _readers if (stated := reader(case)) is not None]
    return max(found, key=lambda stated: stated.handed_in_at, default=None)
