"""How the subjects above hear of requests without this room importing them. Filled once, from their apps' `ready()`.

One registry says what happens when a request of a kind is accepted (who does the work, and where its page is), two who hears
that it was made and that it was reported ready, and one what else keeps a unit in a case when its last request there ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from cases.case.models import ReturnCase, TaskKind
from cases.requests.models import Request
from leidraad.lib.audit import By
from partners.models import Member, Unit


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
    as far as the asker may know it at this moment; both parties read it, so it holds nothing that is the receiver's alone.
    `offered_at` names the page, by the request's key, where the receiver judges an offer. `followed_at` names the page of the
    case where the asker follows it, for kinds that also members ask whose role lists no requests.
    """

    begin: Callable[[Request, Member], Work]
    result: Callable[[Request], Sequence[tuple[StrOrPromise, object]]]
    work_url: Callable[[Request], str]
    offered_at: str = "requests:detail"
    followed_at: str = ""


OnStep = Callable[[Request, By], None]
Keeps = Callable[[ReturnCase, Unit], bool]

_workers: dict[str, Worker] = {}
_listeners: dict[str, list[OnStep]] = {}
_ask_listeners: dict[str, list[OnStep]] = {}
_keepers: list[Keeps] = []


def register_worker(kind: str, worker: Worker) -> None:
    """Name the one subject that does what this kind asks. Registering again replaces it."""
    _workers[kind] = worker


def register_ask_listener(kind: str, listener: OnStep) -> None:
    """Have `listener(request, by)` called when a request of this kind is made, before the transaction ends."""
    heard = _ask_listeners.setdefault(kind, [])
    if listener not in heard:
        heard.append(listener)


def register_listener(kind: str, listener: OnStep) -> None:
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


def offered_at(request: Request) -> str:
    """The URL name of the page where the receiver judges this offer."""
    worker = _workers.get(request.kind.code)
    return worker.offered_at if worker else "requests:detail"


def followed_at(request: Request) -> tuple[str, str]:
    """The URL name and key of the page where the asker reads what became of it."""
    worker = _workers.get(request.kind.code)
    if worker is not None and worker.followed_at:
        return worker.followed_at, request.case.number
    return "requests:detail", str(request.pk)


def work_url(request: Request) -> str:
    """The page where the receiver does the work; "" when that is the request's own."""
    worker = _workers.get(request.kind.code)
    return worker.work_url(request) if worker else ""


def tell_listeners(request: Request, by: By) -> None:
    for listener in _listeners.get(request.kind.code, []):
        listener(request, by)


def tell_ask_listeners(request: Request, by: By) -> None:
    for listener in _ask_listeners.get(request.kind.code, []):
        listener(request, by)


def register_keeper(keeps: Keeps) -> None:
    """Have `keeps(case, unit)` asked before a request's end ends the unit's part: whether it stays for work of that subject."""
    if keeps not in _keepers:
        _keepers.append(keeps)


def is_kept(case: ReturnCase, unit: Unit) -> bool:
    return any(keeps(case, unit) for keeps in _keepers)
