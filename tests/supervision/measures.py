"""Measures in a named state, made by the same acts that officers use."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from cases.case.models import Part, ReturnCase
from cases.supervision.measure_actions import Details, Weighed, impose
from cases.supervision.models import LighterMeans, Measure, MeasureKind
from leidraad.lib import clock
from partners.models import Member, Unit
from tests.cast import Cast
from tests.factories import involve, led_case, unit

DAY = timedelta(days=1)


def kind(code: str) -> MeasureKind:
    return MeasureKind.objects.get(code=code)


def ago(days: float) -> datetime:
    return clock.now() - timedelta(days=days)


def weighed(**why: str) -> tuple[Weighed, ...]:
    """Every lighter means considered, unless `why` gives "" for it."""
    reasons = {"reporting": "Eerder niet nagekomen.", "security": "Geen middelen.", "area": "Eerder vertrokken."} | why
    means = {one.code: one for one in LighterMeans.objects.all()}
    return tuple(Weighed(means[code], bool(text), text) for code, text in reasons.items())


def details(code: str = "art59_1a", at: datetime | None = None, **values: Any) -> Details:
    """A measure with everything that the rules ask."""
    imposed_at = at or ago(3)
    whole = Details(
        kind=kind(code),
        authority="dtv_ua",
        imposed_at=imposed_at,
        officer="H. Postma",
        place_unit=unit("dc-maasvliet"),
        signs=2,
        ground="Heeft zich eerder aan het toezicht onttrokken.",
        form_no="M109-2026-0417",
        form_system="DT&V-register",
        heard_at=imposed_at - timedelta(hours=2),
        counsel="present",
        interpreter="Arabisch",
        tested_on=clock.today() - timedelta(days=30),
        test_result="nothing",
        rungs=weighed(),
    )
    return replace(whole, **values)


def restriction(at: datetime | None = None, **values: Any) -> Details:
    """Art. 56 at a vbl, by DT&V as is agreed."""
    plain = {"place_unit": None, "conditions": "Blijft in de gemeente Ter Veen.", "form_no": "M102-2026-0009"}
    return details("art56_vbl", at, **{**plain, "tested_on": None, "test_result": "", "rungs": (), **values})


def with_officer(cast: Cast, case: ReturnCase | None = None) -> ReturnCase:
    """A case of the regievoerder in which DT&V's authorised officer takes part."""
    return involve(case or led_case(cast.regievoerder), unit("dtv-uitvoering"), Part.DEPARTURE)


def detained(cast: Cast, case: ReturnCase | None = None, *, by: Member | None = None, **values: Any) -> Measure:
    at = values.pop("at", None)
    return impose(with_officer(cast, case), details(values.pop("code", "art59_1a"), at, **values), by=by or cast.ua)


def restricted(cast: Cast, case: ReturnCase | None = None, **values: Any) -> Measure:
    at = values.pop("at", None)
    return impose(with_officer(cast, case), restriction(at, **values), by=cast.ua)


def site(code: str = "dc-maasvliet") -> Unit:
    return unit(code)


def noon(days_ago: int) -> datetime:
    return clock.at(clock.today() - timedelta(days=days_ago), time(12))
