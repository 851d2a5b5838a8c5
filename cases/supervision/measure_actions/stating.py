"""Measures that a dossier states: shown as such beside what was recorded, until an officer confirms them or strikes them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import gettext_noop

from cases.case.models import ReturnCase
from cases.supervision.models import Measure, MeasureKind
from leidraad.lib import clock
from leidraad.lib.audit import ByMany, bulk_create_as
from leidraad.lib.who import principal
from partners.models import Unit

PRINCIPAL = "supervision.state_measures"
FROM_DOSSIER = gettext_noop("Measure stated in the dossier")
# The codes of the file format. Which paragraph of article 6 or 59 it was, a file cannot say.
CODES: Mapping[str, tuple[str, ...]] = {
    "art56": ("art56",),
    "art59": ("art59",),
    "art59a": ("art59a",),
    "art59b": ("art59b", "art59b_old"),
    "art6": ("art6",),
}


@dataclass(frozen=True)
class StatedMeasure:
    """What one sender states of one case: `code` as the file has it, since which day, and who says so."""

    case: ReturnCase
    code: str
    since: date
    sender: Unit


@principal(PRINCIPAL)
def state_measures(stated: Sequence[StatedMeasure], *, by: ByMany, reason: str = FROM_DOSSIER) -> list[Measure]:
    """Put down what senders state, of cases that the caller holds. Three statements, however many there are.

    Left out are a day that lies ahead, a code that is no measure of ours (the duty to report has its own record), and a case
    where a measure of that family runs already. Nobody is told and no right is asked: the caller has asked. It works past
    the wall, because a desk that accepts a case may not see its measures.
    """
    wanted = [one for one in stated if one.code in CODES and one.since <= clock.today()]
    if not wanted:
        return []
    kinds = {kind.code: kind for kind in MeasureKind.objects.all()}
    running = Measure.objects.running().filter(case__in=[one.case.pk for one in wanted])
    taken = set(running.values_list("case_id", "family"))
    new = []
    for one in wanted:
        kind = _kind(kinds, one)
        if kind is not None and (one.case.pk, kind.family) not in taken:
            taken.add((one.case.pk, kind.family))
            new.append(_stated(one, kind))
    return bulk_create_as(new, by=by, reason=reason)


def _kind(kinds: Mapping[str, MeasureKind], one: StatedMeasure) -> MeasureKind | None:
    """The kind that held on that day."""
    found = (kinds[code] for code in CODES[one.code] if code in kinds)
    return next((kind for kind in found if kind.valid_from <= one.since <= (kind.valid_until or date.max)), None)


def _stated(one: StatedMeasure, kind: MeasureKind) -> Measure:
    return Measure(
        case=one.case,
        kind=kind,
        family=kind.family,
        unit=one.sender,
        imposed_at=clock.at(one.since, time(0)),
        time_known=False,
        source=one.sender.full_name[:80],
        stated=True,
        recorded_at=clock.now(),
    )
