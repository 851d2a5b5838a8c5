"""What the second wall costs: the same question behind it, as the acting unit, and before it, as the bench itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.db import transaction

from cases.case.listing import Filters, page_of
from cases.case.models import ReturnCase
from cases.case.search import find, read_query
from leidraad.lib.who import acting
from leidraad.pages.bench.subjects import PAGE_SIZE, THREE_LETTERS, some_case
from leidraad.pages.bench.world import Viewer
from leidraad.pages.search import SHOWN
from leidraad.pages.waiting import waiting_for
from partners.models import Member

LIST, KEY, SEARCH = "wall, list page", "wall, one case by key", "wall, search"


def as_unit_of(member: Member) -> AbstractContextManager[None]:
    return acting(member.acting_unit_id, member.acting_group_id, member.pk)


@dataclass(frozen=True)
class Walled:
    """One question; both ways have a transaction around it, so that only the wall differs."""

    name: str
    member: Member
    ask: Callable[[], object]

    def behind(self) -> object:
        with as_unit_of(self.member), transaction.atomic():
            return self.ask()

    def before(self) -> object:
        with transaction.atomic():
            return self.ask()


def walls_of(viewer: Viewer) -> Iterator[Walled]:
    member, number = viewer.member, some_case(viewer.member)
    key = ReturnCase.objects.values_list("pk", flat=True).get(number=number)
    query = read_query(THREE_LETTERS)
    yield Walled(LIST, member, lambda: page_of(member, Filters(), size=PAGE_SIZE, waiting_for=waiting_for(member)))
    yield Walled(KEY, member, lambda: ReturnCase.objects.visible_to(member).get(pk=key))
    yield Walled(SEARCH, member, lambda: find(member, query, limit=SHOWN + 1))
