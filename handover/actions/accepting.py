"""Accepting: the one act by which responsibility, access and the next step move together."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.actions import NewAxis, change_lead, directors_of, finish_task, set_axis
from cases.case.grants import start_involvement
from cases.case.models import Axis, InvolvementGround, Part, Phase, ReturnCase
from cases.identity.deciding import task_for_new_lead
from cases.reception.actions import begin_at_known_site
from cases.supervision.duties import impose_from_dossier
from cases.supervision.measure_actions import StatedMeasure, state_measures
from handover.actions.answering import end_waiting
from handover.actions.common import add_step, check_version, give_next_step, locked, require_receiver
from handover.frozen import frozen_copy
from handover.models import Handover
from handover.referrals.judging import tell_new_lead
from handover.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member, Unit, UnitKind

FIRST_STEP = gettext_noop("Study the dossier and plan the first talk")
REASON = gettext_noop("Handover accepted")
REPORTING = "meldplicht"


@transaction.atomic
def accept_handover(
    handover: Handover, *, team: Unit, director: Member, by: Member, version: int | None = None
) -> Handover:
    """Make the named team the lead and the named member its regievoerder, in one act. Only the receiving desk may.

    The sender's part ends and it keeps a frozen copy; the desk keeps a part without sections; a placement at a known site of
    COA starts that site's part; a duty to report in the dossier starts that of the police, and another measure in it is put
    down as stated; the regievoerder gets the first next step and a notice. Raises NotPossible when somebody answered first,
    when the offer was withdrawn, or when the member does not belong to the team.
    """
    case, handover = locked(handover)
    require_receiver(by, handover)
    handover.move_to(Status.ACCEPTED)
    check_version(handover, version)
    _check_named(case, handover, team, director)
    handover.team, handover.director = team, director
    handover.answered_at, handover.answered_by = clock.now(), by
    handover.frozen = frozen_copy(case, handover)
    save_as(handover, by=by, reason=REASON)
    add_step(handover, StepKind.ACCEPTED, by=by)
    end_waiting(handover, by=by, reason=REASON)
    case = _move_case(case, handover, team, director, by=by)
    _impose_measure(case, handover, by=by)
    give_next_step(case, team, FIRST_STEP, by=by, assignee=director, url_name="cases:detail", url_arg=case.number)
    tell_new_lead(case, by=by)
    task_for_new_lead(case, by=by)
    notify(team, "handover_assigned", member=director, case=case, by=by, url_name="cases:detail")
    notify(handover.from_unit, "handover_accepted", by=by, url_name="handover:detail", url_arg=str(handover.pk))
    return handover


def _check_named(case: ReturnCase, handover: Handover, team: Unit, director: Member) -> None:
    if case.is_closed:
        raise NotPossible(_("This case was closed. It can no longer be handed over."))
    if team.organisation_id != handover.to_unit.organisation_id or team.kind != UnitKind.TEAM:
        raise NotPossible(_("%(unit)s is not a team of your organisation. Choose another team.") % {"unit": team})
    if director not in directors_of(team):
        raise NotPossible(_("%(member)s is not a case director of %(unit)s.") % {"member": director, "unit": team})


def _move_case(case: ReturnCase, handover: Handover, team: Unit, director: Member, *, by: Member) -> ReturnCase:
    """Lead, parts and phase. The former lead's open tasks end: it no longer sees the case they are about."""
    for task in case.tasks.open().filter(unit=handover.from_unit):
        finish_task(task, by=by, reason=REASON)
    case = change_lead(case, team, director=director, by=by, reason=REASON)
    phase = NewAxis(Axis.PHASE, Phase.ASSIGNED, clock.today(), by.acting_unit.full_name)
    set_axis(case, phase, by=by, reason=REASON)
    start_involvement(case, handover.to_unit, Part.INTAKE_DESK, InvolvementGround.TASK, by=by, reason=REASON)
    if case.residence_unit is not None:
        _begin_stay(case, case.residence_unit, handover, by=by)
    return case


def _begin_stay(case: ReturnCase, site: Unit, handover: Handover, *, by: Member) -> None:
    """The stay begins on the day since which the sender says so; the site's part in the case begins with it."""
    said = case.axis_entries.filter(axis=Axis.RESIDENCE, superseded_at=None).values_list("since", flat=True).first()
    since = min(said or clock.today(), clock.today())
    source = handover.from_unit.organisation.short_name
    begin_at_known_site(case, site, since=since, source=source, by=by, reason=REASON)


def _impose_measure(case: ReturnCase, handover: Handover, *, by: Member) -> None:
    """A duty to report that the dossier states goes on: the police team of the place of residence gets it to keep.

    Any other measure stands from now on beside those that were recorded, as stated and not confirmed.
    """
    content = ((handover.frozen or {}).get("dossier") or {}).get("content", {})
    code, said = content.get("measure") or "", content.get("measure_since")
    since = date.fromisoformat(said) if said else None
    if code == REPORTING:
        impose_from_dossier(case, source=handover.from_unit.full_name, since=since, by=by)
    elif code and since is not None:
        state_measures([StatedMeasure(case, code, since, handover.from_unit)], by=by)
