"""The case page: where it stands and what next. And the sections that only show."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases.case.models import ReturnCase
from leidraad.lib.models import EventKind
from leidraad.pages.case_activity import ON_OVERVIEW, activity_of
from leidraad.pages.case_forms import PrintForm
from leidraad.pages.case_frame import OpenCase, case_page, log, who_is
from leidraad.pages.case_panels import (
    SHOWN_TASKS,
    alerts_of,
    axes_of,
    closed_band,
    involved,
    represented_by,
    tasks_of,
)
from leidraad.pages.case_work import waiting_on
from leidraad.pages.deadline_list import kept_lines
from leidraad.pages.readiness import panel_url, readiness_on_sheet
from leidraad.pages.removability import in_force
from leidraad.pages.stop_lines import standing_lines

SHOWN_DEADLINES = 5


def overview(page: OpenCase) -> dict[str, Any]:
    """Everything the overview and the printed case sheet show."""
    tasks, answer, stops = tasks_of(page), in_force(page), standing_lines(page)
    deadlines = [] if page.case.is_closed else kept_lines(page.case, page.access)
    return {
        "band": closed_band(page),
        "stops": stops,
        "alerts": alerts_of(page, any(line.is_next_step for line in tasks), answer),
        "axes": axes_of(page, answer),
        "tasks": tasks[:SHOWN_TASKS],
        "task_count": len(tasks),
        "deadlines": deadlines[:SHOWN_DEADLINES],
        "deadline_count": len(deadlines),
        "waiting": waiting_on(page),
        "parties": [*involved(page), *represented_by(page)],
        "activity": activity_of(page, limit=ON_OVERVIEW) if page.can("activity.view") else None,
    }


@case_page()
def detail(page: OpenCase) -> HttpResponse:
    return page.render("pages/case/detail.html", "detail", readiness_url=panel_url(page), **overview(page))


# --- activity -------------------------------------------------------------------------------------------------------


def moment_of(text: str | None) -> datetime | None:
    """The start of an older page; nonsense is the first page."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@require_GET
@case_page("activity.view")
def activity(page: OpenCase) -> HttpResponse:
    chosen = page.request.GET.get("organisatie", "")[:20]
    found = activity_of(page, organisation=chosen, before=moment_of(page.request.GET.get("voor")))
    return page.render("pages/case/activity.html", "activity", activity=found, chosen_organisation=chosen)


# --- printing -------------------------------------------------------------------------------------------------------


@case_page()
def print_sheet(page: OpenCase) -> HttpResponse:
    """Asks what for, logs it, and shows the sheet as this viewer may see it."""
    form = PrintForm(page.request.POST if page.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        log(page, EventKind.PRINT, purpose=form.in_words)
        page.on_paper = True
        own: dict[str, Any] = {
            "purpose": form.in_words,
            "who": _sheet_name(page),
            "readiness": readiness_on_sheet(page),
        }
        return page.render("pages/case/sheet.html", "", **own, **overview(page))
    status = 422 if form.is_bound else 200
    return page.render("pages/case/print.html", "", status=status, form=form)


def _sheet_name(page: OpenCase) -> str:
    return who_is(page.case.person) if page.can("identity.view") else ""


def to_detail(case: ReturnCase, request: Any, message: str) -> HttpResponse:
    return to_url(reverse("cases:detail", args=[case.number]), request, message)


def to_url(url: str, request: Any, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(url)
