"""Days that are no working day for a term, and why.

Three kinds, because the sources do not give them the same weight: the holidays of ATW 3(1), Good Friday, which ATW 3(2) puts
beside them for that act, and days that a royal decree equates for terms only (ATW 3(3)). The first two come from the package
`holidays`, whose plain Dutch list leaves out Good Friday and, but for each fifth year, 5 May. The decrees are dated data.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import holidays

REFERENCE = Path(__file__).parents[1] / "reference"
GOOD_FRIDAY = "good_friday"
# The names of the package in English, and our keys. Easter Day and Whit Sunday are Sundays and no holidays of the act.
KEYS = {
    "New Year's Day": "new_year",
    "Good Friday": GOOD_FRIDAY,
    "Easter Monday": "easter_monday",
    "King's Day": "kings_day",
    "Queen's Day": "queens_day",
    "Liberation Day": "liberation_day",
    "Ascension Day": "ascension",
    "Pentecost Monday": "whit_monday",
    "Christmas Day": "christmas_day",
    "Second Day of Christmas": "boxing_day",
}
SATURDAY, SUNDAY, EQUATED = "saturday", "sunday", "equated"


class Kind(StrEnum):
    HOLIDAY = "holiday"
    GOOD_FRIDAY = "good_friday"
    EQUATED = "equated"


@dataclass(frozen=True)
class EquatedDays:
    """The days of the decrees, and the years for which the decree was found. Another year may have days we do not know."""

    days: Mapping[date, str]
    known_years: frozenset[int]


@lru_cache(maxsize=1)
def equated_days() -> EquatedDays:
    found: dict[date, str] = {}
    with (REFERENCE / "equated_days.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            found[date.fromisoformat(line["day"])] = line["source"]
    known: set[int] = set()
    with (REFERENCE / "equated_years.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["found"] == "yes":
                known.update(range(int(line["first_year"]), int(line["last_year"]) + 1))
    return EquatedDays(found, frozenset(known))


@lru_cache(maxsize=256)
def holidays_of(year: int) -> Mapping[date, tuple[Kind, str]]:
    """The holidays of ATW 3(1) and (2) in one year: kind and key."""
    found: dict[date, tuple[Kind, str]] = {}
    package = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="en_US")
    for day, names in package.items():
        for name in names.split("; "):
            if name in KEYS:
                key = KEYS[name]
                found[day] = (Kind.GOOD_FRIDAY if key == GOOD_FRIDAY else Kind.HOLIDAY, key)
    return found


def why_free(day: date, without: frozenset[Kind] = frozenset()) -> str:
    """The key of what makes `day` no working day for a term; empty for a working day. `without` leaves kinds out."""
    if day.weekday() == 5:
        return SATURDAY
    if day.weekday() == 6:
        return SUNDAY
    kind, key = holidays_of(day.year).get(day, (None, ""))
    if kind is not None:
        return "" if kind in without else key
    return EQUATED if Kind.EQUATED not in without and day in equated_days().days else ""


def is_working_day(day: date, without: frozenset[Kind] = frozenset()) -> bool:
    return not why_free(day, without)


def decree_is_known(year: int) -> bool:
    """Whether the royal decree of a year was found, so that a day that it does not name is known to be a working day."""
    return year in equated_days().known_years
