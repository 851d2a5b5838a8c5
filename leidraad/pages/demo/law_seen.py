"""IND takes part in the cases in which it decides; and of each kind of course one case is open to IND, its regievoerder and the
unit that carries out departures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from cases.case.grants import start_many
from cases.case.models import Involvement, InvolvementGround, Part
from cases.procedure.models import Procedure
from leidraad.lib import clock
from leidraad.pages.demo.answering import UNIT
from leidraad.pages.demo.figures import SUSPENDED
from leidraad.pages.demo.involving import REASON
from leidraad.pages.demo.placing import DUBLIN
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage
from leidraad.pages.demo.timing import NORTH_TEAM, OWN

DEPARTURES = "dtv-uitvoering"
Fits = Callable[[PlannedHousehold, str], bool]
# By name: which household shows it, with the code of the procedure of its first person.
SHOWN: Mapping[str, Fits] = {
    "former general procedure": lambda one, code: code == "general_6",
    "former extended procedure": lambda one, code: code == "extended",
    "accelerated procedure of the Pact": lambda one, code: code == "accelerated",
    "Dublin": lambda one, code: one.ground == DUBLIN and one.is_alone,
    "detained man": lambda one, code: one.is_single_man and one.stay.form in ("dc", "pi"),
    "family": lambda one, code: one.size > 1 and one.has_minors and bool(code),
}


def shown(stage: Stage) -> dict[str, PlannedHousehold]:
    """Of the account `regievoerder`, else of that team, else of another. What a small demo does not have is not there."""
    procedures = Procedure.objects.standing().exclude(kind=None).order_by("-pk")
    codes = dict(procedures.values_list("case", "kind__code"))
    by_nearness = sorted(stage.running, key=lambda one: (one.director != OWN, one.team != NORTH_TEAM))
    found: dict[str, PlannedHousehold] = {}
    for name, fits in SHOWN.items():
        for one in by_nearness:
            code = codes.get(stage.cases[one.persons[0].number].pk, "")
            if one.number not in {other.number for other in found.values()} and fits(one, code):
                found[name] = one
                break
    return found


def see(stage: Stage) -> Iterator[None]:
    of_kinds = list(shown(stage).values())
    numbers = {one.number for one in of_kinds}
    suspended = [one for one in stage.running if one.phase == SUSPENDED and one.number not in numbers]
    with stage.at(stage.plan.today - timedelta(days=1), 13, 50):
        there = stage.of([*of_kinds, *suspended])
        parts = list(_parts(stage, there, UNIT, Part.DECISION, InvolvementGround.LAW))
        shown_there = stage.of(of_kinds)
        parts += _parts(stage, shown_there, DEPARTURES, Part.DEPARTURE, InvolvementGround.TASK)
        start_many(parts, by=stage.directors(there), reason=REASON)
    yield


def _parts(stage: Stage, there: Iterable[Planned], code: str, part: str, ground: str) -> Iterator[Involvement]:
    """Where the unit has none yet."""
    unit, there = stage.units[code], list(there)
    running = Involvement.objects.running().filter(unit=unit, case__in=[one.case.pk for one in there])
    has = set(running.values_list("case_id", flat=True))
    for one in there:
        if one.case.pk not in has:
            yield Involvement(case=one.case, unit=unit, part=part, ground=ground, since=clock.now())
