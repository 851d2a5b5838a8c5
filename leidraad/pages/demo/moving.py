"""Who is on the move between sites of COA: expected, arrived, did not come, away for a while, absent and being checked.

Figures of the proposal (scale-figures, 7.9): 25 moves planned of which 5 overdue, 18 open signals of absence, which are stays
that are being checked. How many moved lately, did not come or are away for a while is a choice of the demo.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from cases.reception.actions import record_arrival, record_no_show, reserve
from cases.reception.actions.common import new_step
from cases.reception.actions.staying import STATUS_CHANGED
from cases.reception.models import InHouseMark, Placement, PlacementStep
from cases.reception.states import PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import PerRecord, bulk_update_as
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage
from leidraad.pages.demo.timing import weekday, workday
from partners.models import Member, Unit

# Per thousand persons.
MOVES, OVERDUE, MOVED, NO_SHOWS, CHECKED, AWAY = 25, 5, 6, 2, 18, 5
SITES = ("azc-veenmeer", "azc-oosterhaar", "azc-zandwijk")
WISH = "Plaats vrij dichter bij de school van de kinderen of bij familie"
NOT_COME = "Niet aangekomen, telefonisch niet bereikbaar"
UNSEEN = "Twee weken niet gezien, kamer gecontroleerd"
VISIT = "Op bezoek bij familie, met toestemming"


def moved_lately(stage: Stage, residents: Sequence[PlannedHousehold]) -> Iterator[None]:
    """Between the two northern azc: expected last week, arrived the day after. Their cases are read anew."""
    singles = [one for one in _alone(residents) if stage.sites[one.stay.site].code in SITES[:2]]
    before = workday(stage.plan.today - timedelta(days=12))
    settled = [one for one in singles if stage.course(one).taken_over < before]
    wanted = share_of(MOVED, stage.plan.open_persons)
    for number, planned in enumerate(stage.of(settled[1 :: max(len(settled) // max(wanted, 1), 1)][:wanted])):
        target = stage.units[SITES[1] if _site(stage, planned).code == SITES[0] else SITES[0]]
        placement = _reserve(stage, planned, target, before, before + timedelta(days=4))
        arrived = workday(stage.plan.today - timedelta(days=7))
        with stage.at(arrived, 15, 5 * number):
            record_arrival(placement, arrived, by=_case_manager(stage, target), room=f"C-{140 + number}")
        stage.remember([planned.household])
        yield


def planned_moves(stage: Stage, residents: Sequence[PlannedHousehold]) -> Iterator[None]:
    """Places reserved by the site where the person stays; a few were expected days ago, and of two the site said that they
    did not come."""
    total, late, unseen = (share_of(count, stage.plan.open_persons) for count in (MOVES, OVERDUE, NO_SHOWS))
    staying = dict(Placement.objects.staying().values_list("case_id", "site__code"))
    free = [one for one in stage.of(_alone(residents)) if staying.get(one.case.pk) == _site(stage, one).code]
    today = stage.plan.today
    for number, planned in enumerate(free[:: max(len(free) // max(total + unseen, 1), 1)][: total + unseen]):
        others = [code for code in SITES if code != _site(stage, planned).code]
        target = stage.units[others[number % len(others)]]
        if number < late or number >= total:
            ago, expected = 7, workday(today - timedelta(days=4 + number % 2))
        else:
            ago, expected = 1 + number % 5, weekday(today + timedelta(days=number % 10))
        asked = max(workday(today - timedelta(days=ago)), stage.course(planned.household).taken_over)
        placement = _reserve(stage, planned, target, asked, expected)
        if number >= total and placement.arrival_deadline is not None:
            with stage.at(today, 9, number % 60):
                if clock.now() > placement.arrival_deadline:
                    record_no_show(placement, by=_case_manager(stage, target), reason=NOT_COME)
        yield


def absences(stage: Stage, missed: Mapping[int, int]) -> Iterator[None]:
    """Who missed two weeks is being checked; some who have no mark yet this week are away with leave."""
    checked, away = (share_of(count, stage.plan.open_persons) for count in (CHECKED, AWAY))
    present = Placement.objects.filter(status=PlacementStatus.PRESENT).select_related("site").order_by("pk")
    unseen = sorted((one for one in present if one.case_id in missed), key=lambda one: (-missed[one.case_id], one.pk))
    day = workday(stage.plan.today - timedelta(days=1))
    _change(stage, unseen[:checked], PlacementStatus.ABSENT_UNDER_CHECK, day, UNSEEN)
    marked = InHouseMark.objects.filter(due_to__gte=stage.plan.today).values("placement")
    unmarked = [one for one in present.exclude(pk__in=marked) if one.case_id not in missed and one.started_on]
    settled = [one for one in unmarked if one.started_on and one.started_on < day]
    _change(
        stage, settled[:: max(len(settled) // max(away, 1), 1)][:away], PlacementStatus.TEMPORARILY_ABSENT, day, VISIT
    )
    yield


def _change(stage: Stage, stays: Sequence[Placement], status: PlacementStatus, day: date, note: str) -> None:
    """What `change_status` does for one, by the case manager of each site."""
    by = {one.pk: _case_manager(stage, one.site) for one in stays}
    with stage.at(day, 16, 20):
        for one in stays:
            one.status, one.status_since = status, day
            one.version += 1
        bulk_update_as(stays, ["status", "status_since", "version"], by=PerRecord(Placement, by), reason=STATUS_CHANGED)
        PlacementStep.objects.bulk_create([new_step(one, StepKind.STATUS, by=by[one.pk], note=note) for one in stays])


def _reserve(stage: Stage, planned: Planned, target: Unit, day: date, expected: date) -> Placement:
    with stage.at(day, 14, planned.case.pk % 60):
        by = _case_manager(stage, _site(stage, planned))
        return reserve(planned.case, target, max(expected, clock.today()), by=by, reason=WISH)


def _alone(residents: Sequence[PlannedHousehold]) -> list[PlannedHousehold]:
    return [one for one in residents if one.is_alone and one.stay.form in ("azc", "no")]


def _site(stage: Stage, planned: Planned) -> Unit:
    return stage.sites[planned.household.stay.site]


def _case_manager(stage: Stage, site: Unit) -> Member:
    return stage.people.of(site.code, "reception_case_manager")
