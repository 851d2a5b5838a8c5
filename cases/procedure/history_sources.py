"""The records of this room in the history and the activity of a case."""

from django.utils.translation import pgettext_lazy

from cases.case.history import register_history
from cases.procedure.models import RemovabilityAnswer


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        RemovabilityAnswer,
        "removability",
        "case",
        pgettext_lazy("record", "Answer of IND"),
        hidden=frozenset({"request"}),
    )
