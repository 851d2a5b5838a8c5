"""Termijnen in a calendar: the page where a member makes and ends the address, and the address itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from cases.terms.feed import as_calendar, end_feed, entries_of, feed_of, make_feed, running_of
from leidraad.lib import events
from leidraad.lib.errors import NotPossible
from leidraad.lib.events import shows_nobody
from leidraad.lib.models import EventKind
from leidraad.lib.who import acting
from partners.http import UserRequest, signed_in
from partners.middleware import choose_membership
from partners.models import Member
from partners.policy import may_do, require_to
from partners.sign_in.views import too_often

ROUTE = "terms:feed"
# Wrong addresses from one place in five minutes; a calendar asks for the right one.
MOST_MISSES, PAUSE_SECONDS = 20, 300
TEMPLATE = "pages/deadlines/calendar.html"


@require_GET
@signed_in
@shows_nobody
def calendar(request: UserRequest) -> HttpResponse:
    require_to(request.member, "cases.list")
    return render(request, TEMPLATE, {"feed": running_of(request.member)})


@require_POST
@signed_in
def make(request: UserRequest) -> HttpResponse:
    """Shows the address this once. Sent again it makes another one, and this one ends."""
    events.nothing_shown()
    secret = make_feed(by=request.member)
    address = request.build_absolute_uri(reverse(ROUTE, args=[secret]))
    return render(request, TEMPLATE, {"feed": running_of(request.member), "address": address})


@require_POST
@signed_in
def end(request: UserRequest) -> HttpResponse:
    require_to(request.member, "cases.list")
    try:
        end_feed(by=request.member)
        messages.success(
            request, _("The calendar address has ended. A calendar that asks for it gets nothing any more.")
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("terms:calendar")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """By the secret alone, whatever session the browser has. Everything that is wrong is the same page: not found."""
    place = f"calendar-feed:{get_adapter().get_client_ip(request)}"
    if cache.get(place, 0) >= MOST_MISSES:
        return too_often(request)
    member = _member_of(secret)
    if member is None:
        cache.add(place, 0, PAUSE_SECONDS)
        cache.incr(place)
        raise Http404
    with _working_for(member), translation.override(member.language):
        entries = entries_of(member)
        events.record(EventKind.READ, member, route=ROUTE, detail={"shown": len(entries)})
        response = HttpResponse(as_calendar(entries), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="termijnen.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _member_of(secret: str) -> Member | None:
    """The member, working as the membership the address was made for; None when either has ended."""
    found = feed_of(secret)
    if found is None or not found.member.may_work_here:
        return None
    member = found.member
    choose_membership(member, found.membership_id)
    still = member.acting is not None and member.acting.pk == found.membership_id
    return member if still and may_do(member, "cases.list") else None


@contextmanager
def _working_for(member: Member) -> Iterator[None]:
    with acting(member.acting_unit_id, member.acting_group_id, member.pk), transaction.atomic():
        yield
