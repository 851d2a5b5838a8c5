"""The talk between the two sides: opened, asked, answered, returned, withdrawn."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import add_task, finish_tasks_of
from cases.case.models import Phase, ReturnCase, TaskKind
from handover.actions.common import (
    NewItem,
    add_step,
    check_version,
    give_next_step,
    locked,
    move_task,
    require_receiver,
    require_sender,
    set_phase,
)
from handover.actions.offering import revise_items
from handover.frozen import ended_copy
from handover.models import Handover, ReturnReason
from handover.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import By, bulk_update_as, save_as
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member, Unit

ANSWER_TITLE = gettext_noop("Answer a question about a handover")
RETURNED_TITLE = gettext_noop("Complete a returned handover and offer it again")


@transaction.atomic
def mark_opened(handover: Handover, *, by: Member) -> Handover:
    """The receiver has read the offer: from now on it cannot be withdrawn. The second time nothing happens."""
    if handover.opened_at is not None or not handover.is_awaited:
        return handover
    case, handover = locked(handover)
    require_receiver(by, handover)
    if handover.opened_at is not None or handover.status != Status.OFFERED:
        return handover
    reason = gettext_noop("Handover opened")
    handover.opened_at, handover.opened_by = clock.now(), by
    save_as(handover, by=by, reason=reason)
    if case.phase == Phase.RECEIVED:
        set_phase(case, Phase.INTAKE_CHECK, by=by, reason=reason, source=by.acting_unit)
    add_step(handover, StepKind.OPENED, by=by)
    return handover


@transaction.atomic
def query(handover: Handover, text: str, *, by: Member, version: int | None = None) -> Handover:
    """Ask the sender what is missing. The sender is at turn; without a liberty clock the receiver's term starts anew then."""
    case, handover = locked(handover)
    require_receiver(by, handover)
    handover.move_to(Status.QUERIED)
    check_version(handover, version)
    handover.queried_at = clock.now()
    _restart_term(handover)
    save_as(handover, by=by, reason=gettext_noop("Question asked"))
    _told(handover, _required_text(text, _("Write what you want to know.")), StepKind.QUERIED, by)
    add_task(
        case,
        handover.from_unit,
        TaskKind.OTHER,
        ANSWER_TITLE,
        due_at=handover.answer_due,
        source=question_source(handover),
        url_name="handover:detail",
        url_arg=str(handover.pk),
        liberty_clock=handover.liberty_clock,
        by=by,
    )
    _tell(handover, handover.from_unit, "handover_queried", by=by)
    return handover


@transaction.atomic
def answer_query(
    handover: Handover, text: str, *, items: Sequence[NewItem] = (), by: Member, version: int | None = None
) -> Handover:
    """The sender answers, and may correct lines of the checklist with it. The receiver is at turn again."""
    _case, handover = locked(handover)
    require_sender(by, handover)
    if handover.status == Status.OFFERED:
        raise NotPossible(_("There is no open question about this handover."))
    handover.move_to(Status.OFFERED)
    check_version(handover, version)
    text = _required_text(text, _("Write your answer."))
    reason = gettext_noop("Question answered")
    changed = revise_items({handover: items}, by=by, reason=reason)[handover.pk]
    handover.queried_at = None
    _restart_term(handover)
    save_as(handover, by=by, reason=reason)
    add_step(handover, StepKind.ANSWERED, by=by, text=text, changed=changed)
    finish_tasks_of(question_source(handover), by=by, reason=reason)
    if handover.answer_due is not None:
        move_task(handover, handover.answer_due, by=by, reason=reason)
    _tell(handover, handover.to_unit, "handover_answered", by=by, member=handover.opened_by)
    return handover


@transaction.atomic
def return_handover(
    handover: Handover,
    reason: str,
    text: str,
    *,
    item_texts: Mapping[str, str] | None = None,
    by: Member,
    version: int | None = None,
) -> Handover:
    """Send it back with a reason code, a text, and per item code what is wrong with it. Nothing is lost.

    The sender stays responsible, hears it and gets the case's next step. It may offer again, in a new round.
    """
    case, handover = locked(handover)
    require_receiver(by, handover)
    handover.move_to(Status.RETURNED)
    check_version(handover, version)
    handover.return_reason = _return_reason(reason)
    handover.return_text = _required_text(text, _("Write what the sender has to do."))
    handover.answered_at, handover.answered_by = clock.now(), by
    handover.frozen = ended_copy(case)
    why = gettext_noop("Handover returned")
    save_as(handover, by=by, reason=why)
    _remark_items(handover, item_texts or {}, by=by, reason=why)
    add_step(handover, StepKind.RETURNED, by=by, text=handover.return_text)
    set_phase(case, Phase.RETURNED_TO_SENDER, by=by, reason=why, source=by.acting_unit)
    end_waiting(handover, by=by, reason=why)
    hand_back(case, handover, RETURNED_TITLE, by=by)
    _tell(handover, handover.from_unit, "handover_returned", by=by)
    return handover


@transaction.atomic
def withdraw(handover: Handover, reason: str, *, by: Member, version: int | None = None) -> Handover:
    """The sender takes an offer back, as long as the receiver has not opened it."""
    case, handover = locked(handover)
    require_sender(by, handover)
    if handover.is_awaited and handover.opened_at is not None:
        raise NotPossible(
            _("%(unit)s opened this handover already. Withdrawing is no longer possible; ask them to return it.")
            % {"unit": handover.to_unit.full_name}
        )
    was_draft = handover.status == Status.DRAFT
    handover.move_to(Status.WITHDRAWN)
    check_version(handover, version)
    if not was_draft:
        handover.frozen = ended_copy(case)
    why = gettext_noop("Handover withdrawn")
    save_as(handover, by=by, reason=why)
    add_step(handover, StepKind.WITHDRAWN, by=by, text=_required_text(reason, _("Write why you withdraw it.")))
    end_waiting(handover, by=by, reason=why)
    if not was_draft:
        hand_back(case, handover, gettext_noop("Decide about a withdrawn handover"), by=by)
        _tell(handover, handover.to_unit, "handover_withdrawn", by=by)
    return handover


def question_source(handover: Handover) -> str:
    """The source of the sender's task while a question is open."""
    return f"{handover.source}:question"


def end_waiting(handover: Handover, *, by: By, reason: str) -> None:
    """Nobody waits any longer: the tasks of both sides for this handover are done."""
    finish_tasks_of(handover.source, by=by, reason=reason)
    finish_tasks_of(question_source(handover), by=by, reason=reason)


def hand_back(case: ReturnCase, handover: Handover, title: str, *, by: By) -> None:
    """The case's next step is the sender's again."""
    give_next_step(
        case,
        handover.from_unit,
        title,
        by=by,
        assignee=case.director,
        url_name="handover:detail",
        url_arg=str(handover.pk),
    )


def _restart_term(handover: Handover) -> None:
    """A new term from now for whoever is at turn. A liberty clock does not wait for a question."""
    handover.climbed = 0
    if not handover.liberty_clock:
        handover.answer_due = handover.kind.due_after(clock.now())


def _required_text(text: str, message: str) -> str:
    if not text.strip():
        raise NotPossible(message)
    return text.strip()[:2000]


def _return_reason(code: str) -> ReturnReason:
    found: ReturnReason | None = ReturnReason.objects.valid().filter(code=code).first()
    if found is None:
        raise NotPossible(_("Choose why you return this handover."))
    return found


def _remark_items(handover: Handover, texts: Mapping[str, str], *, by: By, reason: str) -> None:
    codes = [code for code, text in texts.items() if text.strip()]
    lines = list(handover.items.filter(item__code__in=codes).select_related("item"))
    for line in lines:
        line.remark = texts[line.item.code].strip()[:300]
    bulk_update_as(lines, ["remark"], by=by, reason=reason)


def _told(handover: Handover, text: str, kind: StepKind, by: Member) -> None:
    add_step(handover, kind, by=by, text=text)
    if handover.answer_due is not None:
        move_task(handover, handover.answer_due, by=by, reason=gettext_noop("Question asked"))


def _tell(handover: Handover, unit: Unit, kind: str, *, by: By, member: Member | None = None) -> None:
    """A notice to a unit's desk, or to one member of it. It names nobody: the page says more, by the rights of then."""
    notify(unit, kind, by=by, member=member, url_name="handover:detail", url_arg=str(handover.pk))
