"""Finding a person among the cases the member's unit may view, by number or by name.

Names are read from one search row per case, whose index starts from the unit's group, by one function of the database: the
search rows themselves stand behind the wall. What it finds is still verified by `visible_to`. Nothing here tells "none"
from "not shared with you".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from cases.case.keys import keys_in_each
from cases.case.listing import RowRights
from cases.case.models import ReturnCase, Task
from partners.models import Member

MAX_HITS = 500
FIND = "SELECT case_id, sort_name FROM cases_find(%s, %s::text[], %s, %s, %s::int[], %s)"
LEAST_LETTERS = 3
CASE_NUMBER = re.compile(r"^z[\s-]*(\d{4})[\s-]*(\d{1,9})$", re.IGNORECASE)
DIGITS = re.compile(r"^\d[\d\s.]{3,14}$")
BIRTH_DATE = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")


@dataclass(frozen=True)
class Query:
    """What was asked. `born` stands apart or in the text itself ("amari 14-3-1994")."""

    text: str
    born: date | None = None


def read_query(text: str, born: date | None = None) -> Query:
    """The typed text with a birth date taken out of it, and without characters that only serve display."""
    text = " ".join("".join(c for c in text if c.isprintable()).split())[:100]
    match = BIRTH_DATE.search(text)
    if match and born is None and not CASE_NUMBER.match(text):
        day, month, year = (int(part) for part in match.groups())
        try:
            born = date(year, month, day)
        except ValueError:
            return Query(text)
        text = " ".join((text[: match.start()] + text[match.end() :]).split())
    return Query(text, born)


def case_number(text: str) -> str:
    """The case number that was typed, in its written form: "z 2026 12" is Z-2026-000012. Empty when it is none."""
    match = CASE_NUMBER.match(text)
    return f"Z-{match[1]}-{int(match[2]):06d}" if match else ""


def is_number(text: str) -> bool:
    return bool(CASE_NUMBER.match(text) or DIGITS.match(text))


def is_too_short(query: Query) -> bool:
    return not is_number(query.text) and max((len(word) for word in query.text.split()), default=0) < LEAST_LETTERS


def find(member: Member, query: Query, limit: int = MAX_HITS) -> list[ReturnCase]:
    """The first cases by name, of at most 500 hits, in which the member may know who the person is.

    A case number finds its case whoever the person is. Empty for too short a text.
    """
    if is_too_short(query) or not member.is_active or member.acting is None:
        return []
    number = case_number(query.text)
    if number:
        return list(_with_person(ReturnCase.objects.visible_to(member).filter(number=number)))
    hits = _by_v_number(member, query.text) if is_number(query.text) else _by_name(member, query)
    return _identified(member, [key for _name, key in sorted(hits)], limit)


def _with_person(cases: QuerySet[ReturnCase]) -> QuerySet[ReturnCase]:
    return cases.select_related("person", "director", "led_by__organisation")


def _identified(member: Member, keys: list[int], limit: int) -> list[ReturnCase]:
    """The first of these cases whose person the member may know. One query, two more when one of the first is no such case."""
    rights, visible = RowRights(member), ReturnCase.objects.visible_to(member)
    first = visible.filter(pk__in=keys[:limit]).annotate(**keys_in_each(member))
    cases = {case.pk: case for case in _with_person(first)}
    if all("identity" in rights.sections(vars(case)) for case in cases.values()):
        return [cases[key] for key in keys[:limit] if key in cases]
    rows = visible.filter(pk__in=keys).values("pk", **keys_in_each(member))
    known = {row["pk"] for row in rows if "identity" in rights.sections(row)}
    keys = [key for key in keys if key in known]
    cases = {case.pk: case for case in _with_person(visible.filter(pk__in=keys[:limit]))}
    return [cases[key] for key in keys[:limit] if key in cases]


# Roles with a caseload of their own; for all others the open cases of their unit are their work.
PERSONAL = frozenset({"case_director"})


def own_work(member: Member, cases: Sequence[ReturnCase]) -> frozenset[int]:
    """Which of these cases belong to the member's own work: see docs/decisions/0014. One query at most."""
    open_ones = [case for case in cases if not case.is_closed]
    if member.acting_role not in PERSONAL:
        return frozenset(case.pk for case in open_ones)
    tasks = Task.objects.open().filter(case__in=open_ones, unit=member.acting_unit_id, assignee=member)
    with_task = set(tasks.values_list("case_id", flat=True)) if open_ones else set()
    return frozenset(case.pk for case in open_ones if case.director_id == member.pk or case.pk in with_task)


Hits = list[tuple[str, int]]


def _hits(
    member: Member, *, words: Sequence[str] = (), alike: str = "", digits: str = "", born: date | None = None
) -> Hits:
    """Name to sort by and key, of any 500 of them: the rows themselves are read for those that are shown.

    The database function reads past the wall, and gives only cases of which the acting unit's group has the grant.
    """
    day = [born.year, born.month, born.day] if born else []
    with connection.cursor() as cursor:
        cursor.execute(FIND, [member.acting_group_id, list(words), alike, digits, day, MAX_HITS])
        return [(name, key) for key, name in cursor.fetchall()]


def _by_v_number(member: Member, text: str) -> Hits:
    return _hits(member, digits=re.sub(r"\D", "", text))


def _by_name(member: Member, query: Query) -> Hits:
    """Every word somewhere in the names; when nobody has them all, the names that resemble what was typed."""
    every_word = _hits(member, words=query.text.split(), born=query.born)
    return every_word or _hits(member, alike=query.text, born=query.born)
