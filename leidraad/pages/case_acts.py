"""Acts on a case: a form, the action, and back to the case page with what was done."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.case.actions import (
    assign_director,
    change_phase,
    close_case,
    record_next_step,
    reopen_case,
)
from cases.case.models import Involvement, Outcome, Part, ReturnCase, Task, TaskKind
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.stale import VersionedForm, conflict_page
from leidraad.pages.case_forms import (
    AssignForm,
    CloseForm,
    NextStepForm,
    PhaseForm,
    ReopenForm,
)
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_detail, to_url

MakeForm = Callable[[Any, Any], VersionedForm]


def act(
    page: OpenCase,
    make: MakeForm,
    do: Callable[[Any], str],
    template: str,
    *,
    record: Any = None,
    back_url: str = "",
    **context: Any,
) -> HttpResponse:
    """One act: draw the form, refuse what is stale or wrong, do it, say what was done. `do` returns that sentence.

    `record` is what the form is over, without it the case; `back_url` is where the member reads what was done.
    """
    request = page.request
    posted = request.POST if request.method == "POST" else None
    form = make(posted, record or page.case)
    if posted is not None:
        if form.is_stale:
            return _conflict(page, form)
        if form.is_valid():
            try:
                done = do(form)
                return to_url(back_url, request, done) if back_url else to_detail(page.case, request, done)
            except Stale as stale:
                return _conflict(page, make(posted, stale.current))
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
    status = 422 if posted is not None else 200
    return page.render(template, "", status=status, form=form, **context)


def _conflict(page: OpenCase, form: VersionedForm) -> HttpResponse:
    return conflict_page(page.request, form, back_url=page.request.path, **page.context(""))


# --- next step ------------------------------------------------------------------------------------------------------


def next_step_of(case: ReturnCase) -> Task | None:
    return case.tasks.open().filter(kind=TaskKind.NEXT_STEP).first()


@case_page("case.change")
def next_step(page: OpenCase) -> HttpResponse:
    def do(form: NextStepForm) -> str:
        task = record_next_step(
            page.case,
            form.cleaned_data["title"],
            form.due_at,
            by=page.request.member,
            done=form.former_done,
            version=form.seen_version,
        )
        return _("The next step is recorded: %(title)s, %(date)s.") % {
            "title": task.shown_title,
            "date": date_long(task.due_at),
        }

    def make(data: Any, case: ReturnCase) -> NextStepForm:
        return NextStepForm(data, record=case, step=next_step_of(case))

    return act(page, make, do, "pages/case/next_step.html", former=next_step_of(page.case))


# --- phase, regievoerder --------------------------------------------------------------------------------------------


@case_page("case.change")
def phase(page: OpenCase) -> HttpResponse:
    def do(form: PhaseForm) -> str:
        new, reason = form.cleaned_data["phase"], form.cleaned_data["reason"]
        case = change_phase(page.case, new, by=page.request.member, reason=reason, version=form.seen_version)
        return _("The phase is now: %(phase)s.") % {"phase": case.get_phase_display()}

    def make(data: Any, case: ReturnCase) -> PhaseForm:
        return PhaseForm(data, record=case)

    return act(page, make, do, "pages/case/phase.html")


@case_page("case.assign")
def assign(page: OpenCase) -> HttpResponse:
    def do(form: AssignForm) -> str:
        director = form.directors[form.cleaned_data["director"]]
        reason = form.cleaned_data["reason"]
        assign_director(page.case, director, by=page.request.member, reason=reason, version=form.seen_version)
        return _("%(name)s is now the case director.") % {"name": director}

    def make(data: Any, case: ReturnCase) -> AssignForm:
        return AssignForm(data, record=case)

    return act(page, make, do, "pages/case/assign.html")


# --- closing and reopening ------------------------------------------------------------------------------------------


@case_page("case.close")
def close(page: OpenCase) -> HttpResponse:
    """Two pages: the outcome, then who loses access. Only the second one closes."""
    request = page.request
    if request.method == "POST" and "confirm" not in request.POST and "conflict" not in request.POST:
        form = CloseForm(request.POST, record=page.case)
        if not form.is_stale and form.is_valid():
            return page.render("pages/case/close_confirm.html", "", **_closing(page, form))

    def do(form: CloseForm) -> str:
        outcome, reason = form.cleaned_data["outcome"], form.cleaned_data["reason"]
        close_case(page.case, outcome, by=request.member, reason=reason, version=form.seen_version)
        return _("The case is closed: %(outcome)s.") % {"outcome": Outcome(outcome).label}

    def make(data: Any, case: ReturnCase) -> CloseForm:
        return CloseForm(data, record=case)

    return act(page, make, do, "pages/case/close.html")


def _closing(page: OpenCase, form: CloseForm) -> dict[str, Any]:
    outcome = Outcome(form.cleaned_data["outcome"])
    return {
        "outcome": outcome.label,
        "unproven": outcome == Outcome.DEPARTED_UNSUPERVISED,
        "reason": form.cleaned_data["reason"],
        "losers": losing_access(page.case),
        "open_tasks": page.case.tasks.open().count(),
        "hidden": dict(form.hidden_input()),
    }


def losing_access(case: ReturnCase) -> Sequence[Involvement]:
    """Involvements that end with the case: all but the responsible unit's."""
    running = Involvement.objects.running().filter(case=case).exclude(part=Part.LEAD)
    return list(running.select_related("unit__organisation").order_by("unit__organisation__code", "unit__name"))


@case_page("case.close")
def reopen(page: OpenCase) -> HttpResponse:
    def do(form: ReopenForm) -> str:
        reason = form.cleaned_data["reason"]
        reopen_case(page.case, by=page.request.member, reason=reason, version=form.seen_version)
        return _("The case is open again. Record the next step.")

    def make(data: Any, case: ReturnCase) -> ReopenForm:
        return ReopenForm(data, record=case)

    return act(page, make, do, "pages/case/reopen.html")
