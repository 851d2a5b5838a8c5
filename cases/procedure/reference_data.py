"""Loads the reference data of this room that stands in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cases.procedure.models import AnswerGround, InformedMatter, RepresentativeKind
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference() -> None:
    for line in lines("answer_grounds.csv", FOLDER):
        put(AnswerGround, {"code": line["code"]}, _ground(line))
    for line in lines("representative_kinds.csv", FOLDER):
        put(RepresentativeKind, {"code": line["code"]}, _named(line) | {"may_be_main": line["may_be_main"] == "1"})
    for line in lines("informed_matters.csv", FOLDER):
        put(InformedMatter, {"code": line["code"]}, _named(line) | {"section": line["section"]})


def _ground(line: dict[str, str]) -> dict[str, Any]:
    plain = ("name_nl", "name_en", "rule_nl", "rule_en", "source")
    return {
        **{name: line[name] for name in plain},
        "values": line["values"].split(),
        "proposed_days": int(line["proposed_days"]) if line["proposed_days"] else None,
        "position": int(line["position"]),
        "valid_from": date.fromisoformat(line["valid_from"]),
    }


def _named(line: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: line[name] for name in ("name_nl", "name_en", "source")},
        "position": int(line["position"]),
        "valid_from": date.fromisoformat(line["valid_from"]),
    }
