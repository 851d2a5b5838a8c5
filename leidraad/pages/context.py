"""What every page of a signed-in member shows around its content. One query, and only when the template asks for it.

Some more for who has unread notices of which the right to know is asked again, so that their number is that of the list.
"""

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cases.case.models import TaskKind
from leidraad.lib import clock
from leidraad.pages.navigation import draw, menu_of, phone_menu_of
from leidraad.pages.notices import ASKED_AGAIN, unread_of
from partners.models import Member
from partners.policy import may_do
from partners.sign_in.idle import WARN_SECONDS

COUNTED_TASKS = {
    "handovers": TaskKind.INTAKE,
    "requests": TaskKind.REQUEST,
    "supervision": TaskKind.SUPERVISION,
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: menu, counts, day and environment. Error pages and sign-in get no more than the last two."""
    member: Member | None = getattr(request, "member", None)
    context: dict[str, Any] = {"today": clock.today(), "environment_label": environment_label()}
    if member is None:
        return context
    counts: Any = SimpleLazyObject(lambda: counts_of(member))
    return context | {
        "member": member,
        "memberships": getattr(member, "choices", []),
        "unread_count": SimpleLazyObject(lambda: unread_of(member, counts["unread"], counts["asked"])),
        "nav_items": SimpleLazyObject(lambda: draw(menu_of(member), request.path, counts)),
        "phone_nav_items": SimpleLazyObject(lambda: draw(phone_menu_of(member), request.path, counts)),
        "can_search": may_do(member, "cases.list"),
        "shortcuts_off": not member.shortcuts_on,
        "lock": lock_times(),
    }


def lock_times() -> dict[str, int]:
    """For the script that warns before a session locks."""
    return {
        "minutes": settings.LEIDRAAD_LOCK_MINUTES,
        "minutes_phone": settings.LEIDRAAD_LOCK_MINUTES_PHONE,
        "warn_seconds": WARN_SECONDS,
    }


def environment_label() -> str:
    """Which environment this is, in words; production needs none."""
    if settings.LEIDRAAD_DEMO:
        return _("Demo")
    return "" if settings.PRODUCTION or settings.TESTING else _("Training")


# On every page; as a queryset, building the statement took longer than all the rest of the frame.
COUNTS = """
    SELECT t.kind, COUNT(*) FROM cases_task t
     WHERE t.unit_id = %(unit)s AND t.kind = ANY(%(kinds)s) AND t.done_at IS NULL GROUP BY t.kind
    UNION ALL
    SELECT CASE WHEN n.kind = ANY(%(asked)s) THEN 'asked' ELSE 'unread' END, COUNT(*) FROM partners_notice n
     WHERE n.unit_id = %(unit)s AND (n.member_id = %(member)s OR n.member_id IS NULL) AND n.read_at IS NULL GROUP BY 1
"""


def counts_of(member: Member) -> dict[str, int]:
    """Unread notices of the member (`asked`: those that not everybody may know of) and open tasks of the unit. One query."""
    found: dict[str, int] = {}
    if member.acting_unit_id is not None:
        kinds = [str(kind) for kind in COUNTED_TASKS.values()]
        with connection.cursor() as cursor:
            asked = sorted(ASKED_AGAIN)
            cursor.execute(COUNTS, {"unit": member.acting_unit_id, "member": member.pk, "kinds": kinds, "asked": asked})
            found = dict(cursor.fetchall())
    notices = {name: found.get(name, 0) for name in ("unread", "asked")}
    return notices | {name: found.get(kind, 0) for name, kind in COUNTED_TASKS.items()}
