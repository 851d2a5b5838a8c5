"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Step, register_history
from cases.case.history_sources import RESIDENCE_FORMS
from cases.case.models import ReturnCase
from cases.case.presence_words import mark_history
from cases.case.protection import is_protected
from cases.reception.models import InHouseMark, Placement
from cases.reception.states import EXPECTED, STAYING, EndReason, PlacementStatus
from leidraad.lib.display import date_long
from partners.models import Member


def _activity(step: Step) -> str:
    """One sentence for a new version of a stay: who reserved, arrived, moved, ended."""
    row = step.row
    words = {"site": row.site.name, "source": row.source, "status": step.shown("status").lower()}
    if step.created:
        if row.status == PlacementStatus.RESERVED:
            return _("reserved a place at %(site)s for %(date)s.") % (words | {"date": date_long(row.expected_on)})
        return _("recorded the stay at %(site)s, as %(source)s states it.") % words
    if step.changed("status"):
        return _status_activity(step, words)
    if step.changed("planned_end"):
        if row.planned_end is None:
            return _("removed the planned end of the stay at %(site)s.") % words
        return _("set the planned end of the stay at %(site)s: %(date)s.") % (
            words | {"date": date_long(row.planned_end)}
        )
    if step.changed("room"):
        return ""
    return _("corrected the stay at %(site)s.") % words


def _status_activity(step: Step, words: dict[str, str]) -> str:
    was, now = step.was("status"), step.row.status
    if was == PlacementStatus.ENDED:
        return _("took back the end of the stay at %(site)s.") % words
    if now == PlacementStatus.ENDED:
        return _ended_activity(step, words)
    if now == PlacementStatus.NO_SHOW:
        return _("recorded that the person did not arrive at %(site)s.") % words
    if was in EXPECTED and now in STAYING:
        return _("recorded the arrival at %(site)s on %(date)s.") % (words | {"date": date_long(step.row.started_on)})
    if was in STAYING and now in EXPECTED:
        return _("took back the arrival at %(site)s.") % words
    return _("changed the status of the stay at %(site)s: %(status)s.") % words


def _ended_activity(step: Step, words: dict[str, str]) -> str:
    if step.row.end_reason == EndReason.CANCELLED:
        return _("cancelled the reservation at %(site)s.") % words
    more = {"date": date_long(step.row.ended_on), "reason": step.shown("end_reason").lower()}
    return _("ended the stay at %(site)s on %(date)s: %(reason)s.") % (words | more)


def _protected(case: ReturnCase, member: Member) -> bool:
    """With a protected address no stay is told to anybody: a site would tell where the person is, or was."""
    return is_protected(case)


def _form(row: Any) -> str:
    return str(RESIDENCE_FORMS.get(row.form, row.form))


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        Placement,
        "residence",
        "case",
        pgettext_lazy("record", "Stay"),
        labels={
            "site": gettext_lazy("Site"),
            "form": gettext_lazy("Form of reception"),
            "room": gettext_lazy("Room"),
            "legal_basis": gettext_lazy("Legal basis"),
            "status_since": gettext_lazy("Status since"),
            "expected_on": gettext_lazy("Day of arrival"),
            "started_on": gettext_lazy("First night"),
            "planned_end": gettext_lazy("Planned end"),
            "ended_on": gettext_lazy("No longer at the site from"),
        },
        values={"form": _form},
        related=("site",),
        subject=lambda row: row.site.name,
        activity=_activity,
        shut=_protected,
    )
    register_history(
        InHouseMark,
        "presence",
        "case",
        gettext_lazy("In-house registration"),
        shut=_protected,
        **mark_history("placement"),
    )
