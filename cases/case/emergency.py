"""Emergency access: a named role opens one case to read, for an hour, with a reason; the responsible unit is told at once.

The policy says which roles may (`emergency.open`) and which sections open (the part `emergency`); both are configurable data,
no law. Every try is in the event log, also one that opened nothing.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import lock_case
from cases.case.models import NamedAccess, NamedKind, ReturnCase
from cases.case.models.access import WHOLE_CASE, forget_emergency
from cases.case.search import case_number
from leidraad.lib import clock, events
from leidraad.lib.audit import bulk_create_as, bulk_update_as
from leidraad.lib.errors import NotPossible
from leidraad.lib.models import Event, EventKind
from partners.actions import notify
from partners.models import Member
from partners.policy import emergency_sections, require_to

V_NUMBER = re.compile(r"^[\d\s.]{10,14}$")
REASON = gettext_noop("Emergency access")
ROUTE = "pages:emergency"


MOST_MISSES = 5
PAUSE = timedelta(hours=1)


def open_emergency(typed: str, *, by: Member, reason: str) -> ReturnCase:
    """Open the running case with this case number or V-number to the member. Raises NotAllowed, and NotPossible.

    What is unknown and what is closed get the same answer. After five misses in an hour nothing is looked up any more.
    """
    require_to(by, "emergency.open")
    found = None if _missed_too_often(by) else _find(typed)
    detail = {"act": "emergency", "opened": found is not None}
    if found is None:
        events.record(EventKind.REFUSED, by, route=ROUTE, purpose=reason, detail=detail)
        raise NotPossible(
            _(
                "There is no running case with this number, or you filled in too many wrong numbers in the last hour. "
                "Check the number, or call the service desk."
            )
        )
    case = _open(found, by, reason)
    events.record(EventKind.READ, by, case=case, route=ROUTE, purpose=reason, detail=detail)
    return case


def _missed_too_often(by: Member) -> bool:
    since = clock.now() - PAUSE
    missed = Event.objects.using("log").filter(member_id=by.pk, at__gt=since, kind=EventKind.REFUSED, route=ROUTE)
    return missed.count() >= MOST_MISSES


@transaction.atomic
def _open(key: int, by: Member, reason: str) -> ReturnCase:
    running = running_for(by).filter(case_id=key)
    if not running.exists():
        # Before the lock: only these rows bring the case into sight.
        rows = bulk_create_as(_rows(key, by, reason), by=by, reason=REASON)
        forget_emergency(by)
        case = lock_case(key)
        for row in rows:
            row.case_number = case.number
        bulk_update_as(rows, ["case_number"], by=by, reason=REASON)
        notify(case.led_by, "emergency_opened", member=case.director, case=case, by=by, url_name="cases:access")
        return case
    return lock_case(key)


def running_for(member: Member) -> QuerySet[NamedAccess]:
    """The cases that emergency access opens to the member now: one row for each."""
    found = NamedAccess.objects.running().filter(member=member, unit=member.acting_unit_id, section=WHOLE_CASE)
    return found.order_by("until")


def _rows(key: int, by: Member, reason: str) -> list[NamedAccess]:
    since = clock.now()
    until = since + timedelta(minutes=settings.LEIDRAAD_EMERGENCY_MINUTES)
    sections = emergency_sections(by.acting_organisation, by.acting_role)
    return [
        NamedAccess(
            member=by,
            case_id=key,
            unit=by.acting_unit,
            kind=NamedKind.EMERGENCY,
            section=section,
            ground=reason,
            since=since,
            until=until,
        )
        for section in sorted(sections)
    ]


def _find(typed: str) -> int | None:
    """Key of the running case, through the one database function that looks outside the member's own cases."""
    number = case_number(typed.strip())
    v_number = re.sub(r"\D", "", typed) if not number and V_NUMBER.match(typed.strip()) else ""
    if not number and not v_number:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_emergency_case(%s, %s)", [number, v_number])
        (found,) = cursor.fetchone()
    return None if found is None else int(found)
