"""What may be said about a value in force on an axis without stating another."""

from cases.case.models import Axis, ReturnCase
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as


def doubt_axis(case: ReturnCase, axis: Axis, *, by: By, reason: str) -> None:
    """Mark the value in force of a locked case as possibly overtaken. It stays until somebody states another."""
    for entry in case.axis_entries.filter(axis=axis, superseded_at=None, doubted_at=None).exclude(value=""):
        entry.doubted_at = clock.now()
        save_as(entry, by=by, reason=reason)
