"""Acts on a departure. Booking and permission are drawn with what the guards say; the server asks them again under the lock."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.departure import actions
from cases.departure.actions import EXECUTE, GUARDS, PREPARE, RECORD
from cases.departure.models import Departure
from cases.departure.states import State
from cases.terms.authorising import AskedForReason, Held, judge_now
from cases.terms.guards.judging import known_past_the_wall
from cases.terms.guards.showing import shown_to
from cases.terms.models import Effect
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from leidraad.lib.stale import conflict_page
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from leidraad.pages.departure.forms import FailedForm, LeftForm, PlanForm, ReasonsForm, WhyForm
from leidraad.pages.departure.page import found, here
from leidraad.pages.readiness import fitting_act, proposed_destination, readiness_for

ACT = "pages/case/residence_act.html"
GUARDED = "pages/departure/guarded.html"


@case_page(PREPARE)
def prepare(page: OpenCase) -> HttpResponse:
    known = known_past_the_wall([page.case.pk])[page.case.pk]
    fitting = fitting_act(page, known)
    usual = {"act": fitting.value, "destination": proposed_destination(known, fitting), "by_air": ""}

    def do(form: PlanForm) -> str:
        actions.prepare(page.case, form.plan, by=page.request.member)
        return _("The departure is prepared. Nothing has been booked yet.")

    return act(
        page,
        lambda data, record: PlanForm(data, record=record, initial=usual),
        do,
        ACT,
        back_url=here(page),
        title=_("Prepare a departure"),
        text=_("Preparing is always possible and promises nothing. The guards are asked when you book."),
        button=_("Prepare the departure"),
        cancel_url=here(page),
    )


@case_page(PREPARE)
def change(page: OpenCase, pk: int) -> HttpResponse:
    row = found(page, pk)
    current = {
        "act": row.act,
        "destination": row.destination,
        "leaves_on": row.leaves_on,
        "leaves_at": row.leaves_at,
        "by_air": {True: "air", False: "land", None: ""}[row.by_air],
        "escorted": row.escorted,
        "reference": row.reference,
    }

    def do(form: PlanForm) -> str:
        actions.change(row, form.plan, by=page.request.member, version=form.seen_version)
        return _("The departure is changed.")

    stands = row.state != State.PREPARED
    return act(
        page,
        lambda data, record: PlanForm(data, record=record, initial=current),
        do,
        ACT,
        record=row,
        back_url=here(page),
        title=_("Change the departure"),
        text=_("A booking or permission was about the former plan: it falls away, and the guards are asked again.")
        if stands
        else "",
        button=_("Change the departure"),
        cancel_url=here(page),
    )


Guarded = Callable[..., Departure]


@case_page(PREPARE)
def book(page: OpenCase, pk: int) -> HttpResponse:
    return _guarded(page, pk, actions.book, _("Book the departure"), _("The departure is booked."))


@case_page(EXECUTE)
def permit(page: OpenCase, pk: int) -> HttpResponse:
    return _guarded(page, pk, actions.permit, _("Let it go ahead"), _("The departure may go ahead."))


def _guarded(page: OpenCase, pk: int, do: Guarded, title: str, done: str) -> HttpResponse:
    """What the guards say of this plan now, a reason for each warning, and the act. A block offers no button."""
    if not page.can(GUARDS):
        raise NotAllowed(GUARDS, page.case)
    row = found(page, pk)
    judgement = judge_now(page.case, row.plan())
    shown = shown_to(judgement, page.can)
    warnings = [one for one in shown.judged if one.effect is Effect.WARN]
    form = ReasonsForm(page.request.POST if page.request.method == "POST" else None, row, warnings)
    if form.is_bound:
        if form.is_stale:
            return conflict_page(page.request, form, back_url=page.request.path, **page.context(""))
        try:
            if form.is_valid():
                do(row, form.reasons, by=page.request.member, version=form.seen_version)
                return to_url(here(page), page.request, done)
        except Stale as stale:
            return conflict_page(
                page.request,
                ReasonsForm(page.request.POST, stale.current, warnings),
                back_url=page.request.path,
                **page.context(""),
            )
        except (AskedForReason, Held, NotPossible) as refusal:
            form.add_error(None, str(refusal))
    return page.render(
        GUARDED,
        "",
        status=422 if form.is_bound else 200,
        form=form,
        title=title,
        readiness=readiness_for(page, judgement),
        may_go=judgement.passes and shown.hidden is Effect.NONE,
        cancel_url=here(page),
    )


@case_page(PREPARE, or_else=(EXECUTE,))
def withdraw(page: OpenCase, pk: int) -> HttpResponse:
    row = found(page, pk)

    def do(form: WhyForm) -> str:
        actions.withdraw(row, form.cleaned_data["reason"], by=page.request.member, version=form.seen_version)
        return _("The booking is taken back. The plan stays.")

    return _why(page, row, do, _("Take the booking back"), _("Everybody who counts on it is told at once."))


@case_page(PREPARE, or_else=(EXECUTE,))
def cancel(page: OpenCase, pk: int) -> HttpResponse:
    row = found(page, pk)

    def do(form: WhyForm) -> str:
        actions.cancel(row, form.cleaned_data["reason"], by=page.request.member, version=form.seen_version)
        return _("The departure is cancelled.")

    return _why(page, row, do, _("Cancel the departure"), _("It stays readable, with the reason."))


def _why(page: OpenCase, row: Departure, do: Callable[[WhyForm], str], title: str, text: str) -> HttpResponse:
    return act(
        page,
        lambda data, record: WhyForm(data, record=record),
        do,
        ACT,
        record=row,
        back_url=here(page),
        title=title,
        text=text,
        button=title,
        danger=True,
        cancel_url=here(page),
    )


@case_page(RECORD)
def failed(page: OpenCase, pk: int) -> HttpResponse:
    row = found(page, pk)

    def do(form: FailedForm) -> str:
        data = form.cleaned_data
        actions.record_failed(row, data["on"], data["reason"], by=page.request.member, version=form.seen_version)
        return _("It is recorded that the departure did not go ahead.")

    return act(
        page,
        lambda data, record: FailedForm(data, record=record, initial={"on": min(row.leaves_on, clock.today())}),
        do,
        ACT,
        record=row,
        back_url=here(page),
        title=_("It did not go ahead"),
        text="",
        button=_("Record that it did not go ahead"),
        cancel_url=here(page),
    )


@case_page(RECORD)
def left(page: OpenCase) -> HttpResponse:
    """Recording what happened is refused for nothing that the guards say."""
    row = Departure.objects.open().filter(case=page.case).first()
    usual = {"act": row.act, "destination": row.destination, "reference": row.reference} if row else {}
    day = min(row.leaves_on, clock.today()) if row else clock.today()
    form = LeftForm(page.request.POST if page.request.method == "POST" else None, initial={"on": day, **usual})
    if form.is_bound and form.is_valid():
        try:
            actions.record_left(page.case, form.left, by=page.request.member)
            return to_url(here(page), page.request, _("It is recorded that the person left."))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return page.render(
        ACT,
        "",
        status=422 if form.is_bound else 200,
        form=form,
        title=_("Record that the person left"),
        text=_(
            "Record what happened, also when it should not have happened. Then the managers of both sides are told."
        ),
        button=_("Record the departure"),
        cancel_url=here(page),
    )
