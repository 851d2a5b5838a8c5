"""Answering a colleague's question for access. A yes opens the smallest thing that does, for a period; a no has its reason."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import add_task, finish_task, lock_case
from cases.case.models import AccessRequest, ReturnCase, Task, TaskKind
from cases.case.openings import access_in, name_member, opens_by_name, opens_to_unit, set_exception
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member, Membership, valid_on


class Opening(StrEnum):
    """What a yes opens: the section to the member who asked, or to the unit."""

    MEMBER = "member"
    UNIT = "unit"


def source_of_question(asked: AccessRequest) -> str:
    """The source of the task that stands for a question."""
    return f"access:{asked.pk}"


def section_asked(asked: AccessRequest) -> str:
    """The section that was asked to see; "" for another right, which belongs to a part or a role and opens elsewhere."""
    section, _dot, verb = asked.capability.partition(".")
    return section if verb == "view" else ""


def membership_of(asked: AccessRequest) -> Membership | None:
    """As whom the member asked, while that membership is valid."""
    found = Membership.objects.filter(valid_on(clock.today()), member=asked.member_id, unit=asked.unit_id)
    return found.filter(member__is_active=True).select_related("member", "unit__organisation", "role").first()


def openings_for(asked: AccessRequest) -> tuple[Opening, ...]:
    """What would open what was asked, the smallest first; nothing when no act of the responsible unit can."""
    membership, section = membership_of(asked), section_asked(asked)
    if membership is None or not section:
        return ()
    access = access_in(asked.case, membership)
    if access.can(f"{section}.view"):
        return ()
    found = [Opening.MEMBER] if opens_by_name(access, section) else []
    return (*found, *([Opening.UNIT] if opens_to_unit(access, section) else []))


@transaction.atomic
def ask_access(case: ReturnCase, capability: str, reason: str, *, by: Member) -> AccessRequest:
    """A colleague who sees the case but not this section asks the responsible unit, which gets a task."""
    case = lock_case(case)
    require(by, "case.view", case)
    if case.is_closed:
        raise NotPossible(
            _(
                "This case is closed: what is open to you now stays so, and nobody judges new questions. "
                "Ask %(unit)s to reopen the case when it has to go on."
            )
            % {"unit": case.led_by.full_name}
        )
    if not reason.strip():
        raise NotPossible(_("Say why you need this access. The responsible unit decides on it."))
    request = AccessRequest(
        case=case, member=by, unit=by.acting_unit, capability=capability[:60], reason=reason[:500], asked_at=clock.now()
    )
    save_as(request, by=by, reason=gettext_noop("Access asked"))
    title = gettext_noop("Judge a question for access")
    source = f"access:{request.pk}"
    add_task(
        case,
        case.led_by,
        TaskKind.ACCESS,
        title,
        assignee=case.director,
        source=source,
        by=by,
        due_at=clock.end_of(clock.working_days_after(clock.today(), 2)),
        url_name="cases:detail",
        url_arg=case.number,
    )
    notify(case.led_by, "access_asked", member=case.director, case=case, by=by, url_name="cases:detail")
    return request


@transaction.atomic
def agree_access(asked: AccessRequest, how: Opening, *, until: datetime, by: Member, reason: str) -> None:
    """Open what was asked until that moment, finish the task and tell who asked. Raises NotAllowed and NotPossible."""
    task = _open_task(asked, by)
    membership, section = membership_of(asked), section_asked(asked)
    if membership is None or how not in openings_for(asked):
        raise NotPossible(
            _("What was asked cannot be opened this way any more. Look at who sees the case, and answer again.")
        )
    if how is Opening.MEMBER:
        name_member(asked.case, membership, section, until=until, by=by, reason=reason, notice="access_opened")
    else:
        set_exception(asked.case, asked.unit, section, allowed=True, until=until, by=by, reason=reason)
        notify(asked.unit, "access_opened", member=asked.member, case=asked.case, by=by, url_name="cases:access")
    finish_task(task, by=by, reason=reason)


@transaction.atomic
def decline_access(asked: AccessRequest, *, by: Member, reason: str) -> None:
    """Finish the task with the reason and tell who asked. Raises NotAllowed, and NotPossible when it was answered already."""
    task = _open_task(asked, by)
    finish_task(task, by=by, reason=reason)
    notify(asked.unit, "access_declined", member=asked.member, case=asked.case, by=by, url_name="cases:detail")


def _open_task(asked: AccessRequest, by: Member) -> Task:
    case = lock_case(asked.case_id)
    require(by, "case.share", case)
    task = Task.objects.open().filter(source=source_of_question(asked)).first()
    if task is None:
        raise NotPossible(_("This question was answered already."))
    return task
