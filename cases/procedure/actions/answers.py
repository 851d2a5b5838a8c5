"""What may happen to a question about removability: answered, not known yet, the answer corrected, or overtaken.

Everything runs under the case row's lock. Only a member of the unit that was asked answers, and never who asked; once the
unit's part in the case runs, that part must carry `removability.change` as well. Recording what is so is never refused: an
answer may be corrected after the question was closed.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import access_of
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import Removability, ReturnCase, Task
from cases.procedure.common import answer_in_force, put_in_force, replace, tell_lead
from cases.procedure.models import AnswerGround, RemovabilityAnswer
from cases.procedure.overtaking import mark_overtaken
from cases.procedure.states import QUESTIONS
from cases.requests.actions import accept_request, mark_reported, note_correction, note_expected
from cases.requests.common import check_version, locked, require_receiver
from cases.requests.models import Request
from cases.requests.states import RUNNING, Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member

CHANGE = "removability.change"


@dataclass(frozen=True)
class Answer:
    """What IND states. `valid_until` is the last day on which it holds; without it the answer has no planned end."""

    value: str
    ground: AnswerGround
    valid_until: date | None = None
    note: str = ""


@transaction.atomic
def answer(request: Request, new: Answer, *, by: Member, version: int | None = None) -> RemovabilityAnswer:
    """Answer the question, accept it first where it was still offered, and report it ready. The asker is told at once.

    Raises NotAllowed, NotPossible, and Stale when the page was drawn from an older version.
    """
    case, asked = _at_work(request, by, version)
    _check(new)
    reason = gettext_noop("Answer of IND")
    replace(answer_in_force(case), by=by, reason=reason)
    stated = _stated(case, asked, new, by)
    put_in_force(case, asked, stated, by=by, reason=reason)
    mark_reported(case, asked, by=by, member=by)
    return stated


@transaction.atomic
def not_known_yet(
    request: Request, expected_on: date, note: str = "", *, by: Member, version: int | None = None
) -> RemovabilityAnswer:
    """Say when the answer is expected. The question stays accepted, the asker is told, and the task moves to that day."""
    case, asked = _at_work(request, by, version)
    if expected_on < clock.today():
        raise NotPossible(_("The day on which you expect the answer lies in the past."))
    reason = gettext_noop("Answer expected later")
    stated = RemovabilityAnswer(
        request=asked,
        case=case,
        expected_on=expected_on,
        note=note.strip(),
        answered_by=by,
        answered_at=clock.now(),
    )
    save_as(stated, by=by, reason=reason)
    for task in Task.objects.open().filter(source=asked.source, unit=asked.to_unit):
        task.due_at = clock.end_of(expected_on)
        save_as(task, by=by, reason=reason)
    save_as(asked, by=by, reason=reason)
    note_expected(asked, stated.note, "removability_expected", by=by)
    return stated


@transaction.atomic
def correct_answer(
    former: RemovabilityAnswer, new: Answer, reason: str, *, by: Member, version: int | None = None
) -> RemovabilityAnswer:
    """Replace a wrong answer, with a reason, also after the question was closed. The asker is told; both stay on record."""
    case, former = _locked_answer(former, by)
    if former.request.status not in (Status.REPORTED_READY, Status.DONE):
        raise NotPossible(former.request.why_no_longer())
    if former.replaced_at is not None:
        raise NotPossible(_("A later answer took the place of this one. Correct that one."))
    if version is not None and former.version != version:
        raise Stale(former)
    if not reason.strip():
        raise NotPossible(_("Say why you correct the answer. The asker reads it."))
    _check(new)
    replace(former, by=by, reason=reason.strip())
    stated = _stated(case, former.request, new, by)
    stated.corrects, stated.correction_reason = former, reason.strip()
    put_in_force(case, former.request, stated, by=by, reason=reason.strip())
    note_correction(former.request, reason.strip(), by=by)
    if not case.is_closed and case.led_by_id != former.request.from_unit_id:
        tell_lead(case, "removability_corrected", by=by)
    return stated


@transaction.atomic
def overtake(former: RemovabilityAnswer, fact: str, *, by: Member, version: int | None = None) -> RemovabilityAnswer:
    """IND itself says that a later fact may change its answer. The asker and the responsible unit are told.

    Saying it of an answer that is overtaken already changes nothing. Raises NotPossible when it is no longer in force.
    """
    case, former = _locked_answer(former, by)
    if former.is_overtaken:
        return former
    if not former.is_final or former.replaced_at is not None:
        raise NotPossible(_("A later answer took the place of this one."))
    if version is not None and former.version != version:
        raise Stale(former)
    if not fact.strip():
        raise NotPossible(_("Say in one sentence what happened since. The asker reads it."))
    mark_overtaken(case, former, fact.strip()[:200], by=by)
    publish(case, Fact(FactKind.ANSWER_OVERTAKEN), by=by)
    return former


# --- what they share ------------------------------------------------------------------------------------------------


def _at_work(request: Request, by: Member, version: int | None) -> tuple[ReturnCase, Request]:
    """The locked case and question, accepted by now. Raises NotPossible when it was answered or ended."""
    case, asked = locked(request)
    _require(by, case, asked)
    if asked.status not in RUNNING:
        raise NotPossible(asked.why_no_longer())
    check_version(asked, version)
    if case.is_closed:
        raise NotPossible(_("This case was closed. There is nothing left to do for this request."))
    if asked.status == Status.OFFERED:
        accept_request(asked, by=by)
        case, asked = locked(request)
        _require(by, case, asked)
    return case, asked


def _locked_answer(answer: RemovabilityAnswer, by: Member) -> tuple[ReturnCase, RemovabilityAnswer]:
    case, asked = locked(answer.request)
    found = RemovabilityAnswer.objects.select_related("ground").get(pk=answer.pk)
    found.request, found.case = asked, case
    _require(by, case, asked)
    return case, found


def _require(by: Member, case: ReturnCase, asked: Request) -> None:
    """The receiver of a question; while its part in the case runs, with the right that this part carries."""
    if asked.kind.code not in QUESTIONS:
        raise NotPossible(_("This request is not a question about removability."))
    require_receiver(by, asked)
    access = access_of(by, case)
    if access.sees_case and not case.is_closed and not access.can(CHANGE):
        raise NotAllowed(CHANGE, case)


def _check(new: Answer) -> None:
    if new.value not in Removability.values or new.value == Removability.UNKNOWN:
        raise NotPossible(_("Choose what the answer is."))
    valid = AnswerGround.objects.valid().filter(pk=new.ground.pk, values__contains=[new.value])
    if not valid.exists():
        raise NotPossible(_("This ground does not support this answer. Choose another ground."))
    if new.valid_until is None and new.value == Removability.REMOVABLE:
        raise NotPossible(_("Say until which day the person is removable. Facts change."))
    if new.valid_until is not None and new.valid_until < clock.today():
        raise NotPossible(_("The last day of the answer lies in the past."))


def _stated(case: ReturnCase, asked: Request, new: Answer, by: Member) -> RemovabilityAnswer:
    return RemovabilityAnswer(
        request=asked,
        case=case,
        value=new.value,
        ground=new.ground,
        valid_until=new.valid_until,
        note=new.note.strip(),
        answered_by=by,
        answered_at=clock.now(),
    )
