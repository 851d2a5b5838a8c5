"""What directors did with their cases: the plan, the track, the booking, and the next step that stands now."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from random import Random

from django.utils.translation import gettext_noop

from cases.case.actions import NewAxis, set_axis_many
from cases.case.models import Axis, Phase, ReturnCase, Task, TaskKind
from leidraad.lib import clock
from leidraad.lib.audit import PerRecord, bulk_create_as
from leidraad.pages.demo import texts
from leidraad.pages.demo.course import Course, travel_document_of
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, finish_many, grouped, next_step, plan_anew

HOURS = (9, 9, 10, 11, 13, 14, 15, 16)
FORMER_DONE = gettext_noop("Former next step done")


def work(stage: Stage) -> Iterator[None]:
    """Each step for all cases of a day at once, each by its own director."""
    yield from _step(stage, stage.led, lambda course: course.planned, _start_planning)
    yield from _step(stage, stage.led, lambda course: course.tracked, _choose_track)
    yield from _step(stage, stage.led, lambda course: course.booked, _book)
    yield from _step(stage, stage.led, lambda course: course.step, _record_step)


Act = Callable[[Stage, Sequence[Planned], PerRecord], None]


def _step(
    stage: Stage, households: list[PlannedHousehold], day_of: Callable[[Course], date | None], act: Act
) -> Iterator[None]:
    reached = [(day, one) for one in households if (day := day_of(stage.course(one))) is not None]
    plan_anew()
    for number, (day, group) in enumerate(grouped(reached, lambda pair: pair[0]).items()):
        there = stage.of(one for _day, one in group)
        with stage.at(day, HOURS[number % len(HOURS)], 7 * number % 60):
            act(stage, there, stage.directors(there))
        yield


def _start_planning(stage: Stage, there: Sequence[Planned], by: PerRecord) -> None:
    """The file is studied, the travel document looked into; the plan is the next step."""
    changes: list[tuple[ReturnCase, list[NewAxis]]] = []
    for planned in there:
        axes = [_axis(stage, planned, Axis.PHASE, Phase.PLANNING)]
        stage_of_document = travel_document_of(planned.household)
        if stage_of_document is not None and stage_of_document != planned.case.travel_document:
            axes.append(_axis(stage, planned, Axis.TRAVEL_DOCUMENT, stage_of_document))
        planned.case.circumstances_asked_on = clock.today()
        changes.append((planned.case, axes))
    set_axis_many(changes, by=by, reason=texts.STUDIED, also=["circumstances_asked_on"])
    due = clock.end_of(clock.working_days_after(clock.today(), 10))
    _follow(there, by, [next_step(planned.case, texts.SECOND_STEP, due) for planned in there])


def _choose_track(stage: Stage, there: Sequence[Planned], by: PerRecord) -> None:
    changes = [(one.case, [_axis(stage, one, Axis.PHASE, stage.course(one.household).track)]) for one in there]
    for planned in there:
        planned.case.last_contact_on = clock.today()
    set_axis_many(changes, by=by, reason=texts.DISCUSSED, also=["last_contact_on"])


def _book(stage: Stage, there: Sequence[Planned], by: PerRecord) -> None:
    changes = [(one.case, [_axis(stage, one, Axis.PHASE, Phase.TRAVEL_BOOKED)]) for one in there]
    set_axis_many(changes, by=by, reason=texts.BOOKED_REASON)


def _record_step(stage: Stage, there: Sequence[Planned], by: PerRecord) -> None:
    """The step that stands now, and the last contact, which may be older than the note of it."""
    today = stage.plan.today
    steps = []
    for planned in there:
        one = planned.household
        chance = Random(f"step-{stage.seed}-{planned.person.number}")  # noqa: S311 - a story, not a secret
        # A household is spoken to together, and moves together.
        title = texts.STEPS[one.phase][one.number % len(texts.STEPS[one.phase])]
        due_day = today + timedelta(days=one.step_days)
        hour = time(chance.choice(HOURS), chance.choice((0, 30)))
        due = clock.end_of(due_day) if one.step_days == 0 else clock.at(due_day, hour)
        steps.append(next_step(planned.case, title, due))
        contact = max(today - timedelta(days=one.quiet_days), planned.case.opened_on)
        planned.case.last_contact_on = min(contact, clock.today())
    set_axis_many([(one.case, []) for one in there], by=by, reason=texts.TALKED, also=["last_contact_on"])
    _follow(there, by, steps)


def _follow(there: Sequence[Planned], by: PerRecord, steps: Sequence[Task]) -> None:
    former = Task.objects.open().filter(case__in=[one.case.pk for one in there], kind=TaskKind.NEXT_STEP)
    finish_many(former.order_by("case"), by=by, reason=FORMER_DONE)
    bulk_create_as(steps, by=by, reason=gettext_noop("Task added"))


def _axis(stage: Stage, planned: Planned, axis: Axis, value: str) -> NewAxis:
    return NewAxis(axis, value, clock.today(), stage.director(planned.household).acting_unit.full_name)
