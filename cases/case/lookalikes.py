"""Who a description may be about, among the persons of all cases: for intake, before a second case is opened for one person.

Nothing here asks a right or looks at the acting unit. The caller has asked the right, and works under a principal that sees
the cases and the search rows whole; under any other name nobody is found.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import connection
from django.utils.translation import gettext as _

from cases.case.models import PersonAlias, ReturnCase

FIND = "SELECT case_id FROM cases_find_anybody(%s, %s, %s, %s::int[], %s)"
MOST = 20
ALIKE = 0.6
Born = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Described:
    """What somebody says about a person. Everything but the surname may be unknown; of a birth date its later parts too."""

    surname: str
    given_names: str = ""
    v_number: str = ""
    born: Born = (None, None, None)
    nationality: str = ""


@dataclass(frozen=True)
class Lookalike:
    """A case whose person may be the one, with what speaks for it and against it, in the reader's language."""

    case: ReturnCase
    agrees: list[str]
    differs: list[str]
    weight: int


def lookalikes(of: Described, most: int = MOST) -> list[Lookalike]:
    """Those with most in common first, open cases before closed ones. Three queries, whatever there is."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [of.v_number, of.surname, of.given_names, list(of.born), most])
        keys = [key for (key,) in cursor.fetchall()]
    cases = ReturnCase.objects.filter(pk__in=keys).select_related("person", "led_by__organisation", "director")
    names = defaultdict(list)
    for alias in PersonAlias.objects.filter(person__cases__in=keys).distinct():
        names[alias.person_id].append(alias.name)
    found = [_compared(of, case, names[case.person_id]) for case in cases]
    return sorted(found, key=lambda one: (-one.weight, one.case.is_closed, -one.case.pk))


def _compared(of: Described, case: ReturnCase, aliases: Iterable[str]) -> Lookalike:
    person, agrees, differs, weight = case.person, list[str](), list[str](), 0
    if of.v_number:
        same = of.v_number == person.v_number
        (agrees if same else differs).append(_("same V-number") if same else _("another V-number"))
        weight += 100 if same else -20
    words, weight_of_name = _name(of, person.surname, person.given_names, list(aliases))
    (agrees if weight_of_name > 0 else differs).append(words)
    weight += weight_of_name
    born = (person.birth_year, person.birth_month, person.birth_day)
    if of.born[0] is not None and born[0] is not None:
        same = _same_day(of.born, born)
        (agrees if same else differs).append(_("same birth date") if same else _("another birth date"))
        weight += 30 if same else -10
    if of.nationality and person.nationality:
        same = of.nationality == person.nationality
        (agrees if same else differs).append(_("same nationality") if same else _("another nationality"))
        weight += 5 if same else -2
    return Lookalike(case, agrees, differs, weight)


def _name(of: Described, surname: str, given_names: str, aliases: Sequence[str]) -> tuple[str, int]:
    wanted, whole = _folded(f"{of.surname} {of.given_names}"), _folded(f"{surname} {given_names}")
    if wanted == whole:
        return _("same name"), 40
    if any(_folded(alias) in (wanted, _folded(of.surname)) for alias in aliases):
        return _("known by this name too"), 30
    if _folded(of.surname) == _folded(surname):
        return _("same surname"), 20
    if any(_alike(of.surname, name) for name in (surname, *aliases)):
        return _("the name resembles"), 10
    if of.given_names and _folded(of.given_names) == _folded(given_names):
        return _("same given names"), 5
    return _("another name"), -10


def _alike(one: str, other: str) -> bool:
    """Nearly the same letters, spaces aside: Benali and Ben Ali."""
    first, second = ("".join(_words(name)) for name in (one, other))
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


def _same_day(one: Born, other: Born) -> bool:
    """As far as both are known."""
    return all(None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))


def _folded(name: str) -> frozenset[str]:
    """The words of a name, in whatever order."""
    return frozenset(_words(name))


def _words(name: str) -> list[str]:
    """Without capitals and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split()
