"""S22 goes on here: who finds no case refers the person to DT&V, and intake finds out who it is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.case.search import read_query
from handover.models import Referral
from handover.models.referral import FILE, JUDGE
from handover.referrals import actions, judging, pages
from handover.referrals.forms import ANOTHER, ActForm, JudgeForm, ReasonForm, ReferralForm, from_former, from_search
from leidraad.lib import events
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.forms import DateField
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import may_do, require_to

FROM_SEARCH = "gezocht"


def _require_side(member: Member) -> None:
    """Whoever neither files nor judges has nothing here."""
    if not may_do(member, JUDGE):
        require_to(member, FILE)


def _visible(member: Member, pk: int) -> Referral:
    _require_side(member)
    return get_object_or_404(Referral.objects.visible_to(member).for_pages(), pk=pk)


@signed_in
@require_GET
def referrals(request: UserRequest) -> HttpResponse:
    member = request.member
    _require_side(member)
    context = pages.listed(member, request.GET)
    events.record_list(request, len(context["page"].rows), filters=("lijst",))
    template = "handover/referrals/inbox.html" if pages.is_desk(member) else "handover/referrals/own_list.html"
    return render(request, template, context)


# --- the reporter ---------------------------------------------------------------------------------------------------


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: UserRequest) -> HttpResponse:
    """Coming from a search it holds what was searched for, which was sent and stands in no address."""
    require_to(request.member, FILE)
    if request.method == "POST" and FROM_SEARCH in request.POST:
        form = ReferralForm(member=request.member, initial=_searched(request))
    else:
        form = ReferralForm(request.POST if request.method == "POST" else None, member=request.member)
    return _file(request, form)


def _searched(request: UserRequest) -> dict[str, Any]:
    try:
        born = DateField(required=False).clean(request.POST.get("born", ""))
    except ValidationError:  # typed without sense: asked again, in three boxes
        born = None
    return from_search(read_query(request.POST.get("q", ""), born))


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """A new referral in the place of one with a mistake in it."""
    former = _visible(request.member, pk)
    require_to(request.member, FILE)
    events.record(EventKind.READ, request.member, route="handover:referral-correct", detail={"referral": pk})
    data = request.POST if request.method == "POST" else None
    return _file(request, ReferralForm(data, member=request.member, initial=from_former(former)), former)


def _file(request: UserRequest, form: ReferralForm, former: Referral | None = None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            made = actions.file_referral(
                form.to_file(), by=request.member, key=form.cleaned_data["key"], corrects=former
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("DT&V has received your referral. Whether the person is known to DT&V is not told here.")
            )
            return redirect("handover:referral", made.pk)
    context = {"form": form, "former": former}
    return render(request, "handover/referrals/new.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Asks why; DT&V is told when somebody has it in hand."""
    referral = _visible(request.member, pk)
    require_to(request.member, FILE)
    if not referral.is_open:
        messages.error(request, referral.why_no_longer())
        return redirect("handover:referral", pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, referral=referral)
    if form.is_bound and form.is_valid():
        return _done(
            request,
            pk,
            lambda: actions.withdraw(referral, form.cleaned_data["reason"], by=request.member, version=form.version),
            _("The referral is withdrawn. You can take that back on this page."),
        )
    events.record(EventKind.READ, request.member, route="handover:referral-withdraw", detail={"referral": pk})
    context = pages.facts(referral) | {"form": form}
    return render(request, "handover/referrals/withdraw.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def restore(request: UserRequest, pk: int) -> HttpResponse:
    referral = _visible(request.member, pk)
    require_to(request.member, FILE)
    version = ActForm(request.POST, referral=referral).version
    return _done(
        request,
        pk,
        lambda: actions.restore(referral, by=request.member, version=version),
        _("The withdrawal is taken back. The referral waits for DT&V again."),
    )


def _done(request: UserRequest, pk: int, act: Any, done: str) -> HttpResponse:
    """Do it and say so; what came too late, or from an older page, is told above the referral as it is now."""
    try:
        act()
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("handover:referral", pk)


# --- both sides -----------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def referral(request: UserRequest, pk: int) -> HttpResponse:
    """One referral, for its reporter or for intake; only intake sends something here: its judgement."""
    member, found = request.member, _visible(request.member, pk)
    if pages.is_desk(member):
        return _desk(request, found)
    if request.method == "POST":
        require_to(member, JUDGE)
    events.record(EventKind.READ, member, route="handover:referral", detail={"referral": pk})
    return render(request, "handover/referrals/own.html", pages.own_page(found, member))


# --- intake ---------------------------------------------------------------------------------------------------------


def _desk(request: UserRequest, referral: Referral) -> HttpResponse:
    member = request.member
    alike = judging.candidates(referral, by=member)
    context = pages.desk_page(referral, alike, member)
    data = request.POST if request.method == "POST" else None
    form = JudgeForm(data, referral=referral, found=alike, only_match=context["opens"])
    if form.is_bound and form.is_valid():
        answer = _judged(request, referral, form)
        if answer is not None:
            return answer
    elif form.is_bound and not context["may_judge"]:
        return _too_late(request, referral, judging.too_late(referral))
    shown = {"referral": referral.pk, "cases": [one.case.number for one in alike]}
    events.record(EventKind.SEARCH, member, route="handover:referral", detail=shown)
    context |= {"form": form, "undo_form": ReasonForm(referral=referral, auto_id="undo_%s")}
    return render(request, "handover/referrals/desk.html", context, status=422 if form.is_bound else 200)


def _judged(request: UserRequest, referral: Referral, form: JudgeForm) -> HttpResponse | None:
    """None when the form has to be shown again."""
    member, chosen = request.member, form.cleaned_data["decision"]
    try:
        case = (
            judging.find_case(form.cleaned_data["number"], by=member) if chosen == ANOTHER else form.found.get(chosen)
        )
    except NotPossible as refusal:
        form.add_error("number", str(refusal))
        return None
    reason = form.cleaned_data["reason"]
    try:
        judging.judge(referral, form.finding, case=case, reason=reason, by=member, version=form.version)
    except Stale:
        return _too_late(request, referral, judging.too_late(Referral.objects.get(pk=referral.pk)))
    except NotPossible as refusal:
        return _too_late(request, referral, str(refusal))
    messages.success(request, _("The referral is dealt with. The reporter reads that, and nothing of what you found."))
    return redirect("handover:referral", referral.pk)


def _too_late(request: UserRequest, referral: Referral, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("handover:referral", referral.pk)


@signed_in
@require_POST
def take_up(request: UserRequest, pk: int) -> HttpResponse:
    referral = _visible(request.member, pk)
    require_to(request.member, JUDGE)
    version = ActForm(request.POST, referral=referral).version
    return _done(
        request,
        pk,
        lambda: judging.take_up(referral, by=request.member, version=version),
        _("You have taken up this referral. The reporter reads that DT&V has it in hand."),
    )


@signed_in
@require_POST
def take_back(request: UserRequest, pk: int) -> HttpResponse:
    """Intake undoes its judgement, with a reason."""
    referral = _visible(request.member, pk)
    require_to(request.member, JUDGE)
    form = ReasonForm(request.POST, referral=referral)
    if not form.is_valid():
        messages.error(request, _("Write why you take the judgement back."))
        return redirect("handover:referral", pk)
    return _done(
        request,
        pk,
        lambda: judging.take_back(referral, form.cleaned_data["reason"], by=request.member, version=form.version),
        _("The judgement is taken back. You have the referral in hand again."),
    )
