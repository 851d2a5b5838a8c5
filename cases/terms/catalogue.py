"""The catalogue as plain values that calculators and deadlines read: loaded in two queries, judged without a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cases.terms.calendars import arithmetic, detention, regulation, statutory
from cases.terms.calendars.shape import Duration, Extension, Favours, MomentOutcome, Outcome, Pause, TermUnit
from cases.terms.models import Calendar, DurationKind, Group, RuleVersion, Validity
from cases.terms.models.rules import FirstDay

HOLD = "hold"


@dataclass(frozen=True)
class CountedRule:
    """One version of a rule, as far as counting needs it. `durations` are in the order of the catalogue, from 1."""

    code: str
    number: int
    group: Group
    calendar: Calendar
    first_day: FirstDay
    extension: Extension
    favours: Favours
    durations: Mapping[int, tuple[DurationKind, Duration]]
    valid_from: date | None = None
    valid_until: date | None = None
    ended_some_day: bool = False
    # What was counted by it before: many cases of one run ask the same. Lives as long as this catalogue.
    outcomes: dict[object, Outcome] = field(default_factory=dict, compare=False, repr=False)

    def holds_on(self, day: date) -> bool:
        """Whether the version's own dates include the day; a former rule whose last day is not known holds on none."""
        if self.ended_some_day:
            return False
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True)
class Catalogue:
    versions: Mapping[str, Sequence[CountedRule]] = field(default_factory=dict)

    def rule_on(self, code: str, day: date) -> CountedRule | None:
        """The version that counts on `day`: of those that hold the one with the highest number."""
        held = [version for version in self.versions.get(code, ()) if version.holds_on(day)]
        return max(held, key=lambda version: version.number, default=None)


def load_catalogue() -> Catalogue:
    """The rules that count something; the others are read on *Kader* only."""
    versions = RuleVersion.objects.exclude(calendar=Calendar.NONE).select_related("rule").prefetch_related("durations")
    return catalogue_of(_counted(version) for version in versions)


def catalogue_of(rules: Iterable[CountedRule]) -> Catalogue:
    by_code: dict[str, list[CountedRule]] = {}
    for rule in rules:
        by_code.setdefault(rule.code, []).append(rule)
    return Catalogue(by_code)


def _counted(version: RuleVersion) -> CountedRule:
    return CountedRule(
        code=version.rule.code,
        number=version.number,
        group=Group(version.rule.group),
        calendar=Calendar(version.calendar),
        first_day=FirstDay(version.first_day),
        extension=Extension(version.extension),
        favours=Favours(version.favours),
        durations={
            one.position: (DurationKind(one.kind), Duration(one.count, TermUnit(one.unit)))
            for one in version.durations.all()
        },
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        ended_some_day=version.validity == Validity.FORMER and version.valid_until is None,
    )


def last_day(rule: CountedRule, positions: Sequence[int], event: date, pauses: Sequence[Pause] = ()) -> Outcome:
    """When the durations at these positions of the rule have passed one after the other, by the calendar of the rule.

    A duration of the kind BEFORE is counted back from the event. Durations in hours are refused: see `last_moment`.
    """
    asked = (tuple(positions), event, tuple(pauses))
    if asked not in rule.outcomes:
        rule.outcomes[asked] = _last_day(rule, positions, event, pauses)
    return rule.outcomes[asked]


def _last_day(rule: CountedRule, positions: Sequence[int], event: date, pauses: Sequence[Pause]) -> Outcome:
    start, duration = _joined(event, [rule.durations[position][1] for position in positions])
    if rule.durations[positions[0]][0] is DurationKind.BEFORE:
        return statutory.counted_back(event, duration)
    if rule.calendar is Calendar.DETENTION:
        return detention.ends(start, duration)
    # A rule whose first day is that of the event counts as if the event had been the day before.
    start -= timedelta(days=1 if rule.first_day is FirstDay.SAME and duration.count else 0)
    if rule.calendar is Calendar.EU:
        return regulation.ends(start, duration, pauses=pauses, extension=rule.extension, favours=rule.favours)
    return statutory.ends(start, duration, pauses=pauses, extension=rule.extension, favours=rule.favours)


def _joined(event: date, durations: Sequence[Duration]) -> tuple[date, Duration]:
    """One duration that runs as long as these together: six months and six more are twelve months from the event.

    Where the units differ, the next is counted from the day on which the one before would end.
    """
    joined = durations[0]
    for added in durations[1:]:
        if added.unit is joined.unit:
            joined = Duration(joined.count + added.count, joined.unit)
        else:
            event, joined = arithmetic.on(event, joined), added
    return event, joined


def last_moment(rule: CountedRule, positions: Sequence[int], event: datetime) -> MomentOutcome:
    """When durations in hours have passed. The hold alone leaves out the night; what is added to it does not."""
    first, *added = (rule.durations[position][1].count for position in positions)
    outcome = detention.hold_ends(event, first) if rule.code == HOLD else arithmetic.hours_end(event, first)
    if not added:
        return outcome
    longer = arithmetic.hours_end(outcome.end, sum(added))
    return MomentOutcome(longer.end, (*outcome.lines, *longer.lines))
