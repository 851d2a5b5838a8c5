"""How a case stood at a moment: the version of each record that held then, under the viewer's rights of today."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.case.access import Access
from cases.case.history import (
    Can,
    Source,
    Step,
    field_label,
    fields_of,
    leaves_trace,
    present_kinds,
    record_label,
    source_of,
    sources,
)
from cases.case.history_names import Names
from cases.case.history_page import on_the_case
from cases.case.models import Person, ReturnCase
from leidraad.lib.arrays import among
from leidraad.lib.display import MASKED
from partners.policy import SENSITIVE

MOST_RECORDS = 300


@dataclass(frozen=True)
class Record:
    """One record as it stood: what it is called, and its fields. A value may be MASKED."""

    title: str
    since: datetime
    fields: list[tuple[str, object]]


@dataclass(frozen=True)
class Kind:
    """All records of one kind. A kind of a shut section is `masked`, whether it has records or not."""

    title: str
    records: list[Record] = field(default_factory=list)
    masked: bool = False


def state_of(case: ReturnCase, access: Access, moment: datetime) -> list[Kind]:
    """The kinds that had records then, and those that are shut. As many queries as the history of the case."""
    can = on_the_case(access)
    steps = [step for step in _steps(case, access, can, moment) if leaves_trace(step, access.member, can)]
    names = Names(steps, access.member, sees_persons=access.leads)
    found = {kind.title: kind for kind in _shut(can)}
    for step in steps:
        title = str(step.source.label)
        if title not in found:
            found[title] = Kind(title)
        if not found[title].masked:
            found[title].records.append(_record(step, can, names))
    first = [str(source_of(model).label) for model in (ReturnCase, Person)]
    return sorted(found.values(), key=lambda kind: (kind.title not in first, kind.title))


def _shut(can: Can) -> Iterable[Kind]:
    """Kinds that may be named and not read. Those that tell by existing are absent, as in the history."""
    for source in sources():
        section = source.section
        if isinstance(section, str) and section not in SENSITIVE and not can(f"{section}.view"):
            yield Kind(str(source.label), masked=True)


def _steps(case: ReturnCase, access: Access, can: Can, moment: datetime) -> list[Step]:
    asked = [one for one in sources() if not (isinstance(one.section, str) and not can(f"{one.section}.view"))]
    steps: list[Step] = []
    for source, keys in present_kinds(case, asked):
        if source.shut is None or not source.shut(case, access.member):
            steps += [Step(source, row, None) for row in _versions(source, keys, moment)]
    return steps


def _versions(source: Source, keys: list[int], moment: datetime) -> list[Any]:
    """The last version of each record up to the moment; a record that was removed by then is not there."""
    key = source.model._meta.pk.attname
    found = source.versions.objects.filter(among(key, keys), history_date__lte=moment)
    found = found.select_related("history_user", *source.related).order_by(key, "-history_date", "-history_id")
    rows = [row for row in found.distinct(key)[:MOST_RECORDS] if row.history_type != "-"]
    return sorted(rows, key=lambda row: (row.history_date, row.history_id))


def _record(step: Step, can: Can, names: Names) -> Record:
    source, row = step.source, step.row
    is_open = can(f"{source.section_of(row)}.view")
    lines: list[tuple[str, object]] = []
    for one in fields_of(source):
        own = source.field_sections.get(one.name)
        if own in SENSITIVE and not can(f"{own}.view"):
            continue
        readable = is_open and (own is None or can(f"{own}.view"))
        value = names.value(step, one, row) if readable else MASKED
        if value != "":
            lines.append((field_label(source, one), value))
    return Record(record_label(step), step.when, lines)
