"""Worked examples, counted by hand on the calendar: `examples.csv` says for each what was counted."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cases.terms.calendars import arithmetic, detention, regulation, statutory
from cases.terms.calendars.shape import Duration, Extension, Outcome, Pause, TermUnit
from cases.terms.catalogue import last_day, load_catalogue
from cases.terms.models import Calendar, DurationKind

TABLE = Path(__file__).with_name("examples.csv")
DURATION = re.compile(r"(\d+) (hours|days|working_days|weeks|months|years)( back)?$")


@dataclass(frozen=True)
class Example:
    calendar: str
    rule: str
    facts: str
    expected: str

    def fact(self, word: str) -> list[str]:
        """What follows a word in the facts: `event 2026-11-16` gives the day."""
        return [fact.removeprefix(f"{word} ") for fact in self.facts.split("; ") if fact.startswith(f"{word} ")]

    def has(self, word: str) -> bool:
        return word in self.facts.split("; ")

    @property
    def duration(self) -> tuple[Duration, bool]:
        found = next(match for match in map(DURATION.match, self.facts.split("; ")) if match)
        return Duration(int(found[1]), TermUnit(found[2])), bool(found[3])

    @property
    def pauses(self) -> list[Pause]:
        return [Pause(*map(date.fromisoformat, pause.split("/"))) for pause in self.fact("pause")]

    @property
    def extension(self) -> Extension:
        return Extension.UNSETTLED if self.has("unsettled") else Extension.YES


def examples() -> list[Example]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Example(line["calendar"], line["rule"], line["facts"], line["expected"]) for line in csv.DictReader(file)
        ]


def said(outcome: Outcome) -> str:
    return " / ".join(reading.end.isoformat() for reading in outcome.both or outcome.readings[:1])


def by_statute(example: Example) -> str:
    term, back = example.duration
    event = date.fromisoformat(example.fact("event")[0])
    if back:
        return said(statutory.counted_back(event, term))
    pauses, liberty = example.pauses, example.has("liberty")
    return said(statutory.ends(event, term, pauses=pauses, liberty=liberty, extension=example.extension))


def by_regulation(example: Example) -> str:
    term, back = example.duration
    event = date.fromisoformat(example.fact("event")[0])
    if back:
        return said(regulation.counted_back(event, term))
    return said(regulation.ends(event, term, pauses=example.pauses, extension=example.extension))


def in_detention(example: Example) -> str:
    term, _back = example.duration
    return said(detention.ends(date.fromisoformat(example.fact("event")[0]), term))


def in_total(example: Example) -> str:
    term, _back = example.duration
    stays = [detention.Stay(*map(date.fromisoformat, stay.split("/"))) for stay in example.fact("stay")]
    stays.append(detention.Stay(date.fromisoformat(example.fact("from")[0])))
    outcome = detention.total(stays, term.count, until=date(2026, 11, 23)).outcome
    assert outcome is not None
    return said(outcome)


def in_hours(example: Example) -> str:
    term, back = example.duration
    event = datetime.fromisoformat(example.fact("event")[0])
    count = arithmetic.hours_before if back else arithmetic.hours_end
    return count(event, term.count).end.isoformat(timespec="minutes")


def on_hold(example: Example) -> str:
    term, _back = example.duration
    event = datetime.fromisoformat(example.fact("event")[0])
    return detention.hold_ends(event, term.count).end.isoformat(timespec="minutes")


CALCULATORS: dict[str, Callable[[Example], str]] = {
    "statutory": by_statute,
    "regulation": by_regulation,
    "detention": in_detention,
    "total": in_total,
    "hours": in_hours,
    "hold": on_hold,
}


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.rule}: {example.facts}")
def test_the_term_ends_where_it_was_counted_by_hand(example: Example) -> None:
    assert CALCULATORS[example.calendar](example) == example.expected


def test_the_examples_cover_each_way_to_count() -> None:
    count = Counter(example.calendar for example in examples())

    assert set(count) == set(CALCULATORS)
    assert count.total() >= 120


@pytest.mark.django_db
def test_the_catalogue_counts_its_own_examples_the_same_way() -> None:
    """Calendar, extension and first day as the catalogue has them give the date that was counted by hand."""
    checked = set()
    catalogue = load_catalogue()
    for example in examples():
        versions = catalogue.versions.get(example.rule, ())
        duration, back = example.duration
        if example.calendar not in ("statutory", "regulation", "detention") or example.rule.startswith("count-"):
            continue
        rule = versions[0]
        position = next(number for number, (_kind, term) in rule.durations.items() if term == _added(example, duration))
        event = date.fromisoformat(example.fact("event")[0])
        if rule.calendar is Calendar.WORKING:  # the example names the day before day 1
            event += timedelta(days=1)
        positions = [position] if duration.count != 9 else [1, 2]
        outcome = last_day(rule, positions, event, example.pauses)
        assert said(outcome) == example.expected, example
        assert back is (rule.durations[position][0] is DurationKind.BEFORE)
        checked.add(example.rule)
    assert len(checked) >= 40


def _added(example: Example, duration: Duration) -> Duration:
    """Nine days are the six of the procedure and three that were added."""
    return Duration(6, duration.unit) if duration.count == 9 else duration
