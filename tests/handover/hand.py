"""Handovers in a named state, made by the same actions that users use."""

from collections.abc import Mapping
from typing import Any

from cases.case.models import ReturnCase
from handover.actions import NewItem, NewOffer, accept_handover, mark_opened, offer_many, query, return_handover
from handover.intake.checklist import ITEMS
from handover.models import Dossier, DossierVersion, Handover, HandoverKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL, Cast
from tests.factories import received_case, unit

NOT_FOR_OTHERS = {"responsible_state", "claim_accepted", "transfer_deadline", "detention_date"}
QUESTION = "Waar is het origineel van het paspoort?"


def checklist(states: Mapping[str, str] | None = None) -> list[NewItem]:
    """The whole checklist: everything present that applies, but for `states`."""
    lines = {item.code: "not_applicable" if item.code in NOT_FOR_OTHERS else "present" for item in ITEMS}
    return [NewItem(code, (states or {}).get(code, state)) for code, state in lines.items()]


def new_offer(case: ReturnCase | None = None, *, to: str = "dtv-ilc", kind: str = "refused", **more: Any) -> NewOffer:
    case = case or received_case()
    return NewOffer(
        case=case,
        kind=HandoverKind.objects.get(code=kind),
        from_unit=case.led_by,
        to_unit=unit(to),
        items=checklist(more.pop("states", None)),
        **more,
    )


def offered(case: ReturnCase | None = None, **more: Any) -> Handover:
    """Offered by the unit that leads the case to the intake desk of DT&V, not opened yet."""
    (handover,) = offer_many([new_offer(case, **more)], by=PRINCIPAL)
    return Handover.objects.get(pk=handover.pk)


def opened(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return mark_opened(offered(case, **more), by=cast.intake)


def queried(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return query(opened(cast, case, **more), QUESTION, by=cast.intake)


def returned(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return return_handover(opened(cast, case, **more), "incomplete", "Het besluit ontbreekt.", by=cast.intake)


def accepted(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Handover:
    return accept(opened(cast, case, **more), cast.regievoerder, by=cast.intake)


def accept(handover: Handover, director: Member, *, by: Member, version: int | None = None) -> Handover:
    """By `by`, for the director's own team."""
    return accept_handover(handover, team=director.acting_unit, director=director, by=by, version=version)


def dossier(case: ReturnCase, **content: Any) -> Dossier:
    """As a file brought it in."""
    number = case.person.v_number
    values = {"supplier": "IND", "reference": f"IND-{number}", "v_number": number, "content_hash": "a" * 64}
    made = save_as(Dossier(case=case, **values), by=PRINCIPAL)
    stated = {"v_number": number, "surname": case.person.surname, **content}
    DossierVersion.objects.create(dossier=made, number=1, content=stated, content_hash="a" * 64, created_at=clock.now())
    return made
