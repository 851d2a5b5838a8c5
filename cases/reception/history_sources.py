"""The records of this room in the history and the activity of a case."""

from django.utils.translation import pgettext_lazy

from cases.case.history import register_history
from cases.reception.models import InHouseMark, Placement


def register() -> None:
    """Called once when the app is ready."""
    register_history(Placement, "residence", "case", pgettext_lazy("record", "Stay"))
    register_history(
        InHouseMark,
        "presence",
        "case",
        pgettext_lazy("record", "In-house registration"),
        hidden=frozenset({"placement"}),
    )
