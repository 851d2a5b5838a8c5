"""Supervision tasks in a named state, made by the same actions that users use."""

from datetime import datetime
from typing import Any

from cases.requests.models import Request
from cases.supervision.actions import Visit, record_outcome, send_outcome
from cases.supervision.models import Attempt, SupervisionTask
from leidraad.lib import clock
from tests.cast import Cast
from tests.requests.asked import accepted


def task_of(request: Request) -> SupervisionTask:
    return SupervisionTask.objects.for_pages().get(request=request)


def open_task(cast: Cast, **more: Any) -> SupervisionTask:
    return task_of(accepted(cast, **more))


def visit(outcome: str = "not_found", at: datetime | None = None, **more: Any) -> Visit:
    return Visit(outcome, at or clock.now(), **more)


def recorded(cast: Cast, outcome: str = "not_found", **more: Any) -> Attempt:
    return record_outcome(open_task(cast, **more), visit(outcome), by=cast.politie)


def sent(cast: Cast, outcome: str = "not_found", **more: Any) -> SupervisionTask:
    attempt = recorded(cast, outcome, **more)
    send_outcome(attempt, by=cast.politie)
    return stored(attempt.task)


def stored(task: SupervisionTask) -> SupervisionTask:
    return SupervisionTask.objects.for_pages().get(pk=task.pk)
