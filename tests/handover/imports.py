"""Reading files in for tests: from bytes to the finished file, as the clerk of the intake desk."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from handover.importing import runner, store
from handover.models import DossierFile, DossierRow
from partners.models import Member
from tests.handover.intake_files import HEADER, WITHOUT_FAULTS

EXAMPLES = Path(__file__).parent / "data"
ROOMS = ("partners", "cases", "handover")
# Differ between two runs by their nature: how often a file was taken in hand, and under which name its bytes are kept.
OF_THE_RUN = {"stored_as", "heartbeat_at", "history_request_id"}
NOT_COMPARED = {"HistoricalDossierFile", "Member", "HistoricalMember"}


def csv_of(*rows: Mapping[str, str], header: Iterable[str] = HEADER) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(header), restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**WITHOUT_FAULTS, **row} for row in rows)
    return buffer.getvalue().encode()


def send(content: bytes, by: Member, name: str = "dossiers.csv") -> DossierFile:
    """Kept and waiting: nobody reads it in yet."""
    file, _is_new = store.receive(name, [content], by=by, started_by_hand=True)
    return file


def read_in(content: bytes, by: Member, name: str = "dossiers.csv") -> DossierFile:
    return runner.run(send(content, by, name).pk)


def read_rows(by: Member, *rows: Mapping[str, str]) -> DossierFile:
    return read_in(csv_of(*rows), by)


def read_example(name: str, by: Member) -> DossierFile:
    return read_in((EXAMPLES / name).read_bytes(), by, name)


def totals(file: DossierFile) -> dict[str, int]:
    """Only what is not zero, and what was read."""
    counts = {name: getattr(file, name) for name in ("created", "updated", "unchanged", "held", "refused")}
    return {"read": file.rows_read, **{name: count for name, count in counts.items() if count}}


def verdicts(file: DossierFile) -> dict[int, str]:
    return dict(DossierRow.objects.filter(file=file).order_by("row_number").values_list("row_number", "verdict"))


def row_of(file: DossierFile, number: int) -> DossierRow:
    return DossierRow.objects.select_related("file", "dossier__case").get(file=file, row_number=number)


def everything() -> dict[str, list[Any]]:
    """The content of all tables of the rooms, comparable between two runs: keys become ranks, moments only "there is one"."""
    tables = [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if model.__name__ not in NOT_COMPARED
    ]
    ranks = {model: _ranks(model) for model in tables}
    return {model.__name__: [_comparable(row, model, ranks) for row in _rows(model)] for model in tables}


def _rows(model: type[models.Model]) -> Iterable[Any]:
    return model._default_manager.order_by("pk").iterator()


def _ranks(model: type[models.Model]) -> dict[Any, int]:
    keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
    return {key: rank for rank, key in enumerate(keys)}


def _comparable(row: models.Model, model: type[models.Model], ranks: Mapping[Any, Mapping[Any, int]]) -> dict[str, Any]:
    values = {}
    for field in model._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in OF_THE_RUN or (model, field.name) == (DossierFile, "version"):
            continue
        values[field.name] = _value(field, value, model, ranks)
    return values


def _value(field: Any, value: Any, model: type[models.Model], ranks: Mapping[Any, Mapping[Any, int]]) -> Any:
    if isinstance(value, datetime):
        return "a moment"
    target = field.related_model if field.is_relation else None
    if field.primary_key:
        target = model
    elif field.name == "id":
        target = _original(model)
    if target in ranks and value is not None:
        return ranks[target].get(value, value)
    if field.name in ("source", "url_arg") and isinstance(value, str):
        return re.sub(r"\d+", "n", value)
    return value


def _original(model: type[models.Model]) -> type[models.Model] | None:
    """The model whose versions this one keeps: its `id` is that one's key."""
    return getattr(model, "instance_type", None)


def count_of(items: Iterable[str]) -> dict[str, int]:
    return dict(Counter(items))
