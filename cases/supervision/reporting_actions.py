"""What the police note of the duty to report: a mark, several marks, a correction. Under the case lock, right asked."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.marking import Entry, Result, check_moment, correct_mark, one_by_one, put_mark
from cases.case.models import ReturnCase
from cases.case.register import Sheet
from cases.case.rhythm import monday_of
from cases.supervision.models import DutyMark, ReportingDuty
from cases.supervision.reporting_register import DutyRegister
from leidraad.lib.errors import NotAllowed
from partners.models import Member

RIGHT = "reporting.change"


@transaction.atomic
def mark_duty(duty: ReportingDuty, day: date, mark: str, *, by: Member, slot: int = 1, note: str = "") -> DutyMark:
    """Note the obliged moment of this duty that lies on `day`. A first mark stands: AlreadyMarked says whose it is.

    Nothing follows by itself from a mark, but the case's last contact.
    """
    case = lock_case(duty.case_id)
    require_unit(by, case, duty)
    stored = ReportingDuty.objects.get(pk=duty.pk)
    moment = check_moment(DutyRegister(Sheet(monday_of(day), day)).moment_of(stored, slot), mark)
    found = DutyMark.objects.filter(duty=stored, due_from=moment.due_from, slot=slot).select_related("by").first()
    new = DutyMark(
        duty=stored, case=case, due_from=moment.due_from, due_to=moment.due_to, slot=slot, mark=mark, note=note.strip()
    )
    return put_mark(new, found, case, by=by)


def mark_many_duty(entries: Iterable[Entry[ReportingDuty]], day: date, *, by: Member) -> list[Result[ReportingDuty]]:
    """Note several, with the result of each."""

    def note(entry: Entry[ReportingDuty]) -> None:
        mark_duty(entry.owner, day, entry.mark, by=by, slot=entry.slot)

    return one_by_one(entries, note)


@transaction.atomic
def correct_duty(mark: DutyMark, new: str, reason: str, *, by: Member, version: int | None = None) -> DutyMark:
    """Replace a mark, with a reason; both stay in the history. Raises Stale for a page that was drawn before another's."""
    case = lock_case(mark.case_id)
    require_unit(by, case, mark.duty)
    stored = DutyMark.objects.select_related("by").get(pk=mark.pk)
    return correct_mark(stored, new, reason, case, by=by, version=version)


def require_unit(by: Member, case: ReturnCase, duty: ReportingDuty) -> None:
    """The right in this case, and only for the unit that keeps the duty."""
    require(by, RIGHT, case)
    if duty.unit_id != by.acting_unit_id:
        raise NotAllowed(RIGHT, case)
