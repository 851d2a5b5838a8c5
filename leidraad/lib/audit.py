"""History: every stated record keeps its versions, with who, for which organisation, in which request, and why.

The only doors for writing recorded models are `save_as`, `delete_as` and the two `bulk_*_as`. A plain `save()` on a recorded
model outside `acting_as` is refused, because its history row would not know its actor.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import pgtrigger
from django.db import connection, models, transaction
from simple_history.models import HistoricalRecords

from leidraad.lib import clock
from leidraad.lib.arrays import as_array, as_column


class Actor(Protocol):
    """What history needs of a member; partners.Member satisfies it."""

    @property
    def pk(self) -> Any: ...
    @property
    def acting_unit_id(self) -> int | None: ...
    @property
    def acting_organisation(self) -> str: ...


@dataclass(frozen=True)
class PerRecord:
    """Several actors in one statement: whose change a row is follows from the record of `model` that it is or belongs to.

    For what many did on their own and is written at once, as the past of the demo. A row without an actor here is refused.
    """

    model: type[models.Model]
    actors: Mapping[int, Actor]

    def key_of(self, model: type[models.Model]) -> "models.Field[Any, Any]":
        """The field of a recorded model that holds the key of the record."""
        fields = model._meta.concrete_fields
        if model is self.model:
            return model._meta.pk
        return next(field for field in fields if field.related_model is self.model)

    def of(self, row: models.Model) -> Actor:
        return self.actors[getattr(row, self.key_of(type(row)).attname)]


@dataclass(frozen=True)
class Stamp:
    """Whose change it is. Exactly one of `actor`, `principal` (a named system job) and `each` is set."""

    actor: Actor | None = None
    principal: str = ""
    reason: str = ""
    each: PerRecord | None = None


M = TypeVar("M", bound=models.Model)
By = Actor | str
ByMany = By | PerRecord

request_id: ContextVar[str] = ContextVar("request_id", default="")
_stamp: ContextVar[Stamp | None] = ContextVar("stamp", default=None)


class HistoryStamp(models.Model):
    """Columns every history row has besides its user, date and reason."""

    history_organisation = models.CharField(max_length=20, blank=True, default="")
    history_unit_id = models.BigIntegerField(null=True)
    history_principal = models.CharField(max_length=40, blank=True, default="")
    history_request_id = models.CharField(max_length=36, blank=True, default="")

    class Meta:
        abstract = True


class Recorded(HistoricalRecords):
    """django-simple-history with our stamp, an index that serves one record's history, and an append-only trigger."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("bases", [HistoryStamp])
        kwargs.setdefault("history_id_field", models.BigAutoField())
        kwargs.setdefault("history_change_reason_field", models.TextField(null=True))
        kwargs.setdefault("user_related_name", "+")
        kwargs.setdefault("user_db_constraint", False)
        super().__init__(**kwargs)

    def copy_fields(self, model: type[models.Model]) -> "dict[str, models.Field[Any, Any]]":
        fields: dict[str, models.Field[Any, Any]] = super().copy_fields(model)
        for field in fields.values():
            setattr(field, "db_index", False)  # noqa: B010 - the stubs do not know the attribute
        return fields

    def get_extra_fields(self, model: type[models.Model], fields: dict[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        extra["history_user"].db_index = False
        return extra

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        key = model._meta.pk.attname
        options["indexes"] = (models.Index(fields=[key, "-history_date", "-history_id"]),)
        options["default_permissions"] = ()
        return options

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if self.cls is sender:
            protect = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
            pgtrigger.register(protect)(sender.history.model)

    def create_historical_record(self, instance: Any, history_type: str, using: str | None = None) -> None:
        stamp = _stamp.get()
        if stamp is None:
            raise RuntimeError(f"{type(instance).__name__} saved without an actor: use leidraad.lib.audit.save_as")
        instance._history_user = stamp.actor
        instance._change_reason = stamp.reason
        instance._history_date = clock.now()
        super().create_historical_record(instance, history_type, using=using)


def _fill(history_instance: Any, **_: Any) -> None:
    if isinstance(history_instance, HistoryStamp):
        for name, value in _columns(_stamp.get() or Stamp()).items():
            setattr(history_instance, name, value)


def _columns(stamp: Stamp) -> dict[str, Any]:
    actor = stamp.actor
    return {
        "history_organisation": actor.acting_organisation if actor else "",
        "history_unit_id": actor.acting_unit_id if actor else None,
        "history_principal": stamp.principal,
        "history_request_id": request_id.get(),
    }


def connect() -> None:
    """Called once when the app is ready."""
    from simple_history.signals import pre_create_historical_record

    pre_create_historical_record.connect(_fill, dispatch_uid="leidraad-history-stamp")


def _stamp_of(by: ByMany, reason: str) -> Stamp:
    if isinstance(by, PerRecord):
        return Stamp(each=by, reason=reason)
    return Stamp(principal=by, reason=reason) if isinstance(by, str) else Stamp(actor=by, reason=reason)


@contextmanager
def acting_as(by: By, reason: str = "") -> Iterator[None]:
    """Everything saved inside is recorded as done by this member, or by the named system job."""
    token = _stamp.set(_stamp_of(by, reason))
    try:
        yield
    finally:
        _stamp.reset(token)


def save_as(instance: M, *, by: By, reason: str = "", update_fields: Iterable[str] | None = None) -> M:
    """Save with its history row in one transaction. A model with `version` gets the next version number."""
    if isinstance(getattr(instance, "version", None), int) and instance.pk is not None:
        instance.version += 1  # type: ignore[attr-defined]  # checked in the line above
        update_fields = None if update_fields is None else {*update_fields, "version"}
    with transaction.atomic(), acting_as(by, reason):
        instance.save(update_fields=update_fields)
    return instance


def delete_as(instance: models.Model, *, by: By, reason: str = "") -> None:
    with transaction.atomic(), acting_as(by, reason):
        instance.delete()


def bulk_create_as(instances: Sequence[M], *, by: ByMany, reason: str = "", batch_size: int = 2000) -> list[M]:
    """Insert many rows and their history rows, one statement per batch. The rows get their keys.

    The database copies the rows into history itself: that costs a third of making the versions here. Nothing of it opens a
    savepoint: who catches an error inside a transaction of its own brings its own `atomic`.
    """
    model = type(instances[0]) if instances else None
    if model is None:
        return []
    stamp = _stamp_of(by, reason)
    with transaction.atomic(savepoint=False):
        for first in range(0, len(instances), batch_size):
            batch = instances[first : first + batch_size]
            if _is_plain(model) and all(row.pk is None for row in batch):
                _insert(model, batch, stamp)
            else:
                created = model._default_manager.bulk_create(batch)
                _copy_to_history(model, [row.pk for row in created], "+", stamp)
    return list(instances)


def bulk_insert_as(
    model: type[models.Model], columns: Mapping[str, list[Any]], *, by: ByMany, reason: str = ""
) -> None:
    """Insert rows given as columns of numbers and texts, with their history, without making an object per row.

    For records that come by the ten thousand; gives no keys back. A column that is left out gets its field's default.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    count = len(next(iter(columns.values())))
    if not count:
        return
    values = [as_array(columns.get(field.attname) or [field.get_default()] * count) for field in fields]
    copy, stamped = _copying(model, "new", "+", _stamp_of(by, reason))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        params: list[Any] = [*values, *stamped]
        cursor.execute(f"WITH new AS ({_inserting(model, fields)}) {copy}", params)


def _insert(model: type[models.Model], instances: Sequence[models.Model], stamp: Stamp) -> None:
    """The rows, their versions, and the keys of the rows in their order."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    for row in instances:
        row._prepare_related_fields_for_save(operation_name="bulk_create")  # type: ignore[attr-defined]  # not in the stubs
    values = [as_column(field, instances, adding=True) for field in fields]
    copy, stamped = _copying(model, "new", "+", stamp)
    key = connection.ops.quote_name(_key_column(model))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH new AS ({_inserting(model, fields)}), kept AS ({copy}) SELECT {key} FROM new",  # noqa: S608 - our own names
            [*values, *stamped],
        )
        keys = [key for (key,) in cursor.fetchall()]
    for row, key in zip(instances, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def _inserting(model: type[models.Model], fields: Sequence[Any]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM unnest({_kinds(fields)}) RETURNING *"  # noqa: S608


def _kinds(fields: Sequence[Any]) -> str:
    """A parameter for each column. Without the length of the type: a cast to varchar(15) would cut a longer text in silence."""
    return ", ".join(f"%s::{str(field.db_type(connection)).split('(')[0]}[]" for field in fields)


@lru_cache(maxsize=256)
def _is_plain(model: type[models.Model]) -> bool:
    """Whether rows fit into columns of values: no arrays, which would unnest into too many rows, and nothing computed."""
    return not model._meta.parents and not any(
        field.generated or field.has_db_default() or str(field.db_type(connection)).endswith("]")
        for field in model._meta.concrete_fields
    )


def _copy_to_history(model: type[models.Model], keys: Sequence[Any], history_type: str, stamp: Stamp) -> None:
    """One statement: a version of each of the rows as they stand in the table now, in the order of their keys."""
    key, table = map(connection.ops.quote_name, (_key_column(model), model._meta.db_table))
    rows = f"(SELECT * FROM {table} t WHERE t.{key} = ANY(%s))"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(*_copying(model, rows, history_type, stamp, [list(keys)]))


def _copying(
    model: type[models.Model], rows: str, history_type: str, stamp: Stamp, of_rows: Sequence[Any] = ()
) -> tuple[str, list[Any]]:
    """The statement that writes versions of `rows`, and its values, those of `rows` among them."""
    history, quote = _history_of(model), connection.ops.quote_name
    columns = [quote(field.column) for field in history.tracked_fields]
    stamped = _stamped(stamp, history_type)
    actors, each = "", list[Any]()
    if stamp.each is not None:
        stamped = {name: value for name, value in stamped.items() if name not in EACH}
        actors, each = _actors(stamp.each, model)
    into = ", ".join([*columns, *map(quote, [*stamped, *(EACH if actors else ())])])
    values = [*(f"r.{column}" for column in columns), *["%s"] * len(stamped)]
    values += [f"a.{name}" for name in EACH] if actors else []
    table, key = quote(history._meta.db_table), quote(_key_column(model))
    statement = f"INSERT INTO {table} ({into}) SELECT {', '.join(values)} FROM {rows} r {actors} ORDER BY r.{key}"  # noqa: S608 - our own names
    return statement, [*stamped.values(), *of_rows, *each]


# The columns that differ with the actor.
EACH = ("history_user_id", "history_organisation", "history_unit_id")


def _stamped(stamp: Stamp, history_type: str) -> dict[str, Any]:
    return {
        "history_date": clock.now(),
        "history_user_id": stamp.actor.pk if stamp.actor else None,
        "history_change_reason": stamp.reason,
        "history_type": history_type,
        **_columns(stamp),
    }


def _actors(each: PerRecord, model: type[models.Model]) -> tuple[str, list[Any]]:
    """The join that finds the actor of a row. Outer: a row without one has no organisation, which the history refuses."""
    key = connection.ops.quote_name(str(each.key_of(model).column))
    kinds = "%s::bigint[], %s::bigint[], %s::text[], %s::bigint[]"
    join = f"LEFT JOIN unnest({kinds}) AS a(key, {', '.join(EACH)}) ON a.key = r.{key}"
    found = list(each.actors.items())
    return join, [
        [record for record, _actor in found],
        [actor.pk for _record, actor in found],
        [actor.acting_organisation for _record, actor in found],
        [actor.acting_unit_id for _record, actor in found],
    ]


@lru_cache(maxsize=256)
def _history_of(model: type[models.Model]) -> Any:
    """The history model of a recorded one. Kept: simple-history makes a new manager class at each `model.history`."""
    return model.history.model  # type: ignore[attr-defined]  # recorded models only


def _key_column(model: type[models.Model]) -> str:
    key: Any = model._meta.pk
    return str(key.column)


def bulk_record_as(
    instances: Sequence[models.Model], history_type: str, *, by: ByMany, reason: str = "", batch_size: int = 2000
) -> None:
    """History rows for rows that the caller changes ("~") or removes ("-") set-based in the same transaction."""
    if not instances:
        return
    stamp, history = _stamp_of(by, reason), _history_of(type(instances[0]))
    fields, stamped = [field.attname for field in history.tracked_fields], _stamped(stamp, history_type)
    rows = []
    for row in instances:
        own = _stamped(Stamp(stamp.each.of(row), reason=reason), history_type) if stamp.each else stamped
        rows.append(history(**{name: getattr(row, name) for name in fields}, **own))
    history.objects.bulk_create(rows, batch_size=batch_size)


def bulk_update_as(
    instances: Sequence[M], fields: Sequence[str], *, by: ByMany, reason: str = "", batch_size: int = 2000
) -> None:
    """Update `fields` of many rows and write their history rows, one statement per batch, without a savepoint.

    The versions are copied by the database from the rows as they stand after the change.
    """
    if not instances:
        return
    model, stamp = type(instances[0]), _stamp_of(by, reason)
    with transaction.atomic(savepoint=False):
        for first in range(0, len(instances), batch_size):
            batch = instances[first : first + batch_size]
            if _is_plain(model):
                _update(model, batch, fields, stamp)
            else:
                model._default_manager.bulk_update(batch, fields)
                _copy_to_history(model, [row.pk for row in batch], "~", stamp)


def _update(model: type[models.Model], instances: Sequence[models.Model], names: Sequence[str], stamp: Stamp) -> None:
    """Joins the new values to the rows: Django's own statement chooses a value for every cell of every row."""
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    values = [as_column(field, instances, adding=False) for field in fields]
    quote, key = connection.ops.quote_name, connection.ops.quote_name(_key_column(model))
    columns = [quote(str(field.column)) for field in fields]
    changes = ", ".join(f"{column} = v.{column}" for column in columns[1:])
    update = (
        f"UPDATE {quote(model._meta.db_table)} t SET {changes} FROM unnest({_kinds(fields)}) AS v({', '.join(columns)})"  # noqa: S608
        f" WHERE t.{key} = v.{key} RETURNING t.*"
    )
    copy, stamped = _copying(model, "new", "~", stamp)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH new AS ({update}) {copy}", [*values, *stamped])


def bulk_delete_as(instances: Sequence[M], *, by: ByMany, reason: str = "", batch_size: int = 2000) -> None:
    """Remove many rows, their history kept. Only for grants and other rows nothing refers to."""
    if not instances:
        return
    model, stamp, quote = type(instances[0]), _stamp_of(by, reason), connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(_key_column(model))
    delete = f"DELETE FROM {table} WHERE {key} = ANY(%s) RETURNING *"  # noqa: S608 - our own names
    copy, stamped = _copying(model, "new", "-", stamp)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for first in range(0, len(instances), batch_size):
            keys = [row.pk for row in instances[first : first + batch_size]]
            cursor.execute(f"WITH new AS ({delete}) {copy}", [keys, *stamped])
