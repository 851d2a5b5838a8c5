"""What the pages about a redistribution show: caseloads before and after, each case with from and to, results in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.case.listing import may_see
from cases.case.models import CaseGrant, LineStatus, Redistribution, RedistributionLine, ReturnCase
from cases.case.redistribution import Move
from leidraad.pages.people import NamedCase, named_cases
from leidraad.pages.reassign_forms import DivideForm
from partners.models import Member

# The page without script, while the rest goes on.
REFRESH_SECONDS = 5


@dataclass(frozen=True)
class PlannedCase:
    case: NamedCase
    from_name: str
    stays: bool
    splits_family: bool


@dataclass
class PlannedFor:
    """What one receiver gets. `asked` differs from the number of cases when a family would have been split."""

    name: str
    asked: int
    cases: list[PlannedCase] = field(default_factory=list)


@dataclass(frozen=True)
class LoadChange:
    name: str
    now: int
    comes: int
    goes: int

    @property
    def becomes(self) -> int:
        return self.now + self.comes - self.goes


@dataclass(frozen=True)
class ResultLine:
    case: NamedCase | None
    text: str
    is_done: bool


def loads_of(member: Member) -> dict[int, int]:
    """Open cases per case director of the acting unit. One query."""
    found = CaseGrant.grants.listed_for(member).filter(may_see(member, "case")).exclude(director_id=None).order_by()
    rows = found.values("director_id").annotate(n=Count("*")).values_list("director_id", "n")
    return {key: number for key, number in rows if key is not None}


def names_of(keys: Iterable[int | None]) -> dict[int | None, str]:
    """Names of members, and the word for nobody. One query."""
    found = Member.objects.filter(pk__in={key for key in keys if key is not None})
    names: dict[int | None, str] = {None: _("Nobody yet")}
    return names | {member.pk: str(member) for member in found}


def preview(member: Member, cases: Sequence[NamedCase], moves: Sequence[Move], form: DivideForm) -> dict[str, Any]:
    names = names_of([*form.shares, *(move.from_id for move in moves)])
    split = _split_families(member, cases)
    groups = {pk: PlannedFor(names[pk], wanted) for pk, wanted in form.shares.items()}
    for one, move in zip(cases, moves, strict=True):
        stays = move.from_id == move.to_id
        planned = PlannedCase(one, names[move.from_id], stays, one.case.household_id in split)
        groups[move.to_id or 0].cases.append(planned)
    return {
        "groups": [group for group in groups.values() if group.cases],
        "loads": _load_changes(form.loads, moves, names),
        "family_kept": any(group.asked != len(group.cases) for group in groups.values()),
        "nothing_moves": all(move.from_id == move.to_id for move in moves),
    }


def _load_changes(loads: Mapping[int, int], moves: Sequence[Move], names: Mapping[int | None, str]) -> list[LoadChange]:
    """Everybody whose caseload changes, by name."""
    moving = [move for move in moves if move.from_id != move.to_id]
    comes, goes = Counter(move.to_id for move in moving), Counter(move.from_id for move in moving)
    everybody = {key for key in [*comes, *goes] if key is not None}
    changes = [LoadChange(names[key], loads.get(key, 0), comes[key], goes[key]) for key in everybody]
    return sorted(changes, key=lambda change: change.name)


def _split_families(member: Member, cases: Sequence[NamedCase]) -> frozenset[int]:
    """Households of which the unit directs other open cases that are not in the choice. One query."""
    households = {one.case.household_id for one in cases if one.case.household_id}
    if not households:
        return frozenset()
    others = ReturnCase.objects.visible_to(member).open().filter(household_id__in=households, led_by=member.acting_unit)
    left = others.exclude(pk__in=[one.case.pk for one in cases]).values_list("household_id", flat=True)
    return frozenset(key for key in left if key is not None)


def result(member: Member, made: Redistribution) -> dict[str, Any]:
    """Each case with what became of it. Six queries, whatever the number of cases."""
    lines = list(made.lines.order_by("pk"))
    cases = named_cases(member, (line.case_id for line in lines))
    names = names_of(key for line in lines for key in (line.from_director_id, line.to_director_id))
    by_status: dict[str, list[ResultLine]] = {status: [] for status in LineStatus.values}
    for line in lines:
        text = _in_words(line, names)
        by_status[line.status].append(ResultLine(cases.get(line.case_id), text, line.status == LineStatus.DONE))
    moved = sum(line.status == LineStatus.DONE and line.from_director_id != line.to_director_id for line in lines)
    undone_by = Redistribution.objects.filter(undoes=made).first()
    return {
        "made": made,
        "refused": by_status[LineStatus.REFUSED],
        "done": by_status[LineStatus.DONE],
        "waiting": len(by_status[LineStatus.PLANNED]),
        "judged": len(lines) - len(by_status[LineStatus.PLANNED]),
        "all": len(lines),
        "undone_by": undone_by,
        "refresh_seconds": REFRESH_SECONDS,
        "can_take_back": made.finished_at is not None and moved > 0 and undone_by is None,
    }


def _in_words(line: RedistributionLine, names: Mapping[int | None, str]) -> str:
    giver, taker = names[line.from_director_id], names[line.to_director_id]
    if line.status == LineStatus.REFUSED:
        return str(line.get_refusal_display())
    if line.from_director_id == line.to_director_id:
        return _("Stays with %(director)s.") % {"director": taker}
    return _("From %(giver)s to %(taker)s.") % {"giver": giver, "taker": taker}
