"""Screen S16: the questions that wait for IND, one question with what is known of the procedure, and the answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.case.access import Access, access_of
from cases.procedure import actions, listing
from cases.procedure.forms import AnswerForm, CorrectionForm, LaterForm, OvertakenForm
from cases.procedure.law_lines import law_of, recorded_lines
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.presentation import answer_lines
from cases.procedure.stated import stated_procedure
from cases.requests.actions import open_request
from cases.requests.common import may_answer, require_receiver
from cases.requests.models import Request
from cases.requests.presentation import offer_facts, person_line, who
from cases.requests.states import RUNNING, Status, may_follow
from cases.requests.views import seen_version
from cases.requests.words import status_sentence, turn_sentence
from leidraad.lib import clock, events
from leidraad.lib.display import v_number
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.forms import Form
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in
from partners.policy import require_to

RELATED = ("kind", "case__person", "case__led_by__organisation", "from_unit__organisation", "to_unit__organisation")
SHOWN_ANSWERS = 20


def found(request: UserRequest, pk: int) -> Request:
    """A question to the acting unit; Http404 for everybody else, who asked it included."""
    return get_object_or_404(listing.questions_of(request.member).select_related(*RELATED), pk=pk)


def log(request: UserRequest, asked: Request) -> None:
    route = events.route_of(request)
    events.record(EventKind.READ, request.member, case=asked.case, route=route, detail={"request": asked.pk})


@require_GET
@signed_in
def questions(request: UserRequest) -> HttpResponse:
    require_to(request.member, "questions.list")
    queue = listing.queue(request.member, request.GET.get("toon", ""), after=request.GET.get("after"))
    events.record_list(request, len(queue.lines), filters=("toon",))
    return render(request, "procedure/questions.html", {"queue": queue, "page": queue.page})


# --- one question ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def question(request: UserRequest, pk: int) -> HttpResponse:
    """What is asked and what is known; the form says who reads the answer, so it is its own confirmation."""
    asked = found(request, pk)
    if request.method == "POST":
        return _answer(request, asked)
    open_request(asked, by=request.member)
    log(request, asked)
    return _page(request, asked, AnswerForm())


def _answer(request: UserRequest, asked: Request) -> HttpResponse:
    require_receiver(request.member, asked)
    form = AnswerForm(request.POST)
    refusal = _why_not(asked)
    if refusal:
        return _too_late(request, asked, refusal)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    try:
        actions.answer(asked, form.answer, by=request.member, version=seen_version(request))
    except Stale as stale:
        messages.error(request, str(stale))
        return _page(request, found(request, pk=asked.pk), form, status=409)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Answered. %(unit)s has been told.") % {"unit": asked.from_unit.full_name})
    return redirect("procedure:question", asked.pk)


def _why_not(asked: Request) -> str:
    """Why nothing can be answered any more; "" while it can."""
    if asked.status not in RUNNING:
        return asked.why_no_longer()
    return _("This case was closed. There is nothing left to do for this request.") if asked.case.is_closed else ""


def _page(request: UserRequest, asked: Request, form: AnswerForm, status: int = 200) -> HttpResponse:
    member, case = request.member, asked.case
    access, answers = access_of(member, case), may_answer(member, asked)
    open_for_answer = answers and not _why_not(asked)
    sees_procedure = access.can("decisions.view")
    context = {
        "asked": asked,
        "person": person_line(case.person),
        "sentence": status_sentence(asked),
        "turn": turn_sentence(asked),
        "facts": offer_facts(asked) + _identity(asked, access),
        "case_url": reverse("cases:detail", args=[case.number]) if access.sees_case else "",
        "sees_procedure": sees_procedure,
        "procedure": stated_procedure(case) if sees_procedure else None,
        "recorded": recorded_lines(law_of(case, access.can)) if sees_procedure else [],
        "lines": answer_lines(_answers(asked, access), open_reasons=True),
        "form": form if open_for_answer else None,
        "may_accept": open_for_answer and may_follow(asked.status, Status.ACCEPTED),
        "may_refuse": answers and may_follow(asked.status, Status.DECLINED),
        "may_end": answers and may_follow(asked.status, Status.NOT_POSSIBLE),
        "current": _current(asked) if answers else None,
        "viewed_at": clock.now() if request.method == "GET" else None,
    }
    return render(request, "procedure/question.html", context, status=status)


def _identity(asked: Request, access: Access) -> list[tuple[str, object]]:
    """By which the person is found in IND's own system, once the question was accepted."""
    if not access.can("identity.view"):
        return []
    return [(_("V-number"), v_number(asked.case.person.v_number)), (_("Case"), asked.case.number)]


def _answers(asked: Request, access: Access) -> Any:
    """All answers about the case while the unit's part runs; afterwards those to its own question."""
    found = RemovabilityAnswer.objects.for_pages().order_by("-pk")
    whole = access.can("removability.view")
    return (found.filter(case=asked.case_id) if whole else found.filter(request=asked))[:SHOWN_ANSWERS]


def _current(asked: Request) -> RemovabilityAnswer | None:
    """The answer to this question, while it is in force: it can be corrected, or said to be overtaken."""
    return RemovabilityAnswer.objects.in_force().filter(request=asked).select_related("ground").first()


# --- later, wrong, overtaken ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def later(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    require_receiver(request.member, asked)
    refusal = _why_not(asked)
    if refusal:
        return _too_late(request, asked, refusal)
    form = LaterForm(request.POST if request.method == "POST" else None)
    return _ask(
        request,
        asked,
        form,
        act=lambda: actions.not_known_yet(
            asked,
            form.cleaned_data["expected_on"],
            form.cleaned_data["note"],
            by=request.member,
            version=seen_version(request),
        ),
        question=_("When do you expect the answer?"),
        button=_("Tell when it is expected"),
        effect=_(
            "Reads that the answer is not known yet, and on which day you expect it. The question stays with you."
        ),
        done=_("Recorded. %(unit)s has been told."),
        version=asked.version,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    require_receiver(request.member, asked)
    current = _current(asked)
    if current is None:
        return _too_late(request, asked, _("This question has no answer in force that can be corrected."))
    form = CorrectionForm(request.POST if request.method == "POST" else None, former=current)
    return _ask(
        request,
        asked,
        form,
        act=lambda: actions.correct_answer(
            current, form.answer, form.cleaned_data["reason"], by=request.member, version=seen_version(request)
        ),
        question=_("Correct the answer"),
        button=_("Correct answer"),
        effect=_("Is told at once and reads the new answer and your reason. The former answer stays in the history."),
        done=_("Corrected. %(unit)s has been told."),
        version=current.version,
    )


@require_http_methods(["GET", "POST"])
@signed_in
def overtaken(request: UserRequest, pk: int) -> HttpResponse:
    asked = found(request, pk)
    require_receiver(request.member, asked)
    current = _current(asked)
    if current is None or current.is_overtaken:
        return _too_late(request, asked, _("This question has no answer in force that can be overtaken."))
    form = OvertakenForm(request.POST if request.method == "POST" else None)
    return _ask(
        request,
        asked,
        form,
        act=lambda: actions.overtake(
            current, form.cleaned_data["fact"], by=request.member, version=seen_version(request)
        ),
        question=_("Is the answer overtaken by a later fact?"),
        button=_("Report as overtaken"),
        effect=_("Is told at once, sees a warning with the answer, and is asked to put the question again."),
        done=_("Recorded. %(unit)s has been told."),
        version=current.version,
    )


def _too_late(request: UserRequest, asked: Request, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("procedure:question", asked.pk)


def _ask(
    request: UserRequest,
    asked: Request,
    form: Form,
    *,
    act: Callable[[], object],
    question: str,
    button: str,
    effect: str,
    done: str,
    version: int,
) -> HttpResponse:
    """A page with a form that says who reads it; on POST the act itself."""
    unit = asked.from_unit
    context = {
        "question": question,
        "button": button,
        "form": form,
        "text": f"{asked.kind}: {asked.case.person.full_name}, {who(asked.case.person)}.",
        "receivers": [{"organisation": unit.organisation.short_name, "who": unit.name, "what": effect}],
        "hidden": {"seen_version": version},
        "back_url": reverse("procedure:question", args=[asked.pk]),
    }
    if not form.is_bound:
        log(request, asked)
        return render(request, "confirm.html", context)
    if not form.is_valid():
        return render(request, "confirm.html", context, status=422)
    try:
        act()
    except Stale as stale:
        messages.error(request, str(stale))
        fresh = {"hidden": {"seen_version": stale.current.version}}
        return render(request, "confirm.html", context | fresh, status=409)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"unit": unit.full_name})
    return redirect("procedure:question", asked.pk)
