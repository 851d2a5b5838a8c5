"""The door through which subjects tell what they know of a case, without being imported here."""

from collections.abc import Callable, Collection, Iterable, Mapping

from cases.terms.guards.known import Known, Part

Teller = Callable[[Collection[int]], Mapping[int, Iterable[Part]]]
_tellers: dict[str, Teller] = {}


def tell_facts(subject: str, teller: Teller) -> None:
    """Have `teller(case ids)` asked for what it knows. It answers for all of them in a fixed number of queries."""
    _tellers[subject] = teller


def subjects() -> list[str]:
    return sorted(_tellers)


def known_of(cases: Collection[int]) -> dict[int, Known]:
    """What all subjects know of these cases. Whoever asks sees what the database shows for whom it works now."""
    told: dict[int, list[Part]] = {case: [] for case in cases}
    if told:
        for teller in _tellers.values():
            for case, parts in teller(told.keys()).items():
                told[case].extend(parts)
    return {case: Known.of(parts) for case, parts in told.items()}
