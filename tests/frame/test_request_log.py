"""What the log says of a request: its number as on error pages and in history, never what stands behind the `?`."""

from collections.abc import MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from leidraad.lib.middleware import RequestLogMiddleware, RequestStampMiddleware


def lines_of(request: HttpRequest) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []

    def keep(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Any:
        seen.append({**structlog.contextvars.get_contextvars(), **line})
        raise structlog.DropEvent

    with structlog.testing.capture_logs(processors=[keep]):
        RequestStampMiddleware(RequestLogMiddleware(lambda _: HttpResponse()))(request)  # type: ignore[arg-type]
    return seen


def test_the_log_names_the_path_and_not_what_was_searched() -> None:
    lines = lines_of(RequestFactory().get("/zaken/", {"naam": "Achternaam"}))

    assert [line["request"] for line in lines] == ["GET /zaken/", "GET /zaken/"]
    assert "Achternaam" not in repr(lines)


def test_the_number_in_the_log_is_ours_and_not_one_that_a_client_made_up() -> None:
    request = RequestFactory().get("/", headers={"X-Request-ID": "made-up"})

    lines = lines_of(request)

    assert {line["request_id"] for line in lines} == {request.request_id}  # type: ignore[attr-defined]
    assert request.request_id != "made-up"  # type: ignore[attr-defined]


def test_the_ip_address_is_not_kept_in_the_log() -> None:
    assert not any("ip" in line for line in lines_of(RequestFactory().get("/")))
