"""Removability on the pages of a case: the axis with its answer, the warning when it is overtaken, and all answers."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from cases.case.models import Axis, AxisEntry, Removability, ReturnCase, Task
from cases.procedure.common import source_of
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.presentation import answer_lines
from cases.procedure.states import REMOVABILITY_CHECK
from cases.requests.models import Request
from leidraad.lib.display import date_long
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.work_tasks import Hint
from partners.models import Member

SHOWN_ANSWERS = 50


def ask_url(number: str) -> str:
    return f"{reverse('requests:new', args=[number])}?kind={REMOVABILITY_CHECK}"


def in_force(page: OpenCase) -> RemovabilityAnswer | None:
    """The answer behind the axis; nothing is asked for who may not know it. One query."""
    if not page.can("removability.view"):
        return None
    return RemovabilityAnswer.objects.in_force().for_pages().filter(case=page.case).first()


def open_question(page: OpenCase) -> Request | None:
    """The question that is open, for who may ask it. One query."""
    if page.case.is_closed or not page.can("requests.ask"):
        return None
    return Request.objects.open().filter(case=page.case, kind__code=REMOVABILITY_CHECK).order_by("-pk").first()


def axis_of_answer(page: OpenCase, entry: AxisEntry, answer: RemovabilityAnswer | None) -> dict[str, Any]:
    """What the axis shows beside its value: ground, how sure it is, where the answers stand, and asking again."""
    number = page.case.number
    drawn: dict[str, Any] = {"url": reverse("cases:removability", args=[number])}
    if answer is None and not entry.value:
        drawn["note"] = _("no answer of IND yet")
    elif answer is not None:
        drawn |= _answer_words(page, entry, answer)
    if may_ask(page):
        question = open_question(page)
        if question is None:
            drawn["action"] = {"url": ask_url(number), "label": _("Ask now")}
        else:
            asked = _("asked on %(date)s") % {"date": date_long(question.offered_at)}
            drawn["action"] = {"url": reverse("requests:detail", args=[question.pk]), "label": asked}
    return drawn


def may_ask(page: OpenCase) -> bool:
    """Asking is the responsible unit's."""
    return page.access.leads and page.can("requests.ask")


def _answer_words(page: OpenCase, entry: AxisEntry, answer: RemovabilityAnswer) -> dict[str, Any]:
    words: dict[str, Any] = {}
    if answer.expired_at is not None and not entry.value:
        words["note"] = _("answer of %(answered)s (%(value)s) expired on %(date)s") % {
            "answered": date_long(answer.answered_at),
            "value": str(answer).lower(),
            "date": date_long(answer.valid_until),
        }
    elif page.can("decisions.view") and answer.ground is not None:
        words["more"] = answer.ground.in_full
    if entry.doubted_at is not None:
        words["warning"] = {"kind": "warn", "text": _("possibly overtaken")}
    return words


def overtaken_alert(page: OpenCase, answer: RemovabilityAnswer | None) -> list[dict[str, Any]]:
    """The warning over the case page, for who reads the answer; why only for who may see decisions."""
    if answer is None or not answer.is_overtaken or answer.has_expired or page.case.is_closed:
        return []
    number = page.case.number
    alert = {
        "kind": "warn",
        "title": _("Answer possibly overtaken:"),
        "text": answer.overtaken_words if page.can("decisions.view") else _("removability is uncertain."),
        "source": _("Noted on %(date)s.") % {"date": date_long(answer.overtaken_at)},
    }
    if may_ask(page) and open_question(page) is None:
        return [alert | {"url": ask_url(number), "action": _("Ask again")}]
    return [alert | {"url": reverse("cases:removability", args=[number]), "action": _("Read the answer")}]


@require_GET
@case_page("removability.view")
def removability(page: OpenCase) -> HttpResponse:
    """All answers about this person, newest first."""
    found = RemovabilityAnswer.objects.for_pages().filter(case=page.case).order_by("-pk")
    answers = list(found[:SHOWN_ANSWERS])
    current = next((one for one in answers if one.is_final and one.replaced_at is None), None)
    entry = page.case.axis_entries.filter(axis=Axis.REMOVABILITY, superseded_at=None).first()
    asking = may_ask(page)
    question = open_question(page) if asking else None
    return page.render(
        "pages/case/removability.html",
        "removability",
        entry=entry,
        value=str(Removability(entry.value).label) if entry else "",
        current=current,
        alerts=overtaken_alert(page, current),
        lines=answer_lines(answers, open_reasons=page.can("decisions.view")),
        question=question,
        question_url=reverse("requests:detail", args=[question.pk]) if question else "",
        ask_url=ask_url(page.case.number) if asking and question is None else "",
    )


def hints_of(member: Member, tasks: Iterable[Task]) -> dict[int, Hint]:
    """For tasks to ask removability again: which answer ends or ended, and where to ask. One query, none without such tasks."""
    mine = {task.case_id: task for task in tasks if task.case_id and task.source == source_of(task.case_id)}
    if not mine:
        return {}
    seen = ReturnCase.objects.visible_to(member).filter(pk__in=mine)
    answers = RemovabilityAnswer.objects.in_force().filter(case__in=seen).select_related("case")
    label = pgettext("button", "Ask now")
    return {mine[one.case_id].pk: Hint(_detail(one), label, ask_url(one.case.number)) for one in answers}


def _detail(answer: RemovabilityAnswer) -> str:
    words = {"answered": date_long(answer.answered_at), "date": date_long(answer.valid_until)}
    if answer.is_overtaken:
        return _("answer of %(answered)s is possibly overtaken") % words
    if answer.has_expired:
        return _("answer of %(answered)s expired on %(date)s") % words
    return _("answer of %(answered)s expires on %(date)s") % words
