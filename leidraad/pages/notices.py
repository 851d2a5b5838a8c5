"""S23 Meldingen: what changed for me, by case, the new ones first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.case import notices as case_notices  # noqa: F401  # registers the sentences it holds
from cases.terms import reminding, stop_notices
from leidraad.lib import events
from leidraad.lib.pagination import CappedCount, keyset_page
from leidraad.pages.people import NamedCase, named_cases
from partners.actions import read_notices
from partners.http import UserRequest, signed_in
from partners.models import Member, Notice
from partners.notices import sentence_of

MOST_NEW = 200
MOST_COUNTED = 99
# Of these it is asked again whether the reader may know of what they are about.
ASKED_AGAIN = reminding.KINDS | stop_notices.KINDS


@dataclass(frozen=True)
class Line:
    pk: int
    text: str
    url: str
    at: datetime


@dataclass
class Group:
    """The notices of one case, or those about no case."""

    case_number: str
    case: NamedCase | None
    lines: list[Line] = field(default_factory=list)


def link_of(notice: Notice) -> str:
    """The page the notice is about; nothing when that address no longer exists. Rights are asked there, today's."""
    try:
        return reverse(notice.url_name, args=[notice.url_arg] if notice.url_arg else [])
    except NoReverseMatch:
        return ""


def line_of(notice: Notice) -> Line:
    return Line(notice.pk, sentence_of(notice.kind, notice.params), link_of(notice), notice.created_at)


def grouped(notices: Iterable[Notice], cases: dict[int, NamedCase]) -> list[Group]:
    groups: dict[int | None, Group] = {}
    for notice in notices:
        case = cases.get(notice.case_id) if notice.case_id is not None else None
        group = groups.setdefault(notice.case_id, Group(notice.case_number, case))
        group.lines.append(line_of(notice))
    return list(groups.values())


def new_notices(member: Member) -> list[Notice]:
    found = Notice.objects.for_member(member).filter(read_at=None)
    return shown_to(member, found.order_by("-created_at", "-pk")[:MOST_NEW])


def unread_of(member: Member, plain: int, asked: int) -> CappedCount:
    """How many new notices the list shows: of `asked` those that the member may know of. A few queries if there are any."""
    found = len(new_notices(member)) if asked else plain
    return CappedCount(min(found, MOST_COUNTED), found > MOST_COUNTED)


def shown_to(member: Member, notices: Iterable[Notice]) -> list[Notice]:
    """Without those about what the member may no longer know of."""
    found = list(notices)
    hidden = reminding.hidden_from(member, found) | stop_notices.hidden_from(member, found)
    return [notice for notice in found if notice.pk not in hidden]


@signed_in
def notices(request: UserRequest) -> HttpResponse:
    member = request.member
    fresh = new_notices(member)
    read = Notice.objects.for_member(member).filter(read_at__isnull=False)
    page = keyset_page(read, order=("-created_at", "-id"), after=request.GET.get("after"))
    read_rows = shown_to(member, page.rows)
    cases = named_cases(member, (notice.case_id for notice in [*fresh, *read_rows]))
    events.record_list(request, len(fresh) + len(read_rows))
    context = {"new_groups": grouped(fresh, cases), "read_groups": grouped(read_rows, cases), "page": page}
    return render(request, "pages/notices.html", context)


@signed_in
@require_POST
def mark_read(request: UserRequest) -> HttpResponse:
    """The named notices, or all new ones; only those told to this member or to the unit they work for, and that they may read.

    One of the desk that this member does not see stays new for the colleague who does.
    """
    unread = Notice.objects.for_member(request.member).filter(read_at=None).order_by("-created_at", "-pk")
    if "all" not in request.POST:
        chosen = [int(value) for value in request.POST.getlist("notice") if value.isdecimal() and len(value) <= 18]
        unread = unread.filter(pk__in=chosen)
    found = shown_to(request.member, unread[:MOST_NEW])
    read_notices(request.member, found)
    if found:
        messages.success(request, _("Marked as read."))
    return redirect("pages:notices")
