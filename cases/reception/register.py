"""COA's register: who stays at a site and must be registered in house, week by week."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from django.db.models import Exists, OuterRef, QuerySet

from cases.case.models import ProtectedAddress, ReturnCase
from cases.case.register import Line, Register, by_case
from cases.case.rhythm import DAY, Term
from cases.reception.models import InHouseMark, Placement, ReceptionForm
from leidraad.lib.who import principal
from partners.models import Member, Unit


def terms_of_forms() -> dict[str, list[Term]]:
    """How often somebody must be registered, by form of reception and by the days for which that is stated. One query."""
    found: dict[str, list[Term]] = {}
    for form in ReceptionForm.objects.order_by("code", "valid_from"):
        until = form.valid_until + DAY if form.valid_until else None
        term = Term(form.in_house_rhythm, form.valid_from, until, form.is_established)
        found.setdefault(form.code, []).append(term)
    return found


class InHouseRegister(Register[Placement]):
    marks = InHouseMark
    owner: ClassVar[str] = "placement"
    key: ClassVar[str] = "form"
    since: ClassVar[str] = "started_on"

    def terms(self) -> Mapping[str, Sequence[Term]]:
        return terms_of_forms()

    def residents(self, member: Member, site: Unit) -> QuerySet[Placement, Placement]:
        """Who stays at the site in this week, as far as the acting unit may know."""
        return self.visible(Placement.objects.filter(self.in_week(), site=site), member)

    def of_cases(self, cases: Iterable[ReturnCase]) -> dict[int, Line[Placement]]:
        """The stay of each case in this week, for readers who may see presence in all of them. Two queries, and the forms'.

        Not of who has a protected address: that somebody is registered at a site tells where they are.
        """
        stays = Placement.objects.filter(self.in_week(), case__in=[case.pk for case in cases])
        stays = stays.exclude(Exists(ProtectedAddress.objects.filter(case=OuterRef("case"), until=None)))
        with principal("protection"):
            shown = list(stays.order_by("started_on"))
        return by_case(self.lines(shown))
