"""Vandaag: what the unit has to do today, by place. The same number of queries whatever the number of tasks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.case.access import accesses_of
from cases.case.models import AxisEntry
from cases.case.models.choices import Axis
from cases.requests.models import PlaceKind, Request, RequestQuerySet, Risk
from cases.requests.states import Status
from cases.supervision.lines import TaskLine, line_of, removable
from cases.supervision.models import Attempt
from cases.supervision.states import RESULTS, TaskType
from cases.terms.stops import known_to
from leidraad.lib import clock
from partners.models import Member

MOST = 200
OPEN, DONE, MINE = "", "gedaan", "mijn"


@dataclass
class PlaceGroup:
    """A place with its tasks. `note` says the address and how many are open."""

    name: str
    address: str
    phone: str
    tasks: list[TaskLine] = field(default_factory=list)
    is_protected: bool = False

    @property
    def note(self) -> str:
        number = len(self.tasks)
        counted = ngettext("%(count)d task", "%(count)d tasks", number) % {"count": number}
        return " · ".join(part for part in (self.address, counted, self.phone) if part)


@dataclass(frozen=True)
class Counts:
    open: int
    done: int
    mine: int
    unsent: int
    tomorrow: int
    later: int

    @property
    def total(self) -> int:
        return self.open + self.done


def asked(member: Member) -> RequestQuerySet:
    """Requests to the unit that this room works on."""
    return Request.objects.asked_of(member).filter(kind__code__in=TaskType.values)


def to_do() -> Q:
    """Offers to answer, and accepted work without an outcome yet."""
    return Q(status=Status.OFFERED) | Q(status=Status.ACCEPTED, supervision_task__outcome="")


def of_today() -> Q:
    """What waits for an answer, is due by tonight, runs on a legal clock, or was taken on today."""
    start = clock.end_of(clock.today() - timedelta(days=1))
    taken_on = Q(status=Status.ACCEPTED, answered_at__gt=start)
    due = Q(due_at__lte=clock.end_of(clock.today()))
    return to_do() & (Q(status=Status.OFFERED) | due | taken_on | Q(liberty_clock=True))


def done_today() -> Q:
    start = clock.end_of(clock.today() - timedelta(days=1))
    results = Attempt.objects.standing().filter(
        task__request=OuterRef("pk"), recorded_at__gt=start, outcome__in=RESULTS, corrects=None
    )
    return Q(Exists(results))


def counts_of(member: Member) -> Counts:
    """The numbers of the tabs and of the empty page, in one query."""
    tomorrow = clock.end_of(clock.today() + timedelta(days=1))
    later = to_do() & ~of_today()
    found = asked(member).aggregate(
        open=Count("pk", filter=of_today()),
        done=Count("pk", filter=done_today()),
        mine=Count("pk", filter=of_today() & Q(supervision_task__assignee=member)),
        unsent=Count("pk", filter=Q(status=Status.ACCEPTED) & ~Q(supervision_task__outcome="")),
        tomorrow=Count("pk", filter=later & Q(due_at__lte=tomorrow)),
        later=Count("pk", filter=later),
    )
    return Counts(**found)


def day_list(member: Member, which: str) -> list[PlaceGroup]:
    """The tasks of one tab, grouped by place. Places and tasks stand by legal clock, then term, then risk."""
    rows = asked(member).filter(done_today() if which == DONE else of_today())
    if which == MINE:
        rows = rows.filter(supervision_task__assignee=member)
    return _grouped(lines_of(member, rows.order_by("-liberty_clock", "due_at", "pk")[:MOST]))


def lines_of(member: Member, rows: RequestQuerySet) -> list[TaskLine]:
    """Requests with their task, rights, stops and facts, ready to draw. Eight queries."""
    requests = list(rows.for_pages().select_related("supervision_task__assignee"))
    cases = [request.case for request in requests]
    accesses = accesses_of(member, cases)
    keys = {case.pk for case in cases}
    entries = AxisEntry.objects.filter(case__in=keys, axis=Axis.REMOVABILITY, superseded_at=None)
    removability = {entry.case_id: entry for entry in entries}
    readers = {case: (access.can, member.acting_organisation) for case, access in accesses.items()}
    stops = known_to(readers)
    standing = Attempt.objects.standing().filter(task__request__in=[request.pk for request in requests])
    attempts: dict[int, list[Attempt]] = {}
    for attempt in standing.select_related("by").order_by("pk"):
        attempts.setdefault(attempt.task_id, []).append(attempt)
    return [
        line_of(
            request,
            member,
            accesses[request.case_id],
            removable(removability.get(request.case_id), accesses[request.case_id], stops.get(request.case_id, [])),
            attempts,
        )
        for request in requests
    ]


def _grouped(lines: Iterable[TaskLine]) -> list[PlaceGroup]:
    groups: dict[tuple[str, str], PlaceGroup] = {}
    for line in sorted(lines, key=_pressing):
        request = line.request
        key = (request.place_kind, _place_name(request))
        if key not in groups:
            groups[key] = _group(request)
        groups[key].tasks.append(line)
    return sorted(groups.values(), key=lambda group: group.is_protected)


def _pressing(line: TaskLine) -> tuple[bool, float, bool]:
    request = line.request
    return (not request.liberty_clock, request.due_at.timestamp(), request.risk in ("", Risk.NONE))


def _place_name(request: Request) -> str:
    if request.place_kind == PlaceKind.PROTECTED:
        return _("Protected address")
    if request.place_unit is not None:
        return request.place_unit.name
    return request.place_city or _("Place not recorded")


def _group(request: Request) -> PlaceGroup:
    unit, name = request.place_unit, _place_name(request)
    if unit is None:
        return PlaceGroup(name, "", "", is_protected=request.place_kind == PlaceKind.PROTECTED)
    phone = _("desk %(phone)s") % {"phone": unit.phone} if unit.phone else ""
    return PlaceGroup(name, unit.street, phone)
