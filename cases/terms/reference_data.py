"""Loads the catalogue that stands in the repository. Running it again changes nothing.

A version is added and never edited: a line that differs from the row it made is refused, with the way to do it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from cases.terms.models import (
    About,
    Guard,
    GuardAct,
    GuardSetting,
    GuardVersion,
    ReminderStep,
    Rule,
    RuleDuration,
    RuleVersion,
    StopGround,
)
from leidraad.lib.audit import bulk_create_as, save_as
from partners.reference_data import PRINCIPAL, lines

FOLDER = Path(__file__).parent / "reference"
M = TypeVar("M", bound=models.Model)
Key = tuple[Any, ...]


@transaction.atomic
def load_reference() -> None:
    """Rules, guards with their matrix, settings, when we remind, grounds of stops: a handful of statements."""
    _load_rules()
    _load_guards()
    _load_settings()
    _load_reminder_steps()
    _load_stop_grounds()


def _load_rules() -> None:
    given = [
        ({"code": line["rule"]}, {"group": line["group"], "position": int(line["position"])})
        for line in lines("rules.csv", FOLDER)
        if line["version"] == "1"
    ]
    rules = _put_all(Rule, given)
    versions = [_version(RuleVersion(rule=rules[line["rule"]]), line) for line in lines("rules.csv", FOLDER)]
    _add(RuleVersion, versions, ("rule_id", "number"))
    known = {(version.rule.code, version.number): version for version in RuleVersion.objects.select_related("rule")}
    durations = [
        RuleDuration(
            version=known[line["rule"], int(line["version"])],
            position=int(line["position"]),
            count=int(line["count"]),
            **{name: line[name] for name in ("unit", "kind", "when_nl", "when_en")},
        )
        for line in lines("rule_durations.csv", FOLDER)
    ]
    _add(RuleDuration, durations, ("version_id", "position"))


def _load_guards() -> None:
    given = [
        ({"code": line["guard"]}, {"position": int(line["position"])})
        for line in lines("guards.csv", FOLDER)
        if line["version"] == "1"
    ]
    guards = _put_all(Guard, given)
    versions = [
        _version(GuardVersion(guard=guards[line["guard"]], rules=line.pop("rules").split()), line)
        for line in lines("guards.csv", FOLDER)
    ]
    _add(GuardVersion, versions, ("guard_id", "number"))
    reasons = {line["reason"]: line for line in lines("guard_reasons.csv", FOLDER)}
    cells = [
        GuardAct(
            guard=guards[line["guard"]],
            act=line["act"],
            number=int(line["version"]),
            effect=line["effect"],
            reason_nl=reasons[line["reason"]]["text_nl"],
            reason_en=reasons[line["reason"]]["text_en"],
            valid_from=date.fromisoformat(line["valid_from"]),
        )
        for line in lines("guard_acts.csv", FOLDER)
    ]
    _add(GuardAct, cells, ("guard_id", "act", "number"))


def _load_settings() -> None:
    texts = ("value", "name_nl", "name_en", "shown_nl", "shown_en", "source")
    settings = [
        GuardSetting(
            code=line["setting"],
            number=int(line["version"]),
            valid_from=date.fromisoformat(line["valid_from"]),
            **{name: line[name] for name in texts},
        )
        for line in lines("guard_settings.csv", FOLDER)
    ]
    _add(GuardSetting, settings, ("code", "number"))


def _load_stop_grounds() -> None:
    texts = ("name", "length", "ends", "reason")
    several = ("placers", "rules", "guards", "acts", "scopes", "new_facts")
    grounds = [
        StopGround(
            code=line["ground"],
            number=int(line["version"]),
            position=int(line["position"]),
            is_grave=line["grave"] == "yes",
            section=line["section"],
            air_only=line["air_only"] == "yes",
            max_days=int(line["max_days"]),
            source=line["source"],
            valid_from=date.fromisoformat(line["valid_from"]),
            **{name: line[name].split() for name in several},
            **{f"{name}_{tongue}": line[f"{name}_{tongue}"] for name in texts for tongue in ("nl", "en")},
        )
        for line in lines("stop_grounds.csv", FOLDER)
    ]
    _add(StopGround, grounds, ("code", "number"))


def _load_reminder_steps() -> None:
    steps = [
        ReminderStep(
            about=About.STOP if line["term"] == "stop" else About.TERM,
            is_liberty=line["term"] == "liberty",
            days=int(line["days"]),
            number=int(line["version"]),
            repeats=line["repeats"] == "yes",
            is_off=line["off"] == "yes",
            audience=line["audience"],
            valid_from=date.fromisoformat(line["valid_from"]),
        )
        for line in lines("reminder_steps.csv", FOLDER)
    ]
    _add(ReminderStep, steps, ("about", "is_liberty", "days", "number"))


def _version(version: M, line: Mapping[str, str]) -> M:
    """The unsaved row with the columns of the line. Empty dates are none."""
    values: dict[str, Any] = {"number": int(line["version"])}
    fields = {field.attname for field in type(version)._meta.concrete_fields}
    for name, text in line.items():
        if name in ("valid_from", "valid_until"):
            values[name] = date.fromisoformat(text) if text else None
        elif name in fields:
            values[name] = text
    for name, value in values.items():
        setattr(version, name, value)
    return version


def _put_all(model: type[M], given: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, M]:
    """The rows by code: new ones made, changed ones saved, each with its history."""
    found: dict[str, M] = {row.code: row for row in model._default_manager.all()}  # type: ignore[attr-defined]
    new: list[M] = []
    for key, values in given:
        row = found.get(key["code"])
        if row is None:
            new.append(model(**key, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            save_as(row, by=PRINCIPAL)
    bulk_create_as(new, by=PRINCIPAL)
    return found | {row.code: row for row in new}  # type: ignore[attr-defined]


def _add(model: type[M], rows: Iterable[M], key: tuple[str, ...]) -> None:
    """Insert what is new. A row that is there already must say the same."""
    fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]

    def key_of(row: M) -> Key:
        return tuple(getattr(row, name) for name in key)

    found = {key_of(row): row for row in model._default_manager.all()}
    new = []
    for row in rows:
        there = found.get(key_of(row))
        if there is None:
            new.append(row)
        elif changed := [name for name in fields if getattr(there, name) != getattr(row, name)]:
            raise ValueError(
                f"{there}: {', '.join(changed)} changed. Add a version instead: versions are never edited."
            )
    model._default_manager.bulk_create(new)
