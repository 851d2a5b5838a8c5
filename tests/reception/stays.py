"""Stays in a named state, made by the same actions that users use. Who acts is the casemanager of the site."""

from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import transaction

from cases.case.access import may
from cases.case.actions import lock_case
from cases.case.grants import end_involvement
from cases.case.models import Part, ReturnCase
from cases.reception.actions import begin_at_known_site, end_placement, record_arrival, record_no_show, reserve
from cases.reception.models import Placement, PlacementStep
from cases.reception.states import EndReason
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member, Unit
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, led_case, unit

HOME, ELSEWHERE = "azc-veenmeer", "azc-oosterhaar"
WHY = "Dichter bij familie."


def today() -> date:
    return clock.today()


def days_ago(count: int) -> date:
    return clock.today() - timedelta(days=count)


def in_days(count: int) -> date:
    return clock.today() + timedelta(days=count)


def noon(day: date) -> datetime:
    return clock.at(day, time(12))


def stored(placement: Placement) -> Placement:
    return Placement.objects.select_related("site", "case").get(pk=placement.pk)


@transaction.atomic
def staying(cast: Cast, case: ReturnCase | None = None, *, site: str = HOME, since: date | None = None) -> Placement:
    """At the site since a week, as the sender of the case stated it; the site takes part."""
    case = lock_case(case or led_case(cast.regievoerder))
    begin_at_known_site(case, unit(site), since=since or days_ago(7), source="IND", by=PRINCIPAL, reason="test")
    case.residence_unit = unit(site)
    save_as(case, by=PRINCIPAL, update_fields=["residence_unit"])
    return Placement.objects.select_related("site", "case").get(case=case, site__code=site, ended_on=None)


def reserved(
    cast: Cast, case: ReturnCase | None = None, *, site: str = ELSEWHERE, day: date | None = None
) -> Placement:
    """A resident of azc Veenmeer is expected at azc Oosterhaar."""
    case = case or staying(cast).case
    return stored(reserve(case, unit(site), day or today(), by=cast.casemanager, reason=WHY))


def first_reservation(cast: Cast, *, day: date | None = None) -> Placement:
    """Nobody stays anywhere yet; the casemanager of azc Veenmeer expects the person at the own site."""
    case = at_site(led_case(cast.regievoerder), unit(HOME))
    return stored(reserve(case, unit(HOME), day or today(), by=cast.casemanager, reason=WHY))


def overdue(cast: Cast) -> Placement:
    """Expected five days ago at azc Oosterhaar, and not seen."""
    with clock.as_if(noon(days_ago(5))):
        return reserved(cast, staying(cast, since=days_ago(9)).case)


def absent(cast: Cast) -> Placement:
    return stored(record_no_show(overdue(cast), by=cast.casemanager2, reason="Niet gezien."))


def moved(cast: Cast, **more: Any) -> Placement:
    """Arrived at azc Oosterhaar today."""
    return stored(record_arrival(reserved(cast), today(), by=cast.casemanager2, **more))


def ended(cast: Cast, end_reason: str = EndReason.UNKNOWN_DESTINATION) -> Placement:
    return stored(end_placement(staying(cast), end_reason, today(), by=cast.casemanager, reason="Kamer leeg."))


def last_step(placement: Placement) -> PlacementStep:
    step = placement.steps.last()
    assert step is not None
    return step


def takes_part(case: ReturnCase, site: str) -> bool:
    return case.involvements.running().filter(unit__code=site, part=Part.RECEPTION).exists()


def part_ends(case: ReturnCase, site: Unit) -> None:
    with transaction.atomic():
        for involvement in case.involvements.running().filter(unit=site).select_related("unit__organisation"):
            end_involvement(involvement, by=PRINCIPAL, reason="test")


def grants_agree() -> bool:
    """Whether `check_grants` has nothing to say; it raises when it has."""
    call_command("check_grants", stdout=StringIO())
    return True


def residence(case: ReturnCase) -> tuple[str, str, str]:
    """What the case and its axis in force say, and who says it."""
    fresh = ReturnCase.objects.select_related("residence_unit").get(pk=case.pk)
    entry = fresh.axis_entries.get(axis="residence", superseded_at=None)
    assert (entry.value, entry.text) == (fresh.residence_form, fresh.residence_text)
    return entry.value, fresh.residence_unit.code if fresh.residence_unit else "", entry.source


def allowed(member: Member, case: ReturnCase, capability: str = "case.view") -> bool:
    return may(member, capability, case)
