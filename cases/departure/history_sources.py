"""Departures in the history and the activity of a case."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Step, register_history
from cases.case.nationalities import country_name
from cases.departure.models import Departure
from cases.departure.states import State


def _activity(step: Step) -> str:
    row = step.row
    if step.created and row.state == State.PREPARED:
        return _("prepared a departure.")
    if row.state == State.DEPARTED and (step.created or step.changed("state")):
        return _("recorded that the person left.")
    if not step.changed("state"):
        return ""
    return {
        State.PREPARED: _("took the booking of a departure back."),
        State.BOOKED: _("booked a departure."),
        State.AUTHORISED: _("gave permission for a departure."),
        State.FAILED: _("recorded that a departure did not go ahead."),
        State.CANCELLED: _("cancelled a departure."),
    }.get(State(row.state), "")


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        Departure,
        "departure",
        "case",
        pgettext_lazy("record", "Departure"),
        hidden=frozenset(
            {"judgement", "phase_before", "unit", "prepared_at", "booked_at", "authorised_at", "recorded_at"}
        ),
        labels={
            "act": gettext_lazy("How"),
            "destination": gettext_lazy("Destination"),
            "leaves_on": gettext_lazy("Planned day"),
            "leaves_at": gettext_lazy("Planned hour"),
            "by_air": gettext_lazy("By air"),
            "escorted": gettext_lazy("With escort"),
            "reference": gettext_lazy("Flight or journey"),
            "state": pgettext_lazy("field", "State"),
            "prepared_by": gettext_lazy("Prepared by"),
            "booked_by": gettext_lazy("Booked by"),
            "authorised_by": gettext_lazy("Permission by"),
            "recorded_by": gettext_lazy("Recorded by"),
            "happened_on": gettext_lazy("Happened on"),
            "reason": gettext_lazy("Reason"),
        },
        values={
            "destination": lambda row: country_name(row.destination),
            "reason": lambda row: _(row.reason) if row.reason else "",
        },
        activity=_activity,
    )
