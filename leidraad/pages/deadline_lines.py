"""Terms as readers see them: in words, with the rule behind each and how its day was counted."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.terms.catalogue import load_catalogue
from cases.terms.deadlines import Deadline, Owner, Start, State, Supposed, deadlines_of
from cases.terms.keeping import obliges, state_of
from cases.terms.models import Group, KeptDeadline, RuleVersion, Unwatched
from cases.terms.watching import standing_of
from cases.terms.words import certainty, sentence
from leidraad.lib import clock
from leidraad.lib.display import date_long, date_time, in_days

SOON = timedelta(days=7)
# These need a look; the others are over, and stand below.
LIVE = frozenset({State.RUNNING, State.STOPPED, State.UNKNOWN})


@dataclass(frozen=True)
class ReadingLines:
    """One way to read the rule: its last day in words, and how that was counted."""

    end: str
    lines: list[str]


@dataclass(frozen=True)
class UnwatchedLine:
    """That nobody is reminded of a term: who said so, since when and why."""

    who: str
    since: date
    reason: str


@dataclass(frozen=True)
class DeadlineLine:
    """One term. `due` is the day that signals go by; empty where no day can be counted. `why` says why not."""

    key: str
    rule: str
    title: str
    length: str
    about: str
    owner: str
    source: str
    due: date | None
    at: datetime | None
    mark: tuple[str, str]
    is_live: bool
    is_liberty: bool
    why: str
    readings: list[ReadingLines]
    certainty: list[str]
    at_end: str
    version: int
    supposes: str
    unwatched: UnwatchedLine | None = None
    # Whether the reader may stop watching it, or have it watched again.
    may_change: bool = False

    @property
    def rule_url(self) -> str:
        return f"{reverse('pages:framework')}#{self.rule}"

    @property
    def relative(self) -> str:
        return in_days(self.due) if self.due is not None and self.is_live else ""


def lines_of(starts: Iterable[Start], can: Callable[[str], bool]) -> list[DeadlineLine]:
    """Those that the reader may know of: liberty first, then by day. Five queries, whatever their number."""
    shown = [start for start in starts if start.may_be_known(can)]
    if not shown:
        return []
    found = deadlines_of(shown, load_catalogue(), clock.now())
    versions = versions_of(found)
    return [line_of(one, versions) for one in found]


def with_watching(lines: Sequence[DeadlineLine], case: int, changeable: Collection[str]) -> list[DeadlineLine]:
    """The same with who said that a term needs no watching. `changeable` are the keys that the reader may change. One query."""
    standing = standing_of([case]) if lines else {}
    found = []
    for line in lines:
        row = standing.get((case, line.key, line.due))
        shown = not_watched() if row is not None and line.is_live else line.mark
        found.append(
            replace(line, mark=shown, unwatched=unwatched_line(row) if row else None, may_change=line.key in changeable)
        )
    return found


def unwatched_line(row: Unwatched) -> UnwatchedLine:
    return UnwatchedLine(f"{row.by}, {row.unit.full_name}", timezone.localtime(row.since).date(), row.reason)


def not_watched() -> tuple[str, str]:
    """Shape and word of a term that still counts, of which nobody is reminded."""
    return "info", pgettext("term", "not watched")


def versions_of(deadlines: Sequence[Deadline]) -> Mapping[str, list[RuleVersion]]:
    """The texts of the rules, newest version first."""
    codes = {one.start.rule for one in deadlines}
    found: dict[str, list[RuleVersion]] = {}
    versions = RuleVersion.objects.filter(rule__code__in=codes).select_related("rule").prefetch_related("durations")
    for version in versions.order_by("-number"):
        found.setdefault(version.rule.code, []).append(version)
    return found


def line_of(one: Deadline, versions: Mapping[str, list[RuleVersion]]) -> DeadlineLine:
    start, own = one.start, versions.get(one.start.rule, [])
    text = next((version for version in own if version.number == one.version), own[0] if own else None)
    return DeadlineLine(
        key=start.key,
        rule=start.rule,
        title=text.title if text else start.rule,
        length=_length(one, text),
        about=start.about,
        owner=str(Owner(start.owner).label) if start.owner else "",
        source=start.source,
        due=one.due,
        at=one.moment.end if one.moment else None,
        mark=mark_of(one),
        is_live=one.state in LIVE or _is_late(one),
        is_liberty=one.group is Group.FREEDOM,
        why=_why_no_day(one),
        readings=_readings(one),
        certainty=certainty(text) if text else [],
        at_end=text.at_end if text else "",
        version=one.version,
        supposes=str(Supposed(start.supposes).label) if start.supposes else "",
    )


def _length(one: Deadline, text: RuleVersion | None) -> str:
    """15 dagen; with the case in which that length holds. Empty where a decision set the day, or none was counted."""
    if text is None or one.start.until is not None or one.version == 0:
        return ""
    found = next((its for its in text.durations.all() if its.position == one.start.position), None)
    if found is None:
        return ""
    return f"{found.in_words} ({found.when})" if found.when else found.in_words


def _readings(one: Deadline) -> list[ReadingLines]:
    if one.moment is not None:
        return [ReadingLines(date_time(one.moment.end), [sentence(line) for line in one.moment.lines])]
    if one.outcome is None:
        return []
    shown = one.outcome.both or one.outcome.readings[:1]
    return [ReadingLines(date_long(reading.end), [sentence(line) for line in reading.lines]) for reading in shown]


def _is_done(one: Deadline) -> bool:
    return one.start.met_on is not None or one.start.met_at is not None


def _is_late(one: Deadline) -> bool:
    return one.state is State.MISSED and not _is_done(one) and obliges(one)


def mark_of(one: Deadline) -> tuple[str, str]:
    return _mark(one.state, one.due, is_late=_is_late(one), is_done=_is_done(one))


def mark_of_kept(one: KeptDeadline) -> tuple[str, str]:
    """The same of a copy, on the day of reading."""
    state, done = state_of(one), one.done_on is not None
    return _mark(state, one.due, is_late=state is State.MISSED and one.obliges and not done, is_done=done)


def _mark(state: State, due: date | None, *, is_late: bool, is_done: bool) -> tuple[str, str]:
    """Shape and word."""
    if state is State.RUNNING:
        soon = due is not None and due - clock.today() <= SOON
        return ("warn", pgettext("term", "ends soon")) if soon else ("planned", str(State.RUNNING.label))
    if state is State.MISSED:
        if is_late:
            return "late", pgettext("term", "too late")
        return ("warn", pgettext("term", "done too late")) if is_done else ("none", str(State.MISSED.label))
    shapes = {State.MET: "ok", State.STOPPED: "info", State.UNKNOWN: "unknown"}
    return shapes[state], str(state.label)


def _why_no_day(one: Deadline) -> str:
    if one.state is State.STOPPED:
        words = {"date": date_long(one.start.stopped_since)}
        return _("Stands still since %(date)s: a remedy suspends it. The day follows from the ruling.") % words
    if one.state is not State.UNKNOWN:
        return ""
    if one.start.day is None:
        return _("The day on which this term starts is not recorded, or the sources do not tell it.")
    return _("No version of this rule that we know holds on %(date)s.") % {"date": date_long(one.start.day)}
