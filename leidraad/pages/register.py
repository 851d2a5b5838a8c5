"""S11 the register of one place and one week: who has not been seen? COA notes in-house registration, the police their duty."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET
from django_stubs_ext import StrOrPromise

from cases.case.listing import parts_holding
from cases.case.models import Mark
from cases.case.register import ALL, MINORS, MISSED, UNFILLED, Counts, Sheet
from cases.reception.models import ReceptionForm
from leidraad.lib import clock, events
from leidraad.lib.display import date_long, date_short, date_weekday, number
from leidraad.pages.register_desk import (
    POLICE,
    Desk,
    ending_in,
    monday_from,
    open_desk,
    places_of,
    police_places,
    week_words,
)
from leidraad.pages.register_rows import rhythm_words, rows_of
from partners.http import UserRequest, signed_in
from partners.policy import require_to

BLOCK = 25
REGISTER_FILTERS = ("toon",)


# --- which register -------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def home(request: UserRequest) -> HttpResponse:
    """COA goes to its own site; the police choose among the places where somebody reports to them."""
    member = request.member
    require_to(member, "register.list")
    week = week_words(clock.today())
    if member.acting_organisation != POLICE:
        return redirect("register:week", member.acting_unit.code, week)
    places = [(unit, count, reverse("register:week", args=[unit.code, week])) for unit, count in police_places(member)]
    events.record_list(request, len(places))
    return render(request, "pages/register/home.html", {"places": places, "unit": member.acting_unit})


# --- one week -------------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def week(request: UserRequest, site: str, week: str) -> HttpResponse:
    try:
        desk = open_desk(request.member, site, week, request.GET)
    except Http404:
        return _shorter(request, site, week)
    return week_page(request, desk)


def _shorter(request: UserRequest, name: str, week: str) -> HttpResponse:
    """/register/veenmeer/2026-W48/ leads to the one place of the member that ends so. Raises Http404 when there is none."""
    monday_from(week)
    found = ending_in(places_of(request.member), name)
    if found is None:
        raise Http404
    return redirect("register:week", found.code, week)


def week_page(request: UserRequest, desk: Desk, status: int = 200) -> HttpResponse:
    counts = desk.counts()
    page = desk.page(request.GET.get("after"))
    rows = rows_of(desk, page.rows, desk.missed)
    site, monday = desk.site.code, week_words(desk.sheet.monday)
    events.record_list(request, len(rows), filters=REGISTER_FILTERS, site=site, week=monday)
    context = {
        **frame_of(request, desk, counts),
        "page": page,
        "blocks": [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)],
        "several_moments": max((row.slots_due for row in rows), default=0) > 1,
        "tabs": _tabs(desk, counts),
        "days": _days(desk, counts),
        "gaps": _gaps(desk, counts),
        "previous_url": desk.week_url(-1),
        "next_url": desk.week_url(1),
        "print_url": desk.url("print", which=""),
        "everybody_url": desk.url(which=""),
    }
    return render(request, "pages/register/week.html", context, status=status)


def frame_of(request: UserRequest, desk: Desk, counts: Counts) -> dict[str, Any]:
    """What the page and a row that comes back alone both need."""
    query = request.GET.urlencode()
    return {
        "desk": desk,
        "counts": counts,
        "title": title_of(desk),
        "own_label": own_label(desk),
        "other_label": other_label(desk),
        "has_room": bool(parts_holding(desk.member, "residence")),
        "marks": mark_choices(),
        "mark_url": desk.url("mark").partition("?")[0] + (f"?{query}" if query else ""),
        "week_words": sheet_words(desk.sheet),
        "moment_words": moment_of_sheet(desk, counts),
        "progress_label": progress_words(counts),
        "nothing_due": nothing_due(desk, counts),
        "by_day": desk.own.has_days(counts.keys),
    }


def title_of(desk: Desk) -> str:
    return _("Duty to report") if desk.is_police else pgettext("page", "Register")


def own_label(desk: Desk) -> str:
    return _("Duty to report") if desk.is_police else _("In-house registration")


def other_label(desk: Desk) -> str:
    return _("In-house registration (COA)") if desk.is_police else _("Duty to report (police)")


def mark_choices() -> list[tuple[str, StrOrPromise]]:
    return [(mark.value, mark.label) for mark in Mark]


def sheet_words(sheet: Sheet) -> str:
    words = {
        "number": sheet.monday.isocalendar().week,
        "first": date_long(sheet.monday).rpartition(" ")[0],
        "last": date_long(sheet.sunday),
    }
    return _("Week %(number)d, %(first)s to %(last)s") % words


def moment_of_sheet(desk: Desk, counts: Counts) -> str:
    """What is noted here: the week's moment, or that of one day where some must be seen more often."""
    if desk.own.has_days(counts.keys):
        return date_weekday(desk.sheet.day)
    if desk.sheet.monday <= clock.today() <= desk.sheet.sunday:
        return _("this week")
    return _("week %(number)d") % {"number": desk.sheet.monday.isocalendar().week}


def progress_words(counts: Counts) -> str:
    return _("%(filled)s of %(due)s filled in") % {"filled": number(counts.filled), "due": number(counts.due)}


def nothing_due(desk: Desk, counts: Counts) -> str:
    if counts.due or not counts.people:
        return ""
    if not desk.sheet.has_come:
        words = {"date": date_long(desk.sheet.monday)}
        return _("This week has not begun. Noting is possible from %(date)s on.") % words
    return _("No obligation on this day.") if desk.own.has_days(counts.keys) else _("No obligation this week.")


# --- filters, days, what is not established ---------------------------------------------------------------------------

TABS: dict[str, StrOrPromise] = {
    ALL: gettext_lazy("Everybody"),
    UNFILLED: gettext_lazy("Not filled in"),
    MISSED: gettext_lazy("Missed a second time"),
    MINORS: gettext_lazy("Unaccompanied minors"),
}


@dataclass(frozen=True)
class Tab:
    label: StrOrPromise
    count: str
    url: str
    current: bool


def _tabs(desk: Desk, counts: Counts) -> list[Tab]:
    return [
        Tab(label, number(counts.of(which)), desk.url(which=which), which == desk.which)
        for which, label in TABS.items()
    ]


@dataclass(frozen=True)
class Day:
    label: str
    url: str
    current: bool


def _days(desk: Desk, counts: Counts) -> list[Day]:
    """The days of the week, for a place where some must be seen more often than weekly. What has not come is no link."""
    if not desk.own.has_days(counts.keys):
        return []
    return [_day(desk, day) for day in desk.sheet.days]


def _day(desk: Desk, day: date) -> Day:
    url = desk.url(day=day) if day <= clock.today() else ""
    return Day(date_short(day), url, day == desk.sheet.day)


def _gaps(desk: Desk, counts: Counts) -> list[str]:
    """What nobody has established about a rhythm that occurs here."""
    if desk.is_police:
        return []
    found = []
    for form in ReceptionForm.objects.filter(code__in=counts.keys):
        term = desk.own.term_of(form.code)
        if term is None or term.is_established:
            continue
        words = {"form": str(form), "rhythm": rhythm_words(term)}
        if term.rhythm:
            found.append(_("%(form)s: how often is not established; noted %(rhythm)s for now.") % words)
        else:
            found.append(_("%(form)s: how often in-house registration is due is not established.") % words)
    return found
