"""*Mijn werk* of IND: questions due, handovers that came back, answers of ours that end soon or were overtaken."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.models import CaseGrant, Phase
from cases.case.models.task import end_of_week
from cases.procedure.listing import open_questions
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.presentation import answer_marks
from cases.procedure.states import QUESTIONS
from cases.requests.models import Request
from handover.models import Handover
from handover.states import Status
from leidraad.lib import clock, display
from leidraad.lib.pagination import CappedCount, capped_count
from leidraad.pages.people import surname_only
from leidraad.pages.work_panels import Line
from partners.models import Member
from partners.policy import may_do

ROLE = "ind_officer"
FIRST_FEW = 5
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """The open questions of the unit, whoever took them on."""

    late: int
    today: int
    week: int
    total: int
    lines: list[Line]


@dataclass(frozen=True)
class Panel:
    count: CappedCount
    lines: list[Line]


def panels(member: Member) -> dict[str, Any]:
    """Seven queries, whatever waits."""
    return {"questions": questions(member), "returned": returned(member), "ending": ending(member)}


def questions(member: Member) -> Due:
    now = clock.now()
    today, week = clock.end_of(now.date()), end_of_week(now)
    found = open_questions(member)
    counts = found.order_by().aggregate(
        late=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lte=today)),
        week=Count("pk", filter=Q(due_at__gt=today, due_at__lte=week)),
        total=Count("pk"),
    )
    rows = found.for_pages().order_by("due_at", "pk")[:FIRST_FEW]
    return Due(**counts, lines=[_question(one) for one in rows])


def _question(request: Request) -> Line:
    late, today = request.is_late, request.due_at <= clock.end_of(clock.today())
    return Line(
        organisation=request.from_unit.organisation.short_name,
        text=f"{request.kind}: {surname_only(request.case.person.surname)}",
        url=reverse("procedure:question", args=[request.pk]),
        note=f"{request.from_unit.name}, {display.days_since(request.offered_at)}",
        mark_kind="late" if late else "warn" if today else "none",
        mark=_("today") if today and not late else display.date_short(request.due_at),
    )


def returned(member: Member) -> Panel:
    """Handovers of the unit that came back and were not offered again; the case's phase says that they are."""
    if not may_do(member, "handovers.list"):
        return Panel(CappedCount(0, False), [])
    back = CaseGrant.grants.listed_for(member).filter(phase=Phase.RETURNED_TO_SENDER)
    cases = list(back.order_by("sort_deadline", "content_object_id").values_list("content_object_id", flat=True)[:5])
    sent = Handover.objects.sent_by(member).filter(case__in=cases, status=Status.RETURNED).for_pages()
    latest = {one.case_id: one for one in sent.order_by("pk")}
    return Panel(capped_count(back), [_returned(latest[pk]) for pk in cases if pk in latest])


def _returned(handover: Handover) -> Line:
    return Line(
        organisation=handover.to_unit.organisation.short_name,
        text=_("%(person)s, returned to you") % {"person": surname_only(handover.case.person.surname)},
        url=reverse("handover:detail", args=[handover.pk]),
        note=str(handover.kind),
        mark=display.date_short(handover.answered_at),
    )


def ending(member: Member) -> Panel:
    """Answers in force that the unit gave and on which somebody may soon no longer rely: overtaken ones first."""
    asked = Request.objects.asked_of(member).filter(kind__code__in=QUESTIONS)
    mine = RemovabilityAnswer.objects.in_force().filter(request__in=asked, expired_at=None, case__closed_on=None)
    today = clock.today()
    overtaken = mine.filter(overtaken_at__isnull=False)
    soon = mine.filter(overtaken_at=None, valid_until__range=(today, today + SOON))
    related = ("request__from_unit__organisation", "case__person")
    rows = list(overtaken.select_related(*related).order_by("-overtaken_at", "-pk")[:FIRST_FEW])
    rows += list(soon.select_related(*related).order_by("valid_until", "pk")[: FIRST_FEW - len(rows)])
    first, second = capped_count(overtaken), capped_count(soon)
    count = CappedCount(first.value + second.value, first.capped or second.capped)
    return Panel(count, [_ending(one) for one in rows])


def _ending(answer: RemovabilityAnswer) -> Line:
    (kind, words), *_rest = answer_marks(answer)
    if answer.is_overtaken:
        words = pgettext("short", "overtaken?")
    return Line(
        organisation=answer.request.from_unit.organisation.short_name,
        text=f"{answer}: {surname_only(answer.case.person.surname)}",
        url=reverse("procedure:question", args=[answer.request_id]),
        note=_("answered on %(date)s") % {"date": display.date_long(answer.answered_at)},
        mark_kind=kind,
        mark=words,
    )


def tiles(context: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Count, words and address, for what stands in the panels."""
    due, back, soon = context["questions"], context["returned"], context["ending"]
    return [
        (due.total, pgettext("tile", "open questions"), reverse("procedure:questions")),
        (back.count.value, pgettext("tile", "returned handovers"), reverse("handover:inbox")),
        (soon.count.value, pgettext("tile", "answers that end or are overtaken"), "#antwoorden-title"),
    ]
