"""What the reporter does: file, correct by a new one, withdraw, and take the withdrawal back.

None of it looks at any person or case: so nothing that happens, and no time that it takes, can tell whether somebody is known.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import finish_tasks_of
from cases.case.lookalikes import Born
from cases.case.models import Task, TaskKind
from handover.models.referral import FILE, Referral, ReferralReason
from handover.referrals.states import OPEN, Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.stale import require_version
from partners.actions import notify
from partners.models import Member
from partners.policy import ground_of, require_to
from partners.sharing import CONSENT

TASK_TITLE = gettext_noop("Judge a referral")


@dataclass(frozen=True)
class NewReferral:
    """What the reporter tells. `born` is year, month, day, each as far as it is known."""

    surname: str
    reason: ReferralReason
    asked: str
    contact: str
    given_names: str = ""
    v_number: str = ""
    born: Born = (None, None, None)
    nationality: str = ""
    note: str = ""
    consented: bool | None = None


def needs_consent(member: Member) -> bool:
    """Whether the member's organisation tells DT&V about somebody only when that person agrees (IOM, VluchtelingenWerk)."""
    return ground_of(member, FILE) == CONSENT


@transaction.atomic
def file_referral(new: NewReferral, *, by: Member, key: UUID, corrects: Referral | None = None) -> Referral:
    """Tell intake, which gets a task. A `key` that was sent before gives the referral of then.

    With `corrects` it takes the place of an earlier one of the own unit, which is withdrawn when it still waits.
    """
    require_to(by, FILE)
    own = Referral.objects.filter(from_unit=by.acting_unit)
    sent_before = own.filter(key=key).first()
    if sent_before is not None:
        return sent_before
    _check(new, by)
    former = _to_correct(corrects, by) if corrects else None
    referral = _made(new, by, key, former)
    try:
        with transaction.atomic():
            save_as(referral, by=by, reason=gettext_noop("Referral filed"))
    except IntegrityError:  # the same form, sent at the same moment
        return own.get(key=key)
    add_desk_task(referral, by=by)
    if former is not None and former.is_open:
        _withdraw(former, by=by, reason=gettext_noop("Corrected by a new referral"))
    return referral


def _check(new: NewReferral, by: Member) -> None:
    if not ReferralReason.objects.for_member(by).filter(pk=new.reason.pk).exists():
        raise NotPossible(_("Choose one of the options shown."))
    if needs_consent(by) and not new.consented:
        raise NotPossible(_("Your organisation passes this on only when the person agrees."))


def _made(new: NewReferral, by: Member, key: UUID, former: Referral | None) -> Referral:
    year, month, day = new.born
    return Referral(
        key=key,
        from_unit=by.acting_unit,
        desk=new.reason.desk,
        filed_by=by,
        filed_at=clock.now(),
        v_number=new.v_number,
        surname=new.surname,
        given_names=new.given_names,
        birth_year=year,
        birth_month=month,
        birth_day=day,
        nationality=new.nationality,
        reason=new.reason,
        asked=new.asked,
        contact=new.contact,
        note=new.note,
        consented=True if needs_consent(by) else None,
        corrects=former,
    )


def _to_correct(corrects: Referral, by: Member) -> Referral:
    former = locked(corrects)
    require_own(by, former)
    if Referral.objects.filter(corrects=former).exists():
        raise NotPossible(_("This referral was corrected already. Correct the newest one."))
    return former


def locked(referral: Referral) -> Referral:
    """The referral as it is stored now, locked until the transaction ends: the one lock for all that happens to it."""
    Referral.objects.select_for_update(no_key=True).filter(pk=referral.pk).values_list("pk").first()
    return Referral.objects.select_related("from_unit", "desk", "reason", "filed_by", "taken_by").get(pk=referral.pk)


def require_own(by: Member, referral: Referral) -> None:
    """Only a member of the unit that filed it."""
    require_to(by, FILE)
    if by.acting_unit_id != referral.from_unit_id:
        raise NotAllowed(FILE)


def add_desk_task(referral: Referral, *, by: Member, title: str = TASK_TITLE) -> None:
    """The one open task of the desk. It belongs to no case: whose case it would be is what intake has to find out."""
    reason = referral.reason
    due = clock.working_days_after(referral.filed_on, reason.answer_working_days)
    task = Task(
        unit=referral.desk,
        assignee=referral.taken_by,
        kind=TaskKind.OTHER,
        title=title,
        source=referral.source,
        url_name="handover:referral",
        url_arg=str(referral.pk),
        due_at=clock.end_of(due),
        created_at=clock.now(),
    )
    save_as(task, by=by, reason=gettext_noop("Referral filed"))


@transaction.atomic
def withdraw(referral: Referral, reason: str, *, by: Member, version: int) -> Referral:
    """As long as DT&V has not dealt with it. Raises NotPossible afterwards, and Stale when the page was older."""
    referral = locked(referral)
    require_own(by, referral)
    if referral.status not in OPEN:
        raise NotPossible(referral.why_no_longer())
    require_version(referral, version)
    return _withdraw(referral, by=by, reason=reason)


def _withdraw(referral: Referral, *, by: Member, reason: str) -> Referral:
    referral.move_to(Status.WITHDRAWN)
    save_as(referral, by=by, reason=reason)
    finish_tasks_of(referral.source, by=by, reason=gettext_noop("Referral withdrawn"))
    if referral.taken_by is not None:
        _tell_desk(referral, "referral_withdrawn", by=by)
    return referral


@transaction.atomic
def restore(referral: Referral, *, by: Member, version: int) -> Referral:
    """Take a withdrawal back: the referral waits again, with the term it had. Not when a new one took its place."""
    referral = locked(referral)
    require_own(by, referral)
    if referral.status != Status.WITHDRAWN:
        raise NotPossible(_("This referral is not withdrawn. There is nothing to take back."))
    require_version(referral, version)
    if Referral.objects.filter(corrects=referral).exists():
        raise NotPossible(_("A new referral took the place of this one."))
    referral.move_to(Status.TAKEN_UP if referral.taken_by else Status.FILED)
    save_as(referral, by=by, reason=gettext_noop("Withdrawal taken back"))
    add_desk_task(referral, by=by)
    if referral.taken_by is not None:
        _tell_desk(referral, "referral_restored", by=by)
    return referral


def _tell_desk(referral: Referral, kind: str, *, by: Member) -> None:
    notify(referral.desk, kind, member=referral.taken_by, by=by, url_name="handover:referral", url_arg=str(referral.pk))
