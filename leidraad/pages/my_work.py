"""S2 Mijn werk: what now, and whom do I await. One page for every role, with the panels that the role works with.

The number of queries depends on the role, never on the number of tasks or cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cases.terms.reminding import hidden_from
from leidraad.lib import events
from leidraad.pages import removability, waiting, work_day, work_ind, work_panels, work_reception, work_tasks
from leidraad.pages.notices import line_of
from leidraad.pages.people import NamedCase, asked_about, named_cases
from leidraad.pages.work_panels import Line
from leidraad.pages.work_reception import Stays
from leidraad.pages.work_register import register_panel
from leidraad.pages.work_tasks import GROUPS, TaskCounts
from partners.http import UserRequest, signed_in
from partners.models import Member, Notice
from partners.policy import may_do
from partners.sign_in.arriving import LAST_VISIT

MANAGERS = frozenset({"dtv_manager", "coa_manager"})
POLICE = frozenset({"supervision_officer", "team_chief"})
WITHOUT_CASES = frozenset({"administrator", "auditor", "privacy_officer"})


@dataclass(frozen=True)
class Tile:
    count: int
    label: str
    url: str
    kind: str = ""


@dataclass(frozen=True)
class Change:
    """A line of "changed since": about whom, what, from whom, when."""

    organisation: str
    case: NamedCase | None
    text: str
    url: str
    at: datetime


@signed_in
def my_work(request: UserRequest) -> HttpResponse:
    member = request.member
    if member.acting is None or member.acting_role in WITHOUT_CASES or not may_do(member, "cases.list"):
        return render(request, "pages/no_cases.html", {"role": member.acting_role})
    only = str(request.GET.get("deadline", ""))
    context = _work_of(member, only if only in GROUPS else "", _last_visit(request))
    events.record_list(request, context["shown"], filters=("deadline",))
    return render(request, "pages/my_work.html", context)


def _last_visit(request: UserRequest) -> datetime | None:
    kept = request.session.get(LAST_VISIT)
    return parse_datetime(kept) if isinstance(kept, str) else None


def _work_of(member: Member, only: str, since: datetime | None) -> dict[str, Any]:
    tasks = work_tasks.tasks_of(member)
    counts = work_tasks.counts_of(tasks)
    first = work_tasks.first_tasks(tasks, only)
    told = work_panels.recent_notices(member, since)
    hidden = hidden_from(member, (notice for notice, _sender in told))
    told = [(notice, sender) for notice, sender in told if notice.pk not in hidden]
    waits = waiting.waits_of(member)
    has_day = not only and member.acting_role in work_tasks.PERSONAL_ROLES
    answers = work_day.answers_due_today(member) if has_day else []
    stays = work_reception.stays_of(member)
    keys = [task.case_id for task in first] + [notice.case_id for notice, _sender in told]
    keys += [one.case_id for one in waits] + [request.case_id for request in answers]
    keys += stays.case_keys if stays else []
    cases = named_cases(member, keys)
    caseload = work_panels.caseload(member)
    panels = _role_panels(member)
    hints = removability.hints_of(member, first)
    named = asked_about(member, [task for task in first if task.case_id not in cases])
    waits_count = waiting.count_of(member) if len(waits) == waiting.FIRST else len(waits)
    return {
        "title": _("My team") if member.acting_role in MANAGERS else _("My work"),
        "shown": len(cases),
        "groups": work_tasks.groups_of(first, counts, cases, only, hints, named),
        "counts": counts,
        "only": only,
        "first_due": _next_task(counts, first),
        "tiles": _tiles(member, counts, waits_count, work_panels.own_count(member, caseload), panels, stays),
        "day": work_day.day_of(first, answers, cases) if has_day else [],
        "stays": work_reception.panels_of(stays, cases),
        "handovers": work_panels.handovers(member),
        "waits": [_wait_line(wait, cases.get(wait.case_id)) for wait in waits],
        "waits_count": waits_count,
        "changes": _changes(told, cases),
        "since": since,
        "bars": caseload.bars,
        "bars_maximum": max((bar.count for bar in caseload.bars), default=0),
        "bars_total": caseload.total,
        "bars_kept": caseload.is_kept,
        **panels,
        **work_panels.silent_cases(member),
        **register_panel(member),
    }


def _role_panels(member: Member) -> dict[str, Any]:
    """What only some roles have. Panels that a role does not have are not asked for."""
    role = member.acting_role
    if role == "case_director":
        quiet_count, quiet = work_panels.quiet_cases(member)
        return {"quiet_count": quiet_count, "quiet": quiet}
    if role == "dtv_manager":
        return {
            "loads": work_panels.caseload_per_director(member),
            "waiting_per_partner": waiting.per_partner(member),
            "unassigned": work_panels.unassigned(member),
        }
    if role in MANAGERS:
        return {"waiting_per_partner": waiting.per_partner(member)}
    if role == work_ind.ROLE:
        return work_ind.panels(member)
    return {"shared": work_panels.shared_cases(member), "files": work_panels.dossier_files(member)}


def _next_task(counts: TaskCounts, first: Sequence[Any]) -> Any:
    """The first task after today, for the sentence that says today holds nothing."""
    if counts.late or counts.today:
        return None
    return min((task.due_at for task in first if task.due_at is not None), default=None)


def _tiles(
    member: Member, counts: TaskCounts, waits: int, cases: int, panels: dict[str, Any], stays: Stays | None
) -> list[Tile]:
    here = reverse("pages:my-work")
    tiles = [
        Tile(counts.late, _("late"), f"{here}?deadline=late", "late"),
        Tile(counts.today, _("today"), f"{here}?deadline=today"),
        Tile(counts.week, _("this week"), f"{here}?deadline=week"),
    ]
    if stays is not None:
        return [*tiles[:2], *(Tile(*tile) for tile in work_reception.tiles_of(stays.counts))]
    if member.acting_role in POLICE:
        tiles.insert(0, Tile(counts.liberty, _("legal clocks"), reverse("supervision:today"), "late"))
        tiles.append(Tile(counts.unassigned, _("not assigned yet"), reverse("supervision:list")))
        unsent = work_panels.results_not_sent(member)
        tiles.append(Tile(unsent, _("results not sent"), reverse("supervision:today")))
        return tiles
    if member.acting_role == work_ind.ROLE:
        return tiles + [Tile(*tile) for tile in work_ind.tiles(panels)]
    if may_do(member, "requests.ask"):
        tiles.append(Tile(waits, _("waits on another"), reverse("requests:inbox")))
    if may_do(member, "handovers.list"):
        tiles.append(Tile(work_panels.offered_count(member), _("handovers for you"), reverse("handover:inbox")))
    if member.acting_role == "case_director":
        tiles.append(Tile(cases, _("cases in your caseload"), f"{reverse('cases:list')}?director=me"))
    elif cases:
        tiles.append(Tile(cases, _("open cases of your unit"), reverse("cases:list")))
    return tiles


def _wait_line(wait: waiting.Wait, case: NamedCase | None) -> tuple[Line, NamedCase | None]:
    kind, words = work_panels.age_mark(wait.since)
    return Line(wait.organisation, wait.text, wait.url, mark_kind=kind, mark=words), case


def _changes(told: Sequence[tuple[Notice, str]], cases: dict[int, NamedCase]) -> list[Change]:
    names = work_panels.short_names() if told else {}
    changes = []
    for notice, sender in told:
        line = line_of(notice)
        case = cases.get(notice.case_id) if notice.case_id else None
        changes.append(Change(names.get(sender, ""), case, line.text, line.url, line.at))
    return changes
