"""Keeps copies of deadlines equal to the facts. Nothing is counted up: whenever it runs, the same facts give the same days."""

from collections.abc import Collection, Sequence
from datetime import date

import structlog
from django.db import connection, transaction

from cases.case.models import ReturnCase
from cases.terms.calendars.arithmetic import day_of
from cases.terms.calendars.shape import Favours
from cases.terms.catalogue import Catalogue, load_catalogue
from cases.terms.deadlines import Deadline, Owner, State, deadlines_of, starts_of
from cases.terms.models import Group, KeptDeadline, StaleCase
from leidraad.lib import clock
from leidraad.lib.who import principal
from partners.policy import SENSITIVE

logger = structlog.get_logger(__name__)

PRINCIPAL = "terms.keep_deadlines"
NIGHTLY = "terms.keep_all_deadlines"
# What they read behind the wall, each subject lets them past.
KEEPERS = (PRINCIPAL, NIGHTLY)
BATCH = 500
# Advisory locks of this room: two who count the same case do so one after the other.
LOCKS = 7301


def keep_stale() -> int:
    """Count the deadlines of every case of which a fact changed. Returns how many cases. Stopped halfway, it goes on later."""
    done = 0
    while found := list(StaleCase.objects.order_by("case_id").values_list("case_id", flat=True).distinct()[:BATCH]):
        keep(found)
        done += len(found)
    return done


def keep_all(after: int = 0) -> int:
    """Count the deadlines of every case, whether or not a fact changed. Returns how many cases."""
    done = 0
    while found := list(ReturnCase.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        keep(found)
        done, after = done + len(found), found[-1]
    return done


def keep_soon(case: int) -> None:
    """After the transaction of an act: count this case if a fact of it changed. What fails here the next run takes up."""
    try:
        with principal(PRINCIPAL), transaction.atomic():
            if StaleCase.objects.filter(case_id=case).exists():
                keep([case])
    except Exception:  # the act itself is done and stays done
        logger.exception("deadlines_not_kept", case=case)


@transaction.atomic
def keep(cases: Sequence[int]) -> None:
    """Write the deadlines of these cases anew: twenty-odd queries, whatever their number. A closed case has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, (one %% 2147483647)::int) FROM unnest(%s::bigint[]) one ORDER BY one",
            [LOCKS, sorted(cases)],
        )
    # First what is noted, then the facts: a change after this notes the case again.
    StaleCase.objects.filter(case_id__in=cases).delete()
    running = list(ReturnCase.objects.filter(pk__in=cases, closed_on=None).values_list("pk", flat=True))
    KeptDeadline.objects.filter(case_id__in=cases).delete()
    KeptDeadline.objects.bulk_create(_rows(running, load_catalogue()), batch_size=2000)


def _rows(cases: Collection[int], catalogue: Catalogue) -> list[KeptDeadline]:
    now = clock.now()
    return [
        _row(case, deadline)
        for case, starts in starts_of(cases).items()
        for deadline in deadlines_of(starts, catalogue, now)
    ]


def _row(case: int, one: Deadline) -> KeptDeadline:
    start = one.start
    counted = one.state not in (State.STOPPED, State.UNKNOWN)
    return KeptDeadline(
        case_id=case,
        key=start.key,
        rule=start.rule,
        version=one.version,
        group=one.group or "",
        is_liberty=one.group is Group.FREEDOM,
        owner=start.owner or "",
        sees=["+".join(needed) for needed in start.sees],
        walled=_walled(start.sees),
        due=one.due if counted else None,
        until=one.until if counted else None,
        at=one.moment.end if one.moment else None,
        standstill=start.stopped_since if one.state is State.STOPPED else None,
        done_on=_done_on(one),
        obliges=obliges(one),
    )


def state_of(one: KeptDeadline) -> State:
    """Of a copy, now: the copy holds no state, for that changes with the day."""
    if one.until is None:
        return State.STOPPED if one.standstill is not None else State.UNKNOWN
    if one.done_on is not None:
        return State.MET if one.done_on <= one.until else State.MISSED
    if one.at is not None:
        return State.RUNNING if clock.now() < one.at else State.MISSED
    return State.RUNNING if clock.today() <= one.until else State.MISSED


def _done_on(one: Deadline) -> date | None:
    at = one.start.met_at
    return one.start.met_on if at is None else day_of(at)


def _walled(sees: Sequence[Sequence[str]]) -> str:
    """The sensitive section of a term that tells of one."""
    sections = [one.split(".")[0] for needed in sees for one in needed]
    return next((section for section in sections if section in SENSITIVE), "")


def obliges(one: Deadline) -> bool:
    """Whether an authority had to act before the end. A right of the person that ran out is nobody's delay."""
    if one.start.owner in (Owner.PERSON, Owner.STATE):
        return False
    return one.moment is not None or (one.outcome is not None and one.outcome.favours is Favours.EARLIER)
