"""A stop in words, as far as its reader may know it: on the case page, on the page of stops, with the guards, in print."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.nationalities import country_name
from cases.terms.models import Act, Scope, Stop
from cases.terms.stop_actions import may_lift
from cases.terms.stops import KnownStop, known_to
from leidraad.lib.display import date_long
from leidraad.pages.case_frame import OpenCase
from partners.models import Organisation

SHOWN = 3


@dataclass(frozen=True)
class Step:
    """What happened to a stop: when, by which organisation, what, and why."""

    at: datetime
    organisation: str
    words: str
    reason: str


@dataclass(frozen=True)
class StopLine:
    """`forbids` and everything below it is empty where the ground is shielded."""

    key: int
    title: str
    organisation: str
    placed_on: date | datetime
    until: date
    mark: tuple[str, str]
    forbids: str = ""
    about: str = ""
    document: str = ""
    source: str = ""
    ends: str = ""
    rules: list[str] = field(default_factory=list)
    ground: str = ""
    grave: bool = False
    asked: str = ""
    refused: str = ""
    lifted: str = ""
    url: str = ""
    lift_url: str = ""
    lift_label: str = ""
    steps: list[Step] = field(default_factory=list)

    @property
    def held(self) -> str:
        """IND, 17 november 2026, until and with 3 March 2027."""
        words = {"by": self.organisation, "date": date_long(self.placed_on), "until": date_long(self.until)}
        return _("Placed by %(by)s on %(date)s, until %(until)s inclusive.") % words


def standing_lines(page: OpenCase) -> list[StopLine]:
    """The stops that stand today, for who may see stops. One query."""
    if page.case.is_closed:
        return []
    return [line_of(page, one) for one in _of(page)]


def all_lines(page: OpenCase) -> list[StopLine]:
    """Every stop there was, the last placed first, each with its steps. Three queries."""
    found = _of(page, standing=False)
    steps = _steps([one.stop for one in found if one.stop is not None])
    return [line_of(page, one, steps.get(one.stop.pk if one.stop else 0)) for one in found]


def _of(page: OpenCase, *, standing: bool = True) -> list[KnownStop]:
    reader = (page.can, page.member.acting_organisation)
    return known_to({page.case.pk: reader}, standing=standing).get(page.case.pk, [])


def line_of(page: OpenCase, one: KnownStop, steps: list[Step] | None = None) -> StopLine:
    stop = one.stop
    whole: dict[str, Any] = {"url": reverse("cases:stops", args=[page.case.number])}
    if stop is not None:
        whole["url"] += f"#stop-{stop.pk}"
        whole |= _whole(stop) | _lifting(page, stop) | {"steps": steps or []}
    return StopLine(
        key=stop.pk if stop else 0,
        title=stop.ground.name if stop else _("ground shielded"),
        organisation=one.organisation.short_name,
        placed_on=one.placed_at,
        until=one.until,
        mark=_mark(one),
        **whole,
    )


def _mark(one: KnownStop) -> tuple[str, str]:
    if one.lifted_at is not None:
        return ("na", pgettext("stop", "Lifted"))
    return ("no", pgettext("stop", "In force")) if one.stands else ("na", pgettext("stop", "Expired"))


def _whole(stop: Stop) -> dict[str, Any]:
    ground = stop.ground
    number = f" {stop.document_number}" if stop.document_number else ""
    return {
        "forbids": acts_words(ground.acts),
        "about": about(stop),
        "document": f"{stop.document}{number}, {date_long(stop.document_on)}",
        "source": stop.source,
        "ends": ground.ends,
        "rules": [stop.rule] if stop.rule else list(ground.rules),
        "ground": ground.code,
        "grave": stop.is_grave,
        "asked": _asked(stop),
        "refused": _refused(stop),
        "lifted": _lifted(stop),
    }


def acts_words(acts: Iterable[str]) -> str:
    """Forced removal, Dublin transfer"""
    return ", ".join(str(Act(act).label) for act in acts)


def about(stop: Stop) -> str:
    """What the stop holds: all removal, only one country, only one measure."""
    scope = str(Scope(stop.scope).label)
    if stop.scope == Scope.DESTINATION:
        return f"{scope}: {country_name(stop.country) or stop.country}"
    air = _("by air only") if stop.ground.air_only else ""
    return f"{scope}: {stop.measure}" if stop.measure else ", ".join(part for part in (scope, air) if part)


def _asked(stop: Stop) -> str:
    if stop.lift_asked_at is None or stop.lifted_at is not None or stop.lift_asked_for is None:
        return ""
    words = {"by": stop.lift_asked_for.short_name, "date": date_long(stop.lift_asked_at), "why": stop.lift_reason}
    asked = _("%(by)s asks to lift it since %(date)s: %(why)s") % words
    return f"{asked} ({stop.new_fact_words})" if stop.new_fact_words else asked


def _refused(stop: Stop) -> str:
    if stop.lift_refused_at is None or stop.lift_asked_at is not None:
        return ""
    return _("Refused on %(date)s: %(why)s") % {"date": date_long(stop.lift_refused_at), "why": stop.lift_refusal}


def _lifted(stop: Stop) -> str:
    if stop.lifted_at is None or stop.lift_asked_for is None:
        return ""
    words = {"by": stop.lift_asked_for.short_name, "date": date_long(stop.lifted_at), "why": stop.lift_reason}
    lifted = _("Lifted by %(by)s on %(date)s: %(why)s") % words
    return f"{lifted} ({stop.new_fact_words})" if stop.new_fact_words else lifted


def _lifting(page: OpenCase, stop: Stop) -> dict[str, str]:
    """Where this viewer lifts it or answers a colleague; nothing for who may not."""
    if not stop.stands or page.case.is_closed or not may_lift(stop, page.access):
        return {}
    label = pgettext("button", "Lift stop") if not stop.is_grave else pgettext("button", "Ask to lift")
    if stop.lift_asked_at is not None:
        label = pgettext("button", "Answer")
    return {"lift_url": reverse("cases:stop-lift", args=[page.case.number, stop.pk]), "lift_label": label}


def _steps(stops: list[Stop]) -> dict[int, list[Step]]:
    """What happened to each, oldest first, from its versions. Two queries, none without stops."""
    if not stops:
        return {}
    by_stop: dict[int, list[Step]] = {}
    before: dict[int, Any] = {}
    names = {one.code: one.short_name for one in Organisation.objects.all()}
    versions = Stop.history.filter(id__in=[one.pk for one in stops])
    for row in versions.order_by("history_id"):
        step = _step(row, before.get(row.id), names.get(row.history_organisation, ""))
        if step is not None:
            by_stop.setdefault(row.id, []).append(step)
        before[row.id] = row
    return by_stop


def _step(row: Any, last: Any, organisation: str) -> Step | None:
    if last is None:
        return Step(row.placed_at, organisation, pgettext("step of a stop", "placed"), row.document)
    if row.lifted_at is not None:
        return Step(row.lifted_at, organisation, pgettext("step of a stop", "lifted"), row.lift_reason)
    if row.lift_refused_at != last.lift_refused_at:
        return Step(row.lift_refused_at, organisation, pgettext("step of a stop", "refused to lift"), row.lift_refusal)
    if row.lift_asked_at is not None:
        return Step(row.lift_asked_at, organisation, pgettext("step of a stop", "asked to lift"), row.lift_reason)
    return None
