"""What may happen to a case. One verb, one function: lock, right, change with actor and reason, access, tasks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.closing import tell_closing
from cases.case.facts import facts_of_axis, publish
from cases.case.grants import end_involvement, start_involvement, start_many
from cases.case.models import (
    Axis,
    AxisEntry,
    Household,
    Involvement,
    InvolvementGround,
    Part,
    Person,
    Phase,
    ReturnCase,
    Task,
    TaskKind,
)
from cases.case.numbers import next_numbers
from leidraad.lib import clock
from leidraad.lib.audit import By, ByMany, bulk_create_as, bulk_update_as, save_as
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.who import principal
from partners.actions import notify
from partners.models import Member, Unit


@dataclass(frozen=True)
class NewAxis:
    """A value for one axis. `text` says what the code cannot ("azc Oosterhaar"); `source` says who states it."""

    axis: Axis
    value: str
    since: date
    source: str
    text: str = ""
    valid_until: date | None = None


@dataclass
class NewCase:
    """Everything a case is opened with. The person exists already and has no open case."""

    person: Person
    ground: str
    led_by: Unit
    household: Household | None = None
    household_role: str = ""
    special_group: str = ""
    residence_unit: Unit | None = None
    axes: list[NewAxis] = field(default_factory=list)


AfterAct = Callable[[int], None]
_after_act: list[AfterAct] = []


def after_act(callback: AfterAct) -> None:
    """Have `callback(case key)` called when a transaction that locked the case is done. It may not fail."""
    if callback not in _after_act:
        _after_act.append(callback)


def lock_case(case: ReturnCase | int) -> ReturnCase:
    """The case row, locked until the transaction ends: the one lock for everything that belongs to the case."""
    pk = case if isinstance(case, int) else case.pk
    for callback in _after_act:
        transaction.on_commit(partial(callback, pk))
    # Locked without joins: with them PostgreSQL would drop the row when another transaction has just changed what is joined.
    ReturnCase.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
    return ReturnCase.objects.select_related("person", "led_by__organisation", "director").get(pk=pk)


def open_cases(new: Sequence[NewCase], *, by: By, reason: str) -> list[ReturnCase]:
    """Open many cases set-based, each with its axes and its responsible unit's involvement and grants."""
    if not new:
        return []
    today = clock.today()
    with transaction.atomic():
        numbers = next_numbers(today.year, len(new))
        cases = [_new_case(one, number, today) for one, number in zip(new, numbers, strict=True)]
        bulk_create_as(cases, by=by, reason=reason)
        bulk_create_as(
            [_entry(case, axis) for case, one in zip(cases, new, strict=True) for axis in one.axes],
            by=by,
            reason=reason,
        )
        leads = [
            Involvement(case=case, unit=one.led_by, part=Part.LEAD, ground=InvolvementGround.TASK, since=clock.now())
            for case, one in zip(cases, new, strict=True)
        ]
        start_many(leads, by=by, reason=reason)
    return cases


def _new_case(one: NewCase, number: str, today: date) -> ReturnCase:
    case = ReturnCase(
        number=number,
        person=one.person,
        household=one.household,
        household_role=one.household_role,
        special_group=one.special_group,
        ground=one.ground,
        led_by=one.led_by,
        opened_on=today,
        phase=Phase.RECEIVED,
        residence_unit=one.residence_unit,
    )
    for axis in one.axes:
        _apply(case, axis)
    return case


def _entry(case: ReturnCase, axis: NewAxis) -> AxisEntry:
    return AxisEntry(
        case=case,
        axis=axis.axis,
        value=axis.value,
        text=axis.text,
        since=axis.since,
        valid_until=axis.valid_until,
        source=axis.source,
    )


COLUMN = {
    Axis.PHASE: "phase",
    Axis.REMOVABILITY: "removability",
    Axis.RESIDENCE: "residence_form",
    Axis.TRAVEL_DOCUMENT: "travel_document",
}


def _apply(case: ReturnCase, axis: NewAxis) -> None:
    setattr(case, COLUMN[axis.axis], axis.value)
    if axis.axis == Axis.RESIDENCE:
        case.residence_text = axis.text


def set_axis(case: ReturnCase, axis: NewAxis, *, by: By, reason: str) -> None:
    """Put a new value in force on a locked case; the former one keeps its dates. No right is asked: callers have asked."""
    now = clock.now()
    former = ""
    for entry in case.axis_entries.filter(axis=axis.axis, superseded_at=None):
        former, entry.superseded_at = entry.value, now
        save_as(entry, by=by, reason=reason)
    save_as(_entry(case, axis), by=by, reason=reason)
    _apply(case, axis)
    save_as(case, by=by, reason=reason)
    for fact in facts_of_axis(axis.axis, axis.value, former):
        publish(case, fact, by=by)


def set_axis_many(
    changes: Sequence[tuple[ReturnCase, Sequence[NewAxis]]], *, by: ByMany, reason: str, also: Sequence[str] = ()
) -> None:
    """The same for many locked cases at once; `also` names other fields of the cases that the caller has changed."""
    wanted = {(case.pk, axis.axis) for case, axes in changes for axis in axes}
    standing = AxisEntry.objects.filter(case__in={case.pk for case, _axes in changes}, superseded_at=None)
    former = [entry for entry in standing if (entry.case_id, entry.axis) in wanted]
    for entry in former:
        entry.superseded_at = clock.now()
    for case, axes in changes:
        case.version += 1
        for axis in axes:
            _apply(case, axis)
    columns = {COLUMN[axis.axis] for _case, axes in changes for axis in axes}
    if "residence_form" in columns:
        columns.add("residence_text")
    with transaction.atomic():
        bulk_update_as(former, ["superseded_at"], by=by, reason=reason)
        bulk_create_as([_entry(case, axis) for case, axes in changes for axis in axes], by=by, reason=reason)
        bulk_update_as([case for case, _axes in changes], [*sorted(columns), "version", *also], by=by, reason=reason)


# Which phase a regievoerder may choose from which. Intake, booking, departure and closing have acts of their own.
CHOSEN_PHASES: dict[str, tuple[str, ...]] = {
    Phase.ASSIGNED: (Phase.PLANNING,),
    Phase.PLANNING: (Phase.TRACK_VOLUNTARY, Phase.TRACK_FORCED, Phase.TRACK_MEDIATION, Phase.SUSPENDED),
    Phase.TRACK_VOLUNTARY: (Phase.PLANNING, Phase.TRACK_FORCED, Phase.TRACK_MEDIATION, Phase.SUSPENDED),
    Phase.TRACK_FORCED: (Phase.PLANNING, Phase.TRACK_VOLUNTARY, Phase.TRACK_MEDIATION, Phase.SUSPENDED),
    Phase.TRACK_MEDIATION: (
        Phase.PLANNING,
        Phase.TRACK_VOLUNTARY,
        Phase.TRACK_FORCED,
        Phase.ADVICE_NO_FAULT,
        Phase.SUSPENDED,
    ),
    Phase.ADVICE_NO_FAULT: (Phase.PLANNING, Phase.SUSPENDED),
    Phase.SUSPENDED: (Phase.PLANNING, Phase.TRACK_VOLUNTARY, Phase.TRACK_FORCED, Phase.TRACK_MEDIATION),
}


@transaction.atomic
def change_phase(case: ReturnCase, phase: str, *, by: Member, reason: str, version: int | None = None) -> ReturnCase:
    """Raises NotAllowed, NotPossible for a step the table does not know, and Stale when the page was older."""
    case = lock_case(case)
    require(by, "case.change", case)
    check_version(case, version)
    if phase not in CHOSEN_PHASES.get(case.phase, ()):
        raise NotPossible(
            _("From “%(phase)s” this step is not possible. Choose one of the phases that the page offers.")
            % {"phase": case.get_phase_display()}
        )
    set_axis(case, NewAxis(Axis.PHASE, phase, clock.today(), by.acting_unit.full_name), by=by, reason=reason)
    return case


def check_version(record: ReturnCase | Task, version: int | None) -> None:
    """Raises Stale when the stored record is newer than the page was drawn from."""
    if version is not None and record.version != version:
        raise Stale(record)


@transaction.atomic
def change_lead(case: ReturnCase, unit: Unit, *, director: Member | None, by: By, reason: str) -> ReturnCase:
    """Move the responsibility of a locked case to another unit, and its access with it. The handover asked the right."""
    case = lock_case(case)
    for involvement in case.involvements.running().filter(part=Part.LEAD):
        end_involvement(involvement, by=by, reason=reason)
    case.led_by = unit
    case.director = director
    save_as(case, by=by, reason=reason)
    start_involvement(case, unit, Part.LEAD, InvolvementGround.TASK, by=by, reason=reason)
    return case


def directors_of(unit: Unit) -> Sequence[Member]:
    """Members who may be made regievoerder of a case of this unit."""
    today = clock.today()
    members = Member.objects.filter(
        is_active=True,
        memberships__unit=unit,
        memberships__role__code="case_director",
        memberships__valid_from__lte=today,
    ).exclude(memberships__valid_until__lt=today)
    return list(members.distinct().order_by("display_name"))


@transaction.atomic
def assign_director(
    case: ReturnCase, director: Member, *, by: Member, reason: str, version: int | None = None
) -> ReturnCase:
    """Inside the responsible unit, at once, no acceptance. The open next step moves along."""
    case = lock_case(case)
    require(by, "case.assign", case)
    check_version(case, version)
    if director not in directors_of(case.led_by):
        raise NotPossible(
            _("%(member)s is not a case director of %(unit)s.") % {"member": director, "unit": case.led_by}
        )
    give_to(case, director, by=by, reason=reason)
    if director != by:
        notify(case.led_by, "case_assigned", member=director, case=case, by=by, url_name="cases:detail")
    return case


def give_to(case: ReturnCase, director: Member | None, *, by: Member, reason: str) -> None:
    """Make this member, or nobody, the director of a locked case; open tasks of the former one move along. Asks no right."""
    former = case.director
    case.director = director
    save_as(case, by=by, reason=reason)
    for task in case.tasks.open().filter(unit=case.led_by, assignee=former):
        task.assignee = director
        save_as(task, by=by, reason=reason)


@transaction.atomic
def record_next_step(
    case: ReturnCase, title: str, due_at: datetime, *, by: Member, done: bool = True, version: int | None = None
) -> Task:
    """The case's next step, with its responsible unit and date. `done` says the former step was done, not dropped."""
    case = lock_case(case)
    require(by, "case.change", case)
    check_version(case, version)
    if due_at.date() < clock.today():
        raise NotPossible(_("The date must not lie before today."))
    reason = gettext_noop("Former next step done") if done else gettext_noop("Former next step replaced")
    for former in case.tasks.open().filter(kind=TaskKind.NEXT_STEP):
        finish_task(former, by=by, reason=reason)
    save_as(case, by=by, reason=gettext_noop("Next step recorded"))
    return add_task(
        case,
        case.led_by,
        TaskKind.NEXT_STEP,
        title,
        due_at=due_at,
        assignee=case.director,
        by=by,
        url_name="cases:detail",
        url_arg=case.number,
    )


def add_task(
    case: ReturnCase,
    unit: Unit,
    kind: str,
    title: str,
    *,
    by: By,
    due_at: datetime | None = None,
    assignee: Member | None = None,
    source: str = "",
    url_name: str = "",
    url_arg: str = "",
    liberty_clock: bool = False,
    reason: str = "",
) -> Task:
    """Give a unit something to do about a locked case. With a `source` there is at most one open task of that source."""
    if source:
        found = Task.objects.open().filter(source=source, unit=unit).first()
        if found is not None:
            return found
    task = Task(
        case=case,
        unit=unit,
        kind=kind,
        title=title[:200],
        due_at=due_at,
        assignee=assignee,
        source=source,
        url_name=url_name,
        url_arg=url_arg,
        liberty_clock=liberty_clock,
        created_at=clock.now(),
    )
    return save_as(task, by=by, reason=reason or gettext_noop("Task added"))


def finish_task(task: Task, *, by: By, reason: str = "") -> None:
    if task.done_at is not None:
        return
    task.done_at = clock.now()
    task.done_by = by if isinstance(by, Member) else None
    save_as(task, by=by, reason=reason or gettext_noop("Task done"))


def finish_tasks_of(source: str, *, by: By, unit: Unit | None = None, reason: str = "") -> None:
    """Close the open tasks that stand for one record, of one unit or of all."""
    tasks = Task.objects.open().filter(source=source)
    for task in tasks.filter(unit=unit) if unit else tasks:
        finish_task(task, by=by, reason=reason)


def close_case(case: ReturnCase, outcome: str, *, by: Member, reason: str, version: int | None = None) -> ReturnCase:
    """End the case with its outcome. Every involvement but the responsible unit's ends; that one becomes read-only.

    Subjects that run something for the case end it in the same transaction (`cases.case.closing`).
    """
    with transaction.atomic():
        case = lock_case(case)
        require(by, "case.close", case)
        check_version(case, version)
        if case.is_closed:
            raise NotPossible(_("This case is closed already."))
        tell_closing(case, outcome, by)
        case.closed_on, case.outcome = clock.today(), outcome
        set_axis(case, NewAxis(Axis.PHASE, Phase.CLOSED, clock.today(), by.acting_unit.full_name), by=by, reason=reason)
        for involvement in case.involvements.running().exclude(part=Part.LEAD).select_related("unit__organisation"):
            end_involvement(involvement, by=by, reason=gettext_noop("Case closed"))
        # What happened against a guard is answered for, closed or not.
        for task in case.tasks.open().exclude(source__startswith="incident:"):
            finish_task(task, by=by, reason=gettext_noop("Case closed"))
    return case


@transaction.atomic
def reopen_case(case: ReturnCase, *, by: Member, reason: str, version: int | None = None) -> ReturnCase:
    """Take a closed case up again in `planning`. Involvements that ended stay ended; new ones start by new acts."""
    case = lock_case(case)
    require(by, "case.close", case)
    check_version(case, version)
    if not case.is_closed:
        raise NotPossible(_("This case is open already."))
    with principal("figures"):
        elsewhere = ReturnCase.objects.open().filter(person=case.person).exists()
    if elsewhere:
        raise NotPossible(_("This person has another open case. Work on in that one."))
    case.closed_on, case.outcome = None, ""
    set_axis(case, NewAxis(Axis.PHASE, Phase.PLANNING, clock.today(), by.acting_unit.full_name), by=by, reason=reason)
    return case
