"""Dividing a whole over a table without losing any, and drawing what fits a count exactly. Pure; chance comes in seeded."""

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


def by_largest_remainder(table: Mapping[K, float], total: int) -> dict[K, int]:
    """`total` divided in proportion to `table`. Rests go to the largest fractions, the first of equals first."""
    whole = sum(table.values())
    if not whole:
        return dict.fromkeys(table, 0)
    exact = {key: total * weight / whole for key, weight in table.items()}
    counts = {key: int(part) for key, part in exact.items()}
    # Rounded: that 0.30000000000000004 exceeds 0.3 must decide nothing.
    order = sorted(table, key=lambda key: -round(exact[key] - counts[key], 9))
    for key in order[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


def in_turn(counts: Mapping[K, int]) -> list[K]:
    """Each key as often as its count says, in the order of the table."""
    return [key for key, count in counts.items() for _ in range(count)]


def shuffled(chance: Random, items: Iterable[T]) -> list[T]:
    found = list(items)
    chance.shuffle(found)
    return found


def draw(
    chance: Random, pool: list[T], count: int, *, size: Callable[[T], int], liking: Callable[[T], float]
) -> list[T]:
    """Take out of `pool` what together has exactly `count`, each more likely the more it is liked; never what has 0.

    Fewer when nothing fits any more: what is taken is never split.
    """
    # A weighted draw without putting back: the largest of u^(1/w).
    order = sorted(
        ((chance.random() ** (1 / weight), place) for place, one in enumerate(pool) if (weight := liking(one)) > 0),
        reverse=True,
    )
    taken: set[int] = set()
    for _luck, place in order:
        if size(pool[place]) <= count:
            taken.add(place)
            count -= size(pool[place])
    if count:
        _change_one(taken, [place for _luck, place in order], count, lambda place: size(pool[place]))
    found = [pool[place] for place in sorted(taken)]
    pool[:] = [one for place, one in enumerate(pool) if place not in taken]
    return found


def _change_one(taken: set[int], places: list[int], lacking: int, size: Callable[[int], int]) -> None:
    """Give one back and take one that is larger by exactly what is lacking, when there are two like that."""
    free = {size(place): place for place in places if place not in taken}
    for place in [place for place in places if place in taken]:
        larger = free.get(size(place) + lacking)
        if larger is not None:
            taken.remove(place)
            taken.add(larger)
            return
