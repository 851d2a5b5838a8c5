"""A handful of stops: appeals and postponements that IND told of, one that was lifted, one asked to lift, one of a doctor."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from cases.case.models import Involvement, Part, ReturnCase
from cases.procedure.models import Postponement, PostponementState, Remedy, RemedyKind
from cases.terms.stop_actions import NewStop, ask_to_lift, lift_stop, place_stop
from leidraad.lib import clock
from leidraad.pages.demo.stage import Stage, plan_anew
from partners.models import Member

APPEALS, POSTPONED = 3, 2
LIFTED = "De rechtbank heeft het beroep ongegrond verklaard."
ASKED = "BMA geeft een nieuw advies: reizen kan met een arts."


def stop(stage: Stage) -> Iterator[None]:
    plan_anew()
    day = stage.plan.today - timedelta(days=6)
    officer = stage.people["ind"]
    decides = Involvement.objects.running().filter(unit=officer.acting_unit, part=Part.DECISION).values("case")
    cases = ReturnCase.objects.open().filter(pk__in=decides)
    appeals = Remedy.objects.open().filter(case__in=cases, kind=RemedyKind.APPEAL)
    for number, case in enumerate(_cases(appeals, APPEALS)):
        with stage.at(day, 10, 12 + number):
            placed = place_stop(case, _new("appeal", "Beroepschrift", f"AWB 26/{4410 + number}"), by=officer)
        if number == 2:
            with stage.at(day + timedelta(days=4), 9, 40):
                lift_stop(placed, LIFTED, by=officer)
        yield
    postponed = Postponement.objects.standing().filter(case__in=cases, kind__code="art64")
    granted = postponed.filter(state__in=[PostponementState.GRANTED, PostponementState.PROVISIONAL])
    for number, case in enumerate(_cases(granted, POSTPONED)):
        with stage.at(day, 14, 20 + number):
            placed = place_stop(case, _new("art64", "Besluit IND", f"B{number + 7}"), by=officer)
        if number:
            with stage.at(day + timedelta(days=5), 11, 15):
                ask_to_lift(placed, ASKED, by=officer)
        yield
    yield from _of_a_doctor(stage)


def _cases(facts: Any, count: int) -> Sequence[ReturnCase]:
    """Of these facts of law the first cases, each once."""
    keys = list(dict.fromkeys(facts.order_by("case", "pk").values_list("case", flat=True)))[:count]
    return list(ReturnCase.objects.filter(pk__in=keys).order_by("pk"))


def _of_a_doctor(stage: Stage) -> Iterator[None]:
    director: Member = stage.people["regievoerder"]
    case = ReturnCase.objects.open().filter(director=director).order_by("-pk").first()
    if case is not None:
        with stage.at(stage.plan.today - timedelta(days=2), 16, 5):
            place_stop(case, _new("unfit", "Verklaring forensisch arts", "FA-26-0311", days=21), by=director)
    yield


def _new(ground: str, document: str, number: str, days: int = 80) -> NewStop:
    today = clock.today()
    return NewStop(
        ground=ground,
        until=today + timedelta(days=days),
        document=document,
        document_number=number,
        document_on=today - timedelta(days=1),
    )
