"""What the acts on a request share: the lock, the rights of the two sides, the receiver's part, steps and notices."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import finish_tasks_of, lock_case
from cases.case.grants import end_involvement, start_involvement
from cases.case.models import Involvement, ReturnCase
from cases.requests.models import Request, RequestStep
from cases.requests.registry import followed_at, is_kept
from cases.requests.states import AT_WORK, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.actions import notify
from partners.managers import managers_of
from partners.models import Member, Membership, Unit, valid_on
from partners.policy import require_to

REASONS = {
    StepKind.DECLINED: gettext_noop("Request declined"),
    StepKind.NOT_POSSIBLE: gettext_noop("Request not possible"),
    StepKind.WITHDRAWN: gettext_noop("Request withdrawn"),
    StepKind.CONFIRMED: gettext_noop("Request done"),
    StepKind.REPORTED: gettext_noop("Request answered"),
    StepKind.EXPIRED: gettext_noop("Request expired"),
}


def locked(request: Request) -> tuple[ReturnCase, Request]:
    """The case row, locked until the transaction ends, and the request as it is stored now."""
    case = lock_case(request.case_id)
    related = ("kind", "from_unit__organisation", "to_unit__organisation", "asked_by", "answered_by", "involvement")
    asked = Request.objects.select_related(*related).get(pk=request.pk)
    asked.case = case
    return case, asked


def require_withdrawer(by: Member, asked: Request) -> None:
    """Who asks may take back, for the unit. What ends with its answer is taken back by who asked it, whatever the role."""
    if by.acting_unit_id == asked.from_unit_id and by.pk == asked.asked_by_id and not asked.kind.needs_confirmation:
        return
    require_asker(by, asked)


def require_receiver(by: Member, asked: Request) -> None:
    """Only a member of the receiving unit whose role answers requests, and never who asked it."""
    if by.acting_unit_id != asked.to_unit_id or by.pk == asked.asked_by_id:
        raise NotAllowed("requests.answer")
    require_to(by, "requests.answer")


def require_asker(by: Member, asked: Request) -> None:
    """Having asked is the unit's key, also when the case has moved on or closed since; the member's role is the second."""
    if by.acting_unit_id != asked.from_unit_id:
        raise NotAllowed("requests.confirm")
    require_to(by, "requests.ask")


def may_answer(member: Member, asked: Request) -> bool:
    try:
        require_receiver(member, asked)
    except NotAllowed:
        return False
    return True


def may_withdraw(member: Member, asked: Request) -> bool:
    try:
        require_withdrawer(member, asked)
    except NotAllowed:
        return False
    return True


def may_decide(member: Member, asked: Request) -> bool:
    try:
        require_asker(member, asked)
    except NotAllowed:
        return False
    return True


def check_version(asked: Request, version: int | None) -> None:
    """Raises Stale when the stored request is newer than the page was drawn from."""
    if version is not None and asked.version != version:
        raise Stale(asked)


def needed(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise NotPossible(_("Give a reason. The other side reads it."))
    return reason


def add_step(asked: Request, kind: StepKind, *, by: By, text: str = "") -> RequestStep:
    member = by if isinstance(by, Member) else None
    unit = member.acting_unit if member else None
    step = RequestStep(request=asked, kind=kind, at=clock.now(), member=member, unit=unit, text=text)
    with transaction.atomic():
        step.save(force_insert=True)
    return step


def start_part(case: ReturnCase, asked: Request, *, by: By, reason: str) -> None:
    """Start the receiver's part, and remember whether this request began it: only then does its end end the part."""
    kind = asked.kind
    there = Involvement.objects.running().filter(case=case, unit=asked.to_unit, part=kind.part).exists()
    asked.involvement = start_involvement(case, asked.to_unit, kind.part, kind.ground, by=by, reason=reason)
    asked.began_involvement = not there


def end_part(case: ReturnCase, asked: Request, *, by: By, reason: str) -> None:
    """End the part that requests began, unless the unit still has other work on this case."""
    involvement = asked.involvement
    if involvement is None or involvement.until is not None:
        return
    same = Request.objects.filter(involvement=involvement)
    if (
        not same.filter(began_involvement=True).exists()
        or same.filter(status__in=AT_WORK).exclude(pk=asked.pk).exists()
    ):
        return
    if _has_own_work(case, asked.to_unit):
        return
    involvement.case, involvement.unit = case, asked.to_unit
    end_involvement(involvement, by=by, reason=reason)


def _has_own_work(case: ReturnCase, unit: Unit) -> bool:
    """Whether something else than a request keeps the unit in the case."""
    return case.tasks.open().filter(unit=unit).exclude(source__startswith="request:").exists() or is_kept(case, unit)


def has_work(case: ReturnCase, unit: Unit) -> bool:
    """Whether the unit still has something to do in the case: a request it accepted, a task, or work of another subject."""
    return Request.objects.filter(case=case, to_unit=unit, status__in=AT_WORK).exists() or _has_own_work(case, unit)


def end_with(case: ReturnCase, asked: Request, kind: StepKind, *, by: By, text: str = "") -> None:
    """Save a request that has just moved to its end: the reason, its step, its tasks, the receiver's part."""
    asked.end_reason = text
    asked.freeze()
    save_as(asked, by=by, reason=text or REASONS[kind])
    add_step(asked, kind, by=by, text=text)
    finish_tasks_of(asked.source, by=by, reason=REASONS[kind])
    end_part(case, asked, by=by, reason=REASONS[kind])


def still_there(member: Member | None, unit: Unit) -> Member | None:
    """The member, if they still work in the unit; otherwise its desk must do without a name."""
    if member is None or not member.is_active:
        return None
    return member if member.memberships.filter(valid_on(clock.today()), unit=unit).exists() else None


def people_there(cases: Iterable[ReturnCase]) -> frozenset[tuple[int, int]]:
    """Pairs of a director and the responsible unit in which they still work, of many cases in one query."""
    pairs = {(case.director_id, case.led_by_id) for case in cases if case.director_id}
    found = Membership.objects.filter(
        valid_on(clock.today()),
        member__is_active=True,
        member__in=[member for member, _unit in pairs],
        unit__in=[unit for _member, unit in pairs],
    )
    return frozenset(found.values_list("member", "unit"))


def tell(asked: Request, kind: str, unit: Unit, *, by: By, member: Member | None = None) -> None:
    """Notify one side: the member concerned while they work there, else the unit's desk.

    The case travels along to the asker only: the receiver of an offer does not learn which case it is about.
    """
    of_asker = unit.pk == asked.from_unit_id
    url_name, url_arg = followed_at(asked) if of_asker else ("requests:detail", str(asked.pk))
    notify(
        unit,
        kind,
        by=by,
        member=still_there(member, unit),
        case=asked.case if of_asker else None,
        url_name=url_name,
        url_arg=url_arg,
    )


def tell_managers(asked: Request, kind: str, *, by: By) -> None:
    """Both sides' managers; a unit without one hears it at its desk. Who asked hears it too."""
    tell(asked, kind, asked.from_unit, by=by, member=asked.asked_by)
    for unit in (asked.from_unit, asked.to_unit):
        managers = [member for member in managers_of(unit) if member.pk != asked.asked_by_id]
        for member in managers:
            tell(asked, kind, unit, by=by, member=member)
        if not managers and unit.pk == asked.to_unit_id:
            tell(asked, kind, unit, by=by)
