"""Who is told that a departure changed. The sentence names no journey: that is read with the rights of the moment."""

from cases.case.models import Involvement, Part, ReturnCase
from leidraad.lib.audit import By
from partners.actions import notify
from partners.models import Member
from partners.policy import roles_with

PAGE = "cases:departure"
TOLD = (Part.LEAD, Part.BOOKING, Part.DEPARTURE, Part.ESCORT, Part.TRANSPORT)


def tell(case: ReturnCase, kind: str, *, by: By) -> None:
    """The responsible unit and those who book, execute, escort and transport; never the unit that acts."""
    acting = by.acting_unit_id if isinstance(by, Member) else None
    running = Involvement.objects.in_force().filter(case=case, part__in=TOLD).select_related("unit__organisation")
    for unit in {one.unit_id: one.unit for one in running.order_by("pk") if _may_know(one)}.values():
        if unit.pk != acting:
            member = case.director if unit.pk == case.led_by_id else None
            notify(unit, kind, by=by, member=member, case=case, url_name=PAGE)


def _may_know(one: Involvement) -> bool:
    return bool(roles_with("departure_date.view", one.unit.organisation.code, one.part))
