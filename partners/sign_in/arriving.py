"""Where a member goes who has just signed in, by whatever way."""

from datetime import datetime, time

from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from leidraad.lib import clock
from leidraad.lib.models import Event
from partners.middleware import SESSION_KEY
from partners.models import Member
from partners.sign_in import parked

HOME = "/"
LAST_VISIT = "last_visit"


def safe_next(request: HttpRequest) -> str:
    """The page asked for in `next`, when it lies on this site; otherwise nothing."""
    target = str(request.POST.get("next") or request.GET.get("next") or "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else ""


def last_visit_of(member: Member) -> datetime | None:
    """The member's last logged act before today, for "changed since": signing in twice a day hides nothing."""
    today = clock.at(clock.today(), time.min)
    earlier = Event.objects.filter(member_id=member.pk, at__lt=today)
    found: datetime | None = earlier.aggregate(last=Max("at"))["last"]
    return found


def arrive(request: HttpRequest, member: Member, target: str) -> HttpResponse:
    """Back to where the lock fell, for who it fell for. Otherwise who may work for several units chooses one first."""
    visit = last_visit_of(member)
    if visit is not None:
        request.session[LAST_VISIT] = visit.isoformat()
    locked = request.session.pop("locked", None) or {}
    own = locked.get("member") == member.pk
    if own and locked.get("acting"):
        request.session[SESSION_KEY] = locked["acting"]
    target = (locked["page"] if own else "") or target
    target = _unsaved(request, member, target) or target
    if SESSION_KEY not in request.session and len(member.valid_memberships[:2]) > 1:
        choose = reverse("partners:work-as")
        return redirect(f"{choose}?{urlencode({'next': target})}" if target else choose)
    return HttpResponseRedirect(target or HOME)


def _unsaved(request: HttpRequest, member: Member, target: str) -> str:
    """The list of forms that were not saved, unless the page one goes to shows its own."""
    pages = [kept.page for kept in parked.of_member(member)]
    if not pages:
        return ""
    request.session[parked.FLAG] = True
    return "" if target in pages else reverse("partners:unsaved")
