"""What nobody answers climbs: person and desk, then both managers, and at last it expires. It never falls back silently."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from cases.case.models import Phase
from handover.actions.answering import end_waiting, hand_back
from handover.actions.common import add_step, locked, set_phase
from handover.frozen import ended_copy
from handover.models import Handover
from handover.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.actions import notify
from partners.managers import managers_of
from partners.models import Member, Unit

PRINCIPAL = "expire_handovers"
DESK_TOLD, MANAGERS_TOLD = 1, 2


def overdue_handovers(limit: int = 1000) -> list[int]:
    """Keys of awaited handovers whose term has passed, longest waiting first."""
    late = Handover.objects.awaited().filter(answer_due__lt=clock.now())
    return list(late.order_by("answer_due").values_list("pk", flat=True)[:limit])


@transaction.atomic
def climb(handover_id: int) -> Handover:
    """Take one overdue handover as far up as its time says. Called again it does nothing until the next rung is due."""
    _case, handover = locked(Handover.objects.only("case_id").get(pk=handover_id))
    if not handover.is_late or handover.answer_due is None:
        return handover
    late_by = clock.now() - handover.answer_due
    if handover.climbed < DESK_TOLD:
        _climb_to(handover, DESK_TOLD, StepKind.OVERDUE)
        _tell_desk(handover)
    if handover.climbed < MANAGERS_TOLD and late_by >= timedelta(minutes=handover.kind.escalate_minutes):
        _climb_to(handover, MANAGERS_TOLD, StepKind.ESCALATED)
        for unit in (handover.to_unit, handover.from_unit):
            _tell_managers(handover, unit, "handover_escalated")
    if late_by >= timedelta(minutes=handover.kind.expire_minutes):
        return expire(handover)
    return handover


@transaction.atomic
def expire(handover: Handover) -> Handover:
    """End an offer that was never answered. The sender stays responsible, hears it and gets the case's next step."""
    case, handover = locked(handover)
    handover.move_to(Status.EXPIRED)
    handover.frozen = ended_copy(case)
    reason = gettext_noop("Handover expired")
    save_as(handover, by=PRINCIPAL, reason=reason)
    add_step(handover, StepKind.EXPIRED, by=PRINCIPAL)
    end_waiting(handover, by=PRINCIPAL, reason=reason)
    if case.phase == Phase.INTAKE_CHECK:
        set_phase(case, Phase.RECEIVED, by=PRINCIPAL, reason=reason, source=handover.from_unit)
    hand_back(case, handover, gettext_noop("Offer an expired handover again"), by=PRINCIPAL)
    for unit in (handover.from_unit, handover.to_unit):
        _notify(handover, unit, "handover_expired")
        for member in managers_of(unit):
            _notify(handover, unit, "handover_expired", member)
    return handover


def _climb_to(handover: Handover, rung: int, kind: StepKind) -> None:
    handover.climbed = rung
    save_as(handover, by=PRINCIPAL, reason=gettext_noop("Not answered in time"))
    add_step(handover, kind, by=PRINCIPAL)


def _tell_desk(handover: Handover) -> None:
    """Whoever is at turn: the person who last had it in hand, if any, and the desk."""
    unit = handover.turn_unit or handover.to_unit
    if handover.opened_by is not None and unit == handover.to_unit:
        _notify(handover, unit, "handover_overdue", handover.opened_by)
    _notify(handover, unit, "handover_overdue")


def _tell_managers(handover: Handover, unit: Unit, kind: str) -> None:
    """The managers of a unit; where it has none, its desk: nothing climbs into the void."""
    managers: list[Member | None] = [*managers_of(unit)]
    for member in managers or [None]:
        _notify(handover, unit, kind, member)


def _notify(handover: Handover, unit: Unit, kind: str, member: Member | None = None) -> None:
    notify(unit, kind, by=PRINCIPAL, member=member, url_name="handover:detail", url_arg=str(handover.pk))
