"""How long a detention may last after decisions to extend it. Pure: no database.

Vw 59(6) adds at most 12 months to the six, 18 months of thirty days together; article 59b adds 6 months, its former text 3
months to the 4 weeks of grounds a to c. Every day here is that of the earliest reading, the best for the person.

Not established in our sources, and so read for the person: a decision counts from the day on which the person was told,
and only if that was before the term ended; ground d of the former article 59b is not recorded apart, so grounds a to c
count; of earlier detentions nothing is counted here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.supervision.models import MeasureExtension, MeasureKind
from cases.terms.calendars import arithmetic, detention
from cases.terms.calendars.shape import Duration, TermUnit

MONTHS_TOGETHER = 18  # Vw 59(6), each of thirty days


@dataclass(frozen=True)
class Way:
    """How one rule of a kind is extended: by which rule, and how much its first term is at most lengthened."""

    rule: str
    first: Duration
    added: Duration
    together: int | None = None
    names_grounds: bool = False


def _months(count: int) -> Duration:
    return Duration(count, TermUnit.MONTHS)


WAYS = {
    "det-59-6m": Way("det-59-ext", _months(6), _months(12), MONTHS_TOGETHER, names_grounds=True),
    "det-59b": Way("det-59b", _months(6), _months(6)),
    "det-59b-old": Way("det-59b-old", Duration(4, TermUnit.WEEKS), _months(3)),
}


@dataclass(frozen=True)
class Stretch:
    """What one decision did: until which day the measure may stand by it, None where it came too late to count."""

    extension: MeasureExtension
    before: date
    end: date | None


@dataclass(frozen=True)
class Lasting:
    """`first` is the last day without any decision, `most` the last day that decisions may reach, `end` what holds now."""

    rule: str
    way: Way
    first: date
    most: date
    stretches: tuple[Stretch, ...]

    @property
    def counting(self) -> list[Stretch]:
        return [one for one in self.stretches if one.end is not None]

    @property
    def end(self) -> date:
        """As the last decision that counts says it; a later one may name an earlier day."""
        ends = [one.end for one in self.stretches if one.end is not None]
        return ends[-1] if ends else self.first


def rule_of(kind: MeasureKind) -> str:
    """The rule of this kind that a decision may extend; "" where there is none."""
    return next((rule for rule in kind.rules if rule in WAYS and kind.term), "")


def lasting(kind: MeasureKind, imposed_on: date, extensions: Iterable[MeasureExtension] = ()) -> Lasting | None:
    """None for a kind that no decision extends."""
    rule = rule_of(kind)
    if not rule:
        return None
    way = WAYS[rule]
    first = detention.ends(imposed_on, way.first).earliest
    most = _most(way, imposed_on, first)
    standing = sorted((one for one in extensions if one.voided_at is None), key=lambda one: (one.notified_on, one.pk))
    return Lasting(rule, way, first, most, tuple(_stretches(standing, first, most)))


def _most(way: Way, imposed_on: date, first: date) -> date:
    if way.together is None:
        joined = Duration(way.first.count + way.added.count, way.first.unit)
        if way.first.unit is way.added.unit:
            return detention.ends(imposed_on, joined).earliest
        return detention.ends(arithmetic.on(imposed_on, way.first), way.added).earliest
    total = detention.total([detention.Stay(imposed_on)], way.together, until=imposed_on).outcome
    longest = detention.ends(first, way.added).earliest
    return min(longest, total.earliest) if total is not None else longest


def _stretches(standing: Sequence[MeasureExtension], first: date, most: date) -> Iterable[Stretch]:
    end = first
    for one in standing:
        before, in_time = end, one.notified_on <= end
        end = min(one.until, most) if in_time else end
        yield Stretch(one, before, end if in_time else None)
