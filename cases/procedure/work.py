"""What this room does with questions: registered with `cases.requests` and `cases.case.facts` at start."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_stubs_ext import StrOrPromise

from cases.case.actions import finish_tasks_of
from cases.case.facts import listen
from cases.procedure import overtaking, settling
from cases.procedure.common import source_of
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.states import QUESTIONS
from cases.requests.models import Request
from cases.requests.registry import Work, Worker, register_ask_listener, register_worker
from leidraad.lib.audit import By
from leidraad.lib.display import date_long, date_time
from partners.models import Member

PAGE = "procedure:question"


def register() -> None:
    """Called once when the app is ready."""
    for kind in QUESTIONS:
        register_worker(kind, Worker(begin=begin, result=result, work_url=work_url, offered_at=PAGE))
        register_ask_listener(kind, asked)
    listen(overtaking.hear)
    listen(settling.hear)


def begin(request: Request, by: Member) -> Work:
    """Who takes the question on answers it; a colleague of the unit may do so as well."""
    return Work(title=request.kind.name_en, url_name=PAGE, url_arg=str(request.pk), assignee=by)


def work_url(request: Request) -> str:
    return reverse(PAGE, args=[request.pk])


def asked(request: Request, by: By) -> None:
    """Somebody asks again, so nobody has to be told to."""
    if request.from_unit_id == request.case.led_by_id:
        finish_tasks_of(source_of(request.case), by=by, reason=gettext_noop("Question asked"), unit=request.from_unit)


def result(request: Request) -> Sequence[tuple[StrOrPromise, object]]:
    """The last thing stated to this question: the answer with its ground, or when one is expected."""
    answers = RemovabilityAnswer.objects.filter(request=request).for_pages()
    stated = answers.final().order_by("-pk").first() or answers.order_by("-pk").first()
    if stated is None:
        return []
    if not stated.is_final:
        return [
            (_("Answer"), _("not known yet")),
            (_("Expected on"), date_long(stated.expected_on)),
            (_("Explanation"), stated.note),
        ]
    lines: list[tuple[StrOrPromise, object]] = [
        (_("Answer"), stated.get_value_display()),
        (_("Ground"), stated.ground.in_full if stated.ground else ""),
        (_("Answered on"), date_time(stated.answered_at)),
        (_("Valid until"), validity(stated)),
        (_("Explanation"), stated.note),
    ]
    if stated.corrects_id:
        lines.append((_("Corrected because"), stated.correction_reason))
    if stated.is_overtaken:
        lines.append((_("Possibly overtaken"), f"{date_long(stated.overtaken_at)}: {stated.overtaken_words}"))
    if stated.replaced_at:
        lines.append((_("Replaced by a later answer"), date_long(stated.replaced_at)))
    return lines


def validity(answer: RemovabilityAnswer) -> str:
    """Until when, and that it is over when it is."""
    if answer.valid_until is None:
        return _("no planned end")
    day = {"date": date_long(answer.valid_until)}
    return _("%(date)s, expired") % day if answer.has_expired else day["date"]
