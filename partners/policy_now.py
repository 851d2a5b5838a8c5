"""Which version of the policy holds for the work that goes on now: read once at its start, never remembered beyond it.

A unit of work is a request, a job or a command. Where none was opened each question reads anew: slow, and never wrong.
What a process keeps is the tables themselves, by their fingerprint; which of them holds is always what the database says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class UnitOfWork:
    """`fingerprint` of the version in force as this work knows it; None until it has been read."""

    fingerprint: str | None = None


_unit: ContextVar[UnitOfWork | None] = ContextVar("policy", default=None)


def current() -> UnitOfWork | None:
    return _unit.get()


@contextmanager
def one_policy() -> Iterator[UnitOfWork]:
    """What runs inside is judged by one version, unless it puts another in force itself."""
    unit = UnitOfWork()
    token = _unit.set(unit)
    try:
        yield unit
    finally:
        _unit.reset(token)


def begin() -> None:
    """A job begins, which has no block to stand in; the next one begins anew."""
    _unit.set(UnitOfWork())


def learn(fingerprint: str | None) -> None:
    """What has just been read. None: read it again when it is next asked."""
    unit = _unit.get()
    if unit is not None:
        unit.fingerprint = fingerprint
