"""Counts as they may be published: rounded to tens, and nothing said about fewer than five.

Government counts of the return chain are published so. Zero is one of the values under five: whether there was nobody or
somebody cannot be told. A total is rounded from what it counts, never summed from rounded parts. A figure then stands for
ten possible counts, so that taking the shown parts from a shown total never leaves one possible count for a hidden part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from leidraad.lib import display

LEAST: Final = 5
STEP: Final = 10


@dataclass(frozen=True)
class Figure:
    """A publishable count. `value` is None for every count under five."""

    value: int | None

    def __str__(self) -> str:
        """As it stands in a table or a chart: 1.450, or <5."""
        return f"<{LEAST}" if self.value is None else display.number(self.value)

    @property
    def in_words(self) -> str:
        """As it stands in a sentence."""
        return _("fewer than %(least)d") % {"least": LEAST} if self.value is None else display.number(self.value)

    @property
    def plain(self) -> str:
        """As it stands in a file for a spreadsheet: without the reader's grouping of thousands."""
        return f"<{LEAST}" if self.value is None else str(self.value)


def publish(count: int) -> Figure:
    """The figure for an exact count; halves go up."""
    return Figure(None if count < LEAST else (count + STEP // 2) // STEP * STEP)
