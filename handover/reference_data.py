"""Loads kinds, checklists, return reasons, suppliers and reasons of referral from the repository. Again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from handover.models import ChecklistItem, HandoverKind, ReferralReason, ReturnReason, Supplier
from partners.models import Unit
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"
EVERY_KIND = "*"


def _dates(line: dict[str, str]) -> dict[str, Any]:
    until = line.pop("valid_until")
    return {
        "valid_from": date.fromisoformat(line.pop("valid_from")),
        "valid_until": date.fromisoformat(until) if until else None,
    }


def _kind(line: dict[str, str]) -> HandoverKind:
    dates, code = _dates(line), line.pop("code")
    values: dict[str, Any] = {**line, **dates}
    for name in ("term_count", "escalate_minutes", "expire_minutes"):
        values[name] = int(line[name])
    for name in ("liberty_clock", "moves_lead"):
        values[name] = line[name] == "ja"
    kind: HandoverKind = put(HandoverKind, {"code": code}, values)
    return kind


@transaction.atomic
def load_reference() -> None:
    kinds = [_kind(line) for line in lines("handover_kinds.csv", FOLDER)]
    for line in lines("checklist_items.csv", FOLDER):
        dates, mandatory = _dates(line), line["mandatory_for"].split()
        names = {"name_nl": line["name_nl"], "name_en": line["name_en"], "position": int(line["position"])}
        for kind in kinds:
            values = {**names, **dates, "mandatory": bool({EVERY_KIND, kind.code} & set(mandatory))}
            put(ChecklistItem, {"kind": kind, "code": line["code"]}, values)
    for line in lines("return_reasons.csv", FOLDER):
        dates, code = _dates(line), line.pop("code")
        put(ReturnReason, {"code": code}, {**line, **dates, "position": int(line["position"])})
    for line in lines("suppliers.csv", FOLDER):
        dates = _dates(line)
        put(Supplier, {"code": line["code"]}, {"unit": Unit.objects.get(code=line["unit"]), **dates})
    for line in lines("referral_reasons.csv", FOLDER):
        put(ReferralReason, {"code": line["code"]}, _referral_reason(line))


def _referral_reason(line: dict[str, str]) -> dict[str, Any]:
    dates = _dates(line)
    return {
        **{name: line[name] for name in ("name_nl", "name_en", "source")},
        **dates,
        "filed_by": line["filed_by"].split(),
        "desk": Unit.objects.get(code=line["desk"]),
        "answer_working_days": int(line["answer_working_days"]),
        "position": int(line["position"]),
    }
