"""What changed on a case, by whom and why: the registry of recorded models, and reading them under today's rights.

A room registers its models once, from its app's `ready()`. Reading takes one query per model (and one more where a long
history is cut), compares versions in Python, and applies the viewer's rights of today to old versions too: a section that
is closed shows "Afgeschermd" on both sides, a section whose existence tells something leaves no trace at all.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils.text import capfirst
from django_stubs_ext import StrOrPromise

from cases.case.access import access_of
from cases.case.models import Household, Person, ReturnCase
from leidraad.lib.arrays import among
from leidraad.lib.display import MASKED
from partners.models import Member
from partners.policy import SENSITIVE

Can = Callable[[str], bool]
ROWS_PER_SOURCE = 300

# Plumbing that says nothing to a reader, and links to the case itself.
NEVER_SHOWN = frozenset({"id", "version", "case", "person", "household", "created_at", "sort_name"})


@dataclass(frozen=True)
class Source:
    """One recorded model as the history screens know it."""

    model: type[models.Model]
    section: str | Callable[[Any], str]
    case_path: str
    label: StrOrPromise
    field_sections: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, StrOrPromise] = field(default_factory=dict)
    values: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    related: tuple[str, ...] = ()
    visible: Callable[[Any, Member, Can], bool] | None = None
    subject: Callable[[Any], StrOrPromise] | None = None
    activity: "Callable[[Step], str] | None" = None
    shut: Callable[[ReturnCase, Member], bool] | None = None

    @property
    def key(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def versions(self) -> Any:
        """The model of the history rows."""
        return self.model.history.model  # type: ignore[attr-defined]  # recorded models only

    def section_of(self, row: Any) -> str:
        return self.section if isinstance(self.section, str) else self.section(row)


@dataclass(frozen=True)
class Step:
    """One version of one record, beside the version before it."""

    source: Source
    row: Any
    before: Any | None

    @property
    def when(self) -> datetime:
        moment: datetime = self.row.history_date
        return moment

    @property
    def sides(self) -> tuple[Any, ...]:
        """Both versions that a difference shows: what one side must hide is hidden on both."""
        return (self.row,) if self.before is None else (self.row, self.before)

    @property
    def created(self) -> bool:
        return bool(self.row.history_type == "+")

    def now(self, name: str) -> Any:
        return getattr(self.row, name)

    def was(self, name: str) -> Any:
        return getattr(self.before, name, None)

    def changed(self, name: str) -> bool:
        """Whether a field got another value in this step; the first version changes nothing."""
        return self.before is not None and self.now(name) != self.was(name)

    def shown(self, name: str) -> str:
        """The present value as people read it, for sentences."""
        return _plain(self.source, self.row, name)

    def shown_before(self, name: str) -> str:
        return _plain(self.source, self.before, name) if self.before is not None else ""


@dataclass(frozen=True)
class FieldChange:
    """One line of a history table. `was`, `now` and `reason` may be MASKED; of a first version there is no `was`."""

    record: str
    name: str
    field: str
    was: object
    now: object
    who: str
    organisation: str
    when: datetime
    reason: object
    is_first: bool = False


_sources: dict[str, Source] = {}


def register_history(
    model: type[models.Model],
    section: str | Callable[[Any], str],
    case_path: str,
    label: StrOrPromise = "",
    **more: Any,
) -> None:
    """Make a recorded model part of the case's history, from the app's `ready()`.

    `section` is the policy section whose viewers may read it (or a function of a version). `case_path` leads from the model
    to its case, as in a filter. More, when needed: `field_sections` (a field of another section), `labels` and `values`
    (how a field is called, and shown), `hidden` (fields left out), `visible(row, member, can)` (versions only some may
    see), `subject(row)` (which record of its kind), `activity(step)` (the sentence after the actor's name, or ""),
    `shut(case, member)` (nothing of this kind leaves a trace in this case; asked once), and `related` (what the functions
    of a version follow from it, so that it is fetched with it).
    """
    source = Source(model, section, case_path, label or capfirst(str(model._meta.verbose_name)), **more)
    _sources[source.key] = source


def sources() -> list[Source]:
    return list(_sources.values())


def source_of(model: type[models.Model]) -> Source:
    """Raises LookupError for a model that no room has registered."""
    key = str(model._meta.label_lower)
    if key not in _sources:
        raise LookupError(f"{key} has no registered history: call register_history from its app")
    return _sources[key]


# --- reading --------------------------------------------------------------------------------------------------------


def steps_of_case(
    case: ReturnCase,
    member: Member,
    can: Can,
    *,
    only: Collection[str] = (),
    before: datetime | None = None,
    limit: int = ROWS_PER_SOURCE,
    told: bool = False,
) -> list[Step]:
    """Versions of everything about the case that leave a trace for this viewer, newest first.

    One query, and one per registered model that this case has records of. `only` keeps some kinds, `told` those with a
    sentence for the activity list.
    """
    asked = [
        source
        for source in sources()
        if not ((only and source.key not in only) or (told and source.activity is None) or _shut(source, can))
    ]
    found: list[Step] = []
    for source, keys in present_kinds(case, asked):
        if source.shut is None or not source.shut(case, member):
            found += _steps(source, keys, before=before, limit=limit)
    found.sort(key=_newest, reverse=True)
    return [step for step in found if leaves_trace(step, member, can)]


def _ids(source: Source, case: ReturnCase) -> Any:
    return source.model._base_manager.filter(**{source.case_path: case.pk}).order_by().values("pk")


def present_kinds(case: ReturnCase, asked: Sequence[Source]) -> list[tuple[Source, list[int]]]:
    """The kinds that this case has records of, with their keys: a quarter of them, in most cases. What has history stays.

    The keys are fetched, and not joined to the versions: where tables have just been filled and not been counted yet, the
    server takes each for empty and would join them by reading all of one for every row of the other.
    """
    if not asked:
        return []
    keys = {f"keys_{number}": ArraySubquery(_ids(source, case)) for number, source in enumerate(asked)}
    row: Any = ReturnCase.objects.filter(pk=case.pk).values(**keys).get()
    return [(source, found) for number, source in enumerate(asked) if (found := row[f"keys_{number}"])]


def _newest(step: Step) -> tuple[datetime, str, int]:
    return (step.when, step.source.key, step.row.history_id)


def _shut(source: Source, can: Can) -> bool:
    """A kind of record that tells by existing, and that this viewer may not see: not even asked for."""
    return isinstance(source.section, str) and source.section in SENSITIVE and not can(f"{source.section}.view")


def _steps(source: Source, keys: Iterable[int], *, before: datetime | None, limit: int) -> list[Step]:
    key = source.model._meta.pk.attname
    versions = source.versions.objects.filter(among(key, keys))
    if before is not None:
        versions = versions.filter(history_date__lt=before)
    rows = list(
        versions.select_related("history_user", *source.related).order_by("-history_date", "-history_id")[: limit + 1]
    )
    older = _older(source, key, rows) if len(rows) > limit else {}
    steps: list[Step] = []
    for row in reversed(rows):  # oldest first, so that the version before is the last one seen
        pk = getattr(row, key)
        steps.append(Step(source, row, None if row.history_type == "+" else older.get(pk)))
        older[pk] = row
    return steps[-limit:] if len(rows) > limit else steps


def _older(source: Source, key: str, rows: Sequence[Any]) -> dict[Any, Any]:
    """For a history that was cut: the last version of each record before the oldest one that was read."""
    oldest = rows[-1]
    found = source.versions.objects.filter(
        among(key, {getattr(row, key) for row in rows}), history_date__lte=oldest.history_date
    ).exclude(history_id__in=[row.history_id for row in rows])
    ordered = (
        found.select_related("history_user", *source.related)
        .order_by(key, "-history_date", "-history_id")
        .distinct(key)
    )
    return {getattr(row, key): row for row in ordered}


def leaves_trace(step: Step, member: Member, can: Can) -> bool:
    """False for versions that must be absent: sections that tell by existing, and what the kind itself keeps apart."""
    sections = {step.source.section_of(row) for row in step.sides}
    if any(section in SENSITIVE and not can(f"{section}.view") for section in sections):
        return False
    return step.source.visible is None or step.source.visible(step.row, member, can)


def history_of(
    record: models.Model | Sequence[models.Model],
    member: Member,
    *,
    can: Can | None = None,
    sees_persons: bool = False,
) -> list[FieldChange]:
    """The changes of one record (or several together), newest first, for a page that shows only that record.

    Who may open that page is the caller's question. Where it is open to members who do not see the case (an offer before
    its acceptance), the caller says with `can` which capabilities hold there. Members of another organisation are named
    to the responsible unit only; others read the unit, unless the caller says `sees_persons`.
    """
    records = [record] if isinstance(record, models.Model) else list(record)
    if not records:
        return []
    if can is None:
        access = access_of(member, case_of(records[0]))
        can, sees_persons = access.can, sees_persons or access.leads
    by_model: dict[type[models.Model], list[Any]] = {}
    for one in records:
        by_model.setdefault(type(one), []).append(one.pk)
    steps = [
        step
        for model, ids in by_model.items()
        for step in _steps(source_of(model), ids, before=None, limit=ROWS_PER_SOURCE)
        if leaves_trace(step, member, can)
    ]
    steps.sort(key=_newest, reverse=True)
    return changes_of(steps, member, can, sees_persons=sees_persons)


def case_of(record: models.Model) -> ReturnCase:
    """The case a registered record belongs to. Reading it this way grants nothing: rights are asked of it afterwards."""
    if isinstance(record, ReturnCase):
        return record
    case: ReturnCase = attrgetter(source_of(type(record)).case_path.replace("__", "."))(record)
    return case


# --- comparing ------------------------------------------------------------------------------------------------------


def changes_of(steps: Iterable[Step], member: Member, can: Can, *, sees_persons: bool) -> list[FieldChange]:
    """Field by field what each step changed. Two queries more, for the names of units and members."""
    from cases.case.history_names import Names

    steps = list(steps)
    names = Names(steps, member, sees_persons=sees_persons)
    return [change for step in steps for change in _changes(step, member, can, names)]


def _open(step: Step, member: Member, can: Can) -> bool:
    """Whether the viewer may read both versions: a record can have moved in from a section or a unit that is shut."""
    source = step.source
    before_is_hidden = step.before is not None and source.visible and not source.visible(step.before, member, can)
    return not before_is_hidden and all(can(f"{source.section_of(row)}.view") for row in step.sides)


def _changes(step: Step, member: Member, can: Can, names: Any) -> list[FieldChange]:
    source = step.source
    open_whole = _open(step, member, can)
    fields = [f for f in changed_fields(step) if _field_leaves_trace(source, f.name, can)]
    lines: list[FieldChange] = []
    masked_one = False
    for one in fields:
        own = source.field_sections.get(one.name)
        is_open = open_whole and (own is None or can(f"{own}.view"))
        masked_one |= not is_open
        was = names.value(step, one, step.before) if is_open else MASKED
        now = names.value(step, one, step.row) if is_open else MASKED
        lines.append(_line(step, one.name, field_label(source, one), was, now, names))
    if masked_one:  # a reason is free text: it may tell what the masked field held
        lines = [replace(line, reason=MASKED) for line in lines]
    return lines


def _field_leaves_trace(source: Source, name: str, can: Can) -> bool:
    section = source.field_sections.get(name)
    return section not in SENSITIVE or can(f"{section}.view")


def _line(step: Step, name: str, label: str, was: object, now: object, names: Any) -> FieldChange:
    row = step.row
    return FieldChange(
        record=record_label(step),
        name=name,
        field=label,
        was=was,
        now=now,
        who=names.who(row),
        organisation=names.organisation(row),
        when=step.when,
        reason=names.reason(row),
        is_first=step.before is None,
    )


def changed_fields(step: Step) -> list[Any]:
    """Model fields that differ from the version before; for a first version the fields that were filled."""
    shown = fields_of(step.source)
    if step.before is None:
        return [one for one in shown if step.created and not _empty(getattr(step.row, one.attname))]
    return [one for one in shown if getattr(step.row, one.attname) != getattr(step.before, one.attname)]


def fields_of(source: Source) -> list[Any]:
    """The fields of a kind of record that a reader is shown."""
    return [one for one in source.versions.tracked_fields if _is_shown(source, one)]


def _is_shown(source: Source, one: Any) -> bool:
    if one.name in NEVER_SHOWN or one.name in source.hidden or one.primary_key:
        return False
    target = one.related_model
    if target is None or one.name in source.values:
        return True
    return target not in (ReturnCase, Person, Household) and str(target._meta.label_lower) not in _sources


def _empty(value: object) -> bool:
    return value is None or value == "" or value is False or value == [] or value == {}


def record_label(step: Step) -> str:
    label = str(step.source.label)
    subject = step.source.subject(step.row) if step.source.subject else ""
    return f"{label} ({subject})" if subject else label


def field_label(source: Source, one: Any) -> str:
    from cases.case.history_names import field_word

    return str(source.labels.get(one.name) or field_word(one))


def _plain(source: Source, row: Any, name: str) -> str:
    from cases.case.history_names import plain_value

    own = source.values.get(name)
    return str(own(row)) if own else str(plain_value(source.model._meta.get_field(name), getattr(row, name)))
