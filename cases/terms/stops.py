"""Reading the stops of cases: whole for who judges, and for a page what its reader may know of each."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from cases.terms.calendars.arithmetic import over_at
from cases.terms.models import Act, Stop
from leidraad.lib import clock
from leidraad.lib.who import principal
from partners.models import Organisation
from partners.policy import SENSITIVE

VIEW = "stops.view"
PLACE = "stops.place"
LIFT = "stops.lift"
REMOVAL = frozenset({Act.FORCED_REMOVAL, Act.DUBLIN_TRANSFER})
Can = Callable[[str], bool]


def stops_of(cases: Collection[int], since: date) -> dict[int, list[Stop]]:
    """The stops of these cases that stood on `since` or later, the first placed first. One query; as the database shows them."""
    found = Stop.objects.filter(case__in=cases, until__gte=since).select_related("ground", "organisation")
    by_case: dict[int, list[Stop]] = defaultdict(list)
    for stop in found.filter(Q(lifted_at=None) | Q(lifted_at__gte=over_at(since))).order_by("placed_at", "pk"):
        by_case[stop.case_id].append(stop)
    return by_case


@dataclass(frozen=True)
class KnownStop:
    """A stop as one reader may know it. `stop` is None where the ground is closed to them: then this is all there is.

    `holds_removal` is told to everybody who may know of stops: who stands at the door must know.
    """

    case: int
    organisation: Organisation
    holds_removal: bool
    until: date
    placed_at: datetime
    lifted_at: datetime | None
    stop: Stop | None

    @property
    def stands(self) -> bool:
        return self.lifted_at is None and self.until >= clock.today()

    @property
    def is_grave(self) -> bool:
        return self.stop is not None and self.stop.is_grave


def may_know(stop: Stop, can: Can, organisation: str) -> bool:
    """Whether this reader may read the ground: who may see its section, and who placed it."""
    return stop.section not in SENSITIVE or can(f"{stop.section}.view") or stop.organisation.code == organisation


@principal("stops")
def known_to(
    readers: Mapping[int, tuple[Can, str]], *, standing: bool = True, day: date | None = None
) -> dict[int, list[KnownStop]]:
    """Of each of these cases the stops, what its reader (rights and organisation) may know of them. One query.

    Only those that stand today, or with `standing` False all of them, the last placed first. Without the right to see stops
    there are none.
    """
    seen = {case: reader for case, reader in readers.items() if reader[0](VIEW)}
    if not seen:
        return {}
    found = Stop.objects.filter(case__in=seen).for_pages().select_related("lift_asked_for")
    if standing:
        found = found.in_force(day or clock.today())
    by_case: dict[int, list[KnownStop]] = defaultdict(list)
    for stop in found.order_by("-placed_at", "-pk"):
        by_case[stop.case_id].append(_known(stop, *seen[stop.case_id]))
    return by_case


def _known(stop: Stop, can: Can, organisation: str) -> KnownStop:
    return known(stop, whole=may_know(stop, can, organisation))


def known(stop: Stop, *, whole: bool = True) -> KnownStop:
    """The stop as somebody knows it who may read its ground, or may not."""
    holds_removal = any(act in REMOVAL for act in stop.ground.acts)
    shown = stop if whole else None
    return KnownStop(stop.case_id, stop.organisation, holds_removal, stop.until, stop.placed_at, stop.lifted_at, shown)
