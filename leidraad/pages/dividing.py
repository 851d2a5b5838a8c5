"""How many cases each receiver gets, and which: pure arithmetic over keys. Families stay together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """A case with the household it belongs to, in the order in which cases are to be dealt out."""

    key: int
    household: int | None


class DoesNotAddUp(ValueError):
    """The numbers given are not the number of cases: too many when `difference` is positive, too few when negative."""

    def __init__(self, difference: int) -> None:
        super().__init__(difference)
        self.difference = difference


def shares(count: int, given: Mapping[int, int | None]) -> dict[int, int]:
    """How many each receiver gets. A number is a number; who has none shares what is left equally, the first one more.

    Raises DoesNotAddUp.
    """
    rest = count - sum(number for number in given.values() if number is not None)
    sharing = [receiver for receiver, number in given.items() if number is None]
    if rest < 0 or (rest > 0 and not sharing):
        raise DoesNotAddUp(-rest)
    each, over = divmod(rest, len(sharing)) if sharing else (0, 0)
    equal = {receiver: each + (place < over) for place, receiver in enumerate(sharing)}
    return {receiver: equal[receiver] if number is None else number for receiver, number in given.items()}


def divide(items: Iterable[Item], wanted: Mapping[int, int]) -> dict[int, int]:
    """Case -> receiver. Families first and whole, then one by one to whom most is still to come.

    So a list ordered by deadline gives everybody both urgent and quiet cases. A family can make somebody's number differ.
    """
    left = dict(wanted)
    dealt: dict[int, int] = {}
    for group in _families_first(items):
        receiver = max(left, key=lambda one: left[one])
        left[receiver] -= len(group)
        dealt.update(dict.fromkeys(group, receiver))
    return dealt


def _families_first(items: Iterable[Item]) -> Sequence[list[int]]:
    groups: dict[tuple[str, int], list[int]] = {}
    for item in items:
        name = ("case", item.key) if item.household is None else ("household", item.household)
        groups.setdefault(name, []).append(item.key)
    return sorted(groups.values(), key=len, reverse=True)
