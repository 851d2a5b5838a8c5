"""What was recorded as done although it was held back: told to both managers, who say what they found."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import add_task, finish_tasks_of
from cases.case.models import ReturnCase, TaskKind
from cases.terms.authorising import judge_now, keep_judgement
from cases.terms.guards.findings import Plan
from cases.terms.models import Act, Incident, IncidentReply, KeptJudgement, Purpose
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.managers import managers_of
from partners.models import Member, Unit
from partners.policy import may_do, require_to

VIEW, ANSWER = "incidents.view", "incidents.answer"
RAISED = gettext_noop("Something was done that was held back")
TITLE = gettext_noop("Answer for a step that was held back")
ANSWERED = gettext_noop("Incident answered")
PAGE = "incidents:detail"
DAYS_TO_ANSWER = 2


def source_of(incident: Incident) -> str:
    return f"incident:{incident.pk}"


def raise_incident(
    case: ReturnCase, kept: KeptJudgement, source: str, happened_on: date, *, by: Member, without_permission: bool
) -> Incident:
    """Record that something was done against `kept`, on a locked case. The managers of both units get a task and a notice."""
    incident = Incident(
        case=case,
        act=kept.act,
        happened_on=happened_on,
        judgement=kept,
        source=source,
        without_permission=without_permission,
        lead=case.led_by,
        unit=by.acting_unit,
        raised_at=clock.now(),
    )
    save_as(incident, by=by, reason=RAISED)
    for unit in _units(incident):
        managers: list[Member | None] = [*managers_of(unit)]
        add_task(
            case,
            unit,
            TaskKind.OTHER,
            TITLE,
            by=by,
            due_at=clock.end_of(clock.working_days_after(clock.today(), DAYS_TO_ANSWER)),
            assignee=managers[0] if managers else None,
            source=source_of(incident),
            url_name=PAGE,
            url_arg=str(incident.pk),
        )
        for member in managers or [None]:
            notify(unit, "incident_raised", by=by, member=member, case=case, url_name=PAGE, url_arg=str(incident.pk))
    return incident


def _units(incident: Incident) -> list[Unit]:
    """Both sides, or the one that is both."""
    return [incident.lead] if incident.lead_id == incident.unit_id else [incident.lead, incident.unit]


def happened(case: ReturnCase, act: Act, source: str, on: date, *, by: Member) -> Incident | None:
    """Judge an act that was recorded as done, on a locked case; where a guard or a stop held it back, raise an incident.

    For acts that other systems authorise (a measure, the end of a stay): of these much is not recorded here, so that what is
    not known raises nothing. Returns the incident, None where nothing that is known held it back.
    """
    judgement = judge_now(case, Plan(act=act, on=on, today=clock.today()))
    if not judgement.stops and all(one.is_unknown for one in judgement.blocks):
        return None
    kept = keep_judgement(judgement, Purpose.HAPPENED, passes=False, by=by)
    return raise_incident(case, kept, source, on, by=by, without_permission=False)


def may_reply(incident: Incident, member: Member) -> bool:
    """The manager of one of the two units; of a unit without one, whose role answers there. Each unit once."""
    unit = member.acting_unit
    if unit.pk not in (incident.lead_id, incident.unit_id) or not may_do(member, ANSWER):
        return False
    managers = managers_of(unit)
    return (not managers or member in managers) and not incident.replies.filter(unit=unit).exists()


@transaction.atomic
def reply(incident: Incident, text: str, *, by: Member) -> IncidentReply:
    """What the unit found and does about it. Written once; its task is done. Asks no right in the case: that may have ended."""
    require_to(by, ANSWER)
    if not text.strip():
        raise NotPossible(_("Write what you found and what you do about it."))
    if not may_reply(incident, by):
        raise NotPossible(_("Your unit has answered this already, or it is not for you to answer."))
    written = IncidentReply(
        incident=incident,
        case_id=incident.case_id,
        unit=by.acting_unit,
        member=by,
        text=text.strip()[:2000],
        written_at=clock.now(),
    )
    try:
        with transaction.atomic():
            save_as(written, by=by, reason=ANSWERED)
    except IntegrityError as twice:
        raise NotPossible(_("A colleague of yours answered this just now.")) from twice
    finish_tasks_of(source_of(incident), by=by, unit=by.acting_unit, reason=ANSWERED)
    return written
