"""Reminds of the end of a stop: the unit that placed it, and who leads. A stop ends by itself, so somebody has to look again.

By the same rules as reminders of terms (`reminding`): each step once, of missed ones only the latest, one transaction with its
notices and mail. No notice names the ground; that a stop stands may be known by all who are told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from cases.case.models import Involvement, Part, ReturnCase
from cases.terms.models import About, Audience, ReminderStep, Stop
from cases.terms.reminding import OTHERS, Run
from cases.terms.stop_notices import ENDS_SOON, ENDS_TODAY
from cases.terms.stops import VIEW
from leidraad.lib import clock
from leidraad.lib.arrays import among
from partners.actions import notice_of, notify_all
from partners.models import Member, Notice, Unit
from partners.policy import roles_with

# A step whose day was not after that of the placing says nothing new: who placed it had just chosen the day.
CLAIM = """
    INSERT INTO terms_reminder (case_id, key, due, days, is_liberty, audience, owner, sees, walled, overtaken, made_at)
    SELECT s.case_id, 'stop:' || s.id, s.until, t.days, false, %(audience)s, '', ARRAY[%(view)s], '', t.days < latest.step,
           %(now)s
      FROM terms_stop s
      JOIN cases_returncase c ON c.id = s.case_id AND c.closed_on IS NULL
      JOIN LATERAL (SELECT max(t.days) AS step
                      FROM terms_reminderstep t
                     WHERE t.id = ANY(%(steps)s) AND t.days <= %(today)s - s.until
                       AND s.until + t.days > (s.placed_at AT TIME ZONE 'Europe/Amsterdam')::date
                   ) latest ON latest.step IS NOT NULL
      JOIN terms_reminderstep t ON t.id = ANY(%(steps)s) AND t.days <= latest.step
       AND s.until + t.days > (s.placed_at AT TIME ZONE 'Europe/Amsterdam')::date
     WHERE s.lifted_at IS NULL AND s.until BETWEEN %(today)s AND %(today)s::date + %(ahead)s
       AND NOT EXISTS (SELECT 1 FROM terms_reminder r
                        WHERE r.case_id = s.case_id AND r.key = 'stop:' || s.id AND r.due = s.until AND r.days >= latest.step)
     ORDER BY s.until, s.case_id, s.id, t.days
    ON CONFLICT (case_id, key, due, days) DO NOTHING
    RETURNING case_id, key, days, overtaken
"""


@dataclass(frozen=True)
class Ending:
    """A stop of which a step was reached: `days` after its last day, negative before."""

    case: int
    stop: int
    days: int

    @property
    def kind(self) -> str:
        return ENDS_SOON if self.days < 0 else ENDS_TODAY


@transaction.atomic
def remind_of_stops() -> Run:
    """Five queries and the sending, whatever the number of stops."""
    claimed = _claim()
    if not claimed:
        return Run()
    found = ReturnCase.objects.filter(among("pk", {one.case for one in claimed}))
    cases = {case.pk: case for case in found.select_related("led_by__organisation", "director")}
    stops = (
        Stop.objects.filter(among("pk", [one.stop for one in claimed])).select_related("unit", "organisation").in_bulk()
    )
    taking_part = _taking_part(cases)
    notices = [
        _notice(one, cases[one.case], unit, member)
        for one in claimed
        for unit, member in _told(cases[one.case], stops[one.stop], taking_part[one.case])
    ]
    notify_all(notices, by=OTHERS)
    return Run(len(claimed), len(notices))


def _claim() -> list[Ending]:
    """Record what was reached since the last run, and give the latest of each stop. Who records a step sends it."""
    today = clock.today()
    steps = [one for one in ReminderStep.objects.in_force(today) if one.about == About.STOP and not one.is_off]
    if not steps:
        return []
    values: dict[str, Any] = {
        "today": today,
        "now": clock.now(),
        "steps": [one.pk for one in steps],
        "ahead": -min(one.days for one in steps),
        "audience": Audience.STOP,
        "view": VIEW,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        rows = cursor.fetchall()
    return [Ending(case, int(key.removeprefix("stop:")), days) for case, key, days, overtaken in rows if not overtaken]


def _taking_part(cases: Iterable[int]) -> dict[int, dict[int, Unit]]:
    """The units of each case in which somebody may know of stops."""
    found: dict[int, dict[int, Unit]] = defaultdict(dict)
    running = Involvement.objects.in_force().filter(among("case_id", cases)).order_by("pk")
    for one in running.select_related("unit__organisation"):
        if roles_with(VIEW, one.unit.organisation.code, one.part):
            found[one.case_id].setdefault(one.unit_id, one.unit)
    return found


def _told(case: ReturnCase, stop: Stop, units: dict[int, Unit]) -> Iterator[tuple[Unit, Member | None]]:
    """Who leads: the director, else the desk. And the unit that placed it, or without a part others of its organisation."""
    if roles_with(VIEW, case.led_by.organisation.code, Part.LEAD):
        yield case.led_by, case.director
    placed = [unit for unit in units.values() if unit.pk == stop.unit_id]
    same = [unit for unit in units.values() if unit.organisation_id == stop.organisation_id]
    if case.led_by_id != stop.unit_id:
        yield from ((unit, None) for unit in placed or same if unit.pk != case.led_by_id)


def _notice(one: Ending, case: ReturnCase, unit: Unit, member: Member | None) -> Notice:
    return notice_of(unit, one.kind, url_name="cases:stops", member=member, case=case, params={})
