"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Step, register_history
from cases.case.presence_words import mark_history
from cases.supervision import measure_history
from cases.supervision.models import Attempt, DutyMark, ReportingDuty, SupervisionTask
from cases.supervision.states import Outcome
from leidraad.lib.display import date_time


def _attempt_activity(step: Step) -> str:
    """The asker and others hear of a result when it is sent; of a visit without result as soon as it is recorded."""
    words = {"outcome": str(Outcome(step.row.outcome).label).lower(), "moment": date_time(step.row.at)}
    if step.row.corrects_id and step.created:
        return _("corrected the outcome: %(outcome)s, %(moment)s.") % words
    if step.changed("sent_at"):
        return _("reported the outcome: %(outcome)s, %(moment)s.") % words
    return ""


def _duty_activity(step: Step) -> str:
    words = {"rhythm": step.shown("rhythm")}
    if step.created:
        return _("imposed a duty to report: %(rhythm)s.") % words
    if step.changed("ended_on"):
        return _("ended the duty to report: %(rhythm)s.") % words
    return _("changed the duty to report.") if step.changed("place_id") else ""


def _sent_or_own(row: Any, member: Any, can: Any) -> bool:
    """Until it is sent an outcome is the receiving unit's alone, in the history too."""
    return row.history_relation.sent_at is not None or row.task.request.to_unit_id == member.acting_unit_id


def _own(row: Any, member: Any, can: Any) -> bool:
    return bool(row.request.to_unit_id == member.acting_unit_id)


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        SupervisionTask,
        "supervision",
        "request__case",
        pgettext_lazy("record", "Supervision task"),
        hidden=frozenset({"request"}),
        labels={"type": pgettext_lazy("field", "Kind"), "outcome": gettext_lazy("Outcome")},
        related=("request",),
        visible=_own,
        subject=lambda row: row.get_type_display(),
    )
    register_history(
        Attempt,
        "supervision",
        "task__request__case",
        pgettext_lazy("record", "Visit"),
        hidden=frozenset({"task", "corrects", "contact_before", "undo_until"}),
        labels={
            "at": gettext_lazy("Time of the visit"),
            "outcome": gettext_lazy("Outcome"),
            "with_whom": gettext_lazy("With whom"),
            "note": gettext_lazy("Explanation"),
            "next_step": gettext_lazy("Proposed next step"),
            "by": gettext_lazy("Recorded by"),
            "recorded_at": gettext_lazy("Recorded on"),
            "undone_at": gettext_lazy("Restored on"),
            "undone_by": gettext_lazy("Restored by"),
            "sent_at": gettext_lazy("Sent on"),
            "correction_reason": gettext_lazy("Reason of the correction"),
        },
        related=("task__request", "history_relation"),
        visible=_sent_or_own,
        activity=_attempt_activity,
    )
    register_history(
        ReportingDuty,
        "presence",
        "case",
        gettext_lazy("Duty to report"),
        hidden=frozenset({"source"}),
        labels={
            "rhythm": gettext_lazy("How often"),
            "place": gettext_lazy("Where"),
            "imposed_on": gettext_lazy("Imposed on"),
            "ended_on": gettext_lazy("First day without the duty"),
            "form_no": gettext_lazy("Form number"),
        },
        values={"end_reason": lambda row: _(row.end_reason) if row.end_reason else ""},
        activity=_duty_activity,
    )
    register_history(DutyMark, "presence", "case", gettext_lazy("Report to the police"), **mark_history("duty"))
    measure_history.register()
