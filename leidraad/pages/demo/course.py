"""On which days a planned case came how far. Pure. One day for all cases of a delivery, as far as possible."""

from dataclasses import dataclass
from datetime import date, timedelta

from cases.case.models import Phase, TravelDocumentStage
from leidraad.pages.demo.figures import BOOKED, DOCUMENT, FORCED, PLANNING, READY, SUSPENDED, VOLUNTARY
from leidraad.pages.demo.plan import lacks_document
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.timing import workday

DAY = timedelta(days=1)
# The track that a case takes after the plan, if any. Who is booked came by the independent track, or by the forced one.
TRACK = {VOLUNTARY: Phase.TRACK_VOLUNTARY, FORCED: Phase.TRACK_FORCED, SUSPENDED: Phase.SUSPENDED}
# What closed cases were in before: a departure by its track, a new procedure suspended, the others in the plan.
TRACK_OF_ENDING = {
    "departed_independently": Phase.TRACK_VOLUNTARY,
    "departed_forced": Phase.TRACK_FORCED,
    "transferred_dublin": Phase.TRACK_FORCED,
}


@dataclass(frozen=True)
class Course:
    """Days on which things happened; None when they did not. `step` is when the present next step was recorded."""

    taken_over: date
    planned: date
    tracked: date | None
    track: str
    booked: date | None
    step: date | None


def next_workday(day: date) -> date:
    day += DAY
    while day.weekday() >= 5:
        day += DAY
    return day


def course_of(one: PlannedHousehold, today: date) -> Course:
    taken_over = min(next_workday(one.delivered), workday(today - DAY))
    planned = max(taken_over, min(workday(one.delivered + 6 * DAY), workday(today - DAY)))
    track = track_of(one)
    tracked = workday(one.delivered + 26 * DAY) if track else None
    booked = workday(today - (6 + one.delivered.toordinal() // 7 % 8) * DAY) if one.phase == BOOKED else None
    if one.ending is not None:
        return Course(taken_over, planned, tracked, track, None, None)
    # The last talk was some time ago; what follows from it stands since then.
    step = max(planned, tracked or planned, booked or planned, workday(today - min(one.quiet_days, 9) * DAY))
    return Course(taken_over, planned, tracked, track, booked, step)


def track_of(one: PlannedHousehold) -> str:
    if one.ending is not None:
        if one.ending.kind == "procedure":
            return Phase.SUSPENDED
        return TRACK_OF_ENDING.get(one.ending.outcome, "")
    if one.phase == BOOKED:
        return Phase.TRACK_FORCED if one.stay.form in ("dc", "pi", "ggv") else Phase.TRACK_VOLUNTARY
    return TRACK.get(one.phase, "")


def travel_document_of(one: PlannedHousehold) -> str | None:
    """What the director found out about the travel document, beyond what the dossier says; None when nothing."""
    if one.phase == DOCUMENT:
        return TravelDocumentStage.MISSING if lacks_document(one) else TravelDocumentStage.COPY_ONLY
    if one.phase in (READY, BOOKED):
        return TravelDocumentStage.PRESENT
    return TravelDocumentStage.UNKNOWN if one.phase == PLANNING else None
