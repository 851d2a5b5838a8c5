"""Handovers in a named state, made by the same actions that users use."""

from collections.abc import Mapping
from typing import Any

from cases.case.models import Part, ReturnCase
from handover.actions import NewItem, NewOffer, accept_handover, mark_opened, offer_many, query, return_handover
from handover.intake.checklist import ITEMS
from handover.models import Handover, HandoverKind
from leidraad.lib import clock
from partners.models import Member, Unit
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import involve, received_case, unit

NOT_FOR_OTHERS = {"responsible_state", "claim_accepted", "transfer_deadline", "detention_date"}


def checklist(states: Mapping[str, str] | None = None) -> list[NewItem]:
    """The whole checklist: everything present that applies, but for `states`."""
    given = dict(states or {})
    lines = {item.code: "not_applicable" if item.code in NOT_FOR_OTHERS else "present" for item in ITEMS}
    return [NewItem(code, given.get(code, state)) for code, state in lines.items()]


def new_offer(case: ReturnCase | None = None, *, to: str = "dtv-ilc", kind: str = "refused", **more: Any) -> NewOffer:
    case = case or received_case()
    items = more.pop("items", None) or checklist(more.pop("states", None))
    return NewOffer(
        case=case,
        kind=HandoverKind.objects.get(code=kind),
        from_unit=more.pop("from_unit", None) or case.led_by,
        to_unit=unit(to),
        items=items,
        **more,
    )


def offered(case: ReturnCase | None = None, **more: Any) -> Handover:
    """Offered by the unit that leads the case to the intake desk of DT&V, not opened yet."""
    (handover,) = offer_many([new_offer(case, **more)], by=PRINCIPAL)
    return Handover.objects.get(pk=handover.pk)


def opened(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return mark_opened(offered(case, **more), by=cast.intake)


def queried(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return query(opened(cast, case, **more), "Waar is het origineel van het paspoort?", by=cast.intake)


def returned(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return return_handover(opened(cast, case, **more), "incomplete", "Het besluit ontbreekt.", by=cast.intake)


def accepted(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    director: Member = cast.regievoerder
    return accept_handover(
        opened(cast, case, **more), team=director.acting_unit, director=director, by=cast.intake
    )


def at(code: str) -> Unit:
    return unit(code)


__all__ = [
    "Handover",
    "Part",
    "accepted",
    "at",
    "checklist",
    "clock",
    "involve",
    "member_of",
    "new_offer",
    "offered",
    "opened",
    "queried",
    "returned",
]
