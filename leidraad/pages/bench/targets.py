"""The targets that every run is held to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from leidraad.pages.bench import ticking, walls
from leidraad.pages.bench.measure import Measured
from leidraad.pages.bench.subjects import ACT, CLOCK, COUNT, LIST, REQUEST, SEARCH

PAGE_SIZE = 50
# What must take as long among many cases as among few. A search takes as long as it finds hits.
STEADY = (LIST, REQUEST, COUNT, ACT)


@dataclass(frozen=True)
class Target:
    """`value_of` gives what is held to the limit, or None where the target says nothing about that line."""

    name: str
    limit: float
    value_of: Callable[[Measured], float | None]
    unit: str = ""


@dataclass(frozen=True)
class Verdict:
    """The worst line against one target."""

    target: Target
    worst: float
    line: Measured

    @property
    def held(self) -> bool:
        return self.worst <= self.target.limit


def _of(kind: str, value_of: Callable[[Measured], float | None]) -> Callable[[Measured], float | None]:
    return lambda line: value_of(line) if line.kind == kind else None


def _named(name: str, value_of: Callable[[Measured], float | None]) -> Callable[[Measured], float | None]:
    return lambda line: value_of(line) if line.name == name else None


def _each(line: Measured) -> float:
    """Milliseconds for each case there is."""
    return line.times.median / line.rows


def _full_page(value_of: Callable[[Measured], float | None]) -> Callable[[Measured], float | None]:
    """Only pages of fifty rows: what building one statement costs is the same for a page of three rows."""
    return lambda line: value_of(line) if line.kind == LIST and line.found == PAGE_SIZE else None


TARGETS: Sequence[Target] = (
    Target("list, SQL: buffers against hand-written SQL", 1.3, _full_page(lambda line: line.buffer_ratio), "×"),
    Target("list, Python included: time against hand-written SQL", 3.5, _full_page(lambda line: line.ratio), "×"),
    Target("list request: queries, all included", 8, _named("request, list", lambda line: line.queries)),
    Target("case request: queries, all included", 30, _named("request, case", lambda line: line.queries)),
    Target("register: queries, all included", 14, _named("request, register", lambda line: line.queries)),
    Target("list request: median", 15, _named("request, list", lambda line: line.times.median), " ms"),
    Target("name search: median", 30, _of(SEARCH, lambda line: line.times.median), " ms"),
    Target("wall, list page: time against the same without it", 1.3, _named(walls.LIST, lambda line: line.ratio), "×"),
    Target(
        "wall, one case by key: time against the same without it", 2, _named(walls.KEY, lambda line: line.ratio), "×"
    ),
    Target("wall, search: median", 30, _named(walls.SEARCH, lambda line: line.times.median), " ms"),
    Target(
        "count all deadlines and remind: seconds for 100,000 cases",
        120,
        _named(ticking.TOGETHER, lambda line: _each(line) * 100),
        " s",
    ),
    Target("count all deadlines and remind: queries per case", 0.1, _of(CLOCK, lambda line: line.queries / line.rows)),
    Target("save a row: median", 30, _named("save a row of the register", lambda line: line.times.median), " ms"),
)
GROWTH = Target("lists, pages, count, acts: time against the smallest size", 1.5, lambda _line: None, "×")
SAME_QUERIES = Target("queries that a larger size adds", 0, lambda _line: None)


def verdicts(lines: Sequence[Measured]) -> list[Verdict]:
    """One per target, for the worst line it says something about; targets that nothing was measured for are left out."""
    found = [verdict for target in TARGETS if (verdict := _worst(target, _values(target, lines)))]
    for target, value in ((GROWTH, growth_of), (SAME_QUERIES, _more_queries)):
        held_to = ((line, value(line, lines)) for line in lines if line.kind in STEADY)
        verdict = _worst(target, ((line, number) for line, number in held_to if number is not None))
        if verdict:
            found.append(verdict)
    return found


def _values(target: Target, lines: Sequence[Measured]) -> Iterator[tuple[Measured, float]]:
    for line in lines:
        value = target.value_of(line)
        if value is not None:
            yield line, value


def _worst(target: Target, values: Iterator[tuple[Measured, float]]) -> Verdict | None:
    ordered = sorted(values, key=lambda pair: pair[1])
    return Verdict(target, ordered[-1][1], ordered[-1][0]) if ordered else None


def smallest(line: Measured, lines: Sequence[Measured]) -> Measured | None:
    """The same work at the smallest size, when both found as much: a longer page is no growth of the same page."""
    same = [one for one in lines if (one.name, one.viewer) == (line.name, line.viewer) and one.rows < line.rows]
    least = min(same, key=lambda one: one.rows, default=None)
    return least if least is not None and least.found == line.found else None


def growth_of(line: Measured, lines: Sequence[Measured]) -> float | None:
    least = smallest(line, lines)
    return line.times.median / least.times.median if least else None


def _more_queries(line: Measured, lines: Sequence[Measured]) -> float | None:
    least = smallest(line, lines)
    return float(line.queries - least.queries) if least else None
