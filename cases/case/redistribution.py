"""Give many cases of a unit to other case directors: planned in one transaction, carried out case by case.

One case that cannot be done undoes nothing of another, and a process that is killed loses nothing: the lines that are left
are planned lines, which the periodic job takes up again.
"""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from cases.case.access import NotInSight, require
from cases.case.actions import check_version, directors_of, give_to, lock_case
from cases.case.models import LineStatus, Part, Redistribution, RedistributionLine, Refusal
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.actions import notify
from partners.models import Member
from partners.notices import register_notice
from partners.policy import roles_with

logger = structlog.get_logger(__name__)

MOST = 1000
# A run gives up its turn after this long; what is left goes on in the background. Longer than any page should take.
ALIVE = timedelta(minutes=2)

register_notice("cases_assigned", gettext_lazy("%(count)s cases were assigned to you."))
register_notice("cases_taken_over", gettext_lazy("%(count)s of your cases went to a colleague."))


@dataclass(frozen=True)
class Move:
    """One case to give away, as the manager saw it. Nobody (None) only when an earlier act is taken back."""

    case_id: int
    seen_version: int
    from_id: int | None
    to_id: int | None


@transaction.atomic
def plan_moves(
    moves: Sequence[Move], *, by: Member, reason: str, key: UUID | None = None, undoes: Redistribution | None = None
) -> Redistribution:
    """Write down what is to happen; nothing of it has happened yet. The right is asked for each case when its turn comes.

    A `key` that was planned before gives what was planned then.
    """
    key = key or uuid4()
    before = Redistribution.objects.of_unit(by).filter(key=key).first()
    if before is not None:
        return before
    if not moves or len(moves) > MOST:
        raise NotPossible(_("Choose at least one case, and at most 1,000 at a time."))
    if not reason.strip():
        raise NotPossible(_("Say why these cases go to somebody else."))
    made = Redistribution(
        key=key, unit=by.acting_unit, made_by=by, reason=reason.strip()[:200], undoes=undoes, made_at=clock.now()
    )
    save_as(made, by=by, reason=reason)
    RedistributionLine.objects.bulk_create(
        RedistributionLine(
            redistribution=made,
            case_id=move.case_id,
            from_director_id=move.from_id,
            to_director_id=move.to_id,
            seen_version=move.seen_version,
        )
        for move in moves
    )
    return made


def work_on(redistribution_id: int, *, seconds: float | None = None) -> bool:
    """Carry out the planned lines, each in its own transaction, for at most so long. Says whether all are finished.

    Two workers on one redistribution do no harm: a line is locked, and who finds it locked takes the next one.
    """
    made = Redistribution.objects.select_related("unit__organisation").get(pk=redistribution_id)
    by = manager_of(made)
    directors = frozenset(member.pk for member in directors_of(made.unit))
    until = None if seconds is None else time.monotonic() + seconds
    while _next_line(made, directors, by):
        if until is not None and time.monotonic() > until:
            break
    return _finish(made, by)


def manager_of(made: Redistribution) -> Member:
    """Who made it, acting for the unit of then. Without a valid membership there nothing is allowed any more."""
    member = Member.objects.get(pk=made.made_by_id)
    dividing = roles_with("case.assign", made.unit.organisation.code, Part.LEAD)
    member.acting = member.valid_memberships.filter(unit=made.unit, role__code__in=dividing).first()
    return member


def _next_line(made: Redistribution, directors: Collection[int], by: Member) -> bool:
    """One case. False when no line is left that nobody else has in hand."""
    with transaction.atomic():
        planned = made.lines.filter(status=LineStatus.PLANNED).order_by("pk")
        line = planned.select_for_update(skip_locked=True).first()
        if line is None:
            return False
        try:
            with transaction.atomic():
                line.done_version = _give(line, made, directors, by)
            line.status = LineStatus.DONE
        except Refused as refused:
            line.status, line.refusal = LineStatus.REFUSED, refused.why
        except DatabaseError:
            logger.exception("redistribution_line_failed", line=line.pk)
            line.status, line.refusal = LineStatus.REFUSED, Refusal.FAULT
        line.save(update_fields=["status", "refusal", "done_version"])
    return True


class Refused(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


def _give(line: RedistributionLine, made: Redistribution, directors: Collection[int], by: Member) -> int:
    """The case to its new director, under its lock, when it still is as it was seen. Returns the version it has now."""
    case = lock_case(line.case_id)
    try:
        require(by, "case.view", case)
        if case.is_closed:
            raise Refused(Refusal.CLOSED)
        require(by, "case.assign", case)
        check_version(case, line.seen_version)
    except Stale:
        raise Refused(Refusal.CHANGED) from None
    except (NotAllowed, NotInSight):
        raise Refused(Refusal.NOT_ALLOWED) from None
    if line.to_director_id is not None and line.to_director_id not in directors:
        raise Refused(Refusal.NO_DIRECTOR)
    if case.director_id != line.to_director_id:
        to = Member.objects.get(pk=line.to_director_id) if line.to_director_id else None
        give_to(case, to, by=by, reason=made.reason)
    version: int = case.version
    return version


@transaction.atomic
def _finish(made: Redistribution, by: Member) -> bool:
    """When no line is left: say so once, and tell each director with one notice how many cases came and went."""
    made = Redistribution.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=made.pk)
    if made.finished_at is not None:
        return True
    lines = list(made.lines.values_list("status", "from_director_id", "to_director_id"))
    if any(status == LineStatus.PLANNED for status, _from, _to in lines):
        return False
    made.finished_at = clock.now()
    save_as(made, by=by, reason=gettext_noop("Redistribution finished"))
    moved = [(giver, taker) for status, giver, taker in lines if status == LineStatus.DONE and giver != taker]
    _tell(made, "cases_assigned", Counter(taker for _giver, taker in moved), by)
    _tell(made, "cases_taken_over", Counter(giver for giver, _taker in moved), by)
    return True


def _tell(made: Redistribution, kind: str, counts: Counter[int | None], by: Member) -> None:
    """One notice each, whatever the number of cases; not to who did it, nor to who has left."""
    found = Member.objects.filter(pk__in=[key for key in counts if key], is_active=True).exclude(pk=made.made_by_id)
    for member in found.order_by("pk"):
        notify(made.unit, kind, member=member, by=by, url_name="cases:list", params={"count": counts[member.pk]})


def take_back(made: Redistribution, *, by: Member, reason: str) -> Redistribution:
    """Plan the way back for what this act did; each case goes back only when it is still as this act left it.

    Raises NotPossible when the act is still running, moved nothing, or was taken back already.
    """
    with transaction.atomic():
        made = Redistribution.objects.select_for_update(no_key=True, of=("self",)).get(pk=made.pk)
        if made.finished_at is None:
            raise NotPossible(_("This is still going on. Wait until it is finished."))
        if Redistribution.objects.filter(undoes=made).exists():
            raise NotPossible(_("This was taken back already."))
        moves = [
            Move(line.case_id, line.done_version or 0, line.to_director_id, line.from_director_id)
            for line in made.lines.filter(status=LineStatus.DONE).order_by("pk")
            if line.from_director_id != line.to_director_id
        ]
        if not moves:
            raise NotPossible(_("Nothing was changed here, so there is nothing to take back."))
        return plan_moves(moves, by=by, reason=reason, undoes=made)


def unfinished() -> list[int]:
    """Redistributions that nobody seems to work on any more, the oldest first."""
    before = clock.now() - ALIVE
    found = Redistribution.objects.filter(finished_at=None, made_at__lt=before).order_by("made_at", "pk")
    return list(found.values_list("pk", flat=True))
