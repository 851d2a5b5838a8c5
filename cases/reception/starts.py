"""What started the terms of reception that follow from presence: for `cases.terms`, which counts them."""

from collections.abc import Collection, Iterable, Mapping

from cases.case.models import Mark
from cases.reception.models import InHouseMark, Placement
from cases.terms.deadlines import Owner, Start

SEES = (("presence.view",),)


def starts(cases: Collection[int]) -> Mapping[int, Iterable[Start]]:
    """Two queries. Two missed moments in a row, and none since: the term runs from the first of the two (rec-absent)."""
    staying = Placement.objects.filter(case_id__in=cases, ended_on=None, started_on__isnull=False)
    by_stay: dict[int, list[InHouseMark]] = {one.pk: [] for one in staying}
    sites = {one.pk: one.source for one in staying}
    marks = InHouseMark.objects.filter(placement_id__in=by_stay).exclude(mark=Mark.NOT_DUE)
    for mark in marks.order_by("due_from", "slot"):
        by_stay[mark.placement_id].append(mark)
    found: dict[int, list[Start]] = {}
    for stay, marked in by_stay.items():
        first = _first_of_two(marked)
        if first is not None:
            start = Start(
                "rec-absent",
                first.due_to,
                source=sites[stay],
                key=f"absence:{first.pk}",
                owner=Owner.COA,
                sees=SEES,
            )
            found.setdefault(first.case_id, []).append(start)
    return found


def _first_of_two(marks: list[InHouseMark]) -> InHouseMark | None:
    """The first of the missed moments at the end of the row, when there are two or more."""
    missed: list[InHouseMark] = []
    for mark in reversed(marks):
        if mark.mark != Mark.MISSED:
            break
        missed.append(mark)
    return missed[-1] if len(missed) > 1 else None
