"""How a case is named on pages that show many: by its person where the member may know that, by its number elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cases.case.keys import keys_in_each
from cases.case.listing import RowRights
from cases.case.models import Person, ReturnCase, Task
from cases.requests.models import Request
from handover.models import Handover
from leidraad.lib import display
from partners.models import Member


@dataclass(frozen=True)
class NamedCase:
    """A case as a link. `name` is empty where the identity is not the member's to know, `place` where the residence is."""

    number: str
    url: str
    name: str
    short_name: str
    place: str
    case: ReturnCase

    @property
    def label(self) -> str:
        return self.name or self.number


def person_name(surname: str, given_names: str, name_prefix: str = "") -> str:
    """SURNAME, Given prefix: as partners write it."""
    return display.full_name(surname, " ".join(part for part in (given_names, name_prefix) if part))


def surname_only(surname: str) -> str:
    """Okonkwo, as in a sentence. Registers often write capitals only; Turkish dotted capitals stay one letter."""
    if surname != surname.upper():
        return surname
    return " ".join(word[:1] + word[1:].lower().replace("i\u0307", "i") for word in surname.split())


def birth_date(person: Person) -> str:
    """As far as it is known: 14 maart 1994, maart 1994, 1994, or nothing."""
    year, month, day = person.birth_year, person.birth_month, person.birth_day
    if year is None:
        return ""
    if month is None:
        return str(year)
    if day is None:
        return display.date_long(date(year, month, 1)).partition(" ")[2]
    return display.date_long(date(year, month, day))


def case_url(number: str) -> str:
    return reverse("cases:detail", args=[number])


def named_cases(member: Member, keys: Iterable[int | None]) -> dict[int, NamedCase]:
    """Those of the cases that the member may view today, by key. One query for any number of keys."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    cases = ReturnCase.objects.visible_to(member).filter(pk__in=wanted).annotate(**keys_in_each(member))
    rights = RowRights(member)
    return {
        case.pk: _named(case, rights.sections(vars(case))) for case in cases.select_related("person", "residence_unit")
    }


def _named(case: ReturnCase, seen: frozenset[str]) -> NamedCase:
    person, is_known = case.person, "identity" in seen
    name = person_name(person.surname, person.given_names, person.name_prefix) if is_known else ""
    short_name = surname_only(person.surname) if is_known else ""
    place = str(case.residence_unit or case.residence_text or "") if "residence" in seen else ""
    return NamedCase(case.number, case_url(case.number), name, short_name, place, case)


def asked_about(member: Member, tasks: Iterable[Task]) -> dict[int, str]:
    """By task: whom an offer is about whose case the unit does not see yet, as the offer itself says.

    One query for the requests among the tasks and one for the handovers; none without them.
    """
    by_source = {task.source: task.pk for task in tasks if task.case_id}
    offers: list[Request | Handover] = []
    if keys := _keys_in(by_source, "request:"):
        offers += Request.objects.asked_of(member).running().filter(pk__in=keys).select_related("case__person")
    if keys := _keys_in(by_source, "handover:"):
        offers += Handover.objects.received_by(member).awaited().filter(pk__in=keys).select_related("case__person")
    people = {by_source[offer.source]: offer.case.person for offer in offers}
    return {key: person_name(one.surname, one.given_names, one.name_prefix) for key, one in people.items()}


def _keys_in(sources: Iterable[str], prefix: str) -> list[int]:
    return [int(key) for source in sources if source.startswith(prefix) and (key := source[len(prefix) :]).isdecimal()]
