"""How the subjects above hear that a case closes, without this room importing them. Filled once, from their apps' `ready()`.

A listener ends what it runs for the case: a placement, a custody measure. It is called by `close_case` inside its transaction
and under the case lock, before anything of the case itself changes: involvements, tasks and axes are still as they were, and
a listener may change the case through the actions of this room. It asks no rights: closing has asked. What it raises stops
the closing.
"""

from collections.abc import Callable

from cases.case.models import ReturnCase
from partners.models import Member

OnClose = Callable[[ReturnCase, str, Member], None]

_listeners: list[OnClose] = []


def on_close(listener: OnClose) -> None:
    """Have `listener(case, outcome, by)` called when a case closes. Registering again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_closing(case: ReturnCase, outcome: str, by: Member) -> None:
    for listener in _listeners:
        listener(case, outcome, by)
