"""What may happen to a request. One verb, one function: case lock, right, state, save with actor and reason, tasks, notices.

Everything is decided under the case row's lock. `version=` is the version the page was drawn from: an older one raises
`Stale`. A step that the state table does not know raises `NotPossible`, which says what happened instead.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import add_task, finish_tasks_of, lock_case
from cases.case.models import ProtectedAddress, ReturnCase, TaskKind
from cases.requests.common import (
    add_step,
    check_version,
    end_with,
    locked,
    may_answer,
    needed,
    require_asker,
    require_receiver,
    require_withdrawer,
    start_part,
    still_there,
    tell,
)
from cases.requests.models import PlaceKind, Request, RequestKind, Risk
from cases.requests.registry import begin_work, offered_at, tell_ask_listeners, tell_listeners
from cases.requests.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member, Unit

CONFIRM_DAYS = 2


@dataclass(frozen=True)
class Place:
    """Where to go: a site (with a room), or an address. A protected address is named by its kind only."""

    kind: str = PlaceKind.NONE
    unit: Unit | None = None
    text: str = ""
    city: str = ""


@dataclass(frozen=True)
class NewRequest:
    kind: RequestKind
    to_unit: Unit
    reason: str
    due_at: datetime
    risk: str = ""
    minors_present: bool = False
    interpreter: str = ""
    place: Place = Place()
    topic: str = ""


# --- asking ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_request(case: ReturnCase, new: NewRequest, *, by: Member) -> Request:
    """Offer a request to another unit, which sees no more than the offer. Raises NotAllowed or NotPossible."""
    case = lock_case(case)
    require(by, "case.view", case)
    if not case.is_closed:
        require(by, "requests.ask", case)
    return offer_request(case, new, by=by)


def offer_request(case: ReturnCase, new: NewRequest, *, by: Member) -> Request:
    """Offer it under the lock that the caller holds, who has asked the right to ask. Raises NotAllowed or NotPossible."""
    if case.is_closed:
        raise NotPossible(_("This case is closed. Reopen it before you ask something."))
    # The offer shows the other unit who the person is: nobody tells what they may not know.
    require(by, "identity.view", case)
    asked = draft(case, new, by=by)
    _check_parties(asked)
    _check_content(case, asked, by)
    save_as(asked, by=by, reason=gettext_noop("Request made"))
    add_step(asked, StepKind.ASKED, by=by)
    add_task(
        case,
        asked.to_unit,
        TaskKind.REQUEST,
        asked.kind.name_en,
        by=by,
        due_at=asked.due_at,
        source=asked.source,
        url_name=offered_at(asked),
        url_arg=str(asked.pk),
        liberty_clock=asked.liberty_clock,
    )
    tell_ask_listeners(asked, by)
    tell(asked, "request_offered", asked.to_unit, by=by)
    return asked


def draft(case: ReturnCase, new: NewRequest, *, by: Member) -> Request:
    """The request as it would be sent, unsaved."""
    return Request(
        case=case,
        kind=new.kind,
        from_unit=by.acting_unit,
        asked_by=by,
        to_unit=new.to_unit,
        topic=new.topic,
        reason=new.reason.strip(),
        offered_at=clock.now(),
        due_at=new.due_at,
        liberty_clock=new.kind.liberty_clock,
        risk=new.risk,
        minors_present=new.minors_present,
        interpreter=new.interpreter,
        place_kind=new.place.kind,
        place_unit=new.place.unit,
        place_text=new.place.text,
        place_city=new.place.city,
    )


def _check_parties(asked: Request) -> None:
    kind, sender, receiver = asked.kind, asked.from_unit, asked.to_unit
    if sender.organisation.code not in kind.asked_by or not RequestKind.objects.valid().filter(pk=kind.pk).exists():
        raise NotPossible(_("Your organisation cannot ask this: %(kind)s.") % {"kind": kind})
    if sender.pk == receiver.pk:
        raise NotPossible(_("Within one unit work is assigned, not requested."))
    wanted = Unit.objects.valid().filter(pk=receiver.pk, organisation_id=kind.answered_by_id)
    if not wanted.exists():
        raise NotPossible(_("%(unit)s does not do this work. Choose another unit.") % {"unit": receiver.full_name})
    twice = Request.objects.open().filter(case=asked.case, kind=kind, from_unit=sender, to_unit=receiver)
    if twice.filter(topic=asked.topic).exists():
        raise NotPossible(_("Your unit has asked this of %(unit)s already, and it is still open.") % {"unit": receiver})


def _check_content(case: ReturnCase, asked: Request, by: Member) -> None:
    if not asked.reason:
        raise NotPossible(_("Say why you ask this."))
    if asked.due_at <= clock.now():
        raise NotPossible(_("The term lies in the past. Choose a moment from now on."))
    if asked.kind.needs_risk and asked.risk not in Risk.values:
        raise NotPossible(_("Choose what risk is known, or that none is known."))
    if asked.kind.needs_place and asked.place_kind == PlaceKind.NONE:
        raise NotPossible(_("Choose where the person should be."))
    if asked.place_kind == PlaceKind.PROTECTED:
        require(by, "protected_address.view", case)
        if not ProtectedAddress.objects.filter(case=case, until=None).exists():
            raise NotPossible(_("No protected address is recorded for this case."))


# --- the receiver's side --------------------------------------------------------------------------------------------


def open_request(request: Request, *, by: Member) -> None:
    """Note that the receiver opened the offer for the first time. Anybody else, or a second time: nothing happens."""
    if request.status != Status.OFFERED or not may_answer(by, request):
        return
    if request.steps.filter(kind=StepKind.OPENED).exists():
        return
    with transaction.atomic():
        _case, asked = locked(request)
        if asked.status == Status.OFFERED and not asked.steps.filter(kind=StepKind.OPENED).exists():
            add_step(asked, StepKind.OPENED, by=by)


@transaction.atomic
def accept_request(request: Request, *, by: Member, version: int | None = None) -> Request:
    """Take the work on. The receiving unit's part in the case starts with this transaction, and its work is opened."""
    case, asked = locked(request)
    require_receiver(by, asked)
    asked.move_to(Status.ACCEPTED)
    check_version(asked, version)
    if case.is_closed:
        raise NotPossible(_("This case was closed. There is nothing left to do for this request."))
    reason = gettext_noop("Request accepted")
    asked.answered_by, asked.answered_at = by, clock.now()
    start_part(case, asked, by=by, reason=reason)
    save_as(asked, by=by, reason=reason)
    add_step(asked, StepKind.ACCEPTED, by=by)
    finish_tasks_of(asked.source, unit=asked.to_unit, by=by, reason=reason)
    work = begin_work(asked, by)
    add_task(
        case,
        asked.to_unit,
        work.task_kind,
        work.title,
        by=by,
        due_at=asked.due_at,
        assignee=work.assignee,
        source=asked.source,
        url_name=work.url_name,
        url_arg=work.url_arg or str(asked.pk),
        liberty_clock=asked.liberty_clock,
    )
    tell(asked, "request_accepted", asked.from_unit, by=by, member=asked.asked_by)
    return asked


@transaction.atomic
def decline_request(request: Request, reason: str, *, by: Member, version: int | None = None) -> Request:
    """Refuse the offer with a reason, which the asker reads. The receiver has had no access and gets none."""
    case, asked = locked(request)
    require_receiver(by, asked)
    asked.move_to(Status.DECLINED)
    check_version(asked, version)
    asked.answered_by, asked.answered_at = by, clock.now()
    end_with(case, asked, StepKind.DECLINED, by=by, text=needed(reason))
    tell(asked, "request_declined", asked.from_unit, by=by, member=asked.asked_by)
    return asked


@transaction.atomic
def not_possible(request: Request, reason: str, *, by: Member, version: int | None = None) -> Request:
    """End accepted work that cannot be done, with a reason. The unit's part in the case ends with it."""
    case, asked = locked(request)
    require_receiver(by, asked)
    asked.move_to(Status.NOT_POSSIBLE)
    check_version(asked, version)
    end_with(case, asked, StepKind.NOT_POSSIBLE, by=by, text=needed(reason))
    tell(asked, "request_not_possible", asked.from_unit, by=by, member=asked.asked_by)
    return asked


@transaction.atomic
def report_ready(request: Request, *, by: Member, version: int | None = None) -> Request:
    """The receiver says that the work is done; now the asker has the turn. It keeps its part until that is confirmed."""
    case, asked = locked(request)
    require_receiver(by, asked)
    check_version(asked, version)
    mark_reported(case, asked, by=by, member=by)
    return asked


def mark_reported(case: ReturnCase, asked: Request, *, by: By, member: Member) -> None:
    """Move a request on under the lock that the caller holds; asks no right. `member` did the work, `by` may be a job.

    A kind that needs no confirmation is done with it.
    """
    reason = gettext_noop("Request reported ready")
    asked.move_to(Status.REPORTED_READY)
    asked.reported_at = clock.now()
    if not asked.kind.needs_confirmation:
        asked.move_to(Status.DONE)
        end_with(case, asked, StepKind.REPORTED, by=by)
        tell_listeners(asked, by)
        tell(asked, "request_answered", asked.from_unit, by=by, member=asked.asked_by)
        return
    save_as(asked, by=by, reason=reason)
    add_step(asked, StepKind.REPORTED, by=member)
    finish_tasks_of(asked.source, unit=asked.to_unit, by=by, reason=reason)
    add_task(
        case,
        asked.from_unit,
        TaskKind.CONFIRM,
        asked.kind.name_en,
        by=by,
        due_at=clock.end_of(clock.working_days_after(clock.today(), CONFIRM_DAYS)),
        assignee=still_there(asked.asked_by, asked.from_unit),
        source=asked.source,
        url_name="requests:detail",
        url_arg=str(asked.pk),
        liberty_clock=asked.liberty_clock,
    )
    tell_listeners(asked, by)
    tell(asked, "request_reported", asked.from_unit, by=by, member=asked.asked_by)


def note_expected(asked: Request, text: str, kind: str, *, by: Member) -> None:
    """Tell the asker, with a notice of this kind, that the report comes later, and what is known. It stays accepted.

    The caller holds the lock and has recorded until when.
    """
    if asked.status != Status.ACCEPTED:
        raise NotPossible(asked.why_no_longer())
    add_step(asked, StepKind.EXPECTED, by=by, text=text)
    tell(asked, kind, asked.from_unit, by=by, member=asked.asked_by)


def note_correction(asked: Request, text: str, *, by: Member) -> None:
    """Tell the asker that a sent report was corrected, and why, also after it was confirmed.

    The caller holds the lock and has changed the work.
    """
    if asked.status not in (Status.REPORTED_READY, Status.DONE):
        raise NotPossible(asked.why_no_longer())
    add_step(asked, StepKind.CORRECTED, by=by, text=text)
    tell(asked, "request_corrected", asked.from_unit, by=by, member=asked.asked_by)


# --- the asker's side -----------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw_request(request: Request, reason: str, *, by: Member, version: int | None = None) -> Request:
    """Take the request back, before the work is reported. The receiver's part in the case, if it began, ends."""
    case, asked = locked(request)
    require_withdrawer(by, asked)
    asked.move_to(Status.WITHDRAWN)
    check_version(asked, version)
    end_with(case, asked, StepKind.WITHDRAWN, by=by, text=needed(reason))
    tell(asked, "request_withdrawn", asked.to_unit, by=by, member=asked.answered_by)
    return asked


@transaction.atomic
def confirm_request(request: Request, *, by: Member, version: int | None = None) -> Request:
    """The asker has read the report: the request is done, and the receiver's part in the case ends with it."""
    case, asked = locked(request)
    require_asker(by, asked)
    asked.move_to(Status.DONE)
    check_version(asked, version)
    end_with(case, asked, StepKind.CONFIRMED, by=by)
    tell(asked, "request_confirmed", asked.to_unit, by=by, member=asked.answered_by)
    return asked
