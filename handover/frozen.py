"""What was handed over, as plain data: the sender keeps it when the case itself closes for it."""

from datetime import datetime
from typing import Any

from cases.case.models import ReturnCase
from handover.content import open_content
from handover.models import Dossier, Handover


def frozen_copy(case: ReturnCase, handover: Handover) -> dict[str, Any]:
    """Identity, checklist, note and dossier of this moment. Holds no protected address."""
    dossier = handover.dossier
    return {
        "case": case.number,
        "person": _person(case),
        "kind": handover.kind.code,
        "ground": case.ground,
        "round": handover.round_number,
        "from": handover.from_unit.full_name,
        "to": handover.to_unit.full_name,
        "offered_at": _iso(handover.offered_at),
        "accepted_at": _iso(handover.answered_at),
        "note": handover.note,
        "items": [
            {"code": line.item.code, "state": line.state, "reason": line.reason, "text": line.text}
            for line in handover.items.select_related("item").order_by("item__position")
        ],
        "dossier": _dossier(dossier, handover.dossier_version) if dossier else None,
    }


def ended_copy(case: ReturnCase) -> dict[str, Any]:
    """Who an offer was about that ended without acceptance: all that the receiver keeps of the case."""
    return {"case": case.number, "person": _person(case), "ground": case.ground}


def _person(case: ReturnCase) -> dict[str, Any]:
    person = case.person
    return {
        "v_number": person.v_number,
        "surname": person.surname,
        "name_prefix": person.name_prefix,
        "given_names": person.given_names,
        "birth_year": person.birth_year,
        "birth_month": person.birth_month,
        "birth_day": person.birth_day,
        "sex": person.sex,
        "nationality": person.nationality,
        "nationality_established": person.nationality_established,
        "language": person.language,
    }


def _dossier(dossier: Dossier, number: int | None) -> dict[str, Any]:
    version = dossier.versions.get(number=number or dossier.version_number)
    return {
        "supplier": dossier.supplier,
        "reference": dossier.reference,
        "version": version.number,
        "content": open_content(version.content),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
