"""One size after the other: fill where needed, then measure every subject for every viewer as the application's role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from leidraad.lib import wall
from leidraad.pages.bench import acting, database, world
from leidraad.pages.bench.fill import fill
from leidraad.pages.bench.subjects import (
    ACT,
    CLOCK,
    COUNT,
    SEARCH,
    WALL,
    Subject,
    pages_of,
    queries_of,
    register_of,
    report_of,
    work_of,
)
from leidraad.pages.bench.ticking import ticks
from leidraad.pages.bench.timing import Times, compared
from leidraad.pages.bench.walls import Walled, as_unit_of, walls_of
from leidraad.pages.bench.watching import buffers_of, fetched_by, watched
from leidraad.pages.bench.world import RESIDENTS, World
from partners import policy_now

EVERYBODY = "–"


@dataclass(frozen=True)
class Measured:
    """One line of the report; `viewer` is the share of all cases that is seen, or the role. Without a hand-written statement
    the `hand` values are None."""

    rows: int
    viewer: str
    name: str
    kind: str
    found: int
    queries: int
    buffers: int
    times: Times
    hand_buffers: int | None = None
    hand_times: Times | None = None

    @property
    def ratio(self) -> float | None:
        return self.times.median / self.hand_times.median if self.hand_times else None

    @property
    def buffer_ratio(self) -> float | None:
        return self.buffers / self.hand_buffers if self.hand_buffers else None


class NotTheSame(Exception):
    """The hand-written statement found other cases than our code."""


def prepare(rows: int, say: Callable[[str], None], progress: Callable[[int, int], None]) -> None:
    """The database of this size, filled anew unless it stands there as this code would fill it."""
    if database.is_filled(rows):
        say(f"{rows:,} cases: already there")
        with database.connected_to(rows):
            wall.build()
        return
    say(f"{rows:,} cases: filling {database.name_for(rows)}")
    version = database.fill_version()
    database.create(rows)
    with database.connected_to(rows):
        database.migrate()
        fill(world.build(rows), rows, lambda done: progress(done, rows), lambda what: say(f"{rows:,} cases: {what}"))
        say(f"{rows:,} cases: vacuum and statistics")
        database.tidy()
        database.mark_filled(rows, version)


def measure(rows: int, runs: int, tell: Callable[[Measured], None]) -> list[Measured]:
    """All lines of one size. Raises NotTheSame rather than compare what cannot be compared."""
    with database.connected_to(rows, role=database.application_role()):
        found = list(_lines(rows, runs, tell))
    return found


def _lines(rows: int, runs: int, tell: Callable[[Measured], None]) -> Iterator[Measured]:
    people = world.build(rows)
    for tick in ticks():
        times = Times((tick.milliseconds,))
        line = Measured(rows, EVERYBODY, tick.name, CLOCK, tick.found, tick.statements, buffers=0, times=times)
        tell(line)
        yield line
    for viewer in people.viewers:
        for subject in (*queries_of(viewer), *pages_of(viewer)):
            line = _measured(rows, viewer.label, subject, runs)
            tell(line)
            yield line
        for walled in walls_of(viewer):
            line = _measured_wall(rows, viewer.label, walled, runs)
            tell(line)
            yield line
    for who, subject in _of_roles(people):
        line = _measured(rows, who, subject, runs)
        tell(line)
        yield line
    with acting.acts_of(people) as acts:
        for act in acts:
            line = _measured_act(rows, act, runs)
            tell(line)
            yield line


def _of_roles(people: World) -> Iterator[tuple[str, Subject]]:
    for role, member in people.workers.items():
        yield role, work_of(member)
    for role, member in people.readers.items():
        yield role, report_of(member)
    # A site of a known size, for those of `workers` grow with the number of cases.
    yield f"{RESIDENTS} residents", work_of(people.registrar)
    yield f"{RESIDENTS} residents", register_of(people)


def in_one_piece(run: Callable[[], Any]) -> Callable[[], Any]:
    """As a request does it: the policy is looked up once, however often it is asked."""

    def asked() -> Any:
        with policy_now.one_policy():
            return run()

    return asked


def _measured(rows: int, viewer: str, subject: Subject, runs: int) -> Measured:
    if subject.differs():
        raise NotTheSame(f"{subject.name} ({viewer}, {rows:,} cases)")
    hand = subject.run_hand if subject.hand else None
    run = in_one_piece(subject.run)
    ours, theirs = compared(run, hand, runs=runs)
    with watched() as statements:
        result = run()
    hand_buffers = None
    if hand is not None:
        with watched() as by_hand:
            hand()
        hand_buffers = buffers_of(by_hand)
    return Measured(
        rows=rows,
        viewer=viewer,
        name=subject.name,
        kind=subject.kind,
        found=_found(subject, result),
        queries=len(statements),
        buffers=buffers_of(statements),
        times=ours,
        hand_buffers=hand_buffers,
        hand_times=theirs,
    )


def _measured_wall(rows: int, viewer: str, walled: Walled, runs: int) -> Measured:
    """The hand-written side of this line is the same question before the wall."""
    ask = in_one_piece(walled.behind)
    behind, before = compared(ask, in_one_piece(walled.before), runs=runs)
    with watched() as statements:
        ask()
    own = [one for one in statements if not one.sql.startswith(("BEGIN", "COMMIT"))]
    bare = buffers_of(own)
    with transaction.atomic(), as_unit_of(walled.member):
        buffers = buffers_of(own)
    return Measured(rows, viewer, walled.name, WALL, 1, len(own), buffers, behind, bare, before)


def _found(subject: Subject, result: object) -> int:
    keys = list(subject.keys_of(result))
    if len(keys) == 1 and isinstance(keys[0], int) and subject.kind in {COUNT, SEARCH}:
        return keys[0]
    return len(keys)


def _measured_act(rows: int, subject: Subject, runs: int) -> Measured:
    """What writes is not explained, which would write again: the transaction's own counters say what it fetched."""
    with transaction.atomic(), watched() as statements:
        buffers = fetched_by(subject.run)
    acted = [one for one in statements if "pg_stat_get_xact" not in one.sql]
    ours, theirs = compared(subject.run, acting.replayed(acted), runs=runs)
    return Measured(
        rows=rows,
        viewer=EVERYBODY,
        name=subject.name,
        kind=ACT,
        found=1,
        queries=len(acted),
        buffers=buffers,
        times=ours,
        hand_times=theirs,
    )
