"""What COA notes of the in-house registration: a mark, the same mark for many, a correction. Under the case lock, right asked."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.marking import Entry, Result, check_moment, correct_mark, one_by_one, put_mark
from cases.case.models import ReturnCase
from cases.case.register import Sheet
from cases.case.rhythm import monday_of
from cases.reception.models import InHouseMark, Placement
from cases.reception.register import InHouseRegister
from leidraad.lib.errors import NotAllowed
from partners.models import Member

RIGHT = "presence.change"


@transaction.atomic
def mark_in_house(
    placement: Placement, day: date, mark: str, *, by: Member, slot: int = 1, note: str = "",
    register: InHouseRegister | None = None,
) -> InHouseMark:  # fmt: skip
    """Note the obliged moment of this stay that lies on `day`. A first mark stands: AlreadyMarked says whose it is.

    Nothing follows by itself from a mark, but the case's last contact. `register` saves reading the forms again for many.
    """
    case = lock_case(placement.case_id)
    _require_site(by, case, placement)
    stay = Placement.objects.get(pk=placement.pk)
    register = register or InHouseRegister(Sheet(monday_of(day), day))
    moment = check_moment(register.moment_of(stay, slot) if stay.started_on else None, mark)
    found = InHouseMark.objects.filter(placement=stay, due_from=moment.due_from, slot=slot).select_related("by").first()
    new = InHouseMark(
        placement=stay,
        case=case,
        due_from=moment.due_from,
        due_to=moment.due_to,
        slot=slot,
        mark=mark,
        note=note.strip(),
    )
    return put_mark(new, found, case, by=by)


def mark_many_in_house(
    entries: Iterable[Entry[Placement]], day: date, *, by: Member, register: InHouseRegister | None = None
) -> list[Result[Placement]]:
    """Note several, with the result of each. `register` is that of the week of `day`, where the caller has it already."""
    register = register or InHouseRegister(Sheet(monday_of(day), day))

    def note(entry: Entry[Placement]) -> None:
        mark_in_house(entry.owner, day, entry.mark, by=by, slot=entry.slot, register=register)

    return one_by_one(entries, note)


@transaction.atomic
def correct_in_house(
    mark: InHouseMark, new: str, reason: str, *, by: Member, version: int | None = None
) -> InHouseMark:
    """Replace a mark, with a reason; both stay in the history. Raises Stale for a page that was drawn before another's."""
    case = lock_case(mark.case_id)
    _require_site(by, case, mark.placement)
    stored = InHouseMark.objects.select_related("by").get(pk=mark.pk)
    return correct_mark(stored, new, reason, case, by=by, version=version)


def _require_site(by: Member, case: ReturnCase, placement: Placement) -> None:
    """The right in this case, and only for the register of one's own site."""
    require(by, RIGHT, case)
    if placement.site_id != by.acting_unit_id:
        raise NotAllowed(RIGHT, case)
