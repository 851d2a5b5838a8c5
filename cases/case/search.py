"""Finding a person among the cases the member's unit may view, by number or by name.

Names are read from one search row per case, whose index starts from the unit's group; what it finds is still verified by
`visible_to`. Nothing here tells "none" from "not shared with you".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.lookups import Unaccent
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower

from cases.case.listing import RowRights
from cases.case.models import Involvement, ReturnCase, SectionException
from leidraad.lib import clock
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
    known = identified(member, [key for _name, key in hits])
    keys = [key for _name, key in sorted(hits) if key in known][:limit]
    cases = _with_person(ReturnCase.objects.visible_to(member).filter(pk__in=keys))
    return sorted(cases, key=lambda case: (case.sort_name, case.pk))


def _with_person(cases: QuerySet[ReturnCase]) -> QuerySet[ReturnCase]:
    return cases.select_related("person", "director", "led_by__organisation")


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
        every_word = every_word.filter(search_row__names__contains=Lower(Unaccent(Value(word))))
    return _hits(every_word) or _hits(_resembling(cases, query.text))


def _resembling(cases: QuerySet[ReturnCase], text: str) -> QuerySet[ReturnCase]:
    return cases.filter(search_row__names__trigram_word_similar=Lower(Unaccent(Value(text))))


def _born(cases: QuerySet[ReturnCase], born: date | None) -> QuerySet[ReturnCase]:
    """Persons whose birth date, as far as it is known, is this one."""
    if born is None:
        return cases
    return cases.filter(
        Q(person__birth_month=None) | Q(person__birth_month=born.month),
        Q(person__birth_day=None) | Q(person__birth_day=born.day),
        person__birth_year=born.year,
    )


def identified(member: Member, keys: Sequence[int]) -> frozenset[int]:
    """Those of the cases in which the member's part and role open the identity. Two queries for any number of cases."""
    return frozenset(key for key, sections in sections_in(member, keys).items() if "identity" in sections)


def sections_in(member: Member, keys: Sequence[int]) -> dict[int, frozenset[str]]:
    """The list's sections that the member sees in each of the cases. Two queries for any number of cases."""
    if not keys:
        return {}
    unit_id = member.acting_unit.pk
    parts: dict[int, list[str]] = {}
    running = Involvement.objects.running().filter(case_id__in=keys, unit_id=unit_id).order_by("part")
    for key, part, ground in running.values_list("case_id", "part", "ground"):
        parts.setdefault(key, []).append(f"{part}|{ground}")
    exceptions: dict[int, list[str]] = {}
    now = Q(until=None) | Q(until__gt=clock.now())
    narrowed = SectionException.objects.filter(now, case_id__in=keys, unit_id=unit_id).order_by("section")
    for key, section, allowed in narrowed.values_list("case_id", "section", "allowed"):
        exceptions.setdefault(key, []).append(f"{section}|{str(allowed).lower()}")
    rights = RowRights(member)
    return {key: rights.sections({"parts": parts.get(key, ()), "exceptions": exceptions.get(key, ())}) for key in keys}
