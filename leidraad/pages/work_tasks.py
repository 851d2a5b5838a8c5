"""The tasks of *Mijn werk*: what is late, due today, this week and later, for one member or for the desk of a unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django_stubs_ext import StrPromise

from cases.case.models import SpecialGroup, Task, TaskKind
from cases.case.models.task import end_of_week
from cases.case.nationalities import nationality_name
from leidraad.lib import clock, display
from leidraad.pages.people import NamedCase
from partners.models import Member

GROUPS: dict[str, StrPromise] = {
    "late": pgettext_lazy("deadline", "Late"),
    "today": pgettext_lazy("deadline", "Today"),
    "week": pgettext_lazy("deadline", "This week"),
    "later": pgettext_lazy("deadline", "Later"),
}
# Kinds whose title says it all.
PLAIN = frozenset({TaskKind.NEXT_STEP, TaskKind.OTHER})

# How many of a group the page shows before "Toon alle".
FIRST = {"late": 20, "today": 20, "week": 5, "later": 5}
MOST = 200
NO_DATE = datetime.max.replace(tzinfo=UTC)

ACTIONS: dict[str, StrPromise] = {
    TaskKind.NEXT_STEP: pgettext_lazy("button", "Record"),
    TaskKind.REQUEST: pgettext_lazy("button", "Answer"),
    TaskKind.SUPERVISION: pgettext_lazy("button", "Open"),
    TaskKind.CONFIRM: pgettext_lazy("button", "Confirm"),
    TaskKind.INTAKE: pgettext_lazy("button", "Judge"),
    TaskKind.ACCESS: pgettext_lazy("button", "Judge"),
    TaskKind.OTHER: pgettext_lazy("button", "Open"),
}

# Members whose tasks are their own; everybody else also sees what nobody of the unit has taken yet.
PERSONAL_ROLES = frozenset({"case_director"})
WHOLE_UNIT_ROLES = frozenset({"team_chief", "dtv_manager", "coa_manager"})


@dataclass(frozen=True)
class TaskRow:
    """One task, ready to draw. `person` names whom an offered request is about while its case is not the unit's yet."""

    title: str
    detail: str
    due: str
    due_note: str
    late_by: str
    is_liberty: bool
    case: NamedCase | None
    person: str
    case_detail: str
    badge: str
    url: str
    action: str
    action_url: str


@dataclass
class TaskGroup:
    key: str
    title: str
    count: int
    rows: list[TaskRow] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True)
class TaskCounts:
    late: int
    today: int
    week: int
    later: int
    liberty: int
    unassigned: int

    @property
    def total(self) -> int:
        return self.late + self.today + self.week + self.later

    def of(self, key: str) -> int:
        return int(getattr(self, key))


def tasks_of(member: Member) -> QuerySet[Task]:
    """The open tasks that this member works from."""
    tasks = Task.objects.open().of_unit(member)
    if member.acting_role in PERSONAL_ROLES:
        return tasks.filter(assignee=member)
    if member.acting_role in WHOLE_UNIT_ROLES:
        return tasks
    return tasks.filter(Q(assignee=member) | Q(assignee=None))


def _bounds() -> tuple[datetime, datetime, datetime]:
    now = clock.now()
    return now, clock.end_of(now.date()), end_of_week(now)


def group_condition(key: str) -> Q:
    now, today, week = _bounds()
    return {
        "late": Q(due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lte=today),
        "week": Q(due_at__gt=today, due_at__lte=week),
        "later": Q(due_at__gt=week) | Q(due_at=None),
    }[key]


def counts_of(tasks: QuerySet[Task]) -> TaskCounts:
    """One query."""
    asked: dict[str, Any] = {key: Count("pk", filter=group_condition(key)) for key in GROUPS}
    asked["liberty"] = Count("pk", filter=Q(liberty_clock=True))
    asked["unassigned"] = Count("pk", filter=Q(assignee=None))
    found = tasks.aggregate(**asked)
    return TaskCounts(**found)


def _ranges(key: str) -> list[Q]:
    """A group as ranges of the index by date, in which no date is the last one."""
    return [Q(due_at__gt=_bounds()[2]), Q(due_at=None)] if key == "later" else [group_condition(key)]


def first_tasks(tasks: QuerySet[Task], only: str = "") -> list[Task]:
    """The tasks that the page shows of each group: those with a liberty clock, then by date. One query.

    Each group is read from its own place in the index: a desk has thousands of open tasks, and the page shows fifty.
    """
    shown = {only: MOST} if only else FIRST
    ranges = [(Q(liberty_clock=True), MOST)]
    ranges += [(Q(liberty_clock=False) & one, most) for key, most in shown.items() for one in _ranges(key)]
    first, *others = (tasks.filter(one).order_by("due_at", "pk")[:most] for one, most in ranges)
    return sorted(
        first.union(*others, all=True),
        key=lambda task: (not task.liberty_clock, task.due_at or NO_DATE, task.pk),
    )


def key_of(task: Task) -> str:
    now, today, week = _bounds()
    if task.due_at is None or task.due_at > week:
        return "later"
    if task.due_at < now:
        return "late"
    return "today" if task.due_at <= today else "week"


@dataclass(frozen=True)
class Hint:
    """What a room knows about one of its tasks that the task's own row does not say."""

    detail: str
    action: str
    action_url: str


def groups_of(
    tasks: Iterable[Task],
    counts: TaskCounts,
    cases: dict[int, NamedCase],
    only: str = "",
    hints: Mapping[int, Hint] = MappingProxyType({}),
    named: Mapping[int, str] = MappingProxyType({}),
) -> list[TaskGroup]:
    """The groups that have tasks, each with its first ones, or all of the one that was asked for. `hints` and `named` by task."""
    groups = {key: TaskGroup(key, str(title), counts.of(key)) for key, title in GROUPS.items()}
    for task in tasks:
        key = key_of(task)
        group = groups[key]
        if only == key or len(group.rows) < FIRST[key]:
            case = cases.get(task.case_id) if task.case_id else None
            group.rows.append(_row(task, key, case, hints.get(task.pk), named.get(task.pk, "")))
    return [group for key, group in groups.items() if group.rows and only in ("", key)]


def _row(task: Task, key: str, case: NamedCase | None, hint: Hint | None, person: str) -> TaskRow:
    due, note = _due(task, key)
    kind = str(TaskKind(task.kind).label) if task.kind not in PLAIN else ""
    return TaskRow(
        title=_(task.title) if task.title else "",
        detail=hint.detail if hint else kind,
        due=due,
        due_note=note,
        late_by=_late_by(task) if key == "late" else "",
        is_liberty=task.liberty_clock,
        case=case,
        person=person,
        case_detail=_case_detail(case) if case else "",
        badge=_badge(case) if case else "",
        url=url_of(task),
        action=hint.action if hint else str(ACTIONS[task.kind]),
        action_url=hint.action_url if hint else _action_url(task, case),
    )


def _due(task: Task, key: str) -> tuple[str, str]:
    """The date or, today, the time; and what stands below it."""
    if task.due_at is None:
        return _("no date"), ""
    at_end = timezone.localtime(task.due_at).time() >= time(23, 59)
    moment = "" if at_end else _("before %(time)s") % {"time": display.time_of_day(task.due_at)}
    if key == "today":
        return (moment, display.ago(task.due_at)) if moment else (_("today"), "")
    return display.date_table(task.due_at), moment


def _late_by(task: Task) -> str:
    if (
        task.due_at is not None
        and display.days_since(task.due_at)
        and timezone.localtime(task.due_at).date() < clock.today()
    ):
        return display.days_since(task.due_at)
    return pgettext("deadline", "late")


def _case_detail(case: NamedCase) -> str:
    """The number when the name stands above it, then the nationality and where the person stays."""
    parts = [case.number] if case.name else []
    if case.name:
        parts.append(nationality_name(case.case.nationality))
        parts.append(case.place)
    return " · ".join(part for part in parts if part)


def _badge(case: NamedCase) -> str:
    if case.name and case.case.special_group == SpecialGroup.UNACCOMPANIED_MINOR:
        return pgettext("short for unaccompanied minor", "uam")
    return ""


def _action_url(task: Task, case: NamedCase | None) -> str:
    """Where the button leads: a next step is recorded on its own page, everything else where the task stands."""
    if task.kind == TaskKind.NEXT_STEP and case is not None:
        return reverse("cases:next-step", args=[case.number])
    return url_of(task)


def url_of(task: Task) -> str:
    """The page where the task is done; its case's page when that address is gone; nothing for neither."""
    try:
        return reverse(task.url_name, args=[task.url_arg] if task.url_arg else []) if task.url_name else ""
    except NoReverseMatch:
        return ""
