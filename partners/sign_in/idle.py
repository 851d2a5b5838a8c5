"""The lock: a session without a sign of life for too long ends on the server, and its member comes back where it was.

What ends is the session itself. The browser keeps one that knows nothing but whose it was and where; only that member gets
the place back. A session also ends after a working day, however busy.
"""

import math
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from leidraad.lib import clock, events
from leidraad.lib.models import EventKind
from partners.middleware import SESSION_KEY
from partners.models import Member
from partners.sign_in import parked

BEGAN, SEEN, LOCKED = "began", "seen", "locked"
WARN_SECONDS = 180
# A sign of life is written once a minute at most, so that a page costs no more than it did.
STEP_SECONDS = 60
WHOLE_DAY_SECONDS = 12 * 3600
# Sent along by what a page does by itself, which is no sign of life.
BY_ITSELF = "X-Leidraad-By-Itself"


def limit_of(request: HttpRequest) -> int:
    """Seconds without a sign of life after which this session locks: fewer on a phone, which is left lying about."""
    phone = "Mobi" in request.headers.get("User-Agent", "") or request.headers.get("Sec-CH-UA-Mobile") == "?1"
    minutes = settings.LEIDRAAD_LOCK_MINUTES_PHONE if phone else settings.LEIDRAAD_LOCK_MINUTES
    return math.ceil(60 * minutes)


def begin(request: HttpRequest) -> None:
    request.session[BEGAN] = request.session[SEEN] = clock.now().timestamp()


def idle_seconds(request: HttpRequest) -> float:
    now = clock.now().timestamp()
    return now - float(request.session.get(SEEN, now))


def is_over(request: HttpRequest) -> bool:
    now = clock.now().timestamp()
    return idle_seconds(request) > limit_of(request) or now - request.session.get(BEGAN, now) > WHOLE_DAY_SECONDS


def seen(request: HttpRequest) -> None:
    """A sign of life of this session."""
    if SEEN in request.session and 0 <= idle_seconds(request) < STEP_SECONDS:
        return
    request.session[SEEN] = clock.now().timestamp()
    request.session.setdefault(BEGAN, request.session[SEEN])
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())


def lock(request: HttpRequest, member: Member, how: str, page: str) -> None:
    """End the session and keep in a new one whose it was and where. After this nobody is signed in."""
    acting = request.session.get(SESSION_KEY)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    events.record(EventKind.SESSION_ENDED, member, detail={"how": how})
    request.session[LOCKED] = {"member": member.pk, "page": page, "acting": acting}
    request.user, request.member = AnonymousUser(), None  # type: ignore[attr-defined]  # declared on UserRequest


def place_of(request: HttpRequest) -> str:
    """The page the member looks at: this one when it is asked for, the one with the form when one is sent."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(shown, {request.get_host()}):
        return ""
    parts = urlsplit(shown)
    return escape_leading_slashes(f"{parts.path}?{parts.query}" if parts.query else parts.path)


class LockMiddleware:
    """Stands after the member is known. What is asked or sent after the lock ends at the sign-in page; a form is parked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member: Member | None = getattr(request, "member", None)
        if member is not None and is_over(request):
            lock(request, member, "idle", place_of(request))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """After the check of the form's key: what another site made this browser send is not parked."""
        if getattr(request, "member", None) is not None:
            name = request.resolver_match.view_name if request.resolver_match else ""
            if name != "partners:session-state" and BY_ITSELF not in request.headers:
                seen(request)
            return None
        locked = request.session.get(LOCKED)
        if not locked or not hasattr(view, "leidraad_signed_in"):
            return None
        if request.method == "POST":
            page = place_of(request) or locked["page"]
            if parked.park_request(request, locked["member"], page):
                request.session[LOCKED] = {**locked, "page": page}
        sign_in = reverse("partners:sign-in")
        return HttpResponse(headers={"HX-Redirect": sign_in}) if "HX-Request" in request.headers else redirect(sign_in)
