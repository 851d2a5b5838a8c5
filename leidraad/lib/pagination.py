"""Pages of long ordered lists by key, never by OFFSET, and counts with a cap.

Own code, knowingly: django-keyset-pagination-plus reads sort values with `getattr`, so rows of `values()` do not work, it
wants a `ListView`, and it writes the sort values themselves into the address. Here a list may be sorted by name, and a
name must not stand in an address or a log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar

from django.core import signing
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

PAGE_SIZE: Final = 50
COUNT_CAP: Final = 1000

_signer: Final = signing.Signer(salt="leidraad.pagination")
_Row = TypeVar("_Row")
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {"d": date.fromisoformat, "t": datetime.fromisoformat, "i": int}


@dataclass(frozen=True)
class KeysetPage(Generic[_Row]):
    """One page. A token is None where there is no such page."""

    rows: list[_Row]
    next_token: str | None
    previous_token: str | None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class CappedCount:
    """A count that stops at `cap`: `str()` gives "47" or "1000+"."""

    value: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.value}+" if self.capped else str(self.value)

    def __int__(self) -> int:
        return self.value

    def __bool__(self) -> bool:
        return self.value > 0


def capped_count(queryset: QuerySet[Any, Any], cap: int = COUNT_CAP) -> CappedCount:
    """Counts at most `cap` rows. One query; the rows are never fetched."""
    found = queryset.order_by()[: cap + 1].count()
    return CappedCount(min(found, cap), found > cap)


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _token(row: Any, order: Sequence[str], *, backwards: bool) -> str:
    """Direction, key of the row, and the sort value unless it is text: names stay out of addresses."""
    column, key = order[0].lstrip("-"), order[1].lstrip("-")
    value = _value(row, column)
    kept: Any = None
    if isinstance(value, datetime):
        kept = ["t", value.isoformat()]
    elif isinstance(value, date):
        kept = ["d", value.isoformat()]
    elif isinstance(value, int):
        kept = ["i", value]
    return _signer.sign_object([int(backwards), _value(row, key), kept], compress=True)


def _read(token: str) -> tuple[bool, Any, Any] | None:
    try:
        backwards, key, kept = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if kept is None:
        return bool(backwards), key, None
    return bool(backwards), key, _READ[kept[0]](kept[1])


def _after(column: str, key: str, value: Any, key_value: Any, *, descending: bool, backwards: bool) -> Any:
    """Rows beyond (value, key), compared as a pair: the index starts right there, however many rows share the value."""
    compare = TupleLessThan if descending != backwards else TupleGreaterThan
    return compare((F(column), F(key)), (value, key_value))


def _flipped(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def keyset_page(
    queryset: QuerySet[Any, _Row],
    *,
    order: tuple[str, str] = ("sort_deadline", "id"),
    after: str | None = None,
    size: int = PAGE_SIZE,
    keys: QuerySet[Any, Any] | None = None,
) -> KeysetPage[_Row]:
    """The page that follows (or precedes) what `after` names; the first page without it.

    `order` is a sort column that is never null and a unique key, both in the same direction ("-" for descending); an index
    on exactly these serves it. Model rows and rows of `values()` (with both columns in them) work alike. A token that is
    forged, too old, or whose row has gone gives the first page. One query; two when sorted by text.

    With `keys`, the same rows bare, the page's keys are found in an inner query first: worth it where an index holds all
    that the filters ask, and few rows pass them. Only the rows of the page are then fetched from the table.
    """
    column, key = order[0].lstrip("-"), order[1].lstrip("-")
    descending = order[0].startswith("-")
    if descending != order[1].startswith("-"):
        raise ValueError("Both columns of a keyset order go in the same direction")
    start = _start(queryset, column, key, after)
    backwards = False
    searched: QuerySet[Any, Any] = queryset if keys is None else keys
    if start is not None:
        backwards, key_value, value = start
        searched = searched.filter(_after(column, key, value, key_value, descending=descending, backwards=backwards))
    direction = _flipped(order) if backwards else order
    searched = searched.order_by(*direction)[: size + 1]
    if keys is not None:
        searched = queryset.filter(**{f"{key}__in": searched.values(key)}).order_by(*direction)
    found: list[_Row] = list(searched)
    more = len(found) > size
    rows = found[:size]
    if backwards:
        rows.reverse()
    if not rows:
        # Past either end (the rows there went away): start again instead of an empty page without a way out.
        return keyset_page(queryset, order=order, size=size, keys=keys) if start else KeysetPage([], None, None)
    has_next = True if backwards else more
    has_previous = more if backwards else start is not None
    return KeysetPage(
        rows,
        _token(rows[-1], order, backwards=False) if has_next else None,
        _token(rows[0], order, backwards=True) if has_previous else None,
    )


def _start(queryset: QuerySet[Any, Any], column: str, key: str, after: str | None) -> tuple[bool, Any, Any] | None:
    read = _read(after) if after else None
    if read is None:
        return None
    backwards, key_value, value = read
    if value is None:
        # Through the same queryset, so a row that left the viewer's sight names no value either.
        value = queryset.filter(**{key: key_value}).order_by().values_list(column, flat=True).first()
        if value is None:
            return None
    return backwards, key_value, value
