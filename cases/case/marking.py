"""Noting that somebody was seen or not, and correcting it. What both registers share; the rights are asked by their rooms.

Everything here runs under the case row's lock, which the caller holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.models import Mark, PresenceMark, ReturnCase
from cases.case.rhythm import Moment
from leidraad.lib import clock
from leidraad.lib.audit import bulk_update_as, save_as
from leidraad.lib.display import date_long, time_of_day
from leidraad.lib.errors import NotPossible, Stale
from partners.models import Member

M = TypeVar("M", bound=PresenceMark)
O = TypeVar("O", bound=Model)  # noqa: E741 - what obliges: a stay, or a duty to report

NOTED, SEEN, TAKEN_BACK = gettext_noop("Noted"), gettext_noop("Seen"), gettext_noop("Correction: was not seen")
VERSIONS_READ = 30


@dataclass(frozen=True)
class Entry(Generic[O]):
    """What somebody wants to note of one person; `slot` is which moment of the day."""

    owner: O
    mark: str
    slot: int = 1


@dataclass(frozen=True)
class Result(Generic[O]):
    """What became of an entry: `refusal` is "" when it was noted, else why not."""

    entry: Entry[O]
    refusal: str


def one_by_one(entries: Iterable[Entry[O]], note: Callable[[Entry[O]], object]) -> list[Result[O]]:
    """Note each in a transaction of its own, so that what fails for one does not undo the others."""
    results = []
    for entry in entries:
        refusal = ""
        try:
            note(entry)
        except NotPossible as error:
            refusal = str(error)
        except (PermissionDenied, ReturnCase.DoesNotExist):  # the right ended while the list was worked off
            refusal = _("You may no longer note this. Nothing was saved for this person.")
        results.append(Result(entry, refusal))
    return results


class AlreadyMarked(NotPossible):
    """A colleague was first; their mark stands. The message says who noted what, and when."""

    def __init__(self, existing: PresenceMark) -> None:
        super().__init__(noted(existing))
        self.existing = existing


def noted(mark: PresenceMark) -> str:
    words = {"name": mark.by, "time": time_of_day(mark.at), "mark": mark.get_mark_display()}
    if mark.at.astimezone(clock.now().tzinfo).date() != clock.today():
        words["date"] = date_long(mark.at)
        if mark.by is None:
            return _("This was noted on %(date)s at %(time)s: %(mark)s.") % words
        return _("%(name)s noted this on %(date)s at %(time)s: %(mark)s.") % words
    if mark.by is None:
        return _("This was noted at %(time)s: %(mark)s.") % words
    return _("%(name)s noted this at %(time)s: %(mark)s.") % words


def check_moment(moment: Moment | None, mark: str) -> Moment:
    """Raises NotPossible where nothing was due, in the future, and without a choice."""
    if mark not in Mark.values:
        raise NotPossible(_("Choose what you note. Nothing was saved for this person."))
    if moment is None:
        raise NotPossible(_("There is no obligation on this moment."))
    if moment.due_from > clock.today():
        words = {"date": date_long(moment.due_from)}
        raise NotPossible(_("This moment has not come yet. It can be noted from %(date)s on.") % words)
    return moment


def put_mark(new: M, existing: M | None, case: ReturnCase, *, by: Member) -> M:
    """Save a first mark. Noting the same once more changes nothing; anything else raises AlreadyMarked."""
    if existing is not None:
        if existing.mark == new.mark and existing.by_id == by.pk:
            return existing
        raise AlreadyMarked(existing)
    new.by, new.at = by, clock.now()
    save_as(new, by=by, reason=NOTED)
    if new.mark == Mark.SEEN:
        _note_contact(case, _contact_day(new), by=by)
    return new


def correct_mark(stored: M, mark: str, reason: str, case: ReturnCase, *, by: Member, version: int | None) -> M:
    """Replace a mark, with a reason. Raises Stale when somebody corrected it after the page was drawn."""
    if version is not None and stored.version != version:
        raise Stale(stored)
    if mark not in Mark.values:
        raise NotPossible(_("Choose what it should have been."))
    if not reason.strip():
        raise NotPossible(_("Write why you correct this. It stays in the history."))
    if stored.mark == mark:
        raise NotPossible(_("It already says: %(mark)s. Nothing was changed.") % {"mark": stored.get_mark_display()})
    was_seen, seen_on = stored.mark == Mark.SEEN, _contact_day(stored)
    stored.mark, stored.by, stored.at = mark, by, clock.now()
    save_as(stored, by=by, reason=reason.strip()[:200])
    if was_seen:
        _take_back_contact(case, seen_on, by=by)
    elif mark == Mark.SEEN:
        _note_contact(case, _contact_day(stored), by=by)
    return stored


# --- last contact ---------------------------------------------------------------------------------------------------


def _contact_day(mark: PresenceMark) -> date:
    """The day itself; of a week the day it was noted, and the first day when that was later: no more is certain."""
    stated = mark.at.astimezone(clock.now().tzinfo).date()
    return stated if mark.due_from <= stated <= mark.due_to else mark.due_from


def _note_contact(case: ReturnCase, day: date, *, by: Member) -> None:
    if case.last_contact_on is None or case.last_contact_on < day:
        _set_contact(case, day, by=by, reason=SEEN)


def _set_contact(case: ReturnCase, day: date | None, *, by: Member, reason: str) -> None:
    """With its history, but not as a new version: nobody who has a page of the case open has to choose between the two."""
    case.last_contact_on = day
    bulk_update_as([case], ["last_contact_on"], by=by, reason=reason)


def _take_back_contact(case: ReturnCase, day: date, *, by: Member) -> None:
    """Undo what a wrong "seen" did to the last contact, when that day came from a mark and nothing later was noted."""
    if case.last_contact_on != day:
        return
    versions = case.history.order_by("-history_date", "-history_id")
    setter = ""
    for contact, reason in versions.values_list("last_contact_on", "history_change_reason")[:VERSIONS_READ]:
        if contact != day:
            if setter == SEEN:
                _set_contact(case, contact, by=by, reason=TAKEN_BACK)
            return
        setter = reason or ""
