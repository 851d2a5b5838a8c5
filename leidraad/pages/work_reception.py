"""What a site of COA sees on *Mijn werk*: who comes, who did not, who moves, whose stay ends, who is being looked for.

The lists behind it are on the same rows: `leidraad.pages.stays`. Each panel is one query and the counts are two, whatever
the number of residents. Names come from the caller, who reads them once for the whole page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from cases.reception.models import Placement, PlacementStep
from cases.reception.rights import works_on_stays
from cases.reception.states import STAYING, PlacementStatus, StepKind
from leidraad.lib import clock
from leidraad.lib.display import date_table, days_since, in_days
from leidraad.pages.case_residence import ENDS_SOON, planned_end_mark
from leidraad.pages.people import NamedCase
from partners.models import Member

FIRST_FEW = 6
ARRIVALS, MOVES, ENDING, CHECKED, ENDED = "aankomst", "verhuizing", "einde", "onderzoek", "beeindigd"
TITLES: Mapping[str, StrPromise] = {
    ARRIVALS: gettext_lazy("Arrivals"),
    MOVES: gettext_lazy("Moves to another site"),
    ENDING: gettext_lazy("Planned end within 14 days"),
    CHECKED: gettext_lazy("Absent, being checked"),
    ENDED: gettext_lazy("Ended lately"),
}
EMPTY: Mapping[str, StrPromise] = {
    ARRIVALS: gettext_lazy("Nobody is expected at your site."),
    MOVES: gettext_lazy("No place is reserved elsewhere for a resident of your site."),
    ENDING: gettext_lazy("No stay at your site has a planned end within 14 days."),
    CHECKED: gettext_lazy("Nobody of your site is absent and being checked."),
    ENDED: gettext_lazy("Your site ended no stay in the last month."),
}
# Ordered lists by key: each with a date that is never empty in that list.
ORDERS: Mapping[str, tuple[str, str]] = {
    ARRIVALS: ("expected_on", "id"),
    MOVES: ("expected_on", "id"),
    ENDING: ("planned_end", "id"),
    CHECKED: ("status_since", "id"),
    ENDED: ("-ended_on", "-id"),
}


def placements_of(member: Member, which: str) -> QuerySet[Placement]:
    """The rows behind one panel or list, of the member's own site; of nobody for a role that does not work on stays."""
    if not works_on_stays(member):
        return Placement.objects.none()
    own = Placement.objects.at_unit_of(member)
    if which == MOVES:
        residents = own.staying().values("case")
        found = Placement.objects.expected().filter(case__in=residents).exclude(site=member.acting_unit_id)
    elif which == ARRIVALS:
        found = own.expected()
    elif which == ENDING:
        found = own.staying().filter(planned_end__lte=clock.today() + ENDS_SOON)
    elif which == CHECKED:
        found = own.filter(status=PlacementStatus.ABSENT_UNDER_CHECK)
    else:
        found = Placement.objects.ended_lately_by(member)
    return found.select_related("site", "case")


@dataclass(frozen=True)
class Counts:
    """`late` is who should have been there 48 hours ago, or was recorded as not arrived."""

    late: int
    arriving: int
    moving: int
    ending: int
    checked: int


def counts_of(member: Member) -> Counts:
    """Two queries over the running stays of one site."""
    today = clock.today()
    own = Placement.objects.at_unit_of(member).running()
    late = Q(status=PlacementStatus.NO_SHOW) | Q(status=PlacementStatus.RESERVED, expected_on__lt=overdue_before(today))
    numbers = own.aggregate(
        late=Count("pk", filter=late),
        arriving=Count("pk", filter=Q(status=PlacementStatus.RESERVED, expected_on__lte=today) & ~late),
        ending=Count("pk", filter=Q(status__in=STAYING, planned_end__lte=today + ENDS_SOON)),
        checked=Count("pk", filter=Q(status=PlacementStatus.ABSENT_UNDER_CHECK)),
    )
    return Counts(moving=placements_of(member, MOVES).count(), **numbers)


def overdue_before(today: date) -> date:
    """Who was expected before this day should have been there: 48 hours after the end of the day of arrival are over."""
    return today - timedelta(days=2)


@dataclass(frozen=True)
class StayLine:
    """A line of a panel or list: about whom, what, when, and a mark. Without access to the case only its number."""

    label: str
    url: str
    text: str
    day: date | None
    mark: tuple[str, str]


@dataclass(frozen=True)
class Panel:
    which: str
    title: str
    url: str
    lines: list[StayLine]
    empty: str


@dataclass(frozen=True)
class Stays:
    """The placements of the panels, read before their names are."""

    found: Mapping[str, Sequence[Placement]]
    counts: Counts

    @property
    def case_keys(self) -> list[int]:
        return [placement.case_id for rows in self.found.values() for placement in rows]


def stays_of(member: Member) -> Stays | None:
    """Seven queries; None for a role that does not work on stays."""
    if not works_on_stays(member):
        return None
    due = placements_of(member, ARRIVALS).filter(expected_on__lte=clock.today())
    rows = {ARRIVALS: due} | {which: placements_of(member, which) for which in (MOVES, ENDING, CHECKED)}
    rows[ENDED] = placements_of(member, ENDED).filter(_ended_today())
    found = {which: list(queryset.order_by(*ORDERS[which])[:FIRST_FEW]) for which, queryset in rows.items()}
    return Stays(found, counts_of(member))


def _ended_today() -> Exists:
    """Recorded today, whatever the day of the end: that can still be taken back."""
    recorded = PlacementStep.objects.filter(placement=OuterRef("pk"), kind=StepKind.ENDED)
    return Exists(recorded.filter(noted_at__gt=clock.end_of(clock.today() - timedelta(days=1))))


def panels_of(stays: Stays | None, cases: Mapping[int, NamedCase]) -> list[Panel]:
    """The arrivals always, the others when they hold something."""
    if stays is None:
        return []
    return [
        Panel(
            which=which,
            title=str(TITLES[which] if which != ARRIVALS else _("Arrivals today and late")),
            url=list_url(which),
            lines=lines_of(which, rows, cases),
            empty=_("Nobody is expected at your site today.") if which == ARRIVALS else "",
        )
        for which, rows in stays.found.items()
        if rows or which == ARRIVALS
    ]


def list_url(which: str) -> str:
    return f"{reverse('pages:stays')}?toon={which}"


def lines_of(which: str, rows: Sequence[Placement], cases: Mapping[int, NamedCase]) -> list[StayLine]:
    return [_line(which, placement, cases.get(placement.case_id)) for placement in rows]


def _line(which: str, placement: Placement, case: NamedCase | None) -> StayLine:
    label = case.label if case else placement.case.number
    url = reverse("cases:residence", args=[placement.case.number]) if case else ""
    if which in (ARRIVALS, MOVES):
        text = placement.site.name if which == MOVES else ""
        return StayLine(label, url, text, placement.expected_on, expected_mark(placement))
    if which == ENDING:
        mark = planned_end_mark(placement.planned_end) or ("none", "")
        return StayLine(label, url, placement.room, placement.planned_end, mark)
    if which == CHECKED:
        since = placement.status_since
        mark = ("warn", _("today") if since == clock.today() else days_since(since))
        return StayLine(label, url, placement.room, placement.status_since, mark)
    url = reverse("reception:correct-end", args=[placement.pk])
    return StayLine(label, url, str(placement.get_end_reason_display()), placement.ended_on, ("na", _("ended")))


def expected_mark(placement: Placement) -> tuple[str, str]:
    if placement.status == PlacementStatus.NO_SHOW:
        return ("late", str(PlacementStatus.NO_SHOW.label))
    deadline = placement.arrival_deadline
    if deadline is not None and clock.now() > deadline:
        return ("late", _("48 hours over"))
    day = placement.expected_on
    if day is not None and day < clock.today():
        return ("warn", _("48 hours end %(date)s") % {"date": date_table(deadline)})
    return ("planned", in_days(day))


def tiles_of(counts: Counts) -> list[tuple[int, str, str, str]]:
    """Count, words, address and shape."""
    return [
        (counts.late, _("did not arrive within 48 hours"), list_url(ARRIVALS), "late"),
        (counts.arriving, _("expected today"), list_url(ARRIVALS), ""),
        (counts.moving, _("moving to another site"), list_url(MOVES), ""),
        (counts.ending, _("planned end within 14 days"), list_url(ENDING), ""),
        (counts.checked, _("absent, being checked"), list_url(CHECKED), ""),
    ]
