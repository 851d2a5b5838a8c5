"""One cell: from text to a typed value, or a `CellFault`. An empty cell never reaches these functions."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global
from django_countries.data import ALT_CODES

from handover.intake.problems import CellFault, clip

EARLIEST_YEAR = 1900

# ICAO Doc 9303 codes that are not in ISO 3166-1: stateless, refugee (two kinds), unspecified, Kosovo.
ICAO_ONLY = frozenset({"XXA", "XXB", "XXC", "XXX", "RKS"})

ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
DUTCH_DATE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
YEAR_AND_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
V_NUMBER = re.compile(r"[0-9]{8,10}")
SMALL_NUMBER = re.compile(r"[0-9]{1,3}")
LANGUAGE = re.compile(r"[a-z]{3}")
SPREADSHEET_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


class PartialDate(NamedTuple):
    """A date of birth as far as it is known. Without a month there is no day."""

    year: int
    month: int | None = None
    day: int | None = None

    def isoformat(self) -> str:
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def clean(raw: str) -> str:
    """The text in one Unicode form, without white space around it. Refuses what a database cannot hold."""
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in text):
        raise CellFault("forbidden_character")
    if text in SPREADSHEET_ERRORS:
        raise CellFault("formula_error")
    return text


def text(cell: str) -> str:
    """Text on one line: line ends inside a name or an address become a space."""
    return " ".join(cell.split())


def long_text(cell: str) -> str:
    return cell


def entries(cell: str) -> tuple[str, ...]:
    """The parts between semicolons, each once, in their order."""
    return tuple(dict.fromkeys(text(part) for part in cell.split(";") if part.strip()))


def one_of(allowed: Collection[str]) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if cell not in allowed:
            raise CellFault("not_in_list", shown=clip(cell), allowed=", ".join(allowed))
        return cell

    return parse


def several_of(allowed: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    parse_one = one_of(allowed)

    def parse(cell: str) -> tuple[str, ...]:
        return tuple(parse_one(part) for part in entries(cell))

    return parse


def yes_or_no(cell: str) -> bool:
    return one_of(("ja", "nee"))(cell) == "ja"


def number_between(low: int, high: int) -> Callable[[str], int]:
    def parse(cell: str) -> int:
        if not SMALL_NUMBER.fullmatch(cell) or not low <= int(cell) <= high:
            raise CellFault("not_a_number", shown=clip(cell), low=str(low), high=str(high))
        return int(cell)

    return parse


def number_from(allowed: tuple[int, ...]) -> Callable[[str], int]:
    def parse(cell: str) -> int:
        if not SMALL_NUMBER.fullmatch(cell) or int(cell) not in allowed:
            raise CellFault("not_in_list", shown=clip(cell), allowed=", ".join(map(str, allowed)))
        return int(cell)

    return parse


def v_number(cell: str) -> str:
    # No check digit is known for this number, so none is tested.
    if not V_NUMBER.fullmatch(cell):
        raise CellFault("not_a_v_number", shown=clip(cell))
    return cell


def full_date(cell: str) -> date:
    found = _date_in(cell)
    if found is None:
        raise CellFault("not_a_date", shown=clip(cell))
    return found


def birth_date(cell: str) -> PartialDate:
    """As far as known. Whether it lies after today is judged with the row: a parser knows no clock."""
    if found := _date_in(cell):
        return PartialDate(found.year, found.month, found.day)
    match = YEAR_AND_MONTH.fullmatch(cell)
    if not match:
        raise CellFault("not_a_birth_date", shown=clip(cell))
    year, month = int(match[1]), int(match[2]) if match[2] else None
    _real_date(year, month if month is not None else 1, 1, cell)
    return PartialDate(year, month)


def _date_in(cell: str) -> date | None:
    if match := ISO_DATE.fullmatch(cell):
        return _real_date(int(match[1]), int(match[2]), int(match[3]), cell)
    if match := DUTCH_DATE.fullmatch(cell):
        return _real_date(int(match[3]), int(match[2]), int(match[1]), cell)
    return None


def _real_date(year: int, month: int, day: int, cell: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellFault("no_such_date", shown=clip(cell)) from None
    if year < EARLIEST_YEAR:
        raise CellFault("year_too_early", shown=clip(cell))
    return found


def country(cell: str) -> str:
    if cell not in states() and cell not in ICAO_ONLY:
        raise CellFault("not_a_country", shown=clip(cell))
    return cell


def state(cell: str) -> str:
    """A state that can take over a person: a nationality code such as stateless is not one."""
    if cell not in states():
        raise CellFault("not_a_state", shown=clip(cell))
    return cell


@cache
def states() -> frozenset[str]:
    """ISO 3166-1 alpha-3, as published by django-countries (names not needed here)."""
    return frozenset(alpha3 for alpha3, _number in ALT_CODES.values())


def language(cell: str) -> str:
    if not LANGUAGE.fullmatch(cell):
        raise CellFault("not_a_language", shown=clip(cell))
    return cell


@cache
def known_languages() -> frozenset[str]:
    """Three-letter codes that CLDR knows. ISO 639-3 has far more, so an unknown code is a remark and no fault."""
    codes = set(get_global("language_aliases")) | set(Locale("en").languages)
    return frozenset(code for code in codes if LANGUAGE.fullmatch(code))
