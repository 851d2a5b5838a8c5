"""Loads the reference data of this room that stands in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cases.procedure.models import (
    AnswerGround,
    DecisionKind,
    InformedMatter,
    LegalGround,
    PostponementKind,
    ProcedureKind,
    RepresentativeKind,
    StepKind,
    SuspensionRule,
)
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"
RULED = ("scope", "name_nl", "name_en", "rule_nl", "rule_en", "source", "confidence")
YES = "ja"


@transaction.atomic
def load_reference() -> None:
    for line in lines("answer_grounds.csv", FOLDER):
        put(AnswerGround, {"code": line["code"]}, _ground(line))
    for line in lines("representative_kinds.csv", FOLDER):
        put(RepresentativeKind, {"code": line["code"]}, _named(line) | {"may_be_main": line["may_be_main"] == "1"})
    for line in lines("informed_matters.csv", FOLDER):
        put(InformedMatter, {"code": line["code"]}, _named(line) | {"section": line["section"]})
    _load(ProcedureKind, "procedure_kinds.csv", "track")
    _load(SuspensionRule, "suspension_rules.csv", "effect")
    for line in lines("decision_kinds.csv", FOLDER):
        flags = {name: line[name] == YES for name in ("returns", "transfers", "bans", "refuses")}
        put(DecisionKind, {"code": line["code"]}, _ruled(line) | flags | {"term": line["term"]})
    for line in lines("legal_grounds.csv", FOLDER):
        most = {"most": int(line["most"]) if line["most"] else None, "unit": line["unit"]}
        put(LegalGround, {"topic": line["topic"], "code": line["code"]}, _ruled(line) | most)
    for line in lines("postponement_kinds.csv", FOLDER):
        own = {"section": line["section"], "steps": line["steps"].split()}
        put(PostponementKind, {"code": line["code"]}, _ruled(line) | own)
    _load_steps()


def _load(model: type[models.Model], file: str, *own: str) -> None:
    for line in lines(file, FOLDER):
        put(model, {"code": line["code"]}, _ruled(line) | {name: line[name] for name in own})


def _load_steps() -> None:
    kinds = {kind.code: kind for kind in ProcedureKind.objects.all()}
    for line in lines("procedure_steps.csv", FOLDER):
        key = {"kind": kinds[line.pop("kind")], "code": line.pop("code")}
        values = line | {"optional": line["optional"] == YES, "position": int(line["position"])}
        put(StepKind, key, values)


def _ruled(line: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: line[name] for name in RULED},
        "position": int(line["position"]),
        "valid_from": date.fromisoformat(line["valid_from"]),
        "valid_until": date.fromisoformat(line["valid_until"]) if line["valid_until"] else None,
    }


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
