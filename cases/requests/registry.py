"""How the subjects above hear of requests without this room importing them. Filled once, from their apps' `ready()`.

One registry says what happens when a request of a kind is accepted (who does the work, and where its page is), the other
who hears that it was reported ready.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from cases.case.models import TaskKind
from cases.requests.models import Request
from leidraad.lib.audit import By
from partners.models import Member


@dataclass(frozen=True)
class Work:
    """The task the receiving unit gets. `title` is an English msgid, translated when shown."""

    title: str
    task_kind: str = TaskKind.REQUEST
    url_name: str = "requests:detail"
    url_arg: str = ""
    assignee: Member | None = None


@dataclass(frozen=True)
class Worker:
    """The subject that does the work of a kind. Both run inside the action's transaction, under the case lock.

    `begin` opens the work when the request is accepted by this member. `result` says what came of it, as label and value,
    once the request is reported ready; the asker reads it, so it holds nothing that only the receiver may know.
    """

    begin: Callable[[Request, Member], Work]
    result: Callable[[Request], Sequence[tuple[StrOrPromise, object]]]
    work_url: Callable[[Request], str]


OnReport = Callable[[Request, By], None]

_workers: dict[str, Worker] = {}
_listeners: dict[str, list[OnReport]] = {}


def register_worker(kind: str, worker: Worker) -> None:
    """Name the one subject that does what this kind asks. Registering again replaces it."""
    _workers[kind] = worker


def register_listener(kind: str, listener: OnReport) -> None:
    """Have `listener(request, by)` called when a request of this kind is reported ready, before the transaction ends."""
    heard = _listeners.setdefault(kind, [])
    if listener not in heard:
        heard.append(listener)


def kinds_of_work() -> frozenset[str]:
    return frozenset(_workers)


def begin_work(request: Request, by: Member) -> Work:
    """What the receiver has to do now. A kind that no subject works on is a task on the request's own page."""
    worker = _workers.get(request.kind.code)
    return worker.begin(request, by) if worker else Work(request.kind.name_en, url_arg=str(request.pk))


def result_of(request: Request) -> Sequence[tuple[StrOrPromise, object]]:
    worker = _workers.get(request.kind.code)
    return worker.result(request) if worker else []


def work_url(request: Request) -> str:
    """The page where the receiver does the work; "" when that is the request's own."""
    worker = _workers.get(request.kind.code)
    return worker.work_url(request) if worker else ""


def tell_listeners(request: Request, by: By) -> None:
    for listener in _listeners.get(request.kind.code, []):
        listener(request, by)
