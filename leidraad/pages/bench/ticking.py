"""What runs by the clock: counting all deadlines anew, and reminding of them.

Counting is done for real, so that the pages that are measured afterwards have their terms. Reminding is taken back, so that the
next run of the bench finds as much to say: all of a first run at once, which no later run will have again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from django.db import transaction

from cases.terms import keeping, reminding
from cases.terms.models import KeptDeadline
from leidraad.lib.who import principal
from leidraad.pages.bench.watching import Statement, watched
from partners import policy_now

COUNT_ANEW, COUNT_AGAIN = "count all deadlines", "count all deadlines, unchanged"
REMIND, REMIND_AGAIN, TOGETHER = "remind, the first time", "remind, nothing new", "count and remind"


@dataclass(frozen=True)
class Ticked:
    """One run: how many cases or terms, its statements, and how many milliseconds it took."""

    name: str
    found: int
    statements: int
    milliseconds: float


def ticks() -> Iterator[Ticked]:
    """As the jobs do it, each as its own principal and with one look at the policy."""
    with policy_now.one_policy():
        with principal(keeping.NIGHTLY):
            KeptDeadline.objects.all().delete()
            first = _run(COUNT_ANEW, keeping.keep_all)
            yield first
            yield _run(COUNT_AGAIN, keeping.keep_all)
        with transaction.atomic():
            told = _run(REMIND, _remind)
            again = _run(REMIND_AGAIN, _remind)
            transaction.set_rollback(True)
        yield told
        yield again
        both = first.milliseconds + told.milliseconds
        yield Ticked(TOGETHER, first.found, first.statements + told.statements, both)


def _remind() -> int:
    terms = 0
    for name, remind in (
        (reminding.LIBERTY, reminding.remind_of_liberty),
        (reminding.OTHERS, reminding.remind_of_others),
    ):
        with principal(name):
            terms += remind().terms
    return terms


def _run(name: str, work: Callable[[], int]) -> Ticked:
    statements: list[Statement]
    with watched() as statements:
        start = perf_counter()
        found = work()
        took = (perf_counter() - start) * 1000
    return Ticked(name, found, len(statements), took)
