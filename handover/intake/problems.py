"""Everything the intake can find wrong, as a code with details. The sentence is made when somebody reads it.

A code and its details can be stored as JSON and shown later in the reader's own language; the row itself is never
stored with them. Values shown are clipped, so a report repeats no more of a row than is needed to find the cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHOWN_LENGTH = 40

Text = str | Promise

# code: (what is wrong, what would be right)
TEXTS: Mapping[str, tuple[Text, Text]] = {
    "empty_required": (_("The cell is empty."), _("Fill in this column: %(meaning)s.")),
    "empty_for_dublin": (
        _("The cell is empty and the ground is dublin."),
        _("Fill in this column when the ground is dublin: %(meaning)s."),
    ),
    "empty_with_measure": (
        _("The cell is empty and the row names a measure."),
        _("Fill in the date on which the measure began, for instance 2026-11-23."),
    ),
    "too_long": (_("The text has %(length)s characters."), _("Use at most %(limit)s characters.")),
    "forbidden_character": (
        _("The text contains a character that cannot be shown or stored."),
        _("Type the text again, without control characters."),
    ),
    "formula_error": (
        _("The cell contains a formula that failed."),
        _("Replace the formula by the value itself, or leave the cell empty when the value is not known."),
    ),
    "not_in_list": (_("“%(shown)s” is not in the list."), _("Use one of these values: %(allowed)s.")),
    "not_a_date": (_("“%(shown)s” is not a date."), _("Write the date as 2026-11-23 or 23-11-2026.")),
    "no_such_date": (_("The date “%(shown)s” does not exist."), _("Write a date from the calendar, as 2026-11-23.")),
    "year_too_early": (_("The year of “%(shown)s” lies before 1900."), _("Check the year. Write four digits.")),
    "not_a_birth_date": (
        _("“%(shown)s” is not a date of birth."),
        _("Write the date as 1994-03-21 or 21-03-1994. Write 1994-03 or 1994 when the day or the month is not known."),
    ),
    "birth_after_today": (
        _("The date of birth “%(shown)s” lies after today."),
        _("Fill in a date of birth that is not after today."),
    ),
    "not_a_v_number": (
        _("“%(shown)s” is not a V-number."),
        _("A V-number has 8 to 10 digits, without letters, spaces or dots. Keep leading zeros."),
    ),
    "v_number_two_persons": (
        _("Two persons in this file have this V-number: “%(shown)s”."),
        _("Find out whose number it is, correct the other row and send both rows again."),
    ),
    "not_a_country": (
        _("“%(shown)s” is not a country code."),
        _("Use the code of three capital letters of ICAO Doc 9303, for instance SYR, RKS or XXA."),
    ),
    "not_a_state": (
        _("“%(shown)s” is not the code of a state."),
        _("Use the code of three capital letters of the state, for instance DEU."),
    ),
    "not_a_language": (
        _("“%(shown)s” is not a language code."),
        _("Use the code of three small letters of ISO 639-3, for instance ara."),
    ),
    "not_a_number": (
        _("“%(shown)s” is not a number that is allowed here."),
        _("Use a whole number from %(low)s to %(high)s."),
    ),
    "row_shape": (
        _("The row has %(cells)s cells; the header has %(expected)s."),
        _("Give the row as many cells as the header. Put text with a separator or a quotation mark between quotes."),
    ),
    "row_quotes": (
        _("The quotation marks in this row do not match."),
        _("Close every quotation mark, and write a quotation mark inside a text twice."),
    ),
    "row_too_long": (
        _("The row is longer than %(limit)s characters."),
        _("Check whether the line ends are still there."),
    ),
}

# Accepted, but somebody should look.
REMARKS: Mapping[str, Text] = {
    "unknown_location": _("The site “%(shown)s” is not in the reference data. The name is kept as text."),
    "unknown_language": _("The language code “%(shown)s” is not known here. The code is kept."),
    "future_date": _("The date %(shown)s lies in the future."),
    "regime_differs": _("The application date points to the regime “%(proposed)s”. A person decides."),
    "since_without_measure": _("There is a start date, but no measure."),
    "notified_before_decision": _("The notification lies before the decision."),
    "deadline_before_acceptance": _("The latest transfer date lies before the acceptance of the claim."),
}

# The whole file is refused, before any row is written.
REFUSALS: Mapping[str, Text] = {
    "too_large": _(
        "The file is too large: %(size)s MB. At most %(limit)s MB is allowed. Split the file and send the parts."
    ),
    "empty_file": _("The file is empty. Send a CSV or XLSX file with a header in row 1."),
    "utf16": _("The file is in the encoding UTF-16. Save it as “CSV UTF-8” and send it again."),
    "not_utf8": _(
        "The file is not in the encoding UTF-8 (first seen in line %(line)s); it may be Windows-1252 or Latin-1. "
        "Save it as “CSV UTF-8” and send it again."
    ),
    "binary": _("The file is neither CSV nor XLSX. Send a CSV file in UTF-8 or an XLSX file."),
    "other_type": _(
        "The file is neither CSV nor XLSX, but looks like %(kind)s. Send a CSV file in UTF-8 or an XLSX file."
    ),
    "old_excel": _(
        "The file is an old or password-protected Office file. Save it as XLSX without a password and send it again."
    ),
    "damaged_xlsx": _("The XLSX file cannot be read. Open it, save it again as XLSX and send it again."),
    "unpacked_too_large": _(
        "The XLSX file is larger than %(limit)s MB once unpacked. Split the file and send the parts."
    ),
    "sheet_too_wide": _(
        "A sheet in the XLSX file uses more rows or columns than is allowed. "
        "Remove the other sheets and everything outside the table, or send the file as CSV."
    ),
    "too_many_rows": _("The file has more than %(limit)s rows. Split the file and send the parts."),
    "missing_columns": _("The header in row 1 lacks required columns: %(columns)s. Add them and send the file again."),
    "duplicate_columns": _("The header in row 1 names a column more than once: %(columns)s. Keep one of each."),
}


def clip(text: str) -> str:
    """One line of at most 40 characters, without anything that cannot be printed."""
    line = "".join(mark if mark.isprintable() else " " for mark in text[: SHOWN_LENGTH * 10])
    line = " ".join(line.split())
    return line if len(line) <= SHOWN_LENGTH else line[: SHOWN_LENGTH - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell or row. `details` holds text only, so it can be stored as JSON."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        return str(TEXTS[self.code][0]) % self.details

    def what_would_be_right(self, meaning: str = "") -> str:
        """`meaning` is the meaning of the column; only problems about an empty cell use it."""
        return str(TEXTS[self.code][1]) % {**self.details, "meaning": meaning}


@dataclass(frozen=True)
class Remark:
    """Something about an accepted cell that a person should look at."""

    column: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(REMARKS[self.code]) % self.details


class CellFault(Exception):
    """Raised by a cell parser. Carries the problem."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, details)


class FileRefused(Exception):
    """The whole file is refused. `str()` is one sentence for the user, in the active language."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return str(REFUSALS[self.code]) % self.details
