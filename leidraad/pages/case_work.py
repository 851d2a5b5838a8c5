"""What is asked about a case and how it moved: the panel "Wacht op een ander", and the sections Toezicht and Overdrachten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.requests.models import Request
from cases.requests.states import Status as RequestStatus
from cases.supervision.models import SupervisionTask
from handover.models import Handover
from handover.states import Status as HandoverStatus
from leidraad.lib import clock
from leidraad.lib.display import date_long, days_since
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_reporting import panel_of

SHOWN_WAITS = 8
SHOWN_ROWS = 50
LONG_WAIT = timedelta(days=7)
SUPERVISION = "supervision"


@dataclass(frozen=True)
class Waiting:
    """One thing that another unit owes the viewer's unit. `mark` is kind and words."""

    organisation: str
    text: str
    note: str
    url: str
    mark: tuple[str, str]


def waiting_on(page: OpenCase) -> list[Waiting]:
    """Open requests about this case that the acting unit made and another has to act on, the oldest first. One query."""
    asked = Request.objects.asked_by_unit_of(page.member).running().filter(case=page.case)
    return [_waiting(one) for one in asked.for_pages().order_by("due_at", "pk")[:SHOWN_WAITS]]


def _waiting(request: Request) -> Waiting:
    return Waiting(
        organisation=request.to_unit.organisation.short_name,
        text=str(request.kind),
        note=_("since %(date)s, %(unit)s") % {"date": date_long(request.offered_at), "unit": request.to_unit.name},
        url=reverse("requests:detail", args=[request.pk]),
        mark=_age_mark(request),
    )


def _age_mark(request: Request) -> tuple[str, str]:
    if request.is_late:
        return ("late", _("late, %(age)s") % {"age": days_since(request.due_at)})
    if request.offered_at < clock.now() - LONG_WAIT:
        return ("warn", days_since(request.offered_at))
    return ("none", str(RequestStatus(request.status).label))


# --- Toezicht -------------------------------------------------------------------------------------------------------


@require_GET
@case_page("supervision.view")
def supervision(page: OpenCase) -> HttpResponse:
    """The duty to report, and what the police was asked in this case and how that stands."""
    asked = Request.objects.of_case(page.case, page.member).filter(kind__section=SUPERVISION)
    found = asked.for_pages().select_related("supervision_task")[:SHOWN_ROWS]
    lines = [_line(one, page) for one in found]
    return page.render("pages/case/supervision.html", "supervision", lines=lines, duty=panel_of(page))


@dataclass(frozen=True)
class Line:
    """A request or handover in a list of the case. Opens only for its two parties; others read the line."""

    what: str
    url: str
    sender: str
    receiver: str
    began: datetime | None
    due: datetime | None
    mark: tuple[str, str]
    result: str = ""


REQUEST_MARKS = {
    RequestStatus.OFFERED: "todo",
    RequestStatus.ACCEPTED: "planned",
    RequestStatus.REPORTED_READY: "info",
    RequestStatus.DONE: "ok",
    RequestStatus.DECLINED: "no",
    RequestStatus.NOT_POSSIBLE: "no",
    RequestStatus.WITHDRAWN: "na",
    RequestStatus.EXPIRED: "warn",
}


def _line(request: Request, page: OpenCase) -> Line:
    status = RequestStatus(request.status)
    is_party = page.member.acting_unit_id in (request.from_unit_id, request.to_unit_id)
    return Line(
        what=str(request.kind),
        url=reverse("requests:detail", args=[request.pk]) if is_party else "",
        sender=request.from_unit.full_name,
        receiver=request.to_unit.full_name,
        began=request.offered_at,
        due=request.due_at,
        mark=("late" if request.is_late else REQUEST_MARKS[status], str(status.label)),
        result=_result(request),
    )


def _result(request: Request) -> str:
    """What came of it, once it was sent: until then it is the police's own."""
    task: SupervisionTask | None = getattr(request, "supervision_task", None)
    if task is None or request.status not in (RequestStatus.REPORTED_READY, RequestStatus.DONE):
        return ""
    return str(task.get_outcome_display())


# --- Overdrachten ---------------------------------------------------------------------------------------------------

HANDOVER_MARKS = {
    HandoverStatus.DRAFT: "todo",
    HandoverStatus.OFFERED: "todo",
    HandoverStatus.QUERIED: "warn",
    HandoverStatus.ACCEPTED: "ok",
    HandoverStatus.RETURNED: "no",
    HandoverStatus.WITHDRAWN: "na",
    HandoverStatus.EXPIRED: "warn",
}


@require_GET
@case_page("handovers.view")
def handovers(page: OpenCase) -> HttpResponse:
    found = Handover.objects.of_case(page.case, page.member).for_pages()[:SHOWN_ROWS]
    visible = set(Handover.objects.visible_to(page.member).filter(case=page.case).values_list("pk", flat=True))
    return page.render(
        "pages/case/handovers.html", "handovers", lines=[_handover_line(one, one.pk in visible) for one in found]
    )


def _handover_line(handover: Handover, opens: bool) -> Line:
    status = HandoverStatus(handover.status)
    return Line(
        what=str(handover.kind),
        url=reverse("handover:detail", args=[handover.pk]) if opens else "",
        sender=handover.from_unit.full_name,
        receiver=handover.to_unit.full_name,
        began=handover.offered_at,
        due=handover.answer_due,
        mark=("late" if handover.is_late else HANDOVER_MARKS[status], str(status.label)),
    )
