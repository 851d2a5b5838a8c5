"""When things happened: deliveries of dossiers, closings, next steps; and who directs which case. Pure.

Moments are few on purpose: everything of a day is written in a handful of statements.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from leidraad.pages.demo.figures import (
    BOOKED,
    DOCUMENT,
    FORCED,
    OWN_CASELOAD,
    OWN_INTAKE,
    PLANNING,
    READY,
    RECEIVED,
    SUSPENDED,
    VOLUNTARY,
)
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.sharing import by_largest_remainder, draw, in_turn, shuffled
from leidraad.pages.demo.sites import NORTH

WEEK = timedelta(days=7)
NORTH_TEAM, SOUTH_TEAM = "dtv-noord-2", "dtv-zuid-1"
LEAST_WITH_HELD = 5  # a caseload of so few has no room for somebody in detention
OWN = "regievoerder"

# How many weeks ago a case in this phase came in, at least and at most.
WEEKS: Mapping[str, tuple[int, int]] = {
    PLANNING: (1, 9),
    READY: (4, 24),
    DOCUMENT: (8, 40),
    VOLUNTARY: (6, 30),
    FORCED: (8, 36),
    BOOKED: (10, 36),
    SUSPENDED: (12, 40),
}
# Weeks between delivery and closing of a closed case.
CLOSED_AFTER = (6, 44)
YEAR = timedelta(days=365)

# When next steps are due, in days from today, per 100: about four in a hundred are late.
STEP_DAYS: Mapping[tuple[int, int], int] = {(-8, -1): 4, (0, 0): 6, (1, 7): 30, (8, 21): 42, (22, 40): 18}
# The same for the account `regievoerder`, per 47: the wireframe has 2 late, 4 today, 11 this week.
OWN_STEP_DAYS: Mapping[tuple[int, int], int] = {(-4, -2): 2, (0, 0): 3, (1, 4): 10, (8, 20): 20, (21, 35): 12}
# How long ago somebody last had contact, per 100.
QUIET_DAYS: Mapping[tuple[int, int], int] = {(1, 7): 34, (8, 20): 38, (21, 29): 20, (31, 55): 8}


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def deliveries(today: date) -> list[date]:
    """The days on which dossiers came in, the oldest first: few and far between two years ago, weekly of late, and today."""
    weeks = [*range(96, 52, -5), *range(52, 12, -2), 12, 10, 8, 6, 5, 4, 3, 2, 1]
    tuesday = today - timedelta(days=(today.weekday() - 1) % 7)
    days = [tuesday - WEEK * week for week in weeks]
    return [*days, workday(today - timedelta(days=1)), today]


def closing_days(today: date) -> list[date]:
    """Every Thursday of the last twelve months, the oldest first."""
    thursday = today - timedelta(days=(today.weekday() - 3) % 7 or 7)
    return [day for n in range(52, -1, -1) if today - (day := thursday - WEEK * n) < YEAR]


def deliver_open(households: list[PlannedHousehold], chance: Random, today: date) -> None:
    days = deliveries(today)
    *earlier, yesterday, now = days
    waiting = [one for one in households if one.phase == RECEIVED]
    late = set(chance.sample(range(len(waiting)), round(len(waiting) * 0.1)))
    for place, household in enumerate(waiting):
        household.delivered = yesterday if place in late else now
    for household in households:
        if household.phase != RECEIVED:
            least, most = WEEKS[household.phase]
            fitting = [day for day in earlier if WEEK * least <= today - day <= WEEK * (most + 1)]
            household.delivered = chance.choice(fitting)


def deliver_closed(ends: Sequence[date], chance: Random, today: date) -> list[date]:
    """For each closing day a day of delivery before it."""
    days = deliveries(today)
    found = []
    for end in ends:
        fitting = [day for day in days if WEEK * CLOSED_AFTER[0] <= end - day <= WEEK * CLOSED_AFTER[1]]
        found.append(chance.choice(fitting))
    return found


def direct(households: list[PlannedHousehold], directors: Mapping[str, Sequence[str]], chance: Random) -> None:
    """Team by where the person stays. The account `regievoerder` leads about 47 cases; of each delivery a team gives its
    other cases to two colleagues, in turn, so that all carry about as much."""
    led = [one for one in households if one.phase != RECEIVED or one.ending is not None]
    for household in led:
        household.team = NORTH_TEAM if household.stay.city in NORTH else SOUTH_TEAM
    wanted = share_of(OWN_CASELOAD, sum(one.size for one in households if one.ending is None))
    held = _held_man(led) if wanted > LEAST_WITH_HELD else None
    if held is not None:
        held.team, held.director = NORTH_TEAM, OWN
        wanted -= held.size
    others = [one for one in led if one.team == NORTH_TEAM and one.ending is None and one is not held]
    own = draw(chance, others, wanted, size=lambda one: one.size, liking=_liking)
    for household in own:
        household.director = OWN
    _in_pairs([one for one in led if not one.director], directors)


def _held_man(led: Sequence[PlannedHousehold]) -> PlannedHousehold | None:
    """Detention centres lie in the south: one man in detention stays with the account `regievoerder` that led his case."""
    return next((one for one in led if one.ending is None and one.is_single_man and one.stay.form == "dc"), None)


def _liking(household: PlannedHousehold) -> float:
    """A caseload with something of everything, and not too many families."""
    return (
        0.5 if household.phase == PLANNING else 1.5 if household.phase in (BOOKED, VOLUNTARY) else 1
    ) / household.size


def _in_pairs(households: list[PlannedHousehold], directors: Mapping[str, Sequence[str]]) -> None:
    carried = {name: 0 for names in directors.values() for name in names}
    for day in sorted({one.delivered for one in households}):
        for team, names in directors.items():
            there = [one for one in households if (one.delivered, one.team) == (day, team)]
            for open_ones in ([one for one in there if one.ending is None], [one for one in there if one.ending]):
                pair = sorted((name for name in names if name != OWN), key=lambda name: carried[name])[:2]
                if open_ones and open_ones[0].ending:
                    # Closed cases are carried no more: one of the pair will do, whoever it is.
                    pair = pair[:1]
                for place, household in enumerate(open_ones):
                    household.director = pair[place % len(pair)]
                    if household.ending is None:
                        carried[household.director] += household.size


def steps(households: list[PlannedHousehold], chance: Random, today: date) -> None:
    """When the next step is due and when contact last was: a household goes through it together."""
    led = [one for one in households if one.phase != RECEIVED]
    for mine, table in ((True, OWN_STEP_DAYS), (False, STEP_DAYS)):
        there = [one for one in led if (one.director == OWN) is mine]
        due = shuffled(chance, in_turn(by_largest_remainder(table, len(there))))
        contact = shuffled(chance, in_turn(by_largest_remainder(QUIET_DAYS, len(there))))
        for household, days, quiet in zip(there, due, contact, strict=True):
            household.step_days = _working(chance.randint(*days), today)
            household.quiet_days = min(chance.randint(*quiet), max(1, (today - household.delivered).days - 5))


def _working(days: int, today: date) -> int:
    """Nothing is due in a weekend; what is due today is due today. Late ones go back to Friday, others on to Monday."""
    weekday = (today + timedelta(days=days)).weekday()
    if not days or weekday < 5:
        return days
    return days - (weekday - 4) if days < 0 else days + (7 - weekday)


def is_delivered(household: PlannedHousehold) -> bool:
    """It came in with a dossier of another organisation."""
    return household.supplier != OWN_INTAKE
