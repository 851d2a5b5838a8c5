"""What DT&V's intake does with a referral, and what follows for the responsible unit of the case it is about.

Each act answers the reporter with the same words whatever intake found. Giving the reporter's unit a part in a case is another
decision, of the unit that is responsible for the case, with the acts that exist for it.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import add_task, finish_tasks_of, lock_case
from cases.case.lookalikes import Described, Lookalike, lookalikes
from cases.case.models import ReturnCase, Task, TaskKind
from cases.case.search import case_number
from handover.models.referral import JUDGE, Referral, ReferralJudgement
from handover.referrals.actions import add_desk_task, locked
from handover.referrals.states import OPEN, Finding, Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.stale import require_version
from leidraad.lib.who import principal
from partners.actions import notify
from partners.models import Member, valid_on
from partners.policy import require_to

MATCHING = "handover.match_referral"
OPEN_TITLE = gettext_noop("Open a case for a referral")
LEAD_TITLE = gettext_noop("Read a referral about this person")
LEAD_WORKING_DAYS = 2


def require_desk(by: Member, referral: Referral) -> None:
    """Only a member of the desk that it was sent to."""
    require_to(by, JUDGE)
    if by.acting_unit_id != referral.desk_id:
        raise NotAllowed(JUDGE)


def candidates(referral: Referral, *, by: Member) -> list[Lookalike]:
    """Cases whose person may be the one, also those in which intake has no part. Who shows them shows who it is and no more,
    and logs it."""
    require_desk(by, referral)
    born = (referral.birth_year, referral.birth_month, referral.birth_day)
    described = Described(referral.surname, referral.given_names, referral.v_number, born, referral.nationality)
    with principal(MATCHING):
        return lookalikes(described)


def find_case(number: str, *, by: Member) -> ReturnCase:
    """The case with this number, for matching only. Raises NotPossible when nobody has it."""
    require_to(by, JUDGE)
    with principal(MATCHING):
        found = ReturnCase.objects.filter(number=case_number(number) or number).select_related("person").first()
    if found is None:
        raise NotPossible(_("There is no case with this number. Check the number."))
    return found


@transaction.atomic
def take_up(referral: Referral, *, by: Member, version: int) -> Referral:
    """This clerk looks into it, and the reporter reads so. Raises NotPossible, with the name, when a colleague was first."""
    referral = locked(referral)
    require_desk(by, referral)
    if referral.status != Status.FILED:
        raise NotPossible(too_late(referral))
    require_version(referral, version)
    referral.move_to(Status.TAKEN_UP)
    referral.taken_by = by
    save_as(referral, by=by, reason=gettext_noop("Referral taken up"))
    for task in Task.objects.open().filter(source=referral.source, unit=referral.desk):
        task.assignee = by
        save_as(task, by=by, reason=gettext_noop("Referral taken up"))
    _tell_reporter(referral, "referral_taken_up", by=by)
    return referral


def too_late(referral: Referral) -> str:
    """Who was first, for a colleague of the desk."""
    standing = ReferralJudgement.objects.standing().filter(referral=referral).select_related("decided_by").first()
    if standing is not None:
        return _("%(who)s has judged this referral already. Nothing of yours was saved.") % {"who": standing.decided_by}
    if referral.status == Status.TAKEN_UP and referral.taken_by is not None:
        return _("%(who)s has taken up this referral already.") % {"who": referral.taken_by}
    return referral.why_no_longer()


@transaction.atomic
def judge(
    referral: Referral, finding: Finding, *, by: Member, version: int, case: ReturnCase | None = None, reason: str = ""
) -> ReferralJudgement:
    """Match it to a case, say that one must be opened, or that nothing has to be done. The reporter reads "dealt with".

    A referral for which a case had to be opened is matched to that case afterwards, which the reporter does not notice.
    Raises NotPossible, with the name, when a colleague was first.
    """
    referral = locked(referral)
    require_desk(by, referral)
    waiting = ReferralJudgement.objects.standing().filter(referral=referral, finding=Finding.TO_OPEN).first()
    goes_on = waiting is not None and finding == Finding.MATCHED
    if referral.status not in OPEN and not goes_on:
        raise NotPossible(too_late(referral))
    require_version(referral, version)
    if waiting is not None:
        waiting.undone_at = clock.now()
        save_as(waiting, by=by, reason=gettext_noop("A case was opened"))
    judgement = _recorded(referral, finding, case, reason, by=by)
    finish_tasks_of(referral.source, by=by, unit=referral.desk, reason=gettext_noop("Referral judged"))
    referral.taken_by = referral.taken_by or by
    if not goes_on:
        referral.move_to(Status.DEALT_WITH)
        _tell_reporter(referral, "referral_dealt_with", by=by)
    save_as(referral, by=by, reason=gettext_noop("Referral judged"))
    if finding == Finding.TO_OPEN:
        add_desk_task(referral, by=by, title=OPEN_TITLE)
    if judgement.case is not None:
        with principal(MATCHING):
            _tell_lead(referral, lock_case(judgement.case_id or 0), by=by)
    return judgement


def _recorded(
    referral: Referral, finding: Finding, case: ReturnCase | None, reason: str, *, by: Member
) -> ReferralJudgement:
    if finding == Finding.NO_ACTION and not reason.strip():
        raise NotPossible(_("Write why nothing has to be done."))
    if finding == Finding.MATCHED and case is None:
        raise NotPossible(_("Choose the case, or fill in its number."))
    judgement = ReferralJudgement(
        referral=referral,
        finding=finding,
        case=case if finding == Finding.MATCHED else None,
        reason=reason.strip()[:500],
        decided_by=by,
        decided_unit=by.acting_unit,
        decided_at=clock.now(),
    )
    return save_as(judgement, by=by, reason=gettext_noop("Referral judged"))


@transaction.atomic
def take_back(referral: Referral, reason: str, *, by: Member, version: int) -> Referral:
    """Undo the judgement: the clerk has it in hand again, the reporter reads "taken up", the responsible unit is told."""
    referral = locked(referral)
    require_desk(by, referral)
    standing = ReferralJudgement.objects.standing().filter(referral=referral).first()
    if standing is None:
        raise NotPossible(_("This referral is not judged. There is nothing to take back."))
    require_version(referral, version)
    standing.undone_at = clock.now()
    save_as(standing, by=by, reason=reason)
    finish_tasks_of(referral.source, by=by, reason=gettext_noop("Judgement taken back"))
    referral.move_to(Status.TAKEN_UP)
    referral.taken_by = by
    save_as(referral, by=by, reason=gettext_noop("Judgement taken back"))
    add_desk_task(referral, by=by)
    _tell_reporter(referral, "referral_taken_up", by=by)
    if standing.case_id is not None:
        with principal(MATCHING):
            case = lock_case(standing.case_id)
            if _is_ours(case, referral):
                notify(
                    case.led_by,
                    "referral_unmatched",
                    member=case.director,
                    case=case,
                    by=by,
                    url_name="cases:referrals",
                )
    return referral


def _is_ours(case: ReturnCase, referral: Referral) -> bool:
    """Whether the desk's own organisation is responsible. No other one learns that somebody was referred."""
    return case.led_by.organisation_id == referral.desk.organisation_id


def _tell_lead(referral: Referral, case: ReturnCase, *, by: Member) -> None:
    """A notice and a task for the responsible unit; nothing while another organisation still is responsible."""
    if not _is_ours(case, referral):
        return
    add_task(
        case,
        case.led_by,
        TaskKind.OTHER,
        LEAD_TITLE,
        by=by,
        assignee=case.director,
        source=referral.source,
        due_at=clock.end_of(clock.working_days_after(clock.today(), LEAD_WORKING_DAYS)),
        url_name="cases:referrals",
        url_arg=case.number,
    )
    notify(case.led_by, "referral_matched", member=case.director, case=case, by=by, url_name="cases:referrals")


def tell_new_lead(case: ReturnCase, *, by: Member) -> None:
    """For a locked case that DT&V has just accepted: what was matched to it before gets its task now."""
    for judgement in ReferralJudgement.objects.standing().filter(case=case).select_related("referral__desk"):
        _tell_lead(judgement.referral, case, by=by)


@transaction.atomic
def mark_read(judgement: ReferralJudgement, case: ReturnCase, *, by: Member) -> None:
    """The responsible unit has read it. A task of reading, so on a closed case too. Raises NotAllowed."""
    case = lock_case(case)
    require(by, "referrals.view", case)
    finish_tasks_of(judgement.referral.source, by=by, unit=case.led_by, reason=gettext_noop("Referral read"))


def _tell_reporter(referral: Referral, kind: str, *, by: Member) -> None:
    """The one who filed it; the whole unit when that member has left it."""
    filed_by = referral.filed_by
    works_there = filed_by.memberships.filter(valid_on(clock.today()), unit=referral.from_unit)
    member = filed_by if filed_by.is_active and works_there.exists() else None
    notify(referral.from_unit, kind, member=member, by=by, url_name="handover:referral", url_arg=str(referral.pk))
