"""Columns of values as the text of a PostgreSQL array.

For statements about thousands of rows: psycopg prepares each value of a list on its own, which costs more than all the rest of
such a statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any

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
