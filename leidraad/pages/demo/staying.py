"""Who stays at which site of COA and was seen there: stays, marks of the last weeks, the duty to report.

Figures of the proposal (scale-figures, 7.9): 30 stays that end within 14 days, 60 persons with a missed weekly mark. Measures
have no model yet.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from cases.case.grants import start_many
from cases.case.models import Involvement, InvolvementGround, Mark, Part, Rhythm
from cases.case.rhythm import Moment, moments, monday_of
from cases.reception.models import InHouseMark, Placement, PlacementStep, ReceptionForm
from cases.reception.states import PlacementStatus, StepKind
from cases.requests.models import ServiceArea
from cases.supervision.models import DutyMark, ReportingDuty
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as
from leidraad.pages.demo import moving
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew
from partners.models import Member, Unit

# Per thousand persons.
ENDING, MISSED = 30, 60
WEEKS_OF_MARKS = 5
DAYS_OF_MARKS = 10
KNOWN = "Stay as the sender stated it"
DUTY_FORM = "M117-A"
REPORTING = ("azc", "no", "vbl")


def stay(stage: Stage) -> Iterator[None]:
    residents = [one for one in stage.running if one.stay.site and _is_coa(stage.sites[one.stay.site])]
    plan_anew()
    ending = _first_persons(residents, share_of(ENDING, stage.plan.open_persons), skip=3)
    for day, households in grouped(residents, lambda one: stage.course(one).taken_over).items():
        with stage.at(day, 11, 5):
            _begin(stage, stage.of(households), ending)
        yield
    yield from moving.moved_lately(stage, residents)
    stays = list(Placement.objects.staying().select_related("site").order_by("pk"))
    missed = _missed(stage, stays)
    yield from _mark(stage, stays, missed)
    yield from moving.absences(stage, missed)
    yield from _report(stage, residents, missed)
    yield from moving.planned_moves(stage, residents)


def _is_coa(site: Unit) -> bool:
    return site.organisation.code == "coa"


def _first_persons(households: Sequence[PlannedHousehold], wanted: int, *, skip: int) -> frozenset[int]:
    """Numbers of households, one in `skip`, that together have at least so many persons."""
    found, persons = set(), 0
    for one in households[::skip]:
        if persons >= wanted:
            break
        found.add(one.number)
        persons += one.size
    return frozenset(found)


def _begin(stage: Stage, there: Sequence[Planned], ending: frozenset[int]) -> None:
    """What accepting a handover does for a known site; then the site gave a room."""
    clerk, bases = stage.people["intake"], dict(ReceptionForm.objects.values_list("code", "legal_basis"))
    placements = [_placement(stage, planned, bases, ending) for planned in there]
    bulk_create_as(placements, by=clerk, reason=KNOWN)
    PlacementStep.objects.bulk_create(
        [
            PlacementStep(
                placement=placement,
                kind=StepKind.STARTED,
                status=placement.status,
                since=placement.status_since,
                noted_at=clock.now(),
                member=clerk,
                unit=clerk.acting_unit,
            )
            for placement in placements
        ]
    )


def _placement(stage: Stage, planned: Planned, bases: dict[str, str], ending: frozenset[int]) -> Placement:
    one, site = planned.household, stage.sites[planned.household.stay.site]
    days = 1 + one.number % 14
    return Placement(
        case=planned.case,
        site=site,
        form=site.reception_form,
        legal_basis=bases.get(site.reception_form, ""),
        status=PlacementStatus.PRESENT,
        status_since=one.delivered,
        started_on=one.delivered,
        planned_end=stage.plan.today + timedelta(days=days) if one.number in ending else None,
        room=f"{'ABCD'[one.number % 4]}-{100 + one.number % 180}",
        source="IND" if one.supplier == "IND" else "DT&V",
    )


# --- the register ---------------------------------------------------------------------------------------------------


def _missed(stage: Stage, stays: Sequence[Placement]) -> dict[int, int]:
    weekly = set(ReceptionForm.objects.filter(in_house_rhythm=Rhythm.WEEKLY).values_list("code", flat=True))
    return _missing(stage, [one.case_id for one in stays if one.form in weekly])


def _mark(stage: Stage, stays: Sequence[Placement], missed: dict[int, int]) -> Iterator[None]:
    """Most were seen, some missed once, a few twice; of today's moments not all are filled in yet."""
    rhythms = dict(ReceptionForm.objects.values_list("code", "in_house_rhythm"))
    for code, of_site in grouped(stays, lambda one: one.site.code).items():
        by = stage.people.of(code, "reception_desk")
        new = [
            mark
            for one in of_site
            for moment in _moments(stage, rhythms.get(one.form, ""), one.started_on or stage.plan.today)
            if (mark := _in_house(stage, one, moment, missed, by)) is not None
        ]
        bulk_create_as(new, by=by, reason="")
        yield


def _moments(stage: Stage, rhythm: str, since: date) -> list[Moment]:
    today = stage.plan.today
    if rhythm == Rhythm.WEEKLY:
        first = monday_of(today) - timedelta(weeks=WEEKS_OF_MARKS - 1)
    else:
        first = today - timedelta(days=DAYS_OF_MARKS)
    return list(moments(rhythm, max(first, since), today))


def _missing(stage: Stage, case_ids: Sequence[int]) -> dict[int, int]:
    """Of so many persons in a thousand the last weekly mark is a missed one, of every fourth the one before too."""
    wanted = share_of(MISSED, stage.plan.open_persons)
    step = max(len(case_ids) // max(wanted, 1), 1)
    return {key: 2 if number % 4 == 0 else 1 for number, key in enumerate(case_ids[::step][:wanted])}


def _is_now(stage: Stage, moment: Moment) -> bool:
    return moment.due_from <= stage.plan.today <= moment.due_to


def _what(stage: Stage, case_id: int, moment: Moment, missed: dict[int, int]) -> Mark | None:
    """None for what is not filled in: a third of the moments that still run."""
    chance = Random(f"mark-{stage.seed}-{case_id}-{moment.due_from}-{moment.slot}")  # noqa: S311 - a story
    if _is_now(stage, moment):
        return Mark.SEEN if chance.random() < 0.66 and case_id not in missed else None
    weeks_ago = (monday_of(stage.plan.today) - monday_of(moment.due_from)).days // 7
    if case_id in missed and weeks_ago <= missed[case_id]:
        return Mark.MISSED
    luck = chance.random()
    # A weekly mark is missed by whom the figures say; a day is missed now and then.
    if moment.due_from == moment.due_to and luck > 0.98:
        return Mark.MISSED
    return Mark.EXCUSED if luck < 0.02 else Mark.SEEN


def _noted_at(stage: Stage, moment: Moment) -> date:
    return min(moment.due_from + timedelta(days=min((moment.due_to - moment.due_from).days, 3)), stage.plan.today)


def _in_house(stage: Stage, one: Placement, moment: Moment, missed: dict[int, int], by: Member) -> InHouseMark | None:
    mark = _what(stage, one.case_id, moment, missed)
    if mark is None:
        return None
    return InHouseMark(
        placement=one,
        case_id=one.case_id,
        due_from=moment.due_from,
        due_to=moment.due_to,
        slot=moment.slot,
        mark=mark,
        by=by,
        at=stage.moment(_noted_at(stage, moment), 9 + one.pk % 8, one.pk % 60),
    )


# --- the duty to report ---------------------------------------------------------------------------------------------


def _report(stage: Stage, residents: Sequence[PlannedHousehold], unseen: dict[int, int]) -> Iterator[None]:
    """Adults at open sites report each week to the police of the town, who take part in the case for it.

    Who was not seen at the site did not report either.
    """
    towns = {area.city: area.unit for area in ServiceArea.objects.valid().select_related("unit__organisation")}
    obliged = [one for one in residents if one.stay.form in REPORTING and one.stay.city in towns]
    for code, households in grouped(obliged, lambda one: towns[one.stay.city].code).items():
        unit, by = stage.units[code], stage.people.of(code, "supervision_officer")
        adults = [planned for planned in stage.of(households) if not planned.person.is_minor]
        with stage.at(stage.plan.today - timedelta(weeks=WEEKS_OF_MARKS), 10, 10):
            duties = [_duty(stage, planned, unit) for planned in adults]
            bulk_create_as(duties, by=by, reason="")
            start_many([_supervision(planned, unit) for planned in adults], by=by, reason=DUTY_FORM)
        missed = _missing(stage, [duty.case_id for duty in duties][::2]) | unseen
        new = [
            mark
            for duty in duties
            for moment in _moments(stage, duty.rhythm, duty.imposed_on)
            if (mark := _duty_mark(stage, duty, moment, missed, by)) is not None
        ]
        bulk_create_as(new, by=by, reason="")
        yield


def _duty(stage: Stage, planned: Planned, unit: Unit) -> ReportingDuty:
    site = planned.case.residence_unit or stage.sites[planned.household.stay.site]
    return ReportingDuty(
        case=planned.case,
        unit=unit,
        rhythm=Rhythm.WORKDAYS if site.reception_form == "vbl" else Rhythm.WEEKLY,
        place=site,
        imposed_on=max(planned.household.delivered, clock.today()),
        form_no=f"{DUTY_FORM} {planned.case.pk:06d}",
        source=unit.full_name,
    )


def _supervision(planned: Planned, unit: Unit) -> Involvement:
    return Involvement(
        case=planned.case, unit=unit, part=Part.SUPERVISION, ground=InvolvementGround.LAW, since=clock.now()
    )


def _duty_mark(
    stage: Stage, duty: ReportingDuty, moment: Moment, missed: dict[int, int], by: Member
) -> DutyMark | None:
    mark = _what(stage, duty.case_id, moment, missed)
    if mark is None:
        return None
    return DutyMark(
        duty=duty,
        case_id=duty.case_id,
        due_from=moment.due_from,
        due_to=moment.due_to,
        slot=moment.slot,
        mark=mark,
        by=by,
        at=stage.moment(_noted_at(stage, moment), 9 + duty.pk % 7, duty.pk % 60),
    )
