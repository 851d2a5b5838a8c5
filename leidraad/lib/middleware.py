"""A reference number for each request, for history rows, logs and error pages; and the log of looks and refusals."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from leidraad.lib import events
from leidraad.lib.audit import request_id

SECRET_PART = re.compile(r"/[^/]+\.ics$")
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestStampMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex[:12]
        token = request_id.set(number)
        request.request_id = number  # type: ignore[attr-defined]  # read by the error pages
        request.META["HTTP_X_REQUEST_ID"] = number  # read by the request log; a number sent by a client is not believed
        try:
            return self.get_response(request)
        finally:
            request_id.reset(token)


class LookLogMiddleware:
    """Stands after sign-in: an answer with content of a member's page that recorded no look is recorded here.

    Redirects show nothing, and refusals have a row of their own. A wrong form (422) and a clash (409) show the page again.
    """

    SHOWING = frozenset({200, 409, 422, 500, 503})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        running = events.Looks()
        token = events.looks.set(running)
        try:
            response = self.get_response(request)
            if response.status_code in self.SHOWING and not running.count and self._shows_somebody(request, running):
                events.record_unrecorded(request, response.status_code)
        finally:
            events.looks.reset(token)
        return response

    @staticmethod
    def _shows_somebody(request: HttpRequest, running: events.Looks) -> bool:
        match = request.resolver_match
        if getattr(request, "member", None) is None or match is None or running.shows_nobody:
            return False
        return hasattr(match.func, "leidraad_signed_in") and not hasattr(match.func, "shows_nobody")


class RefusalLogMiddleware:
    """Stands after sign-in: each 403, and each 404 on a path with a number in it, is one row in the event log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 403 or (response.status_code == 404 and request.resolver_match):
            events.record_refusal(request, response.status_code, getattr(response, "capability", ""))
        return response


class RequestLogMiddleware(RequestMiddleware):
    """One line at the end of each request, without what stands behind the question mark: that may name a person."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """A path that opens something by itself is a secret: what stands between the last slash and `.ics` is left out."""
        path = SECRET_PART.sub("/….ics", request.path)
        return f"{request.method} {path}"
