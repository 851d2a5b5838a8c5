"""The whole demo before anything is written: who, where, in which phase, directed by whom. Pure: no database, no clock.

The same seed and day give the same plan. At 1,000 persons and 1,586 closed cases every table of `figures` comes out exactly.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from leidraad.pages.demo import placing, timing
from leidraad.pages.demo.figures import (
    CLOSED,
    DOCUMENT,
    ENDINGS,
    ENTRY_BANS,
    RECEIVED,
    SIGNALS,
    THIRD_COUNTRY,
)
from leidraad.pages.demo.households import people, share_of, singles
from leidraad.pages.demo.naming import name_all
from leidraad.pages.demo.placing import CRIMINAL, DUBLIN, FOUND, OWN_REQUEST
from leidraad.pages.demo.planned import Ending, PlannedHousehold, PlannedPerson
from leidraad.pages.demo.sharing import by_largest_remainder, draw, in_turn, shuffled
from leidraad.pages.demo.timing import is_delivered
from leidraad.pages.demo.wireframe import name_as_in_the_wireframe

FIRST_V_NUMBER = 9_995_000_000
DEPARTED = frozenset({"transferred_dublin", "departed_independently", "departed_forced"})
Member = tuple[PlannedHousehold, PlannedPerson]


@dataclass(frozen=True)
class Plan:
    """`open` holds the households whose cases run, `closed` those that ended; `today` is the day it was planned for."""

    today: date
    open: tuple[PlannedHousehold, ...]
    closed: tuple[PlannedHousehold, ...]

    @property
    def all(self) -> tuple[PlannedHousehold, ...]:
        return self.open + self.closed

    @property
    def open_persons(self) -> int:
        return sum(household.size for household in self.open)

    @property
    def delivery_days(self) -> list[date]:
        return sorted({household.delivered for household in self.all})

    @property
    def waiting(self) -> tuple[PlannedHousehold, ...]:
        """Handed over and not yet assigned."""
        return tuple(household for household in self.open if household.phase == RECEIVED)


def v_number(person: PlannedPerson) -> str:
    return str(FIRST_V_NUMBER + person.number)


def make_plan(persons: int, closed: int, *, seed: int, today: date, directors: Mapping[str, Sequence[str]]) -> Plan:
    """`directors` names the regievoerders of each team by user name."""
    chance = Random(f"{seed}-{today}")  # noqa: S311 - invented people, not secrets
    households = people(persons, chance, today)
    for step in (placing.nationalities, placing.origins, placing.stays, placing.phases):
        step(households, chance)
    timing.deliver_open(households, chance, today)
    ended = _closed(closed, chance, today, first=persons)
    timing.direct([*households, *ended], directors, chance)
    timing.steps(households, chance, today)
    _signals(households, chance)
    _entry_bans(households, chance)
    name_all([*households, *ended], chance)
    name_as_in_the_wireframe(households)
    return Plan(today, tuple(households), tuple(ended))


def _closed(count: int, chance: Random, today: date, *, first: int) -> list[PlannedHousehold]:
    """One person each: what belonged together while it ran is of no use once it has ended."""
    households = singles(count, chance, today, first=first)
    placing.nationalities(households, chance)
    placing.origins(households, chance)
    placing.stays(households, chance)
    days = shuffled(chance, _spread(timing.closing_days(today), count, chance))
    delivered = timing.deliver_closed(days, chance, today)
    for household, day in zip(households, delivered, strict=True):
        household.delivered = day
    _endings(households, days, chance)
    return households


def _spread(days: list[date], count: int, chance: Random) -> list[date]:
    """Over all days, on one more than on another, as it goes."""
    return in_turn(by_largest_remainder({day: chance.uniform(0.75, 1.25) for day in days}, count))


def _endings(households: list[PlannedHousehold], days: list[date], chance: Random) -> None:
    table = by_largest_remainder(ENDINGS, len(households))
    day_of = {household.number: day for household, day in zip(households, days, strict=True)}

    def give(line: tuple[str, str], chosen: list[PlannedHousehold]) -> None:
        outcome, kind = line
        for household in chosen:
            where = "dublin" if outcome == "transferred_dublin" else "origin" if outcome in DEPARTED else ""
            household.ending = Ending(day_of[household.number], outcome, kind, where)

    placing.deal(households, table, _ending_liking, chance, give)
    _third_countries(households, chance)


def _ending_liking(line: tuple[str, str], one: PlannedHousehold) -> float:
    outcome, kind = line
    if outcome == "transferred_dublin":
        held = 3 if kind == "detention" and one.stay.form == "dc" else 1
        return 50 * held if one.ground == DUBLIN else 0.01
    if kind == "detention":
        return 20 if one.stay.form == "dc" else 5 if one.ground == FOUND else 0.5
    if kind == "prison":
        return 50 if one.ground == CRIMINAL else 0.05
    if kind in ("iom", "ngo", "own"):
        return 3 if one.ground != CRIMINAL else 0.1
    if kind == "dtv":
        return 10 if one.nationality == "SYR" or one.ground == OWN_REQUEST else 1
    return 1


def _third_countries(households: list[PlannedHousehold], chance: Random) -> None:
    went = [one for one in households if one.ending and one.ending.destination == "origin"]
    for household in chance.sample(went, min(len(went), round(THIRD_COUNTRY * len(households) / CLOSED))):
        if household.ending:
            old = household.ending
            household.ending = Ending(old.on, old.outcome, old.kind, "third")


SIGNAL_LIKING: Mapping[str, Callable[[PlannedHousehold, PlannedPerson], float]] = {
    "zwanger": lambda one, who: who.sex == "V" and 18 <= who.age <= 40,
    "mensenhandel": lambda one, who: (60 if one.stay.protected else 1) if who.sex == "V" and who.age > 15 else 0.01,
    "openbare_orde": lambda one, who: (
        0 if who.sex == "V" or who.is_minor else 20 if one.ground == CRIMINAL or one.stay.form in ("htl", "dc") else 1
    ),
    "medisch": lambda one, who: 3 if who.age > 40 else 1,
}


def _signals(households: list[PlannedHousehold], chance: Random) -> None:
    """Exactly as many of each as the figures say; beside them every minor is marked as one."""
    everybody = [(household, person) for household in households for person in household.persons]
    for _household, person in everybody:
        person.signals = ("minderjarig",) if person.is_minor else ()
    for signal, count in SIGNALS.items():
        liking = SIGNAL_LIKING[signal]
        pool = list(everybody)
        for _household, person in _drawn(pool, share_of(count, len(everybody)), liking, chance):
            person.signals += (signal,)


def _entry_bans(households: list[PlannedHousehold], chance: Random) -> None:
    """Entry bans stand in the dossier, so they are of persons who came with one."""
    pool = [(one, person) for one in households if is_delivered(one) for person in one.persons if not person.is_minor]
    total = sum(household.size for household in households)

    def liking(one: PlannedHousehold, _person: PlannedPerson) -> float:
        return {CRIMINAL: 20, FOUND: 5, DUBLIN: 0.2}.get(one.ground, 1)

    for _household, person in _drawn(pool, share_of(ENTRY_BANS, total), liking, chance):
        person.entry_ban = True


def _drawn(
    pool: list[Member], count: int, liking: Callable[[PlannedHousehold, PlannedPerson], float], chance: Random
) -> list[Member]:
    return draw(chance, pool, count, size=lambda one: 1, liking=lambda one: float(liking(*one)))


def lacks_document(household: PlannedHousehold) -> bool:
    """In the phase in which a travel document is asked for, half have nothing at all and half a copy."""
    return household.phase == DOCUMENT and household.number % 2 == 0
