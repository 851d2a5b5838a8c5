"""Judging an act for cases: the guards of the day, the matrix of the day, and everything that is known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cases.terms.guards import GUARDS
from cases.terms.guards.findings import Finding, Plan, Settings, State
from cases.terms.guards.known import Known
from cases.terms.guards.registry import known_of
from cases.terms.models import Act, Effect, GuardAct, GuardSetting, GuardVersion, Stop
from cases.terms.stops import stops_of
from cases.terms.walls import PRINCIPAL
from leidraad.lib import clock
from leidraad.lib.who import principal

ORDER = (Effect.BLOCK, Effect.WARN, Effect.NONE)


@dataclass(frozen=True)
class Judged:
    """One guard about one act. `effect` is what its finding does to the act: unknown counts as not met.

    `guard` is the version that counted; `reason` says why the guard does or does not apply to this act.
    """

    guard: GuardVersion
    finding: Finding
    effect: Effect
    applies: Effect
    reason: str

    @property
    def code(self) -> str:
        return self.guard.guard.code

    @property
    def is_unknown(self) -> bool:
        return self.finding.state is State.UNKNOWN

    @property
    def holds(self) -> bool:
        return self.effect is not Effect.NONE

    @property
    def rules(self) -> Sequence[str]:
        return self.finding.rules or tuple(self.guard.rules)


@dataclass(frozen=True)
class Judgement:
    """What stands of one case and one act: blocks first, then warnings, unknown after known, then what is in order.

    `stops` are those that forbid the act on the day of judging or of the act, the first placed first.
    """

    case: int
    plan: Plan
    known: Known
    judged: tuple[Judged, ...]
    bench: "Bench"
    stops: tuple[Stop, ...] = ()

    @property
    def blocks(self) -> list[Judged]:
        return [one for one in self.judged if one.effect is Effect.BLOCK]

    @property
    def warnings(self) -> list[Judged]:
        return [one for one in self.judged if one.effect is Effect.WARN]

    @property
    def passes(self) -> bool:
        """Whether no block and no stop stands; a warning still asks for a name and a reason."""
        return not self.blocks and not self.stops


@dataclass(frozen=True)
class Bench:
    """The guards, the matrix and the settings of one day, read once. Three queries."""

    guards: tuple[GuardVersion, ...]
    cells: Mapping[tuple[int, str], GuardAct]
    settings: Settings

    @classmethod
    def on(cls, day: date) -> "Bench":
        guards = GuardVersion.objects.in_force(day).select_related("guard")
        cells = {(cell.guard_id, cell.act): cell for cell in GuardAct.objects.in_force(day)}
        return cls(tuple(guards), cells, settings_on(day))

    def judge(self, known: Known, plan: Plan) -> tuple[Judged, ...]:
        plan = replace(plan, settings=self.settings)
        found = [self._one(guard, known, plan) for guard in self.guards if (guard.guard_id, plan.act) in self.cells]
        return tuple(sorted(found, key=_weight))

    def _one(self, guard: GuardVersion, known: Known, plan: Plan) -> Judged:
        cell = self.cells[guard.guard_id, plan.act]
        applies = Effect(cell.effect)
        finding = GUARDS[guard.guard.code](known, plan)
        return Judged(guard, finding, effect_of(finding.state, applies), applies, cell.reason)


def effect_of(state: State, applies: Effect) -> Effect:
    """What a finding does under a cell of the matrix. A notice warns at most; unknown does what not met does."""
    if state is State.IN_ORDER or applies is Effect.NONE:
        return Effect.NONE
    return Effect.WARN if state is State.NOTICE else applies


def _weight(one: Judged) -> tuple[int, bool, int]:
    return (ORDER.index(one.effect), one.holds and one.is_unknown, one.guard.guard.position)


def settings_on(day: date) -> Settings:
    """What we set ourselves. One query."""
    values = {one.code: one.value for one in GuardSetting.objects.in_force(day)}

    def number(code: str) -> int | None:
        return int(values[code]) if values.get(code) else None

    return Settings(
        removability_days=number("removability_days"),
        identity_rank=number("identity_rank"),
        eu_citizens=frozenset(values.get("eu_citizens", "").split()),
    )


def judge(
    cases: Collection[int],
    act: Act,
    on: date | None = None,
    destination: str = "",
    *,
    today: date | None = None,
    by_air: bool | None = None,
) -> dict[int, Judgement]:
    """Judge one act for each of these cases by everything that is known. A fixed number of queries for any number of cases.

    Looks over the second wall: the caller has asked the right on each case, and shows nobody a finding about a section that
    is closed to them.
    """
    today = today or clock.today()
    plan = Plan(act=act, on=on or today, today=today, destination=destination, by_air=by_air)
    return judge_each({case: [plan] for case in cases})[0]


def judge_each(
    plans: Mapping[int, Iterable[Plan]], known: Mapping[int, Known] | None = None
) -> list[dict[int, Judgement]]:
    """As `judge`, for several plans of each case at once: the first plan of each, the second, and so on.

    `known` is what was asked before, where the caller needed it to make the plans.
    """
    asked = {case: tuple(found) for case, found in plans.items()}
    known = known_past_the_wall(asked.keys()) if known is None else known
    stops = stops_past_the_wall(asked)
    benches: dict[date, Bench] = {}
    rounds: list[dict[int, Judgement]] = []
    for case, found in asked.items():
        for position, plan in enumerate(found):
            bench = benches.get(plan.today) or benches.setdefault(plan.today, Bench.on(plan.today))
            if position == len(rounds):
                rounds.append({})
            judged = bench.judge(known[case], plan)
            forbidding = tuple(stop for stop in stops.get(case, ()) if forbids(stop, plan))
            rounds[position][case] = Judgement(case, plan, known[case], judged, bench, forbidding)
    return rounds or [{}]


@principal(PRINCIPAL)
def known_past_the_wall(cases: Collection[int]) -> dict[int, Known]:
    return known_of(cases)


@principal(PRINCIPAL)
def stops_past_the_wall(plans: Mapping[int, Sequence[Plan]]) -> dict[int, list[Stop]]:
    """The stops of these cases that stand on a day that one of their plans asks about. One query, none without a plan."""
    days = [day for found in plans.values() for plan in found for day in (plan.today, plan.on)]
    return stops_of(plans.keys(), since=min(days)) if days else {}


def forbids(stop: Stop, plan: Plan) -> bool:
    """A stop that ends before the act counts while it stands, and one that stands on the day of the act counts already."""
    is_about = stop.forbids(plan.act, plan.destination, by_air=plan.by_air)
    return is_about and (stop.stands_on(plan.today) or stop.stands_on(plan.on))
