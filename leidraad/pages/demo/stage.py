"""What every part of the demo works with: the plan, the people, the clock of the past, and the cases once they exist."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar

from django.db import connection

from cases.case.models import ReturnCase, Task, TaskKind
from handover.actions.accepting import FIRST_STEP
from handover.actions.common import NEXT_STEP_DAYS
from leidraad.lib import clock
from leidraad.lib.audit import Actor, PerRecord, bulk_update_as
from leidraad.pages.demo.colleagues import People
from leidraad.pages.demo.course import Course, course_of
from leidraad.pages.demo.plan import Plan, v_number
from leidraad.pages.demo.planned import PlannedHousehold, PlannedPerson
from partners.models import Member, Unit

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True)
class Planned:
    """A planned person with the household, and the case in the database."""

    household: PlannedHousehold
    person: PlannedPerson
    case: ReturnCase


@dataclass
class Stage:
    plan: Plan
    seed: int
    people: People
    cases: dict[int, ReturnCase] = field(default_factory=dict)

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in Unit.objects.select_related("organisation", "group")}

    @cached_property
    def sites(self) -> Mapping[str, Unit]:
        return {unit.name: unit for unit in self.units.values() if unit.kind == "site"}

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That day's clock time; never later than now, so that nothing in the demo lies in the future."""
        return min(clock.at(day, time(hour, minute)), clock.now() - timedelta(minutes=5))

    @contextmanager
    def at(self, day: date, hour: int, minute: int = 0) -> Iterator[None]:
        with clock.as_if(self.moment(day, hour, minute)):
            yield

    def director(self, household: PlannedHousehold) -> Member:
        return self.people[household.director]

    def directors(self, there: Iterable[Planned]) -> PerRecord:
        """Each of these cases changed by its own director, all of them in the same statements."""
        return PerRecord(ReturnCase, {planned.case.pk: self.director(planned.household) for planned in there})

    def course(self, household: PlannedHousehold) -> Course:
        return course_of(household, self.plan.today)

    def of(self, households: Iterable[PlannedHousehold]) -> list[Planned]:
        """The persons of these households with their cases, in the order of the cases."""
        found = [Planned(one, person, self.cases[person.number]) for one in households for person in one.persons]
        return sorted(found, key=lambda planned: planned.case.pk)

    def remember(self, households: Iterable[PlannedHousehold]) -> list[Planned]:
        """Read the cases that were opened for these households."""
        households = list(households)
        wanted = {v_number(person): person.number for one in households for person in one.persons}
        related = ("person", "led_by__organisation", "residence_unit__organisation")
        for case in ReturnCase.objects.filter(person__v_number__in=wanted).select_related(*related):
            self.cases[wanted[case.person.v_number]] = case
        return self.of(households)

    @cached_property
    def led(self) -> list[PlannedHousehold]:
        """Households with a team: all but those whose handover waits for an answer."""
        return [household for household in self.plan.all if household.team]

    @cached_property
    def running(self) -> list[PlannedHousehold]:
        return [household for household in self.led if household.ending is None]


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """In the order of the keys, which must be comparable, so that what happens earlier is written earlier."""
    found: dict[K, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return {one: found[one] for one in sorted(found)}  # type: ignore[type-var]  # keys are tuples of dates and names


def first_steps(cases: Iterable[ReturnCase]) -> list[Task]:
    """What a director is given with a new case."""
    due = clock.end_of(clock.working_days_after(clock.today(), NEXT_STEP_DAYS))
    return [next_step(case, FIRST_STEP, due) for case in cases]


def next_step(case: ReturnCase, title: str, due_at: datetime) -> Task:
    """An unsaved next step of the responsible unit, for the director."""
    return Task(
        case=case,
        unit_id=case.led_by_id,
        assignee_id=case.director_id,
        kind=TaskKind.NEXT_STEP,
        title=title,
        due_at=due_at,
        url_name="cases:detail",
        url_arg=case.number,
        created_at=clock.now(),
    )


def finish_many(tasks: Iterable[Task], *, by: Member | PerRecord, reason: str) -> None:
    """Tasks of cases done now, set-based; as `finish_task` does it for one."""
    tasks = list(tasks)
    for task in tasks:
        doer: Actor = by.of(task) if isinstance(by, PerRecord) else by
        task.done_at, task.done_by_id = clock.now(), doer.pk
        task.version += 1
    bulk_update_as(tasks, ["done_at", "done_by", "version"], by=by, reason=reason)


def plan_anew() -> None:
    """The database plans the statements of triggers once a session: plans for empty tables would read full ones whole."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
