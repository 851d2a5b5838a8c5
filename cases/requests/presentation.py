"""Requests as the screens show them: the offer, a line of a list, the course of one request. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases.case.models import Person, Sex
from cases.case.nationalities import language_name
from cases.requests.models import Request, RequestStep, Risk
from cases.requests.places import place_line
from cases.requests.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.display import date_short, date_time, days_since, name_html, time_of_day
from partners.models import Member, Unit

Fact = tuple[str, object]


def person_line(person: Person) -> SafeString:
    """The minimal identity that an offer shows: name, sex and year of birth, and no more."""
    given = " ".join(part for part in (person.given_names, person.name_prefix) if part)
    return format_html("{} · {}", name_html(person.surname, given), who(person))


def who(person: Person) -> str:
    """man, 1989"""
    year = str(person.birth_year) if person.birth_year else _("birth year unknown")
    return f"{Sex(person.sex).label}, {year}"


def risk_words(request: Request) -> str:
    """The risk as a badge; "" when none is known."""
    if request.risk in ("", Risk.NONE):
        return ""
    return _("Risk: %(risk)s") % {"risk": Risk(request.risk).label}


def badges(request: Request) -> list[tuple[str, str]]:
    """Kind of mark and words, for what whoever goes there must know."""
    found = [("warn", risk_words(request))] if risk_words(request) else []
    if request.minors_present:
        found.append(("warn", _("Children present")))
    if request.interpreter:
        found.append(("none", _("Interpreter %(language)s") % {"language": language_name(request.interpreter)}))
    return found


def offer_facts(request: Request) -> list[Fact]:
    """What the receiver sees before it accepts, and what the asker is shown before sending."""
    risk = Risk(request.risk).label if request.risk else ""
    facts: list[Fact] = [
        (_("Asked"), str(request.kind)),
        (_("Person"), person_line(request.person)),
        (_("Reason"), request.reason),
        (_("Needed before"), date_time(request.due_at)),
        (_("Basis"), request.kind.basis),
    ]
    if request.kind.needs_place:
        facts.append((_("Place"), place_line(request)))
    if request.kind.needs_risk:
        facts.append((_("Risk"), risk))
    if request.kind.is_visit:
        facts.append((_("Children present"), _("yes") if request.minors_present else _("no")))
    if request.interpreter:
        facts.append((_("Interpreter"), language_name(request.interpreter)))
    return facts


# --- lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One request in a list, ready to draw."""

    request: Request
    url: str
    person: SafeString
    other: Unit
    due: str
    late: str
    mark: tuple[str, str]
    badges: list[tuple[str, str]]


MARKS = {
    Status.OFFERED: "todo",
    Status.ACCEPTED: "planned",
    Status.REPORTED_READY: "ok",
    Status.DONE: "ok",
    Status.DECLINED: "no",
    Status.NOT_POSSIBLE: "no",
    Status.WITHDRAWN: "na",
    Status.EXPIRED: "warn",
}


def line_of(request: Request, member: Member) -> Line:
    received = request.to_unit_id == member.acting_unit_id
    return Line(
        request=request,
        url=reverse("requests:detail", args=[request.pk]),
        person=person_line(request.person),
        other=request.from_unit if received else request.to_unit,
        due=due_words(request),
        late=late_words(request),
        mark=(MARKS[Status(request.status)], str(Status(request.status).label)),
        badges=badges(request),
    )


def due_words(request: Request) -> str:
    """Always the absolute moment; an ended request shows when it ended."""
    moment = request.ended_at or request.due_at
    local = moment.astimezone(clock.now().tzinfo)
    if local.date() == clock.today():
        return _("today, %(time)s") % {"time": time_of_day(moment)}
    return f"{date_short(moment)}, {time_of_day(moment)}"


def late_words(request: Request) -> str:
    """By how much an open request is late; "" when it is not."""
    if not request.is_late:
        return ""
    if request.due_at.astimezone(clock.now().tzinfo).date() == clock.today():
        return pgettext("request", "late")
    return _("%(days)s late") % {"days": days_since(request.due_at)}


# --- the course of one request --------------------------------------------------------------------------------------

SAD_STEPS = frozenset({StepKind.DECLINED, StepKind.NOT_POSSIBLE, StepKind.EXPIRED, StepKind.OVERDUE})

TO_COME = {
    Status.OFFERED: gettext_lazy("Waiting for an answer"),
    Status.ACCEPTED: gettext_lazy("Waiting for the report"),
    Status.REPORTED_READY: gettext_lazy("Waiting for confirmation"),
}


def course(request: Request, steps: Sequence[RequestStep]) -> list[dict[str, Any]]:
    """The steps that were taken, each with person and moment, and the one that is awaited."""
    drawn: list[dict[str, Any]] = [
        {
            "state": "late" if step.kind in SAD_STEPS else "done",
            "title": step.get_kind_display(),
            "note": _note(step),
        }
        for step in steps
    ]
    if request.turn_unit is not None:
        title = str(TO_COME[Status(request.status)])
        drawn.append({"state": "todo", "title": title, "note": request.turn_unit.full_name, "current": True})
    return drawn


def _note(step: RequestStep) -> str:
    """Who, for which unit, when, and what was said. What the program itself says is stored in English."""
    if step.member is None or step.unit is None:
        text = _(step.text) if step.text else ""
        return ". ".join(part for part in (f"{_('Automatic')}, {date_time(step.at)}", text) if part)
    said = f": “{step.text}”" if step.text else ""
    return f"{step.member} ({step.unit.full_name}), {date_time(step.at)}{said}"
