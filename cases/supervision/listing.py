"""The list of the whole team: what is open, whose it is, what is not assigned or not sent yet."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_stubs_ext import StrOrPromise

from cases.requests.models import Request
from cases.requests.states import Status
from cases.supervision.daylist import asked, lines_of, to_do
from cases.supervision.lines import TaskLine
from leidraad.lib.pagination import CappedCount, KeysetPage, capped_count, keyset_page
from partners.models import Member

ALL, UNASSIGNED, UNSENT, ENDED = "", "niet-toegewezen", "niet-verstuurd", "afgerond"
MOST_LIBERTY = 50


@dataclass(frozen=True)
class TeamList:
    which: str
    count: CappedCount
    lines: list[TaskLine]
    empty: str
    page: KeysetPage[Request]


def tabs() -> list[tuple[str, StrOrPromise]]:
    return [
        (ALL, pgettext("supervision task", "Open")),
        (UNASSIGNED, _("Not assigned")),
        (UNSENT, _("Not sent")),
        (ENDED, pgettext("supervision task", "Reported")),
    ]


def _filter(which: str) -> Q:
    if which == UNASSIGNED:
        return Q(status=Status.ACCEPTED, supervision_task__assignee=None)
    if which == UNSENT:
        return Q(status=Status.ACCEPTED) & ~Q(supervision_task__outcome="")
    if which == ENDED:
        # Whatever the unit took on and has reported or given back; declined offers never became a task.
        return Q(supervision_task__isnull=False) & ~Q(status=Status.ACCEPTED)
    return to_do()


def _empty(which: str) -> str:
    return {
        UNASSIGNED: _("Every task has been assigned."),
        UNSENT: _("Every outcome has been sent."),
        ENDED: _("Nothing has been reported yet."),
    }.get(which) or _("No open tasks. A task comes when you accept a request.")


def team_list(member: Member, which: str, *, after: str | None) -> TeamList:
    """One page. Running legal clocks stand above the first page; what was reported stands newest first."""
    which = which if which in (UNASSIGNED, UNSENT, ENDED) else ALL
    found = asked(member).filter(_filter(which))
    if which == ENDED:
        page = keyset_page(found, order=("-answered_at", "-id"), after=after)
        keys = [request.pk for request in page.rows]
        return TeamList(which, capped_count(found), _drawn(member, keys), _empty(which), page)
    page = keyset_page(found.filter(liberty_clock=False), order=("due_at", "id"), after=after)
    pressing = found.filter(liberty_clock=True).order_by("due_at", "pk").values_list("pk", flat=True)
    keys = [] if page.previous_token else list(pressing[:MOST_LIBERTY])
    keys += [request.pk for request in page.rows]
    return TeamList(which, capped_count(found), _drawn(member, keys), _empty(which), page)


def _drawn(member: Member, keys: list[int]) -> list[TaskLine]:
    lines = {line.request.pk: line for line in lines_of(member, Request.objects.filter(pk__in=keys))}
    return [lines[key] for key in keys if key in lines]
