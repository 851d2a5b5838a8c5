"""The lines of the policy as plain values: reading the file, comparing, merging, and writing back as lines. Knows no database."""

import csv
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path

POLICY_FILE = Path(__file__).parent / "reference" / "policy.csv"
COLUMNS = ("organisation", "role", "part", "sections", "verbs", "condition", "ground", "valid_from", "valid_until")

# Sections whose opening is a guardian grant of its own per case, because it is truly per object.
SENSITIVE = frozenset({"medical", "custody", "protected_address", "risk", "iom_content"})
NO_CASE = "-"
# Not a part that a unit plays: what a role may see in a case that emergency access has opened to one member.
EMERGENCY = "emergency"
ANY_ROLE = "*"


@dataclass(frozen=True)
class Rule:
    """One right: members of `organisation` in `role` may `verb` the `section` when their unit plays `part`."""

    organisation: str
    role: str
    part: str
    section: str
    verb: str
    condition: str
    ground: str
    valid_from: date
    valid_until: date | None

    @property
    def capability(self) -> str:
        return f"{self.section}.{self.verb}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    @property
    def sort_key(self) -> tuple[str, ...]:
        return tuple(str(value or "") for value in astuple(self))


@dataclass(frozen=True)
class Line:
    """One row of the table: rights that differ in section and verb only."""

    organisation: str
    role: str
    part: str
    sections: tuple[str, ...]
    verbs: tuple[str, ...]
    condition: str
    ground: str
    valid_from: date
    valid_until: date | None

    @property
    def rules(self) -> Iterator[Rule]:
        for section in self.sections:
            for verb in self.verbs:
                yield Rule(
                    self.organisation,
                    self.role,
                    self.part,
                    section,
                    verb,
                    self.condition,
                    self.ground,
                    self.valid_from,
                    self.valid_until,
                )


def rules_of(lines: Iterable[Line]) -> tuple[Rule, ...]:
    """Each right once, in the order of the lines."""
    return tuple(dict.fromkeys(rule for line in lines for rule in line.rules))


def read_lines(text: str) -> list[Line]:
    """The lines of a file with the columns of `policy.csv`."""
    return [_line(row) for row in csv.DictReader(StringIO(text))]


def _line(row: Mapping[str, str]) -> Line:
    return Line(
        organisation=row["organisation"],
        role=row["role"],
        part=row["part"],
        sections=tuple(row["sections"].split()),
        verbs=tuple(row["verbs"].split()),
        condition=row["condition"],
        ground=row["ground"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
    )


def file_text() -> str:
    return POLICY_FILE.read_text(encoding="utf-8")


def file_rules() -> tuple[Rule, ...]:
    """What the file of this release says. In force is what the database says (`partners.policy`)."""
    return rules_of(read_lines(file_text()))


def fingerprint(rules: Iterable[Rule]) -> str:
    """Of what the rules say, whatever their order: who has this has all of it."""
    told = "\n".join("\x1f".join(rule.sort_key) for rule in sorted(set(rules), key=lambda rule: rule.sort_key))
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    added: tuple[Rule, ...]
    removed: tuple[Rule, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.added + self.removed


def difference(before: Collection[Rule], after: Collection[Rule]) -> Difference:
    old, new = frozenset(before), frozenset(after)
    return Difference(tuple(one for one in after if one not in old), tuple(one for one in before if one not in new))


def merged(base: Collection[Rule], mine: Collection[Rule], theirs: Collection[Rule]) -> tuple[Rule, ...]:
    """`theirs`, with what `mine` added to the base it was made of, and without what it took away."""
    change = difference(base, mine)
    taken = frozenset(change.removed)
    kept = [rule for rule in theirs if rule not in taken]
    return tuple(dict.fromkeys([*kept, *change.added]))


def lines_of(rules: Iterable[Rule]) -> list[Line]:
    """The same rights in as few lines as their order allows: sections with the same verbs stand together."""
    verbs: dict[Rule, dict[str, None]] = {}  # a rule without its verb stands for all with the same section
    for rule in rules:
        verbs.setdefault(replace(rule, verb=""), {})[rule.verb] = None
    sections: dict[tuple[Rule, tuple[str, ...]], dict[str, None]] = {}
    for rule, its in verbs.items():
        sections.setdefault((replace(rule, section=""), tuple(its)), {})[rule.section] = None
    return [_whole(rule, tuple(found), its) for (rule, its), found in sections.items()]


def _whole(rule: Rule, sections: tuple[str, ...], verbs: tuple[str, ...]) -> Line:
    return Line(
        organisation=rule.organisation,
        role=rule.role,
        part=rule.part,
        sections=sections,
        verbs=verbs,
        condition=rule.condition,
        ground=rule.ground,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )
