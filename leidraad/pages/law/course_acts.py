"""Recording procedures with their steps, claims on another state, and grounds that put off departure."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cases.procedure.actions import claims, postponements, procedures
from cases.procedure.models import Postponement, Procedure, ProcedureStep, TransferClaim, TransferMove
from leidraad.lib.display import date_long
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.law.acts import adding, found, over
from leidraad.pages.law.forms import ChangeProcedureForm, EndProcedureForm, ProcedureForm, StepForm
from leidraad.pages.law.forms_course import (
    ChangeClaimForm,
    ClaimForm,
    MoveForm,
    NextStepOfPostponementForm,
    PostponementForm,
    WhyForm,
)
from leidraad.pages.law.page import CHANGE, POSTPONE

# --- procedures -----------------------------------------------------------------------------------------------------


@case_page(CHANGE)
def begin(page: OpenCase) -> HttpResponse:
    def do(form: ProcedureForm) -> str:
        begun = procedures.begin_procedure(page.case, form.new, by=page.request.member)
        return _("Recorded: %(name)s.") % {"name": begun}

    form = ProcedureForm(_posted(page))
    context = {"title": _("Record a procedure"), "button": _("Record the procedure")}
    return adding(page, form, do, anchor="procedures", **context)


@case_page(CHANGE)
def change(page: OpenCase, pk: int) -> HttpResponse:
    procedure = found(page, Procedure, pk)

    def do(form: ChangeProcedureForm) -> str:
        reason = form.cleaned_data["reason"]
        procedures.change_procedure(procedure, form.new, reason, by=page.request.member, version=form.seen_version)
        return _("The procedure is changed.")

    context = {"title": _("Change the procedure"), "button": _("Change the procedure")}
    return over(page, procedure, ChangeProcedureForm, do, anchor="procedures", **context)


@case_page(CHANGE)
def step(page: OpenCase, pk: int) -> HttpResponse:
    procedure = found(page, Procedure, pk)

    def do(form: StepForm) -> str:
        data = form.cleaned_data
        procedures.record_step(
            procedure,
            data["step"],
            data["on"],
            by=page.request.member,
            note=data["note"],
            source=data["source"],
            version=form.seen_version,
        )
        return _("Recorded: %(step)s on %(date)s.") % {"step": data["step"], "date": date_long(data["on"])}

    context = {
        "title": _("Record a step of %(procedure)s") % {"procedure": procedure},
        "text": _("Only steps of this procedure and of its law are offered."),
        "button": _("Record the step"),
    }
    return over(page, procedure, StepForm, do, anchor="procedures", **context)


@case_page(CHANGE)
def step_back(page: OpenCase, pk: int) -> HttpResponse:
    found_rows = ProcedureStep.objects.filter(procedure__case=page.case, pk=pk)
    row = found_rows.select_related("procedure", "step").first()
    if row is None:
        raise Http404
    taken: ProcedureStep = row
    taken.procedure.case = page.case

    def do(form: WhyForm) -> str:
        procedures.take_back_step(taken, form.cleaned_data["reason"], by=page.request.member)
        return _("The step is taken back. It stays readable.")

    facts = [(_("Step"), str(taken.step)), (_("On day"), date_long(taken.on))]
    context = {"title": _("Take this step back?"), "button": _("Take the step back"), "facts": facts}
    return adding(page, WhyForm(_posted(page)), do, anchor="procedures", **context)


@case_page(CHANGE)
def end(page: OpenCase, pk: int) -> HttpResponse:
    procedure = found(page, Procedure, pk)

    def do(form: EndProcedureForm) -> str:
        data = form.cleaned_data
        procedures.end_procedure(
            procedure, data["on"], data["result"], by=page.request.member, version=form.seen_version
        )
        return _("Recorded that the procedure ended on %(date)s.") % {"date": date_long(data["on"])}

    context = {"title": _("The procedure has ended"), "button": _("Record the end")}
    return over(page, procedure, EndProcedureForm, do, anchor="procedures", **context)


# --- claims ---------------------------------------------------------------------------------------------------------


@case_page(CHANGE)
def claim(page: OpenCase) -> HttpResponse:
    def do(form: ClaimForm) -> str:
        claims.record_claim(page.case, form.claim, by=page.request.member)
        return _("The claim is recorded.")

    context = {"title": _("Record a claim on a member state"), "button": _("Record the claim")}
    return adding(page, ClaimForm(_posted(page)), do, anchor="claim", **context)


@case_page(CHANGE)
def change_claim(page: OpenCase, pk: int) -> HttpResponse:
    one = found(page, TransferClaim, pk)

    def do(form: ChangeClaimForm) -> str:
        reason = form.cleaned_data["reason"]
        claims.change_claim(one, form.claim, reason, by=page.request.member, version=form.seen_version)
        return _("The claim is changed.")

    context = {"title": _("Record the reply or correct the claim"), "button": _("Record")}
    return over(page, one, ChangeClaimForm, do, anchor="claim", **context)


@case_page(CHANGE)
def move(page: OpenCase, pk: int) -> HttpResponse:
    one = found(page, TransferClaim, pk)

    def do(form: MoveForm) -> str:
        data = form.cleaned_data
        claims.move_transfer(
            one,
            data["ground"],
            data["decided_on"],
            data["latest_on"],
            by=page.request.member,
            note=data["note"],
            source=data["source"],
            version=form.seen_version,
        )
        return _("The latest transfer date is %(date)s now.") % {"date": date_long(data["latest_on"])}

    facts = [(_("Latest transfer date now"), date_long(one.latest()))]
    context = {"title": _("Move the latest transfer date"), "button": _("Move the date"), "facts": facts}
    return over(page, one, MoveForm, do, anchor="claim", **context)


@case_page(CHANGE)
def move_back(page: OpenCase, pk: int) -> HttpResponse:
    row = TransferMove.objects.filter(claim__case=page.case, pk=pk).select_related("claim", "ground").first()
    if row is None:
        raise Http404
    moved: TransferMove = row
    moved.claim.case = page.case

    def do(form: WhyForm) -> str:
        claims.take_back_move(moved, form.cleaned_data["reason"], by=page.request.member)
        return _("The move is taken back. It stays readable.")

    facts = [(_("Latest transfer date"), date_long(moved.latest_on)), (_("Ground"), moved.ground.in_full)]
    context = {"title": _("Take this move back?"), "button": _("Take the move back"), "facts": facts}
    return adding(page, WhyForm(_posted(page)), do, anchor="claim", **context)


# --- postponement ---------------------------------------------------------------------------------------------------


@case_page(POSTPONE)
def postpone(page: OpenCase) -> HttpResponse:
    def do(form: PostponementForm) -> str:
        kind = form.cleaned_data["kind"]
        begun = postponements.begin_postponement(page.case, kind, form.step, by=page.request.member)
        return _("Recorded: %(name)s.") % {"name": begun}

    context = {
        "title": _("Record a ground that bars or puts off departure"),
        "text": _("It holds for this person alone. Relatives get their own, each in their own case."),
        "button": _("Record the ground"),
    }
    return adding(page, PostponementForm(_posted(page), can=page.can), do, anchor="uitstel", **context)


@case_page(POSTPONE)
def next_step(page: OpenCase, pk: int) -> HttpResponse:
    one = found(page, Postponement, pk)

    def do(form: NextStepOfPostponementForm) -> str:
        postponements.next_step_of_postponement(one, form.step, by=page.request.member, version=form.seen_version)
        return _("The next step is recorded.")

    facts = [(_("Ground"), one.kind.in_full), (_("State"), one.get_state_display())]
    context = {"title": _("Record the next step"), "button": _("Record"), "facts": facts}
    return over(page, one, NextStepOfPostponementForm, do, anchor="uitstel", **context)


def _posted(page: OpenCase) -> object:
    return page.request.POST if page.request.method == "POST" else None
