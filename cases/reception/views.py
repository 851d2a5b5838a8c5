"""A site's own record of a stay: taking back what was recorded by mistake, and putting right an end.

After an end the site no longer sees the case, so these pages open the placement and show nothing of the case but its number.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.reception import actions
from cases.reception.forms import CorrectEndForm
from cases.reception.models import Placement
from cases.reception.rights import require_works_on_stays
from cases.reception.states import RUNNING, StepKind
from leidraad.lib import events
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.models import EventKind
from leidraad.lib.stale import conflict_page, version_sent
from partners.http import UserRequest, signed_in


def found(request: UserRequest, pk: int) -> Placement:
    """A stay at the member's own site that runs, or that the site ended lately; Http404 for everybody else's."""
    require_works_on_stays(request.member)
    own = Placement.objects.at_unit_of(request.member)
    lately = Placement.objects.ended_lately_by(request.member).values("pk")
    shown = own.filter(Q(status__in=RUNNING) | Q(pk__in=lately)).select_related("site", "case")
    placement = get_object_or_404(shown, pk=pk)
    if request.method == "GET":
        route = request.resolver_match.view_name if request.resolver_match else ""
        events.record(EventKind.READ, request.member, case=placement.case, route=route, detail={"placement": pk})
    return placement


def _facts(placement: Placement) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [(_("Case"), placement.case.number), (_("Site"), placement.site.name)]
    if placement.started_on:
        facts.append((_("First night"), date_long(placement.started_on)))
    if placement.ended_on:
        facts.append((_("No longer at the site from"), date_long(placement.ended_on)))
        facts.append((_("Reason of ending"), placement.get_end_reason_display()))
    return facts


@require_http_methods(["GET", "POST"])
@signed_in
def take_back(request: UserRequest, pk: int) -> HttpResponse:
    """The page is its own confirmation: it says what comes back, and the button does it."""
    placement = found(request, pk)
    step = actions.undoable_step(placement)
    if request.method == "POST":
        return _take_back(request, placement)
    if step is None:
        messages.error(request, _("Taking back is possible only on the day itself, while nothing else was recorded."))
        return redirect("pages:my-work")
    arrived = step.kind == StepKind.ARRIVED
    return render(request, "confirm.html", _confirm(placement, arrived=arrived))


def _confirm(placement: Placement, *, arrived: bool) -> dict[str, Any]:
    if arrived:
        text = _("The reservation stands again. The stay that ended by this arrival runs again, and its site is told.")
        question, back = _("Take back this arrival?"), reverse("cases:residence", args=[placement.case.number])
    else:
        text = _("The stay runs again as before, and your site sees the case again. The responsible unit is told.")
        question, back = _("Take back this end?"), reverse("pages:my-work")
    return {
        "question": question,
        "text": text,
        "facts": _facts(placement),
        "button": _("Take back"),
        "back_url": back,
        "hidden": {"seen_version": placement.version},
    }


def _take_back(request: UserRequest, placement: Placement) -> HttpResponse:
    try:
        actions.take_back(placement, by=request.member, version=version_sent(request.POST))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("pages:my-work")
    messages.success(request, _("Taken back. The stay is as it was before."))
    return redirect("cases:residence", placement.case.number)


@require_http_methods(["GET", "POST"])
@signed_in
def correct_end(request: UserRequest, pk: int) -> HttpResponse:
    placement = found(request, pk)
    if placement.is_running:
        messages.error(request, _("This stay has not ended."))
        return redirect("cases:residence", placement.case.number)
    form = CorrectEndForm(request.POST if request.method == "POST" else None, record=placement)
    here = reverse("reception:correct-end", args=[pk])
    if form.is_bound:
        if form.is_stale:
            return conflict_page(request, form, back_url=here)
        if form.is_valid():
            try:
                _correct(request, placement, form)
            except Stale as stale:
                return conflict_page(request, CorrectEndForm(request.POST, record=stale.current), back_url=here)
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The correction is recorded. The responsible unit is told."))
                return redirect("pages:my-work")
    context = {
        "form": form,
        "facts": _facts(placement),
        "undo_url": reverse("reception:take-back", args=[pk]) if actions.undoable_step(placement) else "",
    }
    return render(request, "reception/correct_end.html", context, status=422 if form.is_bound else 200)


def _correct(request: UserRequest, placement: Placement, form: CorrectEndForm) -> None:
    data = form.cleaned_data
    actions.correct_end(
        placement,
        data["end_reason"],
        data["ended_on"],
        by=request.member,
        reason=data["reason"],
        version=form.seen_version,
    )
