"""What a site records about a stay: forms on the case, with a page before what another organisation hears or what ends."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.reception import actions
from cases.reception.forms import (
    ArrivalForm,
    EndForm,
    PlannedEndForm,
    ReasonForm,
    ReserveForm,
    RoomForm,
    StatusForm,
    StayForm,
    correct_form,
)
from cases.reception.models import Placement
from cases.reception.rights import CHANGE
from cases.reception.states import EXPECTED, RUNNING, STAYING, EndReason
from cases.reception.words import residence_after
from leidraad.lib.display import date_long, date_time
from leidraad.lib.errors import NotPossible
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from partners.models import Unit

ACT = "pages/case/residence_act.html"
CONFIRM = "pages/case/residence_confirm.html"


def _here(page: OpenCase) -> str:
    return reverse("cases:residence", args=[page.case.number])


def _stays(page: OpenCase) -> Any:
    return Placement.objects.shown_in(page.case, page.request.member).select_related("site__organisation", "case")


def _receiver(unit: Unit, what: str) -> dict[str, str]:
    return {"organisation": unit.organisation.short_name, "who": unit.name, "what": what}


def _lead(page: OpenCase, what: str) -> dict[str, str]:
    return _receiver(page.case.led_by, what)


def stay_act(
    page: OpenCase,
    pk: int,
    statuses: Collection[str],
    make: Callable[[Any, Placement], StayForm],
    do: Callable[[Placement, Any], str],
    *,
    own: bool = True,
    back_url: str = "",
    **context: Any,
) -> HttpResponse:
    """One act on one placement. What it cannot be done to any more, or is another site's, is said on the page of the stay.

    A context value that is a function is called with the placement.
    """
    placement: Placement = get_object_or_404(_stays(page), pk=pk)
    refusal = _refusal(page, placement, statuses, own=own)
    if refusal:
        messages.error(page.request, refusal)
        return redirect(_here(page))
    context = {name: value(placement) if callable(value) else value for name, value in context.items()}
    more = {"placement": placement, "cancel_url": _here(page), **context}
    return act(
        page,
        make,
        lambda form: do(placement, form),
        ACT,
        record=placement,
        back_url=back_url or _here(page),
        **more,
    )


def _refusal(page: OpenCase, placement: Placement, statuses: Collection[str], *, own: bool) -> str:
    if own and placement.site_id != page.request.member.acting_unit_id:
        return _("Only %(site)s can record this, for the stay is at that site.") % {"site": placement.site}
    if placement.status not in statuses:
        return _("That is not possible any more: the stay is now “%(status)s”.") % {
            "status": placement.get_status_display()
        }
    return ""


# --- before and at the door -----------------------------------------------------------------------------------------


@case_page(CHANGE)
def reserve(page: OpenCase) -> HttpResponse:
    """Two pages: where and when, then who will see the case. Only the second one reserves."""
    request = page.request
    now = Placement.objects.shown_in(page.case, request.member).staying().first()
    form = ReserveForm(request.POST if request.method == "POST" else None, stays_at=now.site_id if now else None)
    if form.is_bound and form.is_valid():
        if "confirm" not in request.POST:
            return page.render(CONFIRM, "", **_reserving(page, form))
        try:
            data = form.cleaned_data
            actions.reserve(page.case, form.chosen, data["expected_on"], by=request.member, reason=data["reason"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("A place is reserved at %(site)s for %(date)s.") % {
                "site": form.chosen.name,
                "date": date_long(data["expected_on"]),
            }
            return to_url(_here(page), request, done)
    context = {
        "title": _("Reserve a place"),
        "text": _("On the next page you see who gets access before the place is reserved."),
        "button": _("Continue"),
        "cancel_url": _here(page),
        "family": page.family,
    }
    return page.render(ACT, "", status=422 if form.is_bound else 200, form=form, **context)


def _reserving(page: OpenCase, form: ReserveForm) -> dict[str, Any]:
    data, site = form.cleaned_data, form.chosen
    sees = _("Sees the case from now on, to prepare the arrival. Its desk is told.")
    return {
        "title": _("Reserve this place?"),
        "facts": [
            (_("Site"), f"{site.name}, {site.city}"),
            (_("Day of arrival"), date_long(data["expected_on"])),
            (_("Why?"), data["reason"]),
        ],
        "receivers": [_receiver(site, sees)],
        "button": _("Reserve the place"),
        "hidden": {name: form.data.get(name, "") for name in form.fields},
        "cancel_url": _here(page),
    }


@case_page(CHANGE)
def cancel(page: OpenCase, pk: int) -> HttpResponse:
    def do(placement: Placement, form: ReasonForm) -> str:
        reason, member = form.cleaned_data["reason"], page.request.member
        actions.cancel_reservation(placement, by=member, reason=reason, version=form.seen_version)
        return _("The reservation at %(site)s is cancelled.") % {"site": placement.site.name}

    def receivers(placement: Placement) -> list[dict[str, str]]:
        return [_receiver(placement.site, _("No longer sees the case, unless it takes part in another way."))]

    own = Placement.objects.running().at_unit_of(page.request.member).filter(case=page.case)
    leaves = list(own.values_list("pk", flat=True)) == [pk]  # then the site takes no part any more
    return stay_act(
        page,
        pk,
        EXPECTED,
        lambda data, placement: ReasonForm(data, record=placement),
        do,
        own=False,
        back_url=reverse("pages:my-work") if leaves else "",
        title=_("Cancel the reservation?"),
        facts=_expected_facts,
        receivers=receivers,
        button=_("Cancel the reservation"),
        danger=True,
    )


def _expected_facts(placement: Placement) -> list[tuple[str, object]]:
    return [
        (_("Site"), placement.site.name),
        (_("Day of arrival"), date_long(placement.expected_on)),
        (_("Did not arrive from"), date_time(placement.arrival_deadline)),
    ]


@case_page(CHANGE)
def arrival(page: OpenCase, pk: int) -> HttpResponse:
    former = Placement.objects.shown_in(page.case, page.request.member).staying().select_related("site__organisation")

    def do(placement: Placement, form: ArrivalForm) -> str:
        data = form.cleaned_data
        actions.record_arrival(
            placement,
            data["day"],
            room=data["room"],
            administrative=data["administrative"],
            by=page.request.member,
            version=form.seen_version,
        )
        return _("The arrival is recorded: %(date)s.") % {"date": date_long(data["day"])}

    ends = _("The stay there ends that day. That site no longer sees the case, and its desk is told.")
    return stay_act(
        page,
        pk,
        EXPECTED,
        lambda data, placement: ArrivalForm(data, record=placement),
        do,
        title=pgettext("button", "Record the arrival"),
        facts=_expected_facts,
        receivers=[_receiver(one.site, ends) for one in former],
        button=pgettext("button", "Record the arrival"),
    )


@case_page(CHANGE)
def no_show(page: OpenCase, pk: int) -> HttpResponse:
    def do(placement: Placement, form: ReasonForm) -> str:
        reason, member = form.cleaned_data["reason"], page.request.member
        actions.record_no_show(placement, by=member, reason=reason, version=form.seen_version)
        return _("Recorded that the person did not arrive. %(unit)s is told.") % {"unit": page.case.led_by.full_name}

    return stay_act(
        page,
        pk,
        EXPECTED,
        lambda data, placement: ReasonForm(data, record=placement),
        do,
        title=_("Record that the person did not arrive?"),
        facts=_expected_facts,
        receivers=[_lead(page, _("Reads that the person did not arrive within 48 hours."))],
        button=_("Record that the person did not arrive"),
    )


# --- while somebody stays -------------------------------------------------------------------------------------------


@case_page(CHANGE)
def status(page: OpenCase, pk: int) -> HttpResponse:
    def do(placement: Placement, form: StatusForm) -> str:
        data, member = form.cleaned_data, page.request.member
        changed = actions.change_status(
            placement, data["status"], data["since"], by=member, reason=data["reason"], version=form.seen_version
        )
        return _("The status is now: %(status)s.") % {"status": str(changed.get_status_display()).lower()}

    return stay_act(
        page,
        pk,
        STAYING,
        lambda data, placement: StatusForm(data, record=placement),
        do,
        title=_("Change status"),
        text=lambda placement: (
            _("The status is now: %(status)s, since %(date)s.")
            % {
                "status": str(placement.get_status_display()).lower(),
                "date": date_long(placement.status_since),
            }
        ),
        button=_("Change status"),
    )


@case_page(CHANGE)
def room(page: OpenCase, pk: int) -> HttpResponse:
    def do(placement: Placement, form: RoomForm) -> str:
        actions.change_room(placement, form.cleaned_data["room"], by=page.request.member, version=form.seen_version)
        return _("The room is recorded.")

    return stay_act(
        page,
        pk,
        STAYING,
        lambda data, placement: RoomForm(data, record=placement),
        do,
        title=_("Change room"),
        text=lambda placement: placement.site.name,
        button=_("Record the room"),
    )


@case_page(CHANGE)
def planned_end(page: OpenCase, pk: int) -> HttpResponse:
    def do(placement: Placement, form: PlannedEndForm) -> str:
        data, member = form.cleaned_data, page.request.member
        actions.change_planned_end(
            placement, data["planned_end"], by=member, reason=data["reason"], version=form.seen_version
        )
        return _("The planned end is recorded.") if data["planned_end"] else _("The stay has no planned end any more.")

    return stay_act(
        page,
        pk,
        STAYING,
        lambda data, placement: PlannedEndForm(data, record=placement),
        do,
        title=_("Change planned end"),
        text=_("Nothing happens by itself on that day: a person ends the stay."),
        button=_("Record the planned end"),
    )


@case_page(CHANGE)
def end(page: OpenCase, pk: int) -> HttpResponse:
    """Two pages: why and from when, then who hears of it and what it does. Only the second one ends the stay."""
    request = page.request
    if request.method == "POST" and "confirm" not in request.POST and "conflict" not in request.POST:
        placement: Placement = get_object_or_404(_stays(page), pk=pk)
        form = EndForm(request.POST, record=placement)
        if not _refusal(page, placement, STAYING, own=True) and not form.is_stale and form.is_valid():
            return page.render(CONFIRM, "", **_ending(page, placement, form))

    def do(placement: Placement, form: EndForm) -> str:
        data = form.cleaned_data
        actions.end_placement(
            placement,
            data["end_reason"],
            data["ended_on"],
            by=request.member,
            reason=data["reason"],
            version=form.seen_version,
        )
        return _("The stay is ended: %(reason)s. Until tonight you can take that back, below on this page.") % {
            "reason": str(EndReason(data["end_reason"]).label).lower()
        }

    return stay_act(
        page,
        pk,
        STAYING,
        lambda data, placement: EndForm(data, record=placement),
        do,
        back_url=reverse("pages:my-work"),
        title=_("End the stay"),
        text=_("On the next page you see who hears of it before the stay ends."),
        button=_("Continue"),
    )


def _ending(page: OpenCase, placement: Placement, form: EndForm) -> dict[str, Any]:
    data = form.cleaned_data
    loses = _("No longer sees the case. It can take the end back today, and put it right for a month.")
    return {
        "title": _("End this stay?"),
        "facts": [
            (_("Site"), placement.site.name),
            (_("No longer at the site from"), date_long(data["ended_on"])),
            (_("Why does the stay end?"), EndReason(data["end_reason"]).label),
            (_("What is this based on?"), data["reason"]),
            (_("Residence from then on"), residence_after(data["end_reason"])),
        ],
        "receivers": [_lead(page, _("Reads that the stay ended.")), _receiver(placement.site, loses)],
        "button": _("End the stay"),
        "danger": True,
        "hidden": dict(form.hidden_input()),
        "cancel_url": _here(page),
    }


@case_page(CHANGE)
def correct(page: OpenCase, pk: int) -> HttpResponse:
    def do(placement: Placement, form: Any) -> str:
        actions.correct(placement, by=page.request.member, version=form.seen_version, **form.cleaned_data)
        return _("The correction is recorded.")

    return stay_act(
        page,
        pk,
        RUNNING,
        correct_form,
        do,
        title=_("Put right what was recorded wrongly"),
        text=_("For a mistake only. When something changed, record that change instead."),
        button=_("Record the correction"),
    )
