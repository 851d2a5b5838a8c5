"""A reference number for each request, for history rows, logs and error pages; and the log of refusals."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from leidraad.lib import events
from leidraad.lib.audit import request_id

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
        return f"{request.method} {request.path}"
