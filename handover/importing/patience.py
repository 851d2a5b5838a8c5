"""Doing something again when the database went away in the middle of it."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

logger = structlog.get_logger(__name__)
T = TypeVar("T")

# A restart of the database takes some seconds; a switch to a replica up to a minute.
WAITS = (0.2, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


def patiently(act: Callable[[], T]) -> T:
    """The answer of `act`, which must be one transaction or a reading. Each attempt has a fresh connection."""
    for wait in WAITS:
        try:
            return act()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            logger.warning("database_away", error=type(error).__name__, wait=wait)
            connection.close()
            time.sleep(wait)
    return act()
