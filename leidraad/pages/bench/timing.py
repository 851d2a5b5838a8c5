"""Medians and percentiles of alternating runs: what our code takes, beside hand-written SQL, at the same moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from time import perf_counter

RUNS = 60
WARM_UP = 5


@dataclass(frozen=True)
class Times:
    """Milliseconds of each run."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.runs)

    @property
    def p95(self) -> float:
        return percentile(self.runs, 95)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1]


def timed(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return (perf_counter() - start) * 1000


def compared(
    run: Callable[[], object], hand: Callable[[], object] | None, *, runs: int = RUNS, warm_up: int = WARM_UP
) -> tuple[Times, Times | None]:
    """Both in turn, so that whatever else the machine does falls on both."""
    for _ in range(warm_up):
        run()
        if hand is not None:
            hand()
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(timed(run))
        if hand is not None:
            theirs.append(timed(hand))
    return Times(tuple(ours)), Times(tuple(theirs)) if hand is not None else None
