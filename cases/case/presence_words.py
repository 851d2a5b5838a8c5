"""Obliged moments and marks in words: for screens, and for the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Step
from cases.case.models import Mark
from cases.case.rhythm import Moment
from leidraad.lib.display import date_long, date_short

# The shape of each mark beside its word. A missed moment is a fact, not an alarm: nothing here is red.
SHAPES: dict[str, str] = {
    Mark.SEEN: "ok",
    Mark.MISSED: "no",
    Mark.EXCUSED: "info",
    Mark.EXEMPT: "na",
    Mark.NOT_DUE: "na",
}


def moment_of(row: Any) -> Moment:
    """Of a mark, or of one of its versions."""
    return Moment(row.due_from, row.due_to, row.slot)


def moment_words(moment: Moment) -> str:
    """wk 47, di 24 nov., di 24 nov. (2e)."""
    if moment.is_week:
        return _("wk %(number)d") % {"number": moment.due_to.isocalendar().week}
    day = date_short(moment.due_from)
    return _("%(day)s (2nd)") % {"day": day} if moment.slot == 2 else day


def moment_long(moment: Moment) -> str:
    """week 47 van 2026, 24 november 2026, 24 november 2026 (2e)."""
    if moment.is_week:
        year, week, _day = moment.due_to.isocalendar()
        return _("week %(number)d of %(year)d") % {"number": week, "year": year}
    day = date_long(moment.due_from)
    return _("%(day)s (2nd)") % {"day": day} if moment.slot == 2 else day


def mark_history(owner: str) -> dict[str, Any]:
    """How the history tells of marks: which moment, what it was, what it is. `owner` is the link to stay or duty."""
    return {
        "hidden": frozenset({owner, "due_from", "due_to", "slot", "by", "at"}),
        "labels": {"mark": pgettext_lazy("field", "Mark"), "note": gettext_lazy("Note")},
        "subject": lambda row: moment_long(moment_of(row)),
        "activity": _mark_activity,
    }


def _mark_activity(step: Step) -> str:
    """Misses and corrections are told; that somebody came as usual would drown the rest."""
    words = {"what": str(step.source.label), "moment": moment_long(moment_of(step.row)), "now": step.shown("mark")}
    if step.created:
        return _("noted as missed: %(what)s, %(moment)s.") % words if step.row.mark == Mark.MISSED else ""
    if step.changed("mark"):
        words["was"] = step.shown_before("mark")
        return _("corrected %(what)s, %(moment)s: from “%(was)s” to “%(now)s”.") % words
    return ""
