"""Reminds people of terms: before, on and after the last day, first who holds the case, then up. Liberty by a job of its own.

A run that was missed is made good once: of the steps that were reached meanwhile only the latest is sent. Rows, claimed by their
unique key, keep two workers and two runs from sending anything twice. A run is one transaction, mail included (the outbox): one
that dies halfway has sent nothing, and the next sends all of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction

from cases.case.access import accesses_of
from cases.case.models import ReturnCase
from cases.terms.models import About, Reminder, ReminderStep
from cases.terms.reminded import Addressee, Told, addressees
from leidraad.lib import clock
from leidraad.lib.arrays import among
from partners.actions import notice_of, notify_all
from partners.models import Member, Notice

logger = structlog.get_logger(__name__)

LIBERTY, OTHERS = "terms.remind_of_liberty", "terms.remind"
PRINCIPALS = (LIBERTY, OTHERS)
# More than this for one member in one run is one notice with their number.
MOST_NOTICES = 5
AHEAD, TODAY, PASSED, MANY = "term_ahead", "term_today", "term_passed", "term_many"
KINDS = frozenset({AHEAD, TODAY, PASSED})

# Of each term the latest step that was reached and not recorded, with the earlier ones, which it overtakes. What has been
# counted of a case that changed meanwhile waits for the next run.
CLAIM = """
    INSERT INTO terms_reminder (case_id, key, due, days, is_liberty, audience, owner, sees, walled, overtaken, made_at)
    SELECT k.case_id, k.key, k.due, CASE WHEN s.repeats THEN %(today)s - k.due ELSE s.days END, k.is_liberty, s.audience,
           k.owner, k.sees, k.walled, s.days < latest.step, %(now)s
      FROM terms_keptdeadline k
      JOIN LATERAL (SELECT max(t.days) AS step, max(CASE WHEN t.repeats THEN %(today)s - k.due ELSE t.days END) AS days
                      FROM terms_reminderstep t
                     WHERE t.id = ANY(%(steps)s) AND t.days <= %(today)s - k.due) latest ON latest.step IS NOT NULL
      JOIN terms_reminderstep s ON s.id = ANY(%(steps)s) AND s.days <= latest.step AND (NOT s.repeats OR s.days = latest.step)
     WHERE k.is_liberty = %(liberty)s AND k.done_on IS NULL AND k.due <= %(today)s::date + %(ahead)s
       AND (k.until >= %(today)s OR k.obliges)
       AND NOT EXISTS (SELECT 1 FROM terms_reminder r
                        WHERE r.case_id = k.case_id AND r.key = k.key AND r.due = k.due AND r.days >= latest.days)
       AND NOT EXISTS (SELECT 1 FROM terms_unwatched u
                        WHERE u.case_id = k.case_id AND u.key = k.key AND u.due = k.due AND u.ended_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM terms_stalecase o WHERE o.case_id = k.case_id)
     ORDER BY k.due, k.case_id, k.key, s.days
    ON CONFLICT (case_id, key, due, days) DO NOTHING
    RETURNING id, case_id, key, due, days, is_liberty, audience, owner, sees, overtaken
"""


@dataclass(frozen=True)
class Run:
    """How many terms asked attention, and in how many notices that was told."""

    terms: int = 0
    notices: int = 0


def remind_of_liberty() -> Run:
    return _remind(LIBERTY, is_liberty=True)


def remind_of_others() -> Run:
    return _remind(OTHERS, is_liberty=False)


@transaction.atomic
def _remind(principal: str, *, is_liberty: bool) -> Run:
    claimed = _claim(is_liberty)
    if not claimed:
        return Run()
    found = ReturnCase.objects.filter(among("pk", {one.case_id for one in claimed}))
    cases = {case.pk: case for case in found.select_related("led_by__organisation", "director")}
    told = addressees(claimed, cases)
    notices = [notice for addressee, terms in told.items() for notice in _notices(addressee, terms)]
    notify_all(notices, by=principal)
    unheard = len(claimed) - len({id(one.reminder) for terms in told.values() for one in terms})
    if unheard:
        logger.warning("reminders_without_reader", terms=unheard)
    return Run(len(claimed), len(notices))


def _claim(is_liberty: bool) -> list[Reminder]:
    """Record what was reached since the last run. Who records a step sends it: for another worker it is there already."""
    today = clock.today()
    known = [one for one in ReminderStep.objects.in_force(today) if one.about == About.TERM and not one.is_off]
    steps = [one for one in known if one.is_liberty is is_liberty]
    if not steps:
        return []
    values: dict[str, Any] = {
        "today": today,
        "now": clock.now(),
        "liberty": is_liberty,
        "steps": [one.pk for one in steps],
        "ahead": -min(one.days for one in steps),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        names = [column.name for column in cursor.description]
        rows = [Reminder(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return [one for one in rows if not one.overtaken]


def _notices(addressee: Addressee, terms: Sequence[Told]) -> list[Notice]:
    """One for each term, or one that counts them all. None names a rule or a day: that is read in the case, by rights."""
    unit, member = addressee.unit, addressee.member
    if len(terms) > MOST_NOTICES:
        return [notice_of(unit, MANY, url_name="terms:list", member=member, case=None, params={"count": len(terms)})]
    return [
        notice_of(
            unit,
            _kind(one.reminder),
            url_name="cases:deadlines",
            member=member,
            case=one.case,
            params={"reminder": one.reminder.pk},
        )
        for one in terms
    ]


def _kind(one: Reminder) -> str:
    return AHEAD if one.days < 0 else TODAY if one.days == 0 else PASSED


# --- when shown -------------------------------------------------------------------------------------------------------


def hidden_from(member: Member, notices: Iterable[Notice]) -> set[int]:
    """Those about a term that the member may no longer know of. Three queries; none where no notice is about a term."""
    about = {one.pk: one.params.get("reminder") for one in notices if one.kind in KINDS}
    if not about:
        return set()
    reminders = list(Reminder.objects.filter(pk__in=[pk for pk in about.values() if isinstance(pk, int)]))
    cases = ReturnCase.objects.visible_to(member).filter(pk__in={one.case_id for one in reminders})
    accesses = accesses_of(member, cases)
    known = {one.pk for one in reminders if one.case_id in accesses and one.may_be_known(accesses[one.case_id].can)}
    return {pk for pk, reminder in about.items() if reminder not in known}
