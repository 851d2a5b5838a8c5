"""The facts of law of running cases: what IND confirmed of the dossiers and added to them, with its steps. Set-based.

One in three of the cases in which nothing is pending stays as the dossier states it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import models

from cases.case.models import ReturnCase
from cases.procedure.models import (
    Authority,
    Decision,
    DecisionKind,
    LegalFact,
    LegalGround,
    Notified,
    Procedure,
    ProcedureKind,
    ProcedureStep,
    Regime,
    Remedy,
    Result,
    Ruling,
    StepKind,
    Topic,
    TransferClaim,
    TransferMove,
    regime_of,
)
from cases.procedure.stated_facts import STANDARD_DAYS
from leidraad.lib import clock
from leidraad.lib.audit import PerRecord, bulk_create_as, bulk_update_as
from leidraad.pages.demo import law_pending, law_seen
from leidraad.pages.demo.answering import UNIT, officer_of
from leidraad.pages.demo.dossiers import law_of
from leidraad.pages.demo.placing import ASYLUM, CRIMINAL, DUBLIN, OWN_REQUEST, PROTECTION, REGULAR
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew
from leidraad.pages.demo.timing import is_delivered

UNCONFIRMED = 3
CONFIRMED, RECORDED = "Confirmed", "Decision recorded"
TAKEN_OVER = "Het artikel stond niet in het dossier; overgenomen uit het systeem van de IND."
MOVED = "Vertrokken met onbekende bestemming voor de geplande overdracht."
STAMP = ("confirmed_by", "confirmed_at", "version")
TRANSFER_DAYS = 548


@dataclass
class Desk:
    """Kinds by their codes, and what is being written at one moment."""

    stage: Stage
    kinds: dict[str, ProcedureKind]
    steps: dict[int, list[StepKind]]
    decisions: dict[str, DecisionKind]
    grounds: dict[tuple[str, str], LegalGround]
    facts: dict[type[models.Model], dict[int, Any]] = field(default_factory=dict)

    def stamp(self, fact: LegalFact, planned: Planned) -> None:
        fact.confirmed_by, fact.confirmed_at = officer_of(self.stage, planned.household), clock.now()

    def new(self, planned: Planned) -> dict[str, Any]:
        officer, now = officer_of(self.stage, planned.household), clock.now()
        return {
            "case": planned.case,
            "source": self.stage.units[UNIT].full_name,
            "recorded_by": officer,
            "recorded_at": now,
            "confirmed_by": officer,
            "confirmed_at": now,
        }


def record(stage: Stage) -> Iterator[None]:
    plan_anew()
    pending = law_pending.of(stage)
    chosen = [one for one in stage.running if one.ground != OWN_REQUEST and _is_at_desk(stage, one, pending)]
    today = stage.plan.today
    desk = _desk(stage)
    # About once a month IND goes through what came in.
    for _month, households in grouped(chosen, lambda one: -((today - stage.course(one).planned).days // 30)).items():
        day = max(stage.course(one).planned for one in households)
        with stage.at(day, 10, 35):
            _go_through(desk, stage.of(households), pending)
        yield
    yield from law_pending.record(stage, pending)
    yield from law_seen.see(stage)


def _is_at_desk(stage: Stage, one: PlannedHousehold, pending: law_pending.Pending) -> bool:
    waits = any(stage.cases[person.number].pk in pending.suspended for person in one.persons)
    return waits or not is_delivered(one) or one.director == "regievoerder" or bool(one.number % UNCONFIRMED)


def _desk(stage: Stage) -> Desk:
    steps: dict[int, list[StepKind]] = {}
    for step in StepKind.objects.filter(optional=False).order_by("kind", "position"):
        steps.setdefault(step.kind_id, []).append(step)
    return Desk(
        stage,
        {kind.code: kind for kind in ProcedureKind.objects.all()},
        steps,
        {kind.code: kind for kind in DecisionKind.objects.all()},
        {(ground.topic, ground.code): ground for ground in LegalGround.objects.all()},
    )


def _go_through(desk: Desk, there: Sequence[Planned], pending: law_pending.Pending) -> None:
    """Procedures with their steps, decisions, appeals and claims of these persons, all at once."""
    keys = [one.case.pk for one in there]
    stated: dict[type[models.Model], dict[int, Any]] = {
        model: {one.case_id: one for one in model.objects.standing().filter(case__in=keys)}
        for model in (Procedure, Decision, Remedy, TransferClaim)
    }
    desk.facts = stated
    by = PerRecord(ReturnCase, {one.case.pk: officer_of(desk.stage, one.household) for one in there})
    law = {one.case.pk: _dates(desk.stage, one.household) for one in there if not is_delivered(one.household)}
    _procedures(desk, there, pending, law, by)
    _decisions(desk, there, pending, law, by)
    _appeals(desk, there, by)
    _claims(desk, there, by)


def _dates(stage: Stage, one: PlannedHousehold) -> dict[str, Any]:
    """For who came without a dossier: the same facts, by our own intake."""
    return law_of(one, Random(f"law-{stage.seed}-{one.number}"))  # noqa: S311 - invented people, not secrets


def procedure_kind(one: PlannedHousehold, regime: str, *, full: bool) -> str:
    """`full`: one in which an appeal suspends by law."""
    former = regime == Regime.FORMER
    if one.ground == DUBLIN:
        return "track_1" if former else "responsible_state"
    if one.ground == REGULAR:
        return "regular"
    if one.ground == PROTECTION and not full:
        return "track_2" if former else "admissibility"
    if former:
        return "extended" if full or one.number % 5 in (1, 3) else "general_6"
    return "normal" if full or one.number % 4 == 2 else "accelerated"


def decision_kind(one: PlannedHousehold, regime: str, *, full: bool) -> str:
    if one.ground == PROTECTION and not full:
        return "inadmissible"
    if one.ground == ASYLUM and not full and one.number % 6 == 0:
        return "manifestly_unfounded"
    return "unfounded"


def _procedures(
    desk: Desk, there: Sequence[Planned], pending: law_pending.Pending, law: dict[int, dict[str, Any]], by: PerRecord
) -> None:
    found, changed, new = desk.facts[Procedure], [], []
    for planned in there:
        procedure = found.get(planned.case.pk)
        row = law.get(planned.case.pk, {})
        if procedure is None and row.get("aanvraag_op"):
            lodged = date.fromisoformat(row["aanvraag_op"])
            procedure = Procedure(**desk.new(planned), lodged_on=lodged, regime=regime_of(lodged))
            new.append(procedure)
        elif procedure is not None:
            desk.stamp(procedure, planned)
            procedure.version += 1
            changed.append(procedure)
        if procedure is not None:
            full = planned.case.pk in pending.full
            procedure.kind = desk.kinds[procedure_kind(planned.household, procedure.regime, full=full)]
            decided = _decided(desk, planned, row)
            procedure.ended_on, procedure.result = decided, Result.DECIDED
            found[planned.case.pk] = procedure
    bulk_update_as(changed, ["kind", "ended_on", "result", *STAMP], by=by, reason=CONFIRMED)
    bulk_create_as(new, by=by, reason="Procedure recorded")
    _steps(desk, there)


def _decided(desk: Desk, planned: Planned, row: dict[str, Any]) -> date:
    stated = desk.facts[Decision].get(planned.case.pk)
    return stated.decided_on if stated is not None else date.fromisoformat(row["terugkeerbesluit_op"])


def _steps(desk: Desk, there: Sequence[Planned]) -> None:
    """The first on the day of lodging, the last on that of the decision, the others between them."""
    rows, actors = [], {}
    source = desk.stage.units[UNIT].full_name
    for planned in there:
        procedure = desk.facts[Procedure].get(planned.case.pk)
        if procedure is None:
            continue
        actors[procedure.pk] = officer_of(desk.stage, planned.household)
        kinds = desk.steps.get(procedure.kind_id, [])
        # The general procedure takes six days, at the end of the wait.
        short = procedure.kind.code == "general_6"
        first = max(procedure.lodged_on, procedure.ended_on - timedelta(days=7)) if short else procedure.lodged_on
        span = (procedure.ended_on - first).days
        for place, kind in enumerate(kinds):
            on = first + timedelta(days=span * place // max(len(kinds) - 1, 1))
            rows.append(ProcedureStep(procedure=procedure, step=kind, on=on, source=source))
    bulk_create_as(rows, by=PerRecord(Procedure, actors), reason="Step recorded")


def _decisions(
    desk: Desk, there: Sequence[Planned], pending: law_pending.Pending, law: dict[int, dict[str, Any]], by: PerRecord
) -> None:
    """What the dossier named is confirmed; of the rest a decision with its article takes the place."""
    found, confirmed, former, new = desk.facts[Decision], [], [], []
    for planned in there:
        stated = found.get(planned.case.pk)
        if stated is not None and stated.kind_id != desk.decisions["not_named"].pk:
            _put_right(desk, stated, planned)
            confirmed.append(stated)
            continue
        if stated is not None:
            stated.replaced_at, stated.reason = clock.now(), TAKEN_OVER
            stated.version += 1
            former.append(stated)
        full = planned.case.pk in pending.full
        found[planned.case.pk] = _decision(desk, planned, stated, law.get(planned.case.pk, {}), full=full)
        new.append(found[planned.case.pk])
    bulk_update_as(
        confirmed, ["notified_how", "authority", "period_ground", "ban_ground", *STAMP], by=by, reason=CONFIRMED
    )
    bulk_update_as(former, ["replaced_at", "reason", "version"], by=by, reason=TAKEN_OVER)
    bulk_create_as(new, by=by, reason=RECORDED)


def _put_right(desk: Desk, decision: Decision, planned: Planned) -> None:
    desk.stamp(decision, planned)
    decision.version += 1
    _complete(desk, decision, planned)


def _complete(desk: Desk, decision: Decision, planned: Planned) -> None:
    """How the person was told, who decided, and on which ground the ban rests."""
    one = planned.household
    how = (Notified.IN_PERSON, Notified.TO_REPRESENTATIVE, Notified.BY_POST)[one.number % 3]
    decision.notified_how = how if decision.notified_on else ""
    if decision.authority == Authority.NOT_STATED:
        decision.authority = {"AVIM": Authority.POLICE, "KMAR": Authority.KMAR}.get(one.supplier, Authority.IND)
    if decision.period_days is not None and decision.period_days < STANDARD_DAYS:
        code = "public_order" if one.ground == CRIMINAL else "signs"
        decision.period_ground = desk.grounds[Topic.PERIOD_SHORT, code]
    if decision.ban_years:
        decision.ban_ground = desk.grounds[Topic.ENTRY_BAN, "standard"]


def _decision(desk: Desk, planned: Planned, stated: Decision | None, row: dict[str, Any], *, full: bool) -> Decision:
    one, procedure = planned.household, desk.facts[Procedure].get(planned.case.pk)
    regime = procedure.regime if procedure is not None else stated.regime if stated is not None else Regime.PACT
    code = "regular_withdrawn" if one.ground == REGULAR else decision_kind(one, regime, full=full)
    if procedure is None:
        code = "return_decision"
    decision = Decision(**desk.new(planned), kind=desk.decisions[code], procedure=procedure, regime=regime)
    if stated is not None:
        for name in ("authority", "decided_on", "notified_on", "is_return_decision", "countries", "period_days"):
            setattr(decision, name, getattr(stated, name))
        decision.ban_years, decision.replaces = stated.ban_years, stated
    else:
        decision.decided_on = date.fromisoformat(row["terugkeerbesluit_op"])
        decision.notified_on = date.fromisoformat(row["bekendgemaakt_op"])
        if country := row.get("land_van_terugkeer"):
            decision.is_return_decision, decision.countries = True, [country]
            decision.period_days = int(row["vertrektermijn_dagen"])
    _complete(desk, decision, planned)
    return decision


def _appeals(desk: Desk, there: Sequence[Planned], by: PerRecord) -> None:
    """The appeals of the dossiers, against the decision as it stands now; where the court ruled, it dismissed them."""
    changed = []
    for planned in there:
        remedy = desk.facts[Remedy].get(planned.case.pk)
        if remedy is None:
            continue
        remedy.decision = desk.facts[Decision][planned.case.pk]
        law_pending.judge(remedy, desk.stage)
        if remedy.ruled_on:
            remedy.ruling = Ruling.DISMISSED
        desk.stamp(remedy, planned)
        remedy.version += 1
        changed.append(remedy)
    bulk_update_as(changed, ["decision", "late", "effect", "suspension", "ruling", *STAMP], by=by, reason=CONFIRMED)


def _claims(desk: Desk, there: Sequence[Planned], by: PerRecord) -> None:
    """Confirmed, with the day of the request; a latest transfer date that has passed was moved before it did."""
    today, claims, moves, actors = desk.stage.plan.today, [], [], {}
    for planned in there:
        claim = desk.facts[TransferClaim].get(planned.case.pk)
        if claim is None:
            continue
        claim.requested_on = claim.replied_on - timedelta(days=20 + planned.household.number % 25)
        desk.stamp(claim, planned)
        claim.version += 1
        claims.append(claim)
        if claim.latest_on and claim.latest_on < today:
            moves.append(_move(desk, claim))
            actors[claim.pk] = officer_of(desk.stage, planned.household)
    bulk_update_as(claims, ["requested_on", *STAMP], by=by, reason=CONFIRMED)
    bulk_create_as(moves, by=PerRecord(TransferClaim, actors), reason="Latest transfer date moved")


def _move(desk: Desk, claim: TransferClaim) -> TransferMove:
    former = claim.regime == Regime.FORMER
    ground = desk.grounds[Topic.TRANSFER_MOVED, "absconded" if former else "absconded_pact"]
    on = min(claim.latest_on - timedelta(days=20), clock.today()) if claim.latest_on else clock.today()
    replied = claim.replied_on or on
    return TransferMove(
        claim=claim,
        ground=ground,
        decided_on=max(on, replied),
        latest_on=replied + timedelta(days=TRANSFER_DAYS if former else 3 * 365),
        note=MOVED,
        source=desk.stage.units[UNIT].full_name,
    )
