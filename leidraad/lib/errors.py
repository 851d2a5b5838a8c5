"""What an action may say instead of doing its work. Views turn each into one kind of page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class NotPossible(Exception):
    """The rules of the work forbid this now. The message is a full sentence for the user."""


class Stale(NotPossible):
    """The page was drawn from an older version than the one that is stored; nothing was written."""

    def __init__(self, current: Any) -> None:
        super().__init__(
            _("Somebody changed this after you opened it. Nothing of yours was saved. Read what changed and try again.")
        )
        self.current = current


class NotAllowed(PermissionDenied):
    """The member may see the case but not do this. Shown as 403 with the missing right."""

    def __init__(self, capability: str, case: Any = None) -> None:
        super().__init__(capability)
        self.capability = capability
        self.case = case
