"""The inbox: what is asked of the unit, and what the unit asked. Liberty clocks first, then by term."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.requests.models import Request, RequestQuerySet
from cases.requests.presentation import Line, line_of
from leidraad.lib.pagination import CappedCount, KeysetPage, capped_count, keyset_page
from partners.models import Member

RECEIVED, MADE = "aan-ons", "door-ons"
OPEN, ENDED = "open", "afgerond"
FIRST = 10
MOST_LIBERTY = 50


@dataclass(frozen=True)
class RequestList:
    """One of the two lists, in full or its first lines."""

    key: str
    title: str
    count: CappedCount
    lines: list[Line]
    empty: str
    ended: bool = False
    page: KeysetPage[Request] | None = None

    @property
    def is_cut(self) -> bool:
        return self.page is None and self.count.value > len(self.lines)


def _side(member: Member, key: str) -> RequestQuerySet:
    found = Request.objects.asked_of(member) if key == RECEIVED else Request.objects.asked_by_unit_of(member)
    return found.for_pages()


def title_of(key: str, *, ended: bool = False) -> str:
    if ended:
        return _("Asked of us, ended") if key == RECEIVED else _("Asked by us, ended")
    return _("Asked of us") if key == RECEIVED else _("Asked by us")


def empty_of(key: str, *, ended: bool = False) -> str:
    if ended:
        return _("No request has ended yet.")
    if key == RECEIVED:
        return _("Nothing is asked of your unit now.")
    return _("Your unit has no request running. You ask something from the page of a case, under “Add”.")


def first_lines(member: Member, key: str) -> RequestList:
    """The most pressing open requests. Two queries."""
    found = _side(member, key).open()
    rows = found.order_by("-liberty_clock", "due_at", "pk")[:FIRST]
    lines = [line_of(request, member) for request in rows]
    return RequestList(key, title_of(key), capped_count(found), lines, empty_of(key))


def whole_list(member: Member, key: str, *, ended: bool, after: str | None) -> RequestList:
    """One page of a list by key. Running liberty clocks stand above the first page, whatever their term."""
    found = _side(member, key)
    title, empty = title_of(key, ended=ended), empty_of(key, ended=ended)
    if ended:
        page = keyset_page(found.ended(), order=("-ended_at", "-id"), after=after)
        lines = [line_of(request, member) for request in page.rows]
        return RequestList(key, title, capped_count(found.ended()), lines, empty, True, page)
    open_ones = found.open()
    page = keyset_page(open_ones.filter(liberty_clock=False), order=("due_at", "id"), after=after)
    first = [] if page.previous_token else _liberty(open_ones)
    lines = [line_of(request, member) for request in [*first, *page.rows]]
    return RequestList(key, title, capped_count(open_ones), lines, empty, False, page)


def _liberty(open_ones: RequestQuerySet) -> list[Request]:
    return list(open_ones.filter(liberty_clock=True).order_by("due_at", "pk")[:MOST_LIBERTY])
