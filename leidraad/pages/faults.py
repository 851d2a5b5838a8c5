"""The page for each error code: what happened, what to do, and the number to call with.

None needs a database, a session, a member or a context processor: whatever has failed, its page still comes.
"""

import sys
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from psycopg_pool import PoolTimeout

from leidraad.pages.context import environment_label
from partners.middleware import language_of

logger = structlog.get_logger(__name__)
# Classes of SQLSTATE that say the server is away, full or being stopped; a deadlock or a timeout of one statement is not.
AWAY = ("08", "53", "57P")
RETRY_SECONDS = "120"
# When even the template cannot be drawn: no name, no path, both languages.
LAST_RESORT = (
    '<!doctype html><html lang="nl"><meta charset="utf-8"><title>Leidraad</title>'
    "<h1>Er ging iets mis in Leidraad</h1><p>Probeer het later opnieuw, of bel de servicedesk.</p>"
    '<p lang="en">Something went wrong. Try again later, or call the service desk.</p>'
)


def page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """The page of this status, in the reader's language."""
    # Asking for a page a second time does no harm; sending a form a second time might.
    again = status in (500, 503) and request.method in ("GET", "HEAD")
    with translation.override(language_of(request)):
        try:
            html = get_template(template or f"{status}.html").render(words_of(request) | {"again": again})
        except Exception:
            logger.exception("error_page_failed", status=status)
            html = LAST_RESORT
    response = HttpResponse(html, status=status)
    if status == 503:
        response["Retry-After"] = RETRY_SECONDS
    return response


def words_of(request: HttpRequest) -> dict[str, Any]:
    """What every error page tells: the number in our logs, whom to call, and which environment this is."""
    return {
        "request_id": getattr(request, "request_id", ""),
        "service_desk": settings.LEIDRAAD_SERVICE_DESK,
        "environment_label": environment_label(),
    }


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The key of the form was missing or too old. The reason is for our log, not for the reader."""
    logger.warning("csrf_failure", reason=reason)
    return page(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One body for what does not exist and for what is not shared: without even a number that differs."""
    return page(request, 404)


def fault(request: HttpRequest) -> HttpResponse:
    """An error of ours; 503 when it is the database that is away."""
    return page(request, 503 if is_away(sys.exc_info()[1]) else 500)


def is_away(error: BaseException | None) -> bool:
    """Is the database out of reach? An error of a single statement is no reason to say so."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or str(state).startswith(AWAY)


class EmptyAnswerMiddleware:
    """Django refuses a method with an empty page; a person who opens such an address gets words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            response.content = page(request, 405).content
        return response
