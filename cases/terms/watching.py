"""Saying that a term needs no watching, and taking that back. Nobody is reminded then; days and guards stay as they are."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import Access, access_of
from cases.case.actions import lock_case
from cases.case.models import ReturnCase
from cases.terms.models import KeptDeadline, Unwatched
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member

LEAD = "case.change"
# Facts of procedures are recorded by who records decisions.
RECORDED_WITH = {"procedure": "decisions"}
MOVED = gettext_noop("The term got another last day")


def may_change(access: Access, sees: Iterable[Sequence[str]]) -> bool:
    """Who plans the case, or may change the section that the term comes from; and only who may know of it."""
    needed = [tuple(one) for one in sees]
    if not any(all(access.can(capability) for capability in one) for one in needed):
        return False
    sections = {capability.split(".")[0] for one in needed for capability in one}
    changes = {f"{RECORDED_WITH.get(section, section)}.change" for section in sections}
    return access.can(LEAD) or any(access.can(capability) for capability in changes)


def standing_of(cases: Iterable[int]) -> dict[tuple[int, str, date | None], Unwatched]:
    """What is not watched in these cases, by case, key and last day. One query."""
    found = Unwatched.objects.standing().filter(case__in=list(cases)).select_related("by", "unit__organisation")
    return {(one.case_id, one.key, one.due): one for one in found}


@transaction.atomic
def stop_watching(case: ReturnCase, key: str, due: date | None, reason: str, *, by: Member) -> Unwatched:
    """Raises NotAllowed, and NotPossible when the term is not as the page showed it, or somebody was first."""
    case = lock_case(case)
    term = _term(case, key, by)
    if term.due != due:
        raise NotPossible(_("The last day of this term has changed meanwhile. Look at it again."))
    former = Unwatched.objects.standing().filter(case=case, key=key).first()
    if former is not None and former.due == due:
        raise NotPossible(_("Somebody said already that this term needs no watching."))
    if former is not None:
        _end(former, MOVED, by=by)
    row = Unwatched(
        case=case,
        key=key,
        rule=term.rule,
        due=due,
        section=term.walled or term.sees[0].split(".")[0],
        reason=_reason(reason),
        by=by,
        unit=by.acting_unit,
        since=clock.now(),
    )
    return save_as(row, by=by, reason=row.reason)


@transaction.atomic
def watch_again(case: ReturnCase, key: str, reason: str, *, by: Member) -> Unwatched:
    """Take it back. Raises NotAllowed, and NotPossible when it was taken back already."""
    case = lock_case(case)
    _term(case, key, by)
    row = Unwatched.objects.standing().filter(case=case, key=key).first()
    if row is None:
        raise NotPossible(_("This term is watched already."))
    return _end(row, _reason(reason), by=by)


def _term(case: ReturnCase, key: str, by: Member) -> KeptDeadline:
    term: KeptDeadline | None = KeptDeadline.objects.filter(case=case, key=key).first()
    if term is None:
        raise NotPossible(_("This term is no longer there."))
    if not may_change(access_of(by, case), [one.split("+") for one in term.sees]):
        raise NotAllowed(LEAD, case)
    return term


def _reason(text: str) -> str:
    if not text.strip():
        raise NotPossible(_("Say why, so that others understand it later."))
    return text.strip()[:500]


def _end(row: Unwatched, reason: str, *, by: Member) -> Unwatched:
    row.ended_at, row.end_reason = clock.now(), reason
    return save_as(row, by=by, reason=reason)
