"""Keeps copies of deadlines equal to the facts. Nothing is counted up: whenever it runs, the same facts give the same days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import structlog
from django.db import connection, transaction

from cases.case.models import ReturnCase
from cases.terms.calendars.arithmetic import day_of
from cases.terms.calendars.shape import Favours
from cases.terms.catalogue import Catalogue, load_catalogue
from cases.terms.deadlines import Deadline, Owner, State, deadlines_of, starts_of
from cases.terms.models import Group, KeptDeadline, StaleCase
from leidraad.lib import clock
from leidraad.lib.arrays import among, as_array
from leidraad.lib.memory import seldom_collecting
from leidraad.lib.who import principal
from partners.policy import SENSITIVE

logger = structlog.get_logger(__name__)

PRINCIPAL = "terms.keep_deadlines"
NIGHTLY = "terms.keep_all_deadlines"
# What they read behind the wall, each subject lets them past.
KEEPERS = (PRINCIPAL, NIGHTLY)
BATCH = 1000
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
    done, catalogue = 0, load_catalogue()
    with seldom_collecting() as collect:
        while found := list(
            ReturnCase.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]
        ):
            keep(found, catalogue)
            done, after = done + len(found), found[-1]
            collect()
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
def keep(cases: Sequence[int], catalogue: Catalogue | None = None) -> None:
    """Write the deadlines of these cases anew: twenty-odd queries, whatever their number. A closed case has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, (one %% 2147483647)::int) FROM unnest(%s::bigint[]) one ORDER BY one",
            [LOCKS, sorted(cases)],
        )
    # First what is noted, then the facts: a change after this notes the case again.
    StaleCase.objects.filter(among("case_id", cases)).delete()
    running = list(ReturnCase.objects.filter(among("id", cases), closed_on=None).values_list("pk", flat=True))
    counted = _rows(running, catalogue or load_catalogue())
    kept = {row[1:3]: row for row in KeptDeadline.objects.filter(among("case_id", cases)).values_list("pk", *COLUMNS)}
    # Most days most copies come out the same: only the others are written.
    _remove([row[0] for place, row in kept.items() if counted.get(place) != row[1:]])
    _add([row for place, row in counted.items() if place not in kept or kept[place][1:] != row])


Row = tuple[Any, ...]
# Of a copy, each with its type in the database; the first two are its place.
TYPES: Mapping[str, str] = {
    "case_id": "bigint",
    "key": "text",
    "rule": "text",
    "version": "smallint",
    "group": "text",
    "is_liberty": "boolean",
    "owner": "text",
    "sees": "text",
    "walled": "text",
    "due": "date",
    "until": "date",
    "at": "timestamptz",
    "standstill": "date",
    "done_on": "date",
    "obliges": "boolean",
}
COLUMNS = tuple(TYPES)
SEES = COLUMNS.index("sees")
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
VALUES = ", ".join(f"string_to_array({name}_, ',')" if name == "sees" else f"{name}_" for name in COLUMNS)
ADD = f"""
    INSERT INTO terms_keptdeadline ({NAMES})
    SELECT {VALUES} FROM unnest({", ".join(f"%s::{kind}[]" for kind in TYPES.values())})
        AS given({", ".join(f"{name}_" for name in COLUMNS)})
"""  # noqa: S608  # names of our own columns


def _add(rows: Sequence[Row]) -> None:
    """One statement with a column of values each: a row of parameters for every copy costs more than all the rest."""
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns[SEES] = [",".join(needed) for needed in columns[SEES]]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [as_array(column) for column in columns])


def _remove(keys: Sequence[int]) -> None:
    if keys:
        KeptDeadline.objects.filter(among("id", keys)).delete()


def _rows(cases: Collection[int], catalogue: Catalogue) -> dict[tuple[int, str], Row]:
    """What the copies should say, by case and key."""
    now = clock.now()
    return {
        (case, deadline.start.key): _row(case, deadline)
        for case, starts in starts_of(cases).items()
        for deadline in deadlines_of(starts, catalogue, now)
    }


def _row(case: int, one: Deadline) -> Row:
    """The values of one copy, in the order of `COLUMNS` and as the database gives them back."""
    start = one.start
    counted = one.state not in (State.STOPPED, State.UNKNOWN)
    return (
        case,
        start.key,
        start.rule,
        one.version,
        str(one.group or ""),
        one.group is Group.FREEDOM,
        str(start.owner or ""),
        ["+".join(needed) for needed in start.sees],
        _walled(start.sees),
        one.due if counted else None,
        one.until if counted else None,
        one.moment.end if one.moment else None,
        start.stopped_since if one.state is State.STOPPED else None,
        _done_on(one),
        obliges(one),
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
