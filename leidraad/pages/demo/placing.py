"""Which household has which nationality, sender and ground, stay and phase: each table comes out exactly. Pure.

Every table is dealt in the order of its lines, the pickiest first; a household that fits a line better is likelier to get it.
What no line could place without splitting a household ends in the last line, so that nobody is left out; at the full size
nothing is. The unaccompanied minors fill the forms that exist for them, and those forms hold nobody else.
"""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import TypeVar

from leidraad.pages.demo.figures import (
    BOOKED,
    FORCED,
    NATIONALITIES,
    ORIGINS,
    OWN_INTAKE,
    PHASES,
    PLANNING,
    PROTECTED,
    READY,
    RECEIVED,
    STAYS,
    SUSPENDED,
    VOLUNTARY,
)
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.sharing import by_largest_remainder, draw
from leidraad.pages.demo.sites import Places

K = TypeVar("K")
Liking = Callable[[PlannedHousehold], float]


def codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


FOUND = "geen_rechtmatig_verblijf"
CRIMINAL, OWN_REQUEST, DUBLIN, ASYLUM = "vris", "eigen_verzoek", "dublin", "asiel_afgewezen"
REGULAR, PROTECTION = "regulier_ingetrokken", "bescherming_elders_eu"
IN_CUSTODY = frozenset({"dc", "ggv", "pi"})
# Who comes as a family, as a child alone, and for other work than asylum. All others are as likely as they are many.
FAMILIES_FROM = codes("SYR TUR IRQ IRN MDA GEO ALB NGA AFG ARM SRB MKD RUS AZE COL VEN")
CHILDREN_FROM = codes("SYR AFG ERI SOM YEM IRQ GIN ETH EGY")
OFTEN_FOUND = codes("DZA MAR TUN NGA ALB GHA BRA SUR LBY GMB VNM CHN IND UKR MDA")
REGULAR_FROM = codes("SUR BRA GHA TUR CHN IND PAK MAR")
PROTECTED_ELSEWHERE = codes("SYR AFG ERI SOM IRQ YEM ETH")


def deal(
    pool: list[PlannedHousehold],
    table: Mapping[K, int],
    liking: Callable[[K, PlannedHousehold], float],
    chance: Random,
    give: Callable[[K, list[PlannedHousehold]], None],
    *,
    size: Callable[[PlannedHousehold], int] = lambda household: household.size,
) -> None:
    """Give each line of the table households that together have its count; the last line gets whoever is left."""
    left = list(pool)
    *lines, last = table
    for line in lines:
        give(line, draw(chance, left, table[line], size=size, liking=partial(liking, line)))
    give(last, left)


def nationalities(households: list[PlannedHousehold], chance: Random) -> None:
    """Families first, the largest first, as long as a nationality has room for all of them."""
    total = sum(household.size for household in households)
    room = by_largest_remainder(NATIONALITIES, total)
    for household in sorted(households, key=lambda one: (-one.size, not one.is_alone_minor)):
        fitting = [code for code, left in room.items() if left >= household.size]
        # A handful of persons may leave no room for a whole family: then it takes the largest that is left.
        weights = [room[code] * _from(code, household) for code in fitting]
        chosen = chance.choices(fitting, weights)[0] if fitting else max(room, key=lambda code: room[code])
        household.nationality = chosen
        room[chosen] = max(0, room[chosen] - household.size)


def _from(code: str, household: PlannedHousehold) -> float:
    if household.is_alone_minor:
        return 1 if code in CHILDREN_FROM else 0.01
    if not household.is_alone:
        return 1 if code in FAMILIES_FROM else 0.25
    return 1


def origins(households: list[PlannedHousehold], chance: Random) -> None:
    """Sender and ground together."""
    table = by_largest_remainder(ORIGINS, sum(household.size for household in households))

    def give(line: tuple[str, str], chosen: list[PlannedHousehold]) -> None:
        for household in chosen:
            household.supplier, household.ground = line

    deal(households, table, _origin_liking, chance, give)


def _origin_liking(line: tuple[str, str], one: PlannedHousehold) -> float:
    supplier, ground = line
    if one.is_alone_minor:
        return 1 if (supplier, ground) in {("IND", ASYLUM), ("IND", PROTECTION)} else 0
    if ground == CRIMINAL:
        return (3 if one.nationality in OFTEN_FOUND else 1) if one.is_single_man else 0
    if ground == OWN_REQUEST:
        return 20 if one.nationality == "SYR" else 0.05
    if ground == FOUND:
        return (4 if one.nationality in OFTEN_FOUND else 1) if one.is_single_adult else 0.02
    if ground == REGULAR:
        return 6 if one.nationality in REGULAR_FROM else 0.2
    if ground == PROTECTION:
        return 6 if one.nationality in PROTECTED_ELSEWHERE else 0.2
    return 1


def stays(households: list[PlannedHousehold], chance: Random) -> None:
    table = by_largest_remainder(STAYS, sum(household.size for household in households))
    places = Places(chance)
    deal(households, table, _stay_liking, chance, places.stays_of)


STAY_LIKING: Mapping[str, Liking] = {
    "kwv": lambda one: one.is_alone_minor,
    "nidos": lambda one: one.is_alone_minor,
    "pi": lambda one: 10 if one.ground == CRIMINAL else 0.01 if one.ground == FOUND and one.is_single_man else 0,
    "dc": lambda one: {CRIMINAL: 30, FOUND: 8, DUBLIN: 1}.get(one.ground, 0.1) if one.is_single_adult else 0,
    "ggv": lambda one: one.size >= 3 and one.has_minors,
    PROTECTED: lambda one: one.persons[0].sex == "V" and one.size < 4 and one.supplier == "IND",
    "gl": lambda one: (5 if one.ground == ASYLUM else 1) if one.has_minors and not one.is_alone else 0,
    "htl": lambda one: one.is_single_man and one.persons[0].age < 35 and one.supplier == "IND",
    "ibo": lambda one: one.is_single_adult and one.supplier == "IND",
    "onbekend": lambda one: 1 if one.is_single_man else 0.02,
    "lvv": lambda one: (5 if one.persons[0].age > 40 else 1) if one.is_single_adult and one.supplier != "IND" else 0.01,
    "vbl": lambda one: 1 if not one.has_minors and one.ground == ASYLUM else 0,
    "prive": lambda one: {FOUND: 20, REGULAR: 12, OWN_REQUEST: 6}.get(one.ground, 0.2),
    "admin": lambda one: 1 if one.size < 4 and one.ground in (ASYLUM, DUBLIN) else 0.05,
    "pol": lambda one: 4 if one.ground == DUBLIN else 1,
    "no": lambda one: 1,
}


def _stay_liking(form: str, one: PlannedHousehold) -> float:
    if one.is_alone_minor and form not in ("kwv", "nidos"):
        return 0
    return float(STAY_LIKING[form](one))


def phases(households: list[PlannedHousehold], chance: Random) -> None:
    """Counted by household: its members share the phase."""
    table = by_largest_remainder(PHASES, len(households))

    def give(line: str, chosen: list[PlannedHousehold]) -> None:
        for household in chosen:
            household.phase = line

    deal(households, table, lambda line, one: float(PHASE_LIKING[line](one)), chance, give, size=lambda one: 1)


def _is_held(one: PlannedHousehold) -> bool:
    return one.stay.form in IN_CUSTODY


# Our own intake opens its cases itself: nothing is handed over and nothing waits for an answer.
PHASE_LIKING: Mapping[str, Liking] = {
    RECEIVED: lambda one: 0 if one.supplier == OWN_INTAKE or one.stay.form in ("onbekend", "gl", "vbl") else 1,
    BOOKED: lambda one: 8 if _is_held(one) else 4 if one.ground in (DUBLIN, OWN_REQUEST) else 1,
    FORCED: lambda one: 12 if _is_held(one) else 5 if one.ground in (FOUND, CRIMINAL) else 0.3,
    VOLUNTARY: lambda one: 0 if _is_held(one) else 9 if one.ground == OWN_REQUEST else 1,
    SUSPENDED: lambda one: 0.2 if _is_held(one) else 3 if one.ground == ASYLUM else 1,
    READY: lambda one: 3 if one.ground in (DUBLIN, PROTECTION, REGULAR) else 1,
    PLANNING: lambda one: 1,
}
