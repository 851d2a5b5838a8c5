"""How a stay is told: the lines of the stay log, and where the axis points after an end."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case.history_sources import RESIDENCE_FORMS
from cases.reception.actions.ending import RESIDENCE_AFTER
from cases.reception.models import PlacementStep
from cases.reception.states import EndReason, PlacementStatus, StepKind
from leidraad.lib.display import date_long


def step_words(step: PlacementStep) -> str:
    """One line of the log, without who and when. The step comes with its placement and site."""
    value = step.value
    is_day = step.kind in (StepKind.RESERVED, StepKind.PLANNED_END)
    words = {
        "site": step.placement.site.name,
        "since": date_long(step.since),
        "status": str(PlacementStatus(step.status).label).lower(),
        "source": step.placement.source,
        "room": value,
        "day": date_long(date.fromisoformat(value)) if is_day and value else "",
        "reason": str(dict(EndReason.choices).get(value, "")).lower(),
    }
    return _sentence(StepKind(step.kind), has_value=bool(value)) % words


def _sentence(kind: StepKind, *, has_value: bool) -> str:
    if has_value and kind in WITH_VALUE:
        return str(WITH_VALUE[kind])
    return str(SENTENCES[kind])


SENTENCES = {
    StepKind.RESERVED: gettext_lazy("Place reserved at %(site)s."),
    StepKind.CANCELLED: gettext_lazy("Reservation at %(site)s cancelled."),
    StepKind.ARRIVED: gettext_lazy("Arrived at %(site)s on %(since)s: %(status)s."),
    StepKind.STARTED: gettext_lazy("Stay at %(site)s since %(since)s, as %(source)s states it."),
    StepKind.NO_SHOW: gettext_lazy("Did not arrive at %(site)s within 48 hours."),
    StepKind.STATUS: gettext_lazy("Status at %(site)s: %(status)s since %(since)s."),
    StepKind.ROOM: gettext_lazy("Room at %(site)s: not known any more."),
    StepKind.PLANNED_END: gettext_lazy("Planned end of the stay at %(site)s removed."),
    StepKind.ENDED: gettext_lazy("Stay at %(site)s ended from %(since)s."),
    StepKind.CORRECTED: gettext_lazy("Stay at %(site)s corrected: %(status)s since %(since)s."),
    StepKind.TAKEN_BACK: gettext_lazy("Taken back at %(site)s: %(status)s since %(since)s."),
}
WITH_VALUE = {
    StepKind.RESERVED: gettext_lazy("Place reserved at %(site)s, arrival on %(day)s."),
    StepKind.ARRIVED: gettext_lazy("Arrived at %(site)s on %(since)s: %(status)s, room %(room)s."),
    StepKind.ROOM: gettext_lazy("Room at %(site)s: %(room)s."),
    StepKind.PLANNED_END: gettext_lazy("Planned end of the stay at %(site)s: %(day)s."),
    StepKind.ENDED: gettext_lazy("Stay at %(site)s ended from %(since)s: %(reason)s."),
    StepKind.CORRECTED: gettext_lazy("End of the stay at %(site)s corrected: from %(since)s, %(reason)s."),
}


def residence_after(end_reason: str) -> str:
    """Where the case says the person is after an end for this reason, in words."""
    form = RESIDENCE_AFTER[end_reason]
    return str(RESIDENCE_FORMS[form]) if form else _("no residence any more")
