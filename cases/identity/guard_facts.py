"""What this room knows for the guards: differences that wait for a judgement, and how sure the identity is. Four queries."""

from collections import Counter
from collections.abc import Collection

from cases.case.models import IdentityConflict, Person
from cases.identity.sources import Known, known_today, stated_of
from cases.terms.guards.known import IdentityFact, Part
from cases.terms.guards.registry import tell_facts

# Without these it is not known who somebody is.
FIELDS = ("surname", "birth_date", "nationality")


def register() -> None:
    tell_facts("identity", tell)


def tell(cases: Collection[int]) -> dict[int, list[Part]]:
    persons = dict(Person.objects.filter(cases__in=cases).values_list("cases__pk", "pk"))
    rows = Person.objects.in_bulk(set(persons.values()))
    open_ones = IdentityConflict.objects.filter(person__in=rows, resolved_on=None).values_list("person", flat=True)
    differences, known = Counter(open_ones), known_today()
    return {case: [_fact(rows[key], differences[key], known)] for case, key in persons.items() if case in cases}


def _fact(person: Person, differences: int, known: Known) -> IdentityFact:
    ranks = [known.rank(stated_of(person, name, known).level) for name in FIELDS]
    return IdentityFact(source=person.source, differences=differences, rank=min(ranks) or None)
