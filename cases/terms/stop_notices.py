"""Who is told that a stop was placed, lifted or asked about. The sentences, those of its end too, name no ground: that is
read in the case."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from cases.case.access import accesses_of
from cases.case.models import Involvement, ReturnCase
from cases.terms.models import Stop
from cases.terms.stops import VIEW
from partners.actions import notify
from partners.models import Member, Notice, Unit
from partners.notices import register_notice
from partners.policy import roles_with

PLACED, LIFTED, ASKED, REFUSED = "stop_placed", "stop_lifted", "stop_lift_asked", "stop_lift_refused"
ENDS_SOON, ENDS_TODAY = "stop_ends_soon", "stop_ends_today"
KINDS = frozenset({PLACED, LIFTED, ASKED, REFUSED, ENDS_SOON, ENDS_TODAY})


def register() -> None:
    """Called once when the app is ready."""
    register_notice(PLACED, _("A stop holds in this case from now on. Read what it forbids before you go on."))
    register_notice(LIFTED, _("A stop in this case was lifted. Read what still holds."))
    register_notice(ASKED, _("A colleague asks to lift a stop. Somebody else must confirm or refuse."))
    register_notice(REFUSED, _("A stop in this case goes on: lifting it was refused. Read why."))
    again = _("A stop in this case ends within some days. Look whether it has to hold longer: then place a new one.")
    register_notice(ENDS_SOON, again)
    last = _("A stop in this case ends on the day of this notice. Does it have to hold longer? Then place a new one.")
    register_notice(ENDS_TODAY, last)


def tell_all(stop: Stop, kind: str, *, by: Member) -> None:
    """The director, and each other unit with a part in which somebody may know of stops, but who does it."""
    case = stop.case
    running = Involvement.objects.running().filter(case=case).select_related("unit__organisation").order_by("pk")
    units = {one.unit_id: one.unit for one in running if roles_with(VIEW, one.unit.organisation.code, one.part)}
    for unit in units.values():
        director = case.director if unit.pk == case.led_by_id else None
        if by.acting_unit_id != unit.pk or (director is not None and director.pk != by.pk):
            _tell(case, unit, kind, by, director)


def tell_who_answers(stop: Stop, kind: str, *, by: Member, asked_in: Unit) -> None:
    """The unit in which it was asked, and the one that placed it."""
    for unit in {asked_in.pk: asked_in, stop.unit_id: stop.unit}.values():
        _tell(stop.case, unit, kind, by, None)


def _tell(case: ReturnCase, unit: Unit, kind: str, by: Member, member: Member | None) -> None:
    notify(unit, kind, by=by, member=member, case=case, url_name="cases:stops")


def hidden_from(member: Member, notices: Iterable[Notice]) -> set[int]:
    """Those about a stop in a case where the member may not know of stops. Two queries; none without such notices."""
    about = {one.pk: one.case_id for one in notices if one.kind in KINDS}
    if not about:
        return set()
    cases = ReturnCase.objects.visible_to(member).filter(pk__in=set(about.values()))
    known = {pk for pk, access in accesses_of(member, cases).items() if access.can(VIEW)}
    return {pk for pk, case in about.items() if case not in known}
