"""For whom the database works now: a unit with its member, a named piece of work of the system, or nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

SETTINGS = ("leidraad.unit", "leidraad.group", "leidraad.member", "leidraad.principal")
Values = tuple[str, ...]


@dataclass(frozen=True)
class Who:
    """A unit with its group and the acting member, or a principal, or neither: then for nobody."""

    unit: int | None = None
    group: int | None = None
    member: int | None = None
    principal: str = ""

    @property
    def values(self) -> Values:
        return (str(self.unit or ""), str(self.group or ""), str(self.member or ""), self.principal)


_who: ContextVar[Who | None] = ContextVar("who", default=None)


def current() -> Who | None:
    """None where nobody has said for whom: then the database shows nothing that stands behind the wall."""
    return _who.get()


@contextmanager
def acting(unit: int | None, group: int | None, member: int | None) -> Iterator[None]:
    """What runs inside sees what this unit may see. Without a unit: nothing."""
    with _working_for(Who(unit, group, member)):
        yield


@contextmanager
def principal(name: str) -> Iterator[None]:
    """What runs inside is a named piece of work of the system and sees the tables that are registered for it.

    Inside a member's request it adds to what the unit sees, for what a member sets going and may not see: the right was
    asked before.
    """
    with _working_for(replace(current() or Who(), principal=name)):
        yield


@contextmanager
def _working_for(who: Who) -> Iterator[None]:
    connection: Any = connections[DEFAULT_DB_ALIAS]
    token, inside = _who.set(who), connection.in_atomic_block
    try:
        before = connection.tell(who.values) if inside else ()
        try:
            yield
        finally:
            # What is local to a transaction ends with it; in the middle of one the next statement is again for who it was.
            if inside and connection.in_atomic_block and connection.takes_statements:
                connection.tell(before)
    finally:
        _who.reset(token)
