"""Columns of values as the text of a PostgreSQL array.

For statements about thousands of rows: psycopg prepares each value of a list on its own, which costs more than all the rest of
such a statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import BooleanField, F, Func, Value
from psycopg.types.json import Json, Jsonb


def as_array(values: Sequence[Any]) -> Any:
    """The array as one text, to be cast to its type in the statement; the values as they are when one has an unknown type."""
    try:
        return f"{{{','.join([LITERALS[type(value)](value) for value in values])}}}"
    except KeyError:
        return list(values)


def among(column: str, keys: Iterable[int]) -> Func:
    """Whether the column is one of these keys, for `filter()`: one parameter, where `__in` prepares each key on its own."""
    return Func(
        F(column),
        Value(as_array(list(keys))),
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )


def as_column(field: Any, instances: Sequence[models.Model], *, adding: bool) -> Any:
    """What the rows have in this field, as the database wants it. Most values need nothing done: they are what it keeps."""
    name, native = field.attname, NATIVE.get(field.get_internal_type())
    if adding and type(field).pre_save is not models.Field.pre_save:
        values = [field.pre_save(row, True) for row in instances]
    else:
        values = [getattr(row, name) for row in instances]
    # The connection itself: the name `connection` finds it anew at each of its many uses for a value.
    database = connections[DEFAULT_DB_ALIAS]
    return as_array([one if one is None or type(one) is native else _stored(field, one, database) for one in values])


def _stored(field: Any, value: Any, database: Any) -> Any:
    return field.get_db_prep_save(value.value if isinstance(value, Enum) else value, database)


# What such a field keeps as it is.
NATIVE: Mapping[str, type] = {
    "CharField": str,
    "TextField": str,
    "IntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "ForeignKey": int,
    "BooleanField": bool,
    "DateField": date,
}


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _json(value: Json | Jsonb) -> str:
    text = value.dumps(value.obj) if value.dumps else ""
    return _quoted(text if isinstance(text, str) else text.decode())


def _moment(value: datetime) -> str:
    """Without a zone the session would guess one."""
    if value.tzinfo is None:
        raise KeyError(value)
    return f'"{value.isoformat()}"'


LITERALS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _value: "NULL",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _quoted,
    date: date.isoformat,
    datetime: _moment,
    Json: _json,
    Jsonb: _json,
}
