"""Loads the kinds of measure and the lighter means that stand in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cases.supervision.models import LighterMeans, MeasureKind
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference() -> None:
    for line in lines("measure_kinds.csv", FOLDER):
        put(MeasureKind, {"code": line["code"]}, _kind(line))
    for line in lines("lighter_means.csv", FOLDER):
        plain = ("name_nl", "name_en", "rule_nl", "rule_en", "source")
        values: dict[str, Any] = {name: line[name] for name in plain}
        values |= {"position": int(line["position"]), "valid_from": date.fromisoformat(line["valid_from"])}
        put(LighterMeans, {"code": line["code"]}, values)


def _kind(line: dict[str, str]) -> dict[str, Any]:
    plain = ("family", "name_nl", "name_en", "form_no", "term", "rule_nl", "rule_en", "source", "confidence")
    return {
        **{name: line[name] for name in plain},
        **{name: line[name].split() for name in ("authorities", "agreed_authorities", "checks", "rules")},
        **{name: int(line[name]) if line[name] else None for name in ("lapse_days", "minor_days")},
        **{name: line[name] == "1" for name in ("minors_excluded", "is_offered")},
        **{name: _day(line[name]) for name in ("signs_since", "valid_until")},
        "signs": int(line["signs"]),
        "position": int(line["position"]),
        "valid_from": date.fromisoformat(line["valid_from"]),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
