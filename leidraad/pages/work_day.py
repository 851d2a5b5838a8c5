"""The hours of today, for who has a day of one's own: tasks with a time, and the answers that others owe today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.case.models import Task
from cases.requests.models import Request
from leidraad.lib import clock, display
from leidraad.pages.people import NamedCase
from leidraad.pages.waiting import own_requests
from leidraad.pages.work_tasks import url_of
from partners.models import Member
from partners.policy import may_do

MOST = 12


@dataclass(frozen=True)
class DayLine:
    """One hour of today. `who` is the organisation that answers, for a line that somebody else works on."""

    time: str
    text: str
    url: str
    case: NamedCase | None
    who: str = ""


def answers_due_today(member: Member) -> list[Request]:
    """What this member asked and is to be answered today. One query."""
    if not may_do(member, "requests.ask"):
        return []
    today = clock.today()
    found = own_requests(member).filter(due_at__range=(clock.at(today, time.min), clock.end_of(today)))
    return list(found.select_related("to_unit__organisation", "kind").order_by("due_at", "pk")[:MOST])


def day_of(tasks: Iterable[Task], answers: Iterable[Request], cases: Mapping[int, NamedCase]) -> list[DayLine]:
    """By the clock; a task that is due at the end of the day has no hour and stands in the list of tasks alone."""
    today = clock.today()
    lines: list[tuple[datetime, DayLine]] = []
    for task in tasks:
        if task.due_at is not None and _day(task.due_at) == (today, False):
            case = cases.get(task.case_id) if task.case_id else None
            hour = display.time_of_day(task.due_at)
            lines.append((task.due_at, DayLine(hour, _(task.title) if task.title else "", url_of(task), case)))
    for request in answers:
        url = reverse("requests:detail", args=[request.pk])
        who = request.to_unit.organisation.short_name
        at_end = _day(request.due_at)[1]
        hour = _("today") if at_end else display.time_of_day(request.due_at)
        lines.append((request.due_at, DayLine(hour, str(request.kind), url, cases.get(request.case_id), who)))
    lines.sort(key=lambda line: line[0])
    return [line for _moment, line in lines[:MOST]]


def _day(moment: datetime) -> tuple[object, bool]:
    local = timezone.localtime(moment)
    return local.date(), local.time() >= time(23, 59)
