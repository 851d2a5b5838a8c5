"""Looks that deserve a question: four plain rules over a period, each with its own setting. A signal is no judgement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate, TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.case.models import Involvement, NamedAccess
from leidraad.lib.models import Event, EventKind
from leidraad.pages.case_filters import organisation_choices

MOST = 25
TAKING_AWAY = (EventKind.PRINT, EventKind.EXPORT, EventKind.DOWNLOAD)
# Who is offered a case, or is asked something about it, reads the offer without a part in the case.
OFFERS = ("handover:", "requests:", "procedure:")


@dataclass(frozen=True)
class Line:
    """Who, what, when, and the list of these looks."""

    member: str
    organisation: str
    text: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Signal:
    title: str
    explanation: str
    lines: Sequence[Line]
    has_more: bool


def signals_of(events: QuerySet[Event]) -> list[Signal]:
    """The signals that are switched on, over these looks. One query each, whatever the number of looks."""
    rules: tuple[tuple[bool, Callable[[QuerySet[Event]], Signal]], ...] = (
        (settings.LEIDRAAD_SIGNAL_NO_RELATION, _no_relation),
        (settings.LEIDRAAD_SIGNAL_SEARCHES > 0, _searches),
        (bool(settings.LEIDRAAD_SIGNAL_NIGHT), _at_night),
        (settings.LEIDRAAD_SIGNAL_REFUSALS > 0, _refusals),
    )
    return [rule(events) for is_on, rule in rules if is_on]


def _signal(title: str, explanation: str, rows: Any, line: Callable[[dict[str, Any]], Line]) -> Signal:
    found = list(rows[: MOST + 1])
    return Signal(title, explanation, [line(row) for row in found[:MOST]], len(found) > MOST)


def _line(row: dict[str, Any], text: str, at: datetime, **more: str) -> Line:
    day = display_day(at)
    query = urlencode({"lid": row["member_id"], "van": day, "tot": day, **more})
    return Line(
        row["name"],
        dict(organisation_choices()).get(row["organisation"], row["organisation"]),
        text,
        at,
        f"{reverse('looks:list')}?{query}",
    )


def display_day(moment: datetime) -> str:
    return moment.astimezone(_zone()).strftime("%d-%m-%Y")


def _zone() -> Any:
    return timezone.get_default_timezone()


def _by_member(events: QuerySet[Event], **group: Any) -> QuerySet[Any, Any]:
    found = events.exclude(member_id=None).values("member_id", "organisation", **group)
    return found.annotate(count=Count("id"), last=Max("at"), name=Max("member_name")).order_by("-last", "member_id")


def _no_relation(events: QuerySet[Event]) -> Signal:
    """The unit had no part in the case at that moment, and the member no access by name."""
    running = Q(until=None) | Q(until__gt=OuterRef("at"))
    involved = Involvement.objects.filter(
        running, case=OuterRef("case_id"), unit=OuterRef("unit_id"), since__lte=OuterRef("at")
    )
    named = NamedAccess.objects.filter(
        case=OuterRef("case_id"), member=OuterRef("member_id"), since__lte=OuterRef("at"), until__gt=OuterRef("at")
    )
    offered = Q()
    for start in OFFERS:
        offered |= Q(route__startswith=start)
    found = events.exclude(case_id=None).exclude(kind=EventKind.REFUSED).exclude(offered)
    rows = _by_member(found.filter(~Exists(involved), ~Exists(named)), number=F("case_number"))

    def line(row: dict[str, Any]) -> Line:
        text = ngettext("case %(number)s, %(count)d look", "case %(number)s, %(count)d looks", row["count"])
        return _line(row, text % row, row["last"], zaak=row["number"])

    return _signal(
        _("No relation with the case"),
        _(
            "The unit of this member had no part in the case when it was opened. Looking at an offer or a request does not"
            " count: who is asked something may read it."
        ),
        rows,
        line,
    )


def _searches(events: QuerySet[Event]) -> Signal:
    limit = settings.LEIDRAAD_SIGNAL_SEARCHES
    rows = _by_member(events.filter(kind=EventKind.SEARCH), hour=TruncHour("at", tzinfo=_zone())).filter(
        count__gte=limit
    )

    def line(row: dict[str, Any]) -> Line:
        text = ngettext("%(count)d search in one hour", "%(count)d searches in one hour", row["count"]) % row
        return _line(row, text, row["hour"], soort=EventKind.SEARCH.value)

    explanation = _("At least %(limit)d searches within one clock hour. A busy desk can have a good reason for it.")
    return _signal(_("Many searches"), explanation % {"limit": limit}, rows, line)


def _at_night(events: QuerySet[Event]) -> Signal:
    first, last = (int(hour) for hour in settings.LEIDRAAD_SIGNAL_NIGHT.split("-"))
    hours = Q(hour__gte=first) | Q(hour__lt=last) if first > last else Q(hour__gte=first, hour__lt=last)
    found = events.filter(kind__in=TAKING_AWAY).annotate(hour=ExtractHour("at", tzinfo=_zone())).filter(hours)
    rows = _by_member(found, day=TruncDate("at", tzinfo=_zone()))

    def line(row: dict[str, Any]) -> Line:
        text = ngettext("%(count)d file or print", "%(count)d files or prints", row["count"]) % row
        return _line(row, text, row["last"])

    explanation = _("Printed, exported or downloaded between %(first)d:00 and %(last)d:00. Some desks work at night.")
    return _signal(_("Printing or exporting at night"), explanation % {"first": first, "last": last}, rows, line)


def _refusals(events: QuerySet[Event]) -> Signal:
    limit = settings.LEIDRAAD_SIGNAL_REFUSALS
    found = events.filter(kind=EventKind.REFUSED)
    rows = _by_member(found, day=TruncDate("at", tzinfo=_zone())).filter(count__gte=limit)

    def line(row: dict[str, Any]) -> Line:
        text = ngettext("%(count)d refusal on one day", "%(count)d refusals on one day", row["count"]) % row
        return _line(row, text, row["last"], soort=EventKind.REFUSED.value)

    explanation = _(
        "At least %(limit)d pages on one day that were not shared with the member, or that do not exist. Old bookmarks cause"
        " this as well."
    )
    return _signal(_("Many refusals"), explanation % {"limit": limit}, rows, line)
