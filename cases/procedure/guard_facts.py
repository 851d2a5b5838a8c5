"""What this room knows for the guards: decisions, remedies, claims, applications, postponements, IND's answer, who represents.

Each row tells its source and whether somebody confirmed it. A fixed number of queries for any number of cases.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Max, Prefetch, Q

from cases.procedure.effects import REGULAR, proposed_rule
from cases.procedure.models import (
    Decision,
    PeriodChange,
    Postponement,
    PostponementStep,
    Procedure,
    Regime,
    Remedy,
    RemedyKind,
    RemovabilityAnswer,
    Representative,
    SuspensionRule,
    TransferClaim,
)
from cases.procedure.remedy_terms import last_day_of
from cases.terms.calendars.arithmetic import day_of
from cases.terms.guards.known import (
    AnswerFact,
    ApplicationFact,
    ClaimFact,
    DecisionFact,
    DecisionRole,
    Part,
    PostponementFact,
    RemedyFact,
    RemedyType,
    RepresentativeFact,
    Suspension,
)
from cases.terms.guards.registry import tell_facts

# Procedures that are no application of the person.
NO_APPLICATION = frozenset({"screening", "return_border", "withdrawal"})
NO_ASYLUM = NO_APPLICATION | {"regular"}
# By these the sources leave the effect to IND: nobody may read "none" in it.
UNSURE_RULES = frozenset({"general_none"})


def register() -> None:
    tell_facts("procedure", tell)


def tell(cases: Collection[int]) -> dict[int, list[Part]]:
    told: dict[int, list[Part]] = defaultdict(list)
    for teller in (_decisions, _remedies, _claims, _applications, _postponements, _answers, _representatives):
        for case, part in teller(cases):
            told[case].append(part)
    return told


Told = Iterator[tuple[int, Part]]


def _source(row: Any) -> dict[str, Any]:
    return {"source": row.source, "confirmed": row.is_confirmed}


# --- decisions and remedies -----------------------------------------------------------------------------------------


def _decisions(cases: Collection[int]) -> Told:
    effects = dict(SuspensionRule.objects.values_list("code", "effect"))
    changes = PeriodChange.objects.filter(replaced_at=None, struck_at=None)
    found = (
        Decision.objects.standing()
        .filter(case__in=cases)
        .select_related("kind", "procedure__kind")
        .prefetch_related(Prefetch("period_changes", changes))
        .order_by("decided_on", "pk")
    )
    for one in found:
        roles = _roles(one)
        if roles or one.kind.refuses or one.kind.code == "objection_decided":
            yield one.case_id, _decision(one, roles, effects)


def _roles(one: Decision) -> frozenset[DecisionRole]:
    found = {
        DecisionRole.RETURN: one.is_return_decision,
        DecisionRole.TRANSFER: one.kind.transfers,
        DecisionRole.ENTRY_REFUSED: one.kind.code == "entry_refused",
        DecisionRole.GRANTED: one.kind.code == "granted",
    }
    return frozenset(role for role, holds in found.items() if holds)


def _decision(one: Decision, roles: frozenset[DecisionRole], effects: dict[str, str]) -> DecisionFact:
    first = RemedyKind.OBJECTION if one.kind.code in REGULAR else RemedyKind.APPEAL
    rule = proposed_rule(one, first, late=False)
    suspension = Suspension.UNSURE if rule in UNSURE_RULES else Suspension(effects.get(rule, Suspension.UNSURE))
    remedy_until = last_day_of(one, first)
    change = next(iter(one.period_changes.all()), None)
    return DecisionFact(
        **_source(one),
        on=one.decided_on,
        key=one.pk,
        roles=roles,
        decided_on=one.decided_on,
        notified_on=one.notified_on,
        former_law=one.regime == Regime.FORMER,
        countries=frozenset(one.countries),
        period_days=one.period_days,
        changed_until=change.until if change else None,
        suspension=suspension,
        remedy_until=remedy_until,
        # Relief against a transfer is asked with the appeal (Vw 69(7)).
        relief_until=remedy_until if one.kind.transfers else last_day_of(one, RemedyKind.RELIEF),
    )


def _remedies(cases: Collection[int]) -> Told:
    found = Remedy.objects.standing().filter(case__in=cases).select_related("suspension").order_by("lodged_on", "pk")
    for one in found:
        # What a dossier states and a rule only supposes is no statement that it does not suspend.
        unsure = not one.is_confirmed and one.suspension is not None and one.suspension.code in UNSURE_RULES
        yield (
            one.case_id,
            RemedyFact(
                **_source(one),
                on=one.lodged_on,
                decision=one.decision_id,
                kind=RemedyType(one.kind),
                lodged_on=one.lodged_on,
                late=one.late,
                effect=Suspension.NOT_STATED if unsure else Suspension(one.effect),
                country=one.country,
                ruled_on=one.ruled_on,
                ruling=one.ruling,
            ),
        )


# --- claims and applications ----------------------------------------------------------------------------------------


def _claims(cases: Collection[int]) -> Told:
    found = TransferClaim.objects.standing().filter(case__in=cases).prefetch_related("moves").order_by("pk")
    for one in found:
        yield (
            one.case_id,
            ClaimFact(
                **_source(one),
                on=one.replied_on or one.requested_on,
                state=one.state,
                accepted=one.is_accepted,
                latest_on=one.latest(),
            ),
        )


def _applications(cases: Collection[int]) -> Told:
    decided = Max("decisions__decided_on", filter=Q(decisions__replaced_at=None, decisions__struck_at=None))
    found = Procedure.objects.standing().filter(case__in=cases).select_related("kind").annotate(decided=decided)
    for one in found.order_by("lodged_on", "pk"):
        code = one.kind.code if one.kind else ""
        if code in NO_APPLICATION:
            continue
        decided_on: date | None = one.decided  # type: ignore[attr-defined]  # annotated above
        yield (
            one.case_id,
            ApplicationFact(
                **_source(one),
                on=one.lodged_on,
                asylum=code not in NO_ASYLUM,
                lodged_on=one.lodged_on,
                ended_on=one.ended_on,
                decided_on=decided_on,
            ),
        )


# --- postponements --------------------------------------------------------------------------------------------------


def _postponements(cases: Collection[int]) -> Told:
    steps = PostponementStep.objects.order_by("pk")
    found = (
        Postponement.objects.standing()
        .filter(case__in=cases)
        .select_related("kind")
        .prefetch_related(Prefetch("steps", steps))
        .order_by("pk")
    )
    for one in found:
        last = list(one.steps.all())[-1:]
        yield (
            one.case_id,
            PostponementFact(
                **_source(one),
                on=last[0].on if last else one.since,
                kind=one.kind.code,
                state=one.state,
                since=one.since,
                until=one.until,
                section=one.section,
            ),
        )


# --- IND's answer, and who represents -------------------------------------------------------------------------------


def _answers(cases: Collection[int]) -> Told:
    found = RemovabilityAnswer.objects.in_force().for_pages().filter(case__in=cases)
    for one in found.order_by("pk"):
        yield (
            one.case_id,
            AnswerFact(
                source=one.request.to_unit.full_name,
                on=day_of(one.answered_at),
                value=one.value,
                ground=one.ground.code if one.ground else "",
                valid_until=one.valid_until,
                doubted=one.is_overtaken or one.expired_at is not None,
            ),
        )


def _representatives(cases: Collection[int]) -> Told:
    """Lawyers and guardians who act now, and when a guardian was last told of the flight or transfer."""
    told = Max("informed__informed_on", filter=Q(informed__struck_at=None, informed__matter__code="flight"))
    found = Representative.objects.filter(case__in=cases, until=None, kind__code__in=("lawyer", "guardian"))
    for one in found.select_related("kind").annotate(told=told).order_by("pk"):
        informed_on: date | None = one.told  # type: ignore[attr-defined]  # annotated above
        yield (
            one.case_id,
            RepresentativeFact(
                source=one.source,
                on=one.since,
                confirmed=one.is_confirmed,
                kind=one.kind.code,
                informed_on=informed_on,
            ),
        )
