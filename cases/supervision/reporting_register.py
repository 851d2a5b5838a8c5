"""The police's register: who must report to them, at which place, week by week."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from django.db.models import Count, QuerySet

from cases.case.models import ReturnCase, Rhythm
from cases.case.register import Line, Register, by_case
from cases.case.rhythm import Term
from cases.supervision.models import DutyMark, ReportingDuty
from partners.models import Member, Unit

TERMS = {str(rhythm): (Term(rhythm),) for rhythm in Rhythm}


def kept_by(member: Member) -> QuerySet[ReportingDuty, ReportingDuty]:
    """Running duties that the acting unit keeps."""
    if member.acting is None:
        return ReportingDuty.objects.none()
    return ReportingDuty.objects.running().filter(unit=member.acting.unit)


class DutyRegister(Register[ReportingDuty]):
    marks = DutyMark
    owner: ClassVar[str] = "duty"
    key: ClassVar[str] = "rhythm"
    since: ClassVar[str] = "imposed_on"

    def terms(self) -> Mapping[str, Sequence[Term]]:
        return TERMS

    def own(self, member: Member) -> QuerySet[ReportingDuty, ReportingDuty]:
        """Running duties of the acting unit in the cases that it sees."""
        return self.visible(kept_by(member).filter(self.in_week()), member)

    def reporting_at(self, member: Member, site: Unit) -> QuerySet[ReportingDuty, ReportingDuty]:
        """Those who report at this site; at the unit itself whoever has no other place."""
        return self.own(member).filter(place=None if site.pk == member.acting_unit_id else site)

    def places(self, member: Member) -> dict[int | None, int]:
        """Where people report, whatever the week, with how many; None is the unit itself. One query."""
        found = self.visible(kept_by(member), member).order_by().values("place").annotate(n=Count("pk"))
        return {row["place"]: row["n"] for row in found}

    def of_cases(self, cases: Iterable[ReturnCase]) -> dict[int, Line[ReportingDuty]]:
        """The duty of each case in this week, for readers who may see presence in all of them. Two queries."""
        duties = ReportingDuty.objects.filter(self.in_week(), case__in=[case.pk for case in cases])
        return by_case(self.lines(list(duties.select_related("unit__organisation").order_by("imposed_on", "pk"))))
