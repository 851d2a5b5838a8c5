"""Persons and families: how many of each size, how old, men or women. Parents are older than their children. Pure."""

from datetime import date, timedelta
from random import Random

from leidraad.pages.demo.figures import (
    ADULT_BANDS,
    ALONE_MINORS,
    CHILD_BANDS,
    FAMILIES,
    FAMILY_SIZES,
    ONE_PARENT,
    PERSONS,
    SINGLES,
    WOMEN,
)
from leidraad.pages.demo.planned import CHILD, HEAD, OF_AGE, PARTNER, PlannedHousehold, PlannedPerson
from leidraad.pages.demo.sharing import by_largest_remainder, in_turn, shuffled

Band = tuple[int, int]
YOUNG, MIDDLE, OLDER, OLD = ADULT_BANDS
SMALL, TEEN = CHILD_BANDS
# A parent is at least this much older than the child.
GENERATION = 18
# Of the parents of two, the share in which the first is a man; of those alone with children, the share of women.
MAN_FIRST, MOTHERS = 0.94, 0.84
GIRLS = 0.48


def share_of(count: int, persons: int) -> int:
    """Of a figure per thousand, the part for this many persons."""
    return round(count * persons / PERSONS)


def people(persons: int, chance: Random, today: date, *, first: int = 0) -> list[PlannedHousehold]:
    """`persons` persons in singles and families, numbered from `first`, with ages and sexes by the figures."""
    sizes = family_sizes(persons)
    alone = persons - sum(sizes)
    minors = min(share_of(ALONE_MINORS, persons), alone)
    families = _families(shuffled(chance, sizes), chance)
    bands = by_largest_remainder(ADULT_BANDS, alone - minors + sum(len(ages[0]) for ages in families))
    _ages_of_families(families, bands, chance)
    groups = [adults + children for adults, children in families]
    groups += [[age] for age in shuffled(chance, [chance.randint(15, 17) for _ in range(minors)])]
    groups += [[chance.randint(*band)] for band in shuffled(chance, in_turn(bands))]
    adults_of = {number: len(adults) for number, (adults, _children) in enumerate(families)}
    found: list[PlannedHousehold] = []
    number = first
    for place, ages in enumerate(groups):
        members = [_person(number + n, age, chance, today) for n, age in enumerate(ages)]
        for n, member in enumerate(members if place in adults_of else ()):
            member.role = CHILD if n >= adults_of[place] else (HEAD, PARTNER)[n]
        found.append(PlannedHousehold(number + 1, members))
        number += len(ages)
    _sexes(found, share_of(WOMEN, persons), chance)
    return found


def singles(persons: int, chance: Random, today: date, *, first: int) -> list[PlannedHousehold]:
    """Adults alone only, for the closed cases."""
    bands = shuffled(chance, in_turn(by_largest_remainder(ADULT_BANDS, persons)))
    found = [
        PlannedHousehold(first + n + 1, [_person(first + n, chance.randint(*band), chance, today)])
        for n, band in enumerate(bands)
    ]
    _sexes(found, share_of(WOMEN, persons), chance)
    return found


def family_sizes(persons: int) -> list[int]:
    """Sizes of the families among this many persons, from 2 to 7; together exactly who is not alone."""
    members = persons - share_of(SINGLES, persons)
    count = min(share_of(FAMILIES, persons), members // 2)
    if not count:
        return []
    sizes = in_turn(by_largest_remainder(FAMILY_SIZES, count))
    while (excess := sum(sizes) - members) != 0:
        place = sizes.index(max(sizes)) if excess > 0 else sizes.index(min(sizes))
        sizes[place] += -1 if excess > 0 else 1
    return sizes


Ages = tuple[list[int], list[int]]


def _families(sizes: list[int], chance: Random) -> list[Ages]:
    """For each family places for one or two adults and for children; the children's ages are filled in."""
    one_parent = set(chance.sample(range(len(sizes)), round(len(sizes) * ONE_PARENT / FAMILIES)))
    families: list[Ages] = []
    for place, size in enumerate(sizes):
        adults = 1 if place in one_parent else 2
        families.append(([0] * adults, [0] * (size - adults)))
    slots = [(children, n) for _adults, children in families for n in range(len(children))]
    bands = in_turn(by_largest_remainder(CHILD_BANDS, len(slots)))
    for (children, n), band in zip(slots, bands, strict=True):
        children[n] = _new_age(band, children[:n], chance)
    for _adults, children in families:
        children.sort(reverse=True)
    return families


def _new_age(band: Band, others: list[int], chance: Random) -> int:
    """An age that no brother or sister has, as long as there is one. A year at least: the dossier is older than a baby."""
    ages = range(max(1, band[0]), band[1] + 1)
    return chance.choice([age for age in ages if age not in others] or ages)


def _ages_of_families(families: list[Ages], bands: dict[Band, int], chance: Random) -> None:
    """Take the parents' ages out of the bands, so that each is a generation older than the eldest child."""
    for adults, children in sorted(families, key=lambda family: -max(family[1], default=-1)):
        least = max(children, default=0) + GENERATION if children else 0
        band = _band_for(least, bool(children), len(adults), bands, chance)
        bands[band] -= len(adults)
        low = min(max(band[0], least), band[1])
        high = min(band[1], low + 14)
        adults[:] = sorted((chance.randint(low, high) for _ in adults), reverse=True)


def _band_for(least: int, has_children: bool, adults: int, bands: dict[Band, int], chance: Random) -> Band:
    liking = {YOUNG: 40, MIDDLE: 35, OLDER: 15, OLD: 10}
    if has_children:
        liking = {YOUNG: 45, MIDDLE: 55} if least < 30 else {MIDDLE: 75, OLDER: 25}
    fitting = {band: liking.get(band, 0) for band in bands if bands[band] >= adults and band[1] >= least}
    wanted = {band: weight for band, weight in fitting.items() if weight}
    if not fitting:
        # Only among a handful of persons: whoever is left.
        return max(bands, key=lambda band: bands[band])
    chosen = wanted or dict.fromkeys(fitting, 1)
    return chance.choices(list(chosen), list(chosen.values()))[0]


def _person(number: int, age: int, chance: Random, today: date) -> PlannedPerson:
    year = today.year - age
    birthday = date(year, today.month, 28 if (today.month, today.day) == (2, 29) else today.day)
    born = birthday - timedelta(days=chance.randint(0, 364))
    # An uncertain date counts in favour of a child: whoever may be one has a whole date.
    partial = age > OF_AGE + 2 and chance.random() < 0.08
    return PlannedPerson(number, age, born, partial_birth=partial)


def _sexes(households: list[PlannedHousehold], women: int, chance: Random) -> None:
    """Families first, as families are; the rest of the women are among those who are alone."""
    for household in households:
        head = household.persons[0]
        adults = [one for one in household.persons if not one.is_minor]
        if household.is_alone:
            continue
        if len(adults) == 2:
            first, second = ("M", "V") if chance.random() < MAN_FIRST else ("V", "M")
            adults[0].sex, adults[1].sex = first, second
        elif not head.is_minor:
            head.sex = "V" if chance.random() < MOTHERS else "M"
        for one in household.persons:
            if one.role == CHILD:
                one.sex = "V" if chance.random() < GIRLS else "M"
    in_families = sum(one.sex == "V" for household in households for one in household.persons)
    alone = [household.persons[0] for household in households if household.is_alone]
    for one in chance.sample(alone, min(max(women - in_families, 0), len(alone))):
        one.sex = "V"
