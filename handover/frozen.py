"""What was handed over, as plain data: the sender keeps it when the case itself closes for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cases.case.models import ReturnCase
from handover.content import open_content
from handover.models import DossierVersion, Handover

ItemLine = tuple[str, str, str, str]


def frozen_copy(case: ReturnCase, handover: Handover) -> dict[str, Any]:
    """Identity, checklist, note and dossier of this moment. Holds no protected address."""
    dossier = handover.dossier
    version = dossier.versions.get(number=handover.dossier_version or dossier.version_number) if dossier else None
    lines = handover.items.order_by("item__position").values_list("item__code", "state", "reason", "text")
    return frozen_from(case, handover, list(lines), version)


def frozen_from(
    case: ReturnCase, handover: Handover, items: Sequence[ItemLine], version: DossierVersion | None
) -> dict[str, Any]:
    """The same of what the caller has read already: code, state, reason and text of each line of the checklist, in order."""
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
        "items": [dict(zip(("code", "state", "reason", "text"), line, strict=True)) for line in items],
        "dossier": _dossier(version) if version else None,
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


def _dossier(version: DossierVersion) -> dict[str, Any]:
    return {
        "supplier": version.dossier.supplier,
        "reference": version.dossier.reference,
        "version": version.number,
        "content": open_content(version.content),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
