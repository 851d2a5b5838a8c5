"""The deadlines of a case, derived from dated facts by a pure function. Nothing is stored and nothing counts up: the same
facts give the same dates, whenever they are asked for.

A subject tells what started a term through `tell_starts`, from its app's `ready()`. The rule is named by the subject, which
knows what kind of decision it was; which version counts follows from the day of the event.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.terms.calendars.arithmetic import day_of
from cases.terms.calendars.shape import Favours, Line, MomentOutcome, Outcome, Pause, Reading, TermUnit, Why
from cases.terms.catalogue import Catalogue, CountedRule, last_day, last_moment
from cases.terms.models import Group


class State(models.TextChoices):
    RUNNING = "running", pgettext_lazy("term", "running")
    MET = "met", pgettext_lazy("term", "done in time")
    MISSED = "missed", pgettext_lazy("term", "passed")
    STOPPED = "stopped", pgettext_lazy("term", "stands still")
    UNKNOWN = "unknown", pgettext_lazy("term", "cannot be counted")


class Owner(models.TextChoices):
    """Who has to watch a term."""

    DTV = "dtv", "DT&V"
    IND = "ind", "IND"
    COA = "coa", "COA"
    POLICE = "police", _("police")
    KMAR = "kmar", "KMar"
    COURT = "court", _("the court")
    STATE = "state", _("the other member state")
    PERSON = "person", _("the person or the representative")


class Supposed(models.TextChoices):
    """An event that may come on another day, or is still to come."""

    NOTIFIED = "notified", _("the person is told of the decision on")
    RULED = "ruled", _("the court rules, and dismisses, on")
    ACCEPTED = "accepted", _("the other member state accepts on")
    LODGED = "lodged", _("the application is lodged on")


@dataclass(frozen=True)
class Start:
    """What a subject knows of one term. `position` is the duration of the rule that applies, as the catalogue numbers them.

    `on` (`at` for a term in hours) is None when the event happened and its day is not known. `met_on`, or for hours `met_at`,
    says when what had to be done was done. `added` are durations that were added by a decision; `other_lengths` those that
    hold instead in another reading. `stopped_since` is a pause that has not ended: the term stands still and has no date.
    `until` is a last day that a decision set: then nothing is counted. `law_on` is the day whose rules apply, where a person
    set that an old procedure keeps its rules after they ended; else that of the event.

    `sees` says who may know of the term: whoever holds all capabilities of one of these sets. `owner` has to watch it,
    `about` says what it belongs to, and `key` is its name within the case, which stays the same. `supposes` is the event of
    which a reader may ask: what if it came on another day?
    """

    rule: str
    on: date | None = None
    at: datetime | None = None
    position: int = 1
    added: tuple[int, ...] = ()
    other_lengths: tuple[int, ...] = ()
    met_on: date | None = None
    met_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    stopped_since: date | None = None
    until: date | None = None
    law_on: date | None = None
    source: str = ""
    key: str = ""
    about: str = ""
    owner: Owner | None = None
    supposes: Supposed | None = None
    sees: tuple[tuple[str, ...], ...] = ()

    @property
    def day(self) -> date | None:
        return day_of(self.at) if self.at is not None else self.on

    def may_be_known(self, can: Callable[[str], bool]) -> bool:
        return any(all(can(one) for one in needed) for needed in self.sees)


@dataclass(frozen=True)
class Deadline:
    """One term of a case. `due` is what signals go by, the earliest reading; `until` what guards go by. Moments for hours.

    `version` is 0 where no version of the rule holds on the day of the event: then nothing can be computed.
    """

    start: Start
    state: State
    version: int = 0
    group: Group | None = None
    outcome: Outcome | None = None
    moment: MomentOutcome | None = None

    @property
    def due(self) -> date | None:
        if self.moment is not None:
            return day_of(self.moment.end)
        return self.outcome.earliest if self.outcome else None

    @property
    def until(self) -> date | None:
        if self.moment is not None:
            return day_of(self.moment.end)
        return self.outcome.best_for_person if self.outcome else None


Teller = Callable[[Collection[int]], Mapping[int, Iterable[Start]]]
Sees = tuple[str, ...]
_tellers: dict[str, Teller] = {}
_seen_by: dict[str, frozenset[Sees]] = {}


def tell_starts(subject: str, teller: Teller, *, sees: Iterable[Sees]) -> None:
    """Have `teller(case ids)` asked for what it knows. It answers for all of them in a fixed number of queries.

    `sees` are all sets of capabilities that its starts name. Lists over many cases ask by them, so a start that names another
    set would stand in none of them: `starts_of` refuses it.
    """
    _tellers[subject], _seen_by[subject] = teller, frozenset(sees)


def all_sees() -> frozenset[Sees]:
    """Every set of capabilities that opens a term of some subject."""
    return frozenset().union(*_seen_by.values())


def starts_of(cases: Collection[int]) -> dict[int, list[Start]]:
    """What all subjects know of these cases. Raises ValueError for a start that opens to who its subject did not tell of."""
    found: dict[int, list[Start]] = {case: [] for case in cases}
    for subject, teller in _tellers.items():
        for case, starts in teller(cases).items():
            told = list(starts)
            if unknown := {needed for one in told for needed in one.sees} - _seen_by[subject]:
                raise ValueError(f"{subject}: starts open to {sorted(unknown)}, which `tell_starts` was not told of")
            found[case].extend(told)
    return found


Supposer = Callable[[int, str, date], Iterable[Start] | None]
_supposers: dict[str, Supposer] = {}


def tell_supposed(subject: str, supposer: Supposer) -> None:
    """Have `supposer(case id, key, day)` asked what would start if the event behind the start of that key came on `day`.

    It answers with all its starts of the case, or None for a key that is not its own. It changes nothing.
    """
    _supposers[subject] = supposer


def supposed_starts(case: int, key: str, day: date) -> list[Start] | None:
    """All starts of the case as they would be; None for a key that no subject knows."""
    for subject, supposer in _supposers.items():
        told = supposer(case, key, day)
        if told is not None:
            rest = (teller([case]).get(case, ()) for name, teller in _tellers.items() if name != subject)
            return [*told, *(start for starts in rest for start in starts)]
    return None


def deadlines_of(starts: Iterable[Start], catalogue: Catalogue, now: datetime) -> list[Deadline]:
    """One deadline for each start: liberty first, then by what comes first; what has no date stands last."""
    found = [_deadline(start, catalogue, now) for start in starts]
    return sorted(found, key=lambda one: (one.group is not Group.FREEDOM, one.due is None, one.due or date.max))


def _deadline(start: Start, catalogue: Catalogue, now: datetime) -> Deadline:
    day, today = start.day, day_of(now)
    rule = catalogue.rule_on(start.rule, start.law_on or day) if day is not None else None
    if start.until is not None:
        group = rule.group if rule else _group(start.rule, catalogue)
        outcome = _as_set(start, rule.favours if rule else Favours.LATER)
        return Deadline(start, _state(start, outcome, today), rule.number if rule else 0, group, outcome)
    if rule is None or day is None or not {start.position, *start.added, *start.other_lengths} <= set(rule.durations):
        return Deadline(start, State.UNKNOWN, group=_group(start.rule, catalogue))
    if start.stopped_since is not None and start.stopped_since <= today and not _is_met(start):
        return Deadline(start, State.STOPPED, rule.number, rule.group)
    if rule.durations[start.position][1].unit is TermUnit.HOURS:
        return _in_hours(start, rule, now)
    outcome = _counted(start, rule, day)
    return Deadline(start, _state(start, outcome, today), rule.number, rule.group, outcome)


def _as_set(start: Start, favours: Favours) -> Outcome:
    last: date = start.until  # type: ignore[assignment]  # the caller asked
    begin = (Line(Why.EVENT, day=start.day),) if start.day is not None else ()
    return Outcome((Reading(last, (*begin, Line(Why.SET, day=last), Line(Why.END, day=last))),), favours)


def _counted(start: Start, rule: CountedRule, day: date) -> Outcome:
    outcome = last_day(rule, (start.position, *start.added), day, start.pauses)
    for position in start.other_lengths:
        other = last_day(rule, (position, *start.added), day, start.pauses)
        said = (Line(Why.OTHER_LENGTH),)
        outcome = outcome.beside(Outcome(tuple(Reading(one.end, (*said, *one.lines)) for one in other.readings)))
    return outcome


def _group(code: str, catalogue: Catalogue) -> Group | None:
    versions = catalogue.versions.get(code, ())
    return versions[0].group if versions else None


def _is_met(start: Start) -> bool:
    return start.met_on is not None or start.met_at is not None


def _state(start: Start, outcome: Outcome, today: date) -> State:
    """Against the reading that is best for the person, because it is a judgement and no signal."""
    done = start.met_on if start.met_on is not None else day_of(start.met_at) if start.met_at is not None else None
    if done is not None and done <= today:
        return State.MET if done <= outcome.best_for_person else State.MISSED
    return State.RUNNING if today <= outcome.best_for_person else State.MISSED


def _in_hours(start: Start, rule: CountedRule, now: datetime) -> Deadline:
    if start.at is None:
        return Deadline(start, State.UNKNOWN, rule.number, rule.group)
    moment = last_moment(rule, (start.position, *start.added), start.at)
    done = start.met_at
    in_time = (done if done is not None and done <= now else now) < moment.end
    state = (State.MET if done is not None and done <= now else State.RUNNING) if in_time else State.MISSED
    return Deadline(start, state, rule.number, rule.group, moment=moment)
