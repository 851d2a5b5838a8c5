"""The queue of questions: what is asked of the unit, what it answered, and everything. Pages go by key."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.procedure.models import RemovabilityAnswer
from cases.procedure.presentation import answer_marks, status_mark
from cases.procedure.states import QUESTIONS
from cases.requests.models import Request, RequestQuerySet
from cases.requests.presentation import late_words, person_line
from cases.requests.states import RUNNING, Status
from leidraad.lib import display
from leidraad.lib.pagination import CappedCount, KeysetPage, capped_count, keyset_page
from partners.models import Member

OPEN, ANSWERED, ALL = "", "beantwoord", "alle"
ORDERS = {OPEN: ("due_at", "id"), ANSWERED: ("-reported_at", "-id"), ALL: ("-offered_at", "-id")}


@dataclass(frozen=True)
class Line:
    """One question, ready to draw. `marks` are pairs of kind and words."""

    request: Request
    url: str
    person: SafeString
    asker: str
    organisation: str
    due: str
    late: str
    age: str
    answer: str
    marks: list[tuple[str, str]]


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: CappedCount


@dataclass(frozen=True)
class Queue:
    which: str
    tabs: list[Tab]
    lines: list[Line]
    page: KeysetPage[Request]
    empty: str


def questions_of(member: Member) -> RequestQuerySet:
    """Questions to the acting unit, whatever became of them."""
    return Request.objects.asked_of(member).filter(kind__code__in=QUESTIONS)


def open_questions(member: Member) -> RequestQuerySet:
    # `ended_at` says nothing that the status does not say; it lets the index of open requests answer.
    return questions_of(member).filter(status__in=RUNNING, ended_at=None)


def _of_tab(member: Member, which: str) -> RequestQuerySet:
    if which == ANSWERED:
        return questions_of(member).filter(reported_at__isnull=False)
    return open_questions(member) if which == OPEN else questions_of(member)


def queue(member: Member, which: str, *, after: str | None) -> Queue:
    """One page of a tab. Six queries."""
    which = which if which in ORDERS else OPEN
    page = keyset_page(_of_tab(member, which).for_pages(), order=ORDERS[which], after=after)
    answers = answers_to(page.rows)
    empty = {
        OPEN: _("No question waits for your unit."),
        ANSWERED: _("Your unit has answered no question yet."),
        ALL: _("No question was asked of your unit yet."),
    }
    return Queue(which, _tabs(member), [line_of(one, answers.get(one.pk)) for one in page.rows], page, empty[which])


def _tabs(member: Member) -> list[Tab]:
    labels = {
        OPEN: pgettext("questions", "Open"),
        ANSWERED: pgettext("questions", "Answered"),
        ALL: pgettext("questions", "All"),
    }
    return [Tab(key, label, capped_count(_of_tab(member, key))) for key, label in labels.items()]


def answers_to(requests: list[Request]) -> dict[int, RemovabilityAnswer]:
    """The last thing stated to each of these questions. One query."""
    found = RemovabilityAnswer.objects.filter(request__in=[request.pk for request in requests])
    return {answer.request_id: answer for answer in found.order_by("pk")}


def line_of(request: Request, answer: RemovabilityAnswer | None) -> Line:
    marks = [status_mark(request)] if request.status not in (Status.REPORTED_READY, Status.DONE) else []
    return Line(
        request=request,
        url=reverse("procedure:question", args=[request.pk]),
        person=person_line(request.case.person),
        asker=request.from_unit.name,
        organisation=request.from_unit.organisation.short_name,
        due=display.date_table(request.due_at),
        late=late_words(request),
        age=display.days_since(request.offered_at),
        answer=str(answer) if answer and answer.is_final else "",
        marks=marks + (answer_marks(answer) if answer else []),
    )
