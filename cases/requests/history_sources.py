"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Can, Step, register_history
from cases.case.nationalities import language_name
from cases.requests.models import Request
from cases.requests.states import Status
from partners.models import Member

# Besides the two parties: who may know what was asked, by the section of the field.
FIELD_SECTIONS = {"risk": "risk", "place_text": "address", "place_city": "address", "place_unit": "address"}


def _party_or_section(row: Any, member: Member, can: Can) -> bool:
    """Its two parties always; others only where the kind's own section is open to them."""
    if member.acting_unit_id in (row.from_unit_id, row.to_unit_id):
        return True
    return can(f"{row.kind.section}.view")


def _activity(step: Step) -> str:
    words = {"kind": step.row.kind.name.lower(), "unit": step.row.to_unit.full_name}
    if step.created:
        return _("asked %(unit)s for: %(kind)s.") % words
    if not step.changed("status"):
        return ""
    if step.row.status == Status.DONE and not step.row.kind.needs_confirmation:
        return _("answered: %(kind)s.") % words
    sentence = {
        Status.ACCEPTED: _("accepted the request: %(kind)s."),
        Status.REPORTED_READY: _("reported ready: %(kind)s."),
        Status.DONE: _("confirmed the report: %(kind)s."),
        Status.DECLINED: _("declined the request: %(kind)s."),
        Status.NOT_POSSIBLE: _("reported as not possible: %(kind)s."),
        Status.WITHDRAWN: _("withdrew the request: %(kind)s."),
        Status.EXPIRED: _("The request expired without an answer: %(kind)s."),
    }.get(step.row.status, "")
    return sentence % words if sentence else ""


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        Request,
        "requests",
        "case",
        pgettext_lazy("record", "Request"),
        field_sections=FIELD_SECTIONS,
        hidden=frozenset({"involvement", "began_involvement", "frozen", "topic"}),
        labels={
            "asked_by": gettext_lazy("Asked by"),
            "offered_at": gettext_lazy("Asked on"),
            "risk": gettext_lazy("Risk"),
            "minors_present": gettext_lazy("Children present"),
            "interpreter": gettext_lazy("Interpreter"),
            "place_kind": gettext_lazy("Kind of place"),
            "place_unit": gettext_lazy("Site"),
            "place_text": gettext_lazy("Address or room"),
            "place_city": gettext_lazy("Town"),
            "answered_by": gettext_lazy("Answered by"),
            "answered_at": gettext_lazy("Answered on"),
            "reported_at": gettext_lazy("Reported ready on"),
            "ended_at": gettext_lazy("Ended on"),
            "end_reason": gettext_lazy("Reason of ending"),
        },
        values={"interpreter": lambda row: language_name(row.interpreter)},
        related=("kind", "to_unit__organisation"),
        visible=_party_or_section,
        subject=lambda row: row.kind.name,
        activity=_activity,
    )
