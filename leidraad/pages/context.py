"""What every page of a signed-in member shows around its content. One query, and only when the template asks for it."""

from typing import Any

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cases.case.models import Task, TaskKind
from leidraad.lib import clock
from leidraad.pages.navigation import draw, menu_of, phone_menu_of
from partners.models import Member, Notice, Unit
from partners.policy import may_do

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
        "unread_count": SimpleLazyObject(lambda: counts["unread"]),
        "nav_items": SimpleLazyObject(lambda: draw(menu_of(member), request.path, counts)),
        "phone_nav_items": SimpleLazyObject(lambda: draw(phone_menu_of(member), request.path, counts)),
        "can_search": may_do(member, "cases.list"),
        "shortcuts_off": not member.shortcuts_on,
    }


def environment_label() -> str:
    """Which environment this is, in words; production needs none."""
    if settings.LEIDRAAD_DEMO:
        return _("Demo")
    return "" if settings.PRODUCTION or settings.TESTING else _("Training")


def counts_of(member: Member) -> dict[str, int]:
    """Unread notices of the member and open tasks of the unit, by kind. One query."""
    if member.acting_unit_id is None:
        return {"unread": 0} | dict.fromkeys(COUNTED_TASKS, 0)
    tasks = Task.objects.open().filter(unit=OuterRef("pk")).order_by().values("unit")
    unread = Notice.objects.filter(Q(member=member) | Q(member=None), unit=OuterRef("pk"), read_at=None)
    number = IntegerField()
    asked = {
        name: Subquery(tasks.filter(kind=kind).annotate(n=Count("pk")).values("n"), output_field=number)
        for name, kind in COUNTED_TASKS.items()
    }
    asked["unread"] = Subquery(
        unread.order_by().values("unit").annotate(n=Count("pk")).values("n"), output_field=number
    )
    found: Any = Unit.objects.filter(pk=member.acting_unit_id).order_by().values(**asked).first() or {}
    return {name: int(found.get(name) or 0) for name in asked}
