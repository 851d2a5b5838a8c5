"""Who is kept or restricted, by whom and why: running measures of those at closed and restricted sites, and a few former ones.

Shares that stand in no source are choices of the demo. No notices are left of it: what was told then has been read long since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cases.supervision.measure_actions import StatedMeasure, state_measures
from cases.supervision.measure_states import Counsel, CourtKind, LiftReason, Ruling, TestResult
from cases.supervision.models import CourtFact, LighterMeans, Measure, MeasureKind, MeasureRung, VulnerabilityNote
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.placing import DUBLIN
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew
from leidraad.pages.demo.timing import workday
from partners.models import Member

HELD = ("dc", "ggv")
AREA_KINDS = {"vbl": "art56_vbl", "gl": "art56_gl", "htl": "art56_htl"}
# Per thousand persons: former detentions and former restrictions of people who stay elsewhere now.
FORMER_HELD, FORMER_AREA = 12, 10
STATED_ONLY = 6  # of every so many at a closed site nobody has confirmed what the dossier says
LACKS_HEARING, LACKS_NOTICE, LACKS_TEST = 17, 11, 13  # of every so many something is missing

GROUNDS = (
    "Heeft zich eerder aan het toezicht onttrokken en geen vaste woon- of verblijfplaats.",
    "Werkt niet mee aan het vaststellen van de identiteit en heeft verklaard niet te vertrekken.",
    "Is niet vertrokken binnen de termijn en heeft onvoldoende middelen van bestaan.",
    "Heeft geen documenten, gebruikte eerder een andere naam en verscheen niet op gesprekken.",
)
AREA_GROUND = "Is niet vertrokken binnen de vertrektermijn en wil aan vertrek werken."
WHY_NOT = {
    "reporting": "Een eerdere meldplicht is niet nagekomen.",
    "security": "Heeft geen middelen voor een waarborgsom en geen garant.",
    "area": "Vertrok eerder uit een locatie met een vrijheidsbeperking.",
}
COURTS = ("Rechtbank Den Haag, zittingsplaats Rotterdam", "Rechtbank Den Haag, zittingsplaats Haarlem")
FOUND = "Gebruikt medicijnen; de medische dienst is gevraagd mee te kijken."
UNITS = {"avim": "avim-noord", "kmar": "kmar-maasvliet", "dtv_ua": "dtv-uitvoering"}
ROLES = {"avim": "team_chief", "kmar": "escort_planner", "dtv_ua": "departure_officer"}
FORMS = {"M109": "PSH-V", "M109-A": "PSH-V", "M19": "PSH-V", "M102": "INDiGO"}


@dataclass(frozen=True)
class Told:
    """One measure of one planned person: which kind, since when, and until when if it ended."""

    planned: Planned
    kind: str
    on: date
    authority: str
    lifted: date | None = None
    reason: str = ""

    @property
    def number(self) -> int:
        return self.planned.case.pk


def measure(stage: Stage) -> Iterator[None]:
    plan_anew()
    kinds = {kind.code: kind for kind in MeasureKind.objects.all()}
    told = [*_running(stage), *_former(stage)]
    for _week, of_week in grouped(told, lambda one: _week_of(stage, one.on)).items():
        _write(stage, kinds, of_week)
        yield
    _state(stage)
    yield


# --- what there is to tell ------------------------------------------------------------------------------------------


def _running(stage: Stage) -> Iterator[Told]:
    for planned in stage.of([one for one in stage.running if one.stay.form in (*HELD, *AREA_KINDS)]):
        one = planned.household
        if one.stay.form in AREA_KINDS:
            yield Told(planned, AREA_KINDS[one.stay.form], _since(stage, one, 80), "dtv_ua")
        elif not _is_only_stated(planned):
            kind = "art59a" if one.ground == DUBLIN else "art6_1" if one.supplier == "KMAR" else "art59_1a"
            on = _since(stage, one, 12 if one.stay.form == "ggv" else 150)
            yield Told(planned, kind, on, _authority(one, kind))


def _since(stage: Stage, one: PlannedHousehold, longest: int) -> date:
    """The day before the dossier came, unless that is longer ago than such a measure lasts."""
    return max(one.delivered - timedelta(days=1), stage.plan.today - timedelta(days=2 + one.number % longest))


def _authority(one: PlannedHousehold, kind: str) -> str:
    if kind == "art6_1":
        return "kmar"
    return "avim" if one.supplier == "AVIM" else "dtv_ua"


def _is_only_stated(planned: Planned) -> bool:
    return planned.household.number % STATED_ONLY == 0


def _former(stage: Stage) -> Iterator[Told]:
    """People who stay at an open site now, with a measure of last year behind them."""
    singles = [one for one in stage.running if one.stay.form == "azc" and one.is_single_adult]
    persons = stage.plan.open_persons
    for wanted, kind, days, reasons in (
        (FORMER_HELD, "art59_1a", 35, (LiftReason.COURT, LiftReason.GROUND_GONE, LiftReason.RELEASED)),
        (FORMER_AREA, "art56_vbl", 84, (LiftReason.GROUND_GONE, LiftReason.RELEASED)),
    ):
        count = share_of(wanted, persons)
        for number, planned in enumerate(stage.of(singles[1 :: max(len(singles) // max(count, 1), 1)][:count])):
            on = workday(planned.household.delivered + timedelta(days=3 + number % 5))
            lifted = workday(on + timedelta(days=days - number % 9))
            if lifted < stage.plan.today:
                yield Told(planned, kind, on, "dtv_ua", lifted, reasons[number % len(reasons)])
        singles = singles[2:]  # others than those before


def _week_of(stage: Stage, day: date) -> date:
    """The last working day of that week, or yesterday: when what happened in it was recorded."""
    return min(day + timedelta(days=4 - min(day.weekday(), 4)), stage.plan.today - timedelta(days=1))


# --- writing --------------------------------------------------------------------------------------------------------


def _write(stage: Stage, kinds: dict[str, MeasureKind], told: Sequence[Told]) -> None:
    means = list(LighterMeans.objects.all())
    for authority, of_unit in grouped(told, lambda one: one.authority).items():
        by = stage.people.of(UNITS[authority], ROLES[authority])
        with stage.at(max(_week_of(stage, one.on) for one in of_unit), 16, 40):
            made = bulk_create_as([_measure(stage, kinds[one.kind], one, by) for one in of_unit], by=by)
            pairs = list(zip(made, of_unit, strict=True))
            held = [(row, one) for row, one in pairs if row.kind.takes_liberty]
            bulk_create_as([rung for row, one in held for rung in _rungs(row, one, means)], by=by)
            bulk_create_as([note for row, one in held for note in _found(row, one, by)], by=by)
        facts = [fact for row, one in held for fact in _court(stage, row, one, by)]
        last = max((_week_of(stage, fact.at.date()) for fact in facts), default=stage.plan.today)
        with stage.at(last, 17, 10):
            bulk_create_as(facts, by=by)


def _measure(stage: Stage, kind: MeasureKind, one: Told, by: Member) -> Measure:
    number, at = one.number, stage.moment(one.on, 10 + one.number % 6, one.number % 60)
    held = kind.takes_liberty
    heard = held and bool(number % LACKS_HEARING)
    tested = held and bool(number % LACKS_TEST)
    medical = "medisch" in one.planned.person.signals
    site = stage.sites.get(one.planned.household.stay.site) if one.lifted is None else None
    return Measure(
        case=one.planned.case,
        kind=kind,
        family=kind.family,
        authority=one.authority,
        unit=by.acting_unit,
        officer=by.display_name,
        imposed_at=at,
        place_unit=site,
        place_text="" if site else "dc Maasvliet" if held else "vbl",
        conditions="" if held else "Blijft in de gemeente van de locatie en meldt zich daar.",
        signs=2 + number % 3 if held else 1,
        ground=GROUNDS[number % len(GROUNDS)] if held else AREA_GROUND,
        form_no=f"{kind.form_no}-{one.on:%Y}-{number:06d}",
        form_system=FORMS.get(kind.form_no, ""),
        heard_at=at - timedelta(hours=1, minutes=number % 45) if heard else None,
        counsel=(Counsel.PRESENT, Counsel.PRESENT, Counsel.WAIVED)[number % 3] if heard else "",
        interpreter="telefonische tolk" if heard else "",
        tested_on=one.on if tested else None,
        test_result=(TestResult.WEIGHED if medical else TestResult.NOTHING) if tested else "",
        lifted_at=stage.moment(one.lifted, 15, number % 60) if one.lifted else None,
        lift_reason=one.reason,
        lift_form_no=f"M113-{one.lifted:%Y}-{number:06d}" if one.lifted and held else "",
        source=by.acting_unit.full_name[:80],
        recorded_at=clock.now(),
    )


def _rungs(row: Measure, one: Told, means: Sequence[LighterMeans]) -> Iterator[MeasureRung]:
    for rung in means:
        skipped = rung.code == "security" and one.number % 9 == 0
        why = "" if skipped else WHY_NOT[rung.code]
        yield MeasureRung(measure=row, means=rung, considered=not skipped, why_not=why)


def _found(row: Measure, one: Told, by: Member) -> Iterator[VulnerabilityNote]:
    if row.test_result == TestResult.WEIGHED:
        yield VulnerabilityNote(measure=row, case=one.planned.case, unit=by.acting_unit, text=FOUND)


def _court(stage: Stage, row: Measure, one: Told, by: Member) -> Iterator[CourtFact]:
    """A notice on the day itself, a hearing in the second week, a ruling on day 12 or 13; of long ones a second round."""
    end, day = one.lifted or stage.plan.today, one.on
    chance = Random(f"court-{stage.seed}-{one.number}")  # noqa: S311 - a story, no secret
    if one.number % LACKS_NOTICE:
        yield _fact(stage, row, by, CourtKind.NOTICE, day, 16)
    heard, ruled = day + timedelta(days=9 + one.number % 2), day + timedelta(days=12 + one.number % 2)
    if heard <= stage.plan.today + timedelta(days=10) and heard <= end + timedelta(days=10):
        yield _fact(stage, row, by, CourtKind.HEARING, heard, 9)
    lifts = one.reason == LiftReason.COURT
    if ruled < end:
        yield _fact(stage, row, by, CourtKind.RULING, ruled, 14, Ruling.CONTINUES)
    again = day + timedelta(days=55 + chance.randint(0, 6))
    if again < end:
        yield _fact(stage, row, by, CourtKind.NOTICE, again, 11)
    if lifts:
        yield _fact(stage, row, by, CourtKind.RULING, end, 13, Ruling.LIFTED, compensation=one.number % 2 == 0)


def _fact(
    stage: Stage,
    row: Measure,
    by: Member,
    kind: str,
    day: date,
    hour: int,
    result: str = "",
    *,
    compensation: bool = False,
) -> CourtFact:
    ahead = day > stage.plan.today
    at = clock.at(day, stage.moment(stage.plan.today, hour).time()) if ahead else stage.moment(day, hour)
    return CourtFact(
        measure=row,
        kind=kind,
        at=max(at, row.imposed_at),
        court=COURTS[row.case_id % len(COURTS)] if kind != CourtKind.NOTICE else "",
        reference=f"NL{day:%y}.{row.case_id:05d}" if kind in (CourtKind.HEARING, CourtKind.RULING) else "",
        result=result,
        compensation=compensation,
        by=by,
        unit=by.acting_unit,
        recorded_at=min(clock.now(), stage.moment(day, hour)),
    )


def _state(stage: Stage) -> None:
    """What the dossier says of some at a closed site, put down when the intake desk accepted it."""
    held = [one for one in stage.running if one.stay.form in HELD]
    stated = [
        StatedMeasure(
            planned.case,
            "art59a" if planned.household.ground == DUBLIN else "art59",
            planned.household.delivered - timedelta(days=1),
            stage.units[_sender(planned.household)],
        )
        for planned in stage.of(held)
        if _is_only_stated(planned)
    ]
    clerk = stage.people["intake"]
    for day, of_day in grouped(stated, lambda one: one.since).items():
        with stage.at(workday(day + timedelta(days=3)), 11, 20):
            state_measures(of_day, by=clerk)


def _sender(one: PlannedHousehold) -> str:
    return {"AVIM": "avim-noord", "KMAR": "kmar-maasvliet"}.get(one.supplier, "ind-noord")
