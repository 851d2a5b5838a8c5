"""Invented names, believable for a nationality. Members of a household share a surname; some are known in another script."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from leidraad.pages.demo.planned import PlannedHousehold, PlannedPerson

NAMES_FILE = Path(__file__).parent / "names.csv"
WITH_SCRIPT, WITH_OTHER_NAME = 0.3, 0.06


@dataclass(frozen=True)
class Names:
    """Lists of the same length stand beside each other: a name, and how its own script writes it (empty: the same script)."""

    language: str
    surnames: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    script_surnames: tuple[str, ...]
    script_men: tuple[str, ...]
    script_women: tuple[str, ...]


@lru_cache(maxsize=1)
def all_names() -> dict[str, Names]:
    lists = ("surnames", "men", "women", "script_surnames", "script_men", "script_women")
    with NAMES_FILE.open(encoding="utf-8", newline="") as file:
        return {
            line["nationality"]: Names(
                line["language"], *(tuple(part for part in line[name].split(";") if part) for name in lists)
            )
            for line in csv.DictReader(file)
        }


def name_all(households: list[PlannedHousehold], chance: Random) -> None:
    taken: set[tuple[str, str, str]] = set()
    for household in households:
        names = all_names()[household.nationality]
        household.language = names.language
        surname = chance.randrange(len(names.surnames))
        for person in household.persons:
            surname = _name(person, household.nationality, names, surname, taken, chance)


def _name(
    person: PlannedPerson,
    nationality: str,
    names: Names,
    surname: int,
    taken: set[tuple[str, str, str]],
    chance: Random,
) -> int:
    """Names one person. The same full name twice is rare, as it should be; who is alone may take another surname for it."""
    given_names, script = (names.women, names.script_women) if person.sex == "V" else (names.men, names.script_men)
    given = chance.randrange(len(given_names))
    for _try in range(12):
        if (nationality, names.surnames[surname], given_names[given]) not in taken:
            break
        given = chance.randrange(len(given_names))
        if not person.role:
            surname = chance.randrange(len(names.surnames))
    person.surname, person.given_names = names.surnames[surname], given_names[given]
    taken.add((nationality, person.surname, person.given_names))
    person.aliases = _aliases(names, given_names, script, surname, given, chance)
    return surname


def _aliases(
    names: Names, given_names: tuple[str, ...], script: tuple[str, ...], surname: int, given: int, chance: Random
) -> tuple[str, ...]:
    found = []
    if names.script_surnames and chance.random() < WITH_SCRIPT:
        found.append(f"{script[given]} {names.script_surnames[surname]}")
    if chance.random() < WITH_OTHER_NAME:
        found.append(f"{given_names[given]} {chance.choice(names.surnames)}")
    return tuple(alias for alias in found if alias != f"{given_names[given]} {names.surnames[surname]}")
