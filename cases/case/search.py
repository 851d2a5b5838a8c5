"""Finding a person among the cases the member's unit may view, by number or by name.

Names are read from one search row per case, whose index starts from the unit's group; what it finds is still verified by
`visible_to`. Nothing here tells "none" from "not shared with you".
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Func, Q, QuerySet, TextField, Value

from cases.case.keys import keys_in_each
from cases.case.listing import RowRights
from cases.case.models import ReturnCase
from partners.models import Member

MAX_HITS = 500
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
    if is_too_short(query):
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


Hits = list[tuple[str, int]]


def _hits(cases: QuerySet[ReturnCase]) -> Hits:
    """Name to sort by and key, of any 500 of them: the rows themselves are read for those that are shown."""
    return list(cases.values_list("sort_name", "pk")[:MAX_HITS])


def _by_v_number(member: Member, text: str) -> Hits:
    digits = re.sub(r"\D", "", text)
    return _hits(ReturnCase.objects.visible_to(member).filter(person__v_number__startswith=digits))


def _by_name(member: Member, query: Query) -> Hits:
    """Every word somewhere in the names; when nobody has them all, the names that resemble what was typed."""
    # The group stands in the search row so that one index answers; visible_to is still the rule.
    visible = ReturnCase.objects.visible_to(member)
    cases = _born(visible.filter(search_row__group_ids__contains=[member.acting_group_id]), query.born)
    every_word: QuerySet[ReturnCase] = cases
    for word in query.text.split():
        every_word = every_word.filter(search_row__names__contains=_folded(word))
    return _hits(every_word) or _hits(_resembling(cases, query.text))


def _resembling(cases: QuerySet[ReturnCase], text: str) -> QuerySet[ReturnCase]:
    return cases.filter(search_row__names__trigram_word_similar=_folded(text))


def _folded(text: str) -> Func:
    """As names stand in the search row. A constant to the planner, which else folds it again for each row it looks at."""
    return Func(Value(text), function="cases_folded", output_field=TextField())


def _born(cases: QuerySet[ReturnCase], born: date | None) -> QuerySet[ReturnCase]:
    """Persons whose birth date, as far as it is known, is this one."""
    if born is None:
        return cases
    return cases.filter(
        Q(person__birth_month=None) | Q(person__birth_month=born.month),
        Q(person__birth_day=None) | Q(person__birth_day=born.day),
        person__birth_year=born.year,
    )
