"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Can, Step, register_history
from cases.identity.fields import FIELDS
from cases.identity.models import DECIDE, ErrorReport, Outcome
from partners.models import Member


def _activity(step: Step) -> str:
    words = {"field": _field(step.row)}
    if step.created:
        return _("reported an error in the identity: %(field)s.") % words
    if step.changed("outcome"):
        mended = step.row.outcome == Outcome.MENDED
        return (
            _("mended the identity in the register: %(field)s.") if mended else _("answered: %(field)s is right.")
        ) % words
    return ""


def _field(row: Any) -> str:
    return FIELDS[row.field].label if row.field in FIELDS else str(row.field)


def _party(row: Any, member: Member, can: Can) -> bool:
    """Who reported it, who answers it, and who decides about the identity."""
    request = row.request
    return member.acting_unit_id in (request.from_unit_id, request.to_unit_id) or can(DECIDE)


def _words(name: str) -> Any:
    return lambda row: FIELDS[row.field].words(getattr(row, name)) if row.field in FIELDS else getattr(row, name)


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        ErrorReport,
        "identity",
        "case",
        gettext_lazy("Report of an error"),
        hidden=frozenset({"request", "conflict", "disputed", "stored_source"}),
        labels={
            "proposed_value": gettext_lazy("Should be"),
            "outcome": gettext_lazy("Answer"),
            "new_value": gettext_lazy("New value"),
            "new_source": gettext_lazy("Source of the new value"),
            "new_level": gettext_lazy("Level of the new value"),
            "explanation": pgettext_lazy("field", "Explanation"),
            "answered_by": gettext_lazy("Answered by"),
            "answered_at": gettext_lazy("Answered on"),
        },
        values={
            "field": _field,
            "stored_value": _words("stored_value"),
            "proposed_value": lambda row: row.proposed_value,
            "new_value": _words("new_value"),
        },
        related=("request",),
        visible=_party,
        subject=_field,
        activity=_activity,
    )
