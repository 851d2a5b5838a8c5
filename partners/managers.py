"""Who governs a unit's work: to whom what nobody answers climbs, and who hears of what went wrong."""

from leidraad.lib import clock
from partners.models import Member, Membership, Unit, valid_on
from partners.policy import roles_with


def managers_of(unit: Unit) -> list[Member]:
    """Members of the unit whose role governs its caseload."""
    roles = roles_with("caseload.change", unit.organisation.code)
    held = Membership.objects.filter(valid_on(clock.today()), unit=unit, role__code__in=roles)
    return list(Member.objects.filter(is_active=True, pk__in=held.values("member")).order_by("pk"))
