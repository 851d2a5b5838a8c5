"""Loads the grounds of IND's answers that stand in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cases.procedure.models import AnswerGround
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference() -> None:
    for line in lines("answer_grounds.csv", FOLDER):
        put(AnswerGround, {"code": line["code"]}, _ground(line))


def _ground(line: dict[str, str]) -> dict[str, Any]:
    plain = ("name_nl", "name_en", "rule_nl", "rule_en", "source")
    return {
        **{name: line[name] for name in plain},
        "values": line["values"].split(),
        "proposed_days": int(line["proposed_days"]) if line["proposed_days"] else None,
        "position": int(line["position"]),
        "valid_from": date.fromisoformat(line["valid_from"]),
    }
