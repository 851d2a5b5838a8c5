"""The panels of the case page, each built from at most one query and only for who may see it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases.case.history_sources import AXIS_SECTION, axis_value, conflict_field
from cases.case.models import Axis, AxisEntry, IdentityConflict, Involvement, Outcome, Part, SignalKind, Task, TaskKind
from cases.case.telling import part_is_shown
from cases.procedure.models import RemovabilityAnswer, Representative
from cases.procedure.representatives import VIEW as SEE_REPRESENTATIVES
from leidraad.lib import clock
from leidraad.lib.display import MASKED, date_long
from leidraad.pages.case_frame import OpenCase
from leidraad.pages.case_sections import task_url
from leidraad.pages.removability import axis_of_answer, overtaken_alert

SHOWN_TASKS = 5
READ_TASKS = 50
MOST_ALERTS = 3
EXPIRES_SOON = timedelta(days=7)


# --- axes -----------------------------------------------------------------------------------------------------------


def axes_of(page: OpenCase, answer: RemovabilityAnswer | None) -> list[dict[str, Any]]:
    """The four axes: value, since when, who says so, until when it holds. `answer` is IND's, behind removability."""
    entries = {entry.axis: entry for entry in page.case.axis_entries.filter(superseded_at=None)}
    drawn = {axis: _axis(page, axis, entries.get(axis)) for axis in Axis}
    entry = entries.get(Axis.REMOVABILITY)
    if entry is not None and page.can("removability.view"):
        drawn[Axis.REMOVABILITY] |= axis_of_answer(page, entry, answer)
    return list(drawn.values())


def _axis(page: OpenCase, axis: Axis, entry: AxisEntry | None) -> dict[str, Any]:
    if not page.can(f"{AXIS_SECTION[axis]}.view"):
        return {"label": axis.label, "value": MASKED}
    if entry is None:
        return {"label": axis.label, "value": ""}
    drawn: dict[str, Any] = {"label": axis.label, "value": axis_value(axis, entry.value, entry.text)}
    if entry.value or entry.text:
        drawn["note"] = _("since %(date)s, %(source)s") % {"date": date_long(entry.since), "source": entry.source}
    if entry.valid_until:
        drawn["mark"] = expiry_mark(entry.valid_until)
    return drawn


def expiry_mark(until: date) -> dict[str, str]:
    """Until when a value holds: a warning from a week before."""
    left = until - clock.today()
    day = {"date": date_long(until)}
    if left < timedelta():
        return {"kind": "warn", "text": _("expired on %(date)s") % day}
    kind = "warn" if left <= EXPIRES_SOON else "none"
    return {"kind": kind, "text": _("expires on %(date)s") % day}


# --- alerts ---------------------------------------------------------------------------------------------------------


def alerts_of(page: OpenCase, has_next_step: bool, answer: RemovabilityAnswer | None) -> list[dict[str, Any]]:
    """At most three, the gravest first. The special circumstances are always among them, with the day last asked."""
    found = [
        *_no_next_step(page, has_next_step),
        *overtaken_alert(page, answer),
        *_conflicts(page),
        *_signals(page),
    ]
    return [*found[: MOST_ALERTS - 1], *_circumstances(page)]


def _no_next_step(page: OpenCase, has_next_step: bool) -> list[dict[str, Any]]:
    if has_next_step or page.case.is_closed or not page.can("case.change"):
        return []
    alert = {
        "kind": "late",
        "title": _("This case has no next step."),
        "text": _("Every open case needs one, with a date."),
    }
    url = reverse("cases:next-step", args=[page.case.number])
    return [alert | {"url": url, "action": _("Record next step")}]


def open_conflicts(page: OpenCase) -> list[IdentityConflict]:
    if not page.can("identity.view"):
        return []
    return list(page.case.person.identity_conflicts.filter(resolved_on=None).order_by("pk"))


def _conflicts(page: OpenCase) -> list[dict[str, Any]]:
    conflicts = open_conflicts(page)
    if not conflicts:
        return []
    fields = ", ".join(dict.fromkeys(conflict_field(conflict.field) for conflict in conflicts))
    first = conflicts[0]
    text = _("The dossier and the register differ: %(fields)s.") % {"fields": fields}
    source = _("Sent by %(source)s on %(date)s.") % {
        "source": first.offered_source,
        "date": date_long(first.noted_on),
    }
    url = reverse("cases:person", args=[page.case.number]) + "#verschillen"
    alert = {"kind": "warn", "title": _("Identity to be judged."), "text": text, "source": source}
    return [alert | {"url": url, "action": _("Compare")}]


def _signals(page: OpenCase) -> list[dict[str, Any]]:
    return [
        {
            "kind": "warn",
            "title": f"{SignalKind(row['kind']).label}.",
            "text": str(SIGNAL_TEXT[SignalKind(row["kind"])]),
            "source": _("Reported by %(source)s on %(date)s.")
            % {"source": row["source"], "date": date_long(date.fromisoformat(row["noted_on"]))},
        }
        for row in page.signals
    ]


SIGNAL_TEXT = {
    SignalKind.MEDICAL: gettext_lazy("Ask for travel advice before departure."),
    SignalKind.PREGNANT: gettext_lazy("Ask for travel advice before departure."),
    SignalKind.SUICIDE_RISK: gettext_lazy("Consult before every announcement."),
    SignalKind.TRAFFICKING: gettext_lazy("Possible victim of trafficking."),
    SignalKind.PUBLIC_ORDER: gettext_lazy("Risk for who meets this person."),
    SignalKind.MINOR: gettext_lazy("The guardian takes part in every step."),
}


def _circumstances(page: OpenCase) -> list[dict[str, Any]]:
    if not page.can("identity.view"):
        return []
    asked = page.case.circumstances_asked_on
    text = _("last asked about on %(date)s.") % {"date": date_long(asked)} if asked else _("not asked about yet.")
    return [{"kind": "info", "title": _("Special circumstances"), "text": text}]


# --- tasks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TaskLine:
    task: Task
    url: str
    title: str
    state: tuple[str, str]
    is_next_step: bool


def tasks_of(page: OpenCase) -> list[TaskLine]:
    """Open tasks of the acting unit in this case, liberty first, then by date. Other units' tasks are theirs."""
    tasks = page.case.tasks.open().of_unit(page.member).select_related("assignee")
    ordered = tasks.order_by("-liberty_clock", F("due_at").asc(nulls_last=True), "pk")
    return [_task_line(page, task) for task in ordered[:READ_TASKS]]


def _task_line(page: OpenCase, task: Task) -> TaskLine:
    url = _task_address(page, task)
    here = reverse("cases:detail", args=[page.case.number])
    title = task.shown_title
    return TaskLine(task, "" if url == here else url, title, _state(task), task.kind == TaskKind.NEXT_STEP)


def _task_address(page: OpenCase, task: Task) -> str:
    """A question for access is answered under its own case; every other task says itself where it leads."""
    if task.kind == TaskKind.ACCESS and task.source.startswith("access:") and page.can("case.share"):
        return reverse("cases:answer-access", args=[page.case.number, int(task.source.removeprefix("access:"))])
    return task_url(task.url_name, task.url_arg)


def _state(task: Task) -> tuple[str, str]:
    if task.is_late:
        return ("late", pgettext("state of a task", "late"))
    if task.due_at and task.due_at.date() == clock.today():
        return ("warn", pgettext("state of a task", "today"))
    return ("none", pgettext("state of a task", "open"))


# --- who is involved ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Party:
    """One line of the panel. `person` only for who may know persons."""

    organisation: str
    name: str
    person: str
    part: str
    note: str


def involved(page: OpenCase) -> list[Party]:
    """Units that take part. Partners read organisations and units, not persons, and not one whose presence tells."""
    if not page.can("people.view"):
        return []
    running = Involvement.objects.running().filter(case=page.case).select_related("unit__organisation")
    shown = [one for one in running if part_is_shown(one.part, one.unit_id, page.member, page.can)]
    shown.sort(key=lambda one: (one.part != Part.LEAD, one.unit.organisation.code, one.pk))
    return [_party(page, one) for one in shown]


def _party(page: OpenCase, one: Involvement) -> Party:
    unit = one.unit
    director = page.case.director
    named = one.part == Part.LEAD and director is not None and page.access.leads
    return Party(
        organisation=unit.organisation.short_name,
        name=unit.name,
        person=str(director) if named else "",
        part=str(Part(one.part).label),
        note=unit.phone,
    )


def represented_by(page: OpenCase) -> list[Party]:
    """Who speaks for the person now: they have no access here, and are reached by telephone. One query."""
    if not page.can(SEE_REPRESENTATIVES):
        return []
    found = Representative.objects.of_case(page.case).running()
    return [_representative(one) for one in found]


def _representative(one: Representative) -> Party:
    how_sure = "" if one.is_confirmed else _("according to the dossier, not confirmed")
    part = ", ".join(part for part in (one.office, how_sure or _("no access")) if part)
    return Party(organisation=str(one.kind), name=one.name, person="", part=part, note=one.phone)


# --- closed ---------------------------------------------------------------------------------------------------------


def closed_band(page: OpenCase) -> dict[str, Any] | None:
    """The band over a closed case. Unknown whereabouts are never called a departure."""
    case = page.case
    if not case.is_closed:
        return None
    unproven = case.outcome == Outcome.DEPARTED_UNSUPERVISED
    words = {"date": date_long(case.closed_on), "outcome": str(Outcome(case.outcome).label)}
    text = _("Closed on %(date)s.") if unproven else _("Closed on %(date)s: %(outcome)s.")
    band: dict[str, Any] = {"text": text % words, "unproven": unproven}
    if page.can("case.close"):
        band["url"] = reverse("cases:reopen", args=[case.number])
    return band
