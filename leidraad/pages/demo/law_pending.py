"""What is pending, and what is not any more: remedies and grounds that put off departure, as the answer of IND has it.

An answer that bars has the fact that it rests on; one that says removable has none that bars, though some that ended.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cases.case.models import Removability, ReturnCase
from cases.procedure.effects import REGULAR, is_late, proposed_rule
from cases.procedure.models import (
    Decision,
    Effect,
    LegalGround,
    PeriodChange,
    Postponement,
    PostponementKind,
    PostponementState,
    PostponementStep,
    Procedure,
    ProcedureKind,
    Regime,
    Remedy,
    RemedyKind,
    RemovabilityAnswer,
    Ruling,
    SuspensionRule,
    Topic,
)
from leidraad.lib import clock
from leidraad.lib.audit import PerRecord, bulk_create_as
from leidraad.pages.demo.answering import UNIT, officer_of
from leidraad.pages.demo.placing import CRIMINAL
from leidraad.pages.demo.stage import Planned, Stage, grouped

COURT = "Rechtbank Den Haag"
STRASBOURG = "Europees Hof voor de Rechten van de Mens"
REMITTED = "Na terugverwijzing door de rechtbank opnieuw beslist."
ART_64, PREGNANCY, UAM, TRAFFICKING, NO_FAULT = "art64", "pregnancy", "uam_reception", "trafficking", "no_fault"
PROTECTED, PROSECUTED = "temporary_protection", "criminal_case"
S = PostponementState
# States with how many days before the answer each was reached, of what did not come to bar departure.
REFUSED = ((S.REQUESTED, 60), (S.REFUSED, 20))
ENDED = ((S.GRANTED, 70), (S.ENDED, 5))
# By turns, in cases that are not removable: what waits. In removable ones: what came to nothing.
WAITING: Sequence[tuple[str, tuple[tuple[str, int], ...]]] = (
    (ART_64, ((S.REQUESTED, 6),)),
    (ART_64, ((S.REQUESTED, 20), (S.ADVICE_ASKED, 12))),
    (ART_64, ((S.REQUESTED, 40), (S.ADVICE_ASKED, 32), (S.ADVICE_RECEIVED, 3))),
    (NO_FAULT, ((S.REQUESTED, 10),)),
    ("moratorium", ((S.GRANTED, 30),)),
    (TRAFFICKING, ((S.REQUESTED, 9), (S.GRANTED, 7))),
)
OVER: Sequence[tuple[str, tuple[tuple[str, int], ...]]] = (
    (ART_64, REFUSED),
    (ART_64, ((S.REQUESTED, 90), (S.GRANTED, 75), (S.ENDED, 4))),
    (NO_FAULT, REFUSED),
    ("moratorium", ENDED),
)
EVERY_WAITING, EVERY_OVER = 4, 18
# Of so many reliefs one comes with a measure of the ECtHR; of so many removable cases one has a higher appeal, one a measure
# that the Court lifted. Choices of the demo: the sources count none of them, and all are rare.
EVERY_ECTHR, EVERY_HIGHER, EVERY_LIFTED = 40, 24, 96
EVERY_CRIMINAL = 4
MONTHS = timedelta(days=180)


@dataclass
class Pending:
    """Answers in force by case; whose departure waits for something; where an appeal has to suspend by law."""

    answers: dict[int, RemovabilityAnswer]
    suspended: frozenset[int]
    full: frozenset[int]


@dataclass
class New:
    """What comes of one moment, not saved yet."""

    stage: Stage
    rules: dict[str, SuspensionRule]
    kinds: dict[str, PostponementKind]
    procedures: dict[str, ProcedureKind]
    extended: LegalGround
    # Decisions against which a dossier told of an appeal.
    contested: frozenset[int]
    rows: dict[type, list[Any]] = field(default_factory=lambda: defaultdict(list))
    steps: list[tuple[Postponement, PostponementStep]] = field(default_factory=list)

    def stamp(self, planned: Planned) -> dict[str, Any]:
        officer, now = officer_of(self.stage, planned.household), clock.now()
        return {
            "case": planned.case,
            "source": self.stage.units[UNIT].full_name,
            "recorded_by": officer,
            "recorded_at": now,
            "confirmed_by": officer,
            "confirmed_at": now,
        }

    def lodge(self, planned: Planned, decision: Decision, kind: str, on: date, **more: Any) -> Remedy:
        values = {"court": COURT, "effect": Effect.NONE} | more
        appeal_on = on if kind != RemedyKind.RELIEF else more.pop("appeal_on", on)
        values.pop("appeal_on", None)
        remedy = Remedy(**self.stamp(planned), decision=decision, kind=kind, lodged_on=on, **values)
        _judge(remedy, self.rules, appeal_on)
        self.rows[Remedy].append(remedy)
        return remedy

    def postpone(self, planned: Planned, code: str, states: Sequence[tuple[str, int]], until: date | None) -> None:
        kind, last = self.kinds[code], states[-1][0]
        days = [(state, clock.today() - timedelta(days=ago)) for state, ago in states]
        ends = days[-1][1] if last == S.ENDED else until if last in (S.GRANTED, S.PROVISIONAL) else None
        found = Postponement(
            **self.stamp(planned), kind=kind, section=kind.section, state=last, since=days[0][1], until=ends
        )
        self.rows[Postponement].append(found)
        for state, on in days:
            step = PostponementStep(postponement=found, state=state, on=on, source=found.source)
            step.until = ends if state == last else None
            self.steps.append((found, step))


def of(stage: Stage) -> Pending:
    found = RemovabilityAnswer.objects.in_force().filter(overtaken_at=None).select_related("ground")
    answers = {one.case_id: one for one in found.order_by("pk") if one.ground is not None}
    waiting = {key: one for key, one in answers.items() if one.value != Removability.REMOVABLE}
    full = {key for key, one in waiting.items() if _ground(one) in ("appeal_pending", "departure_period")}
    return Pending(answers, frozenset(waiting), frozenset(full))


def judge(remedy: Remedy, stage: Stage) -> None:
    """Late or not, and the effect, of an appeal that a dossier stated."""
    _judge(remedy, _rules(), remedy.lodged_on)


def record(stage: Stage, pending: Pending) -> Iterator[None]:
    """At the moment of each answer, by the officer who gave it."""
    running = {one.case.pk: one for one in stage.of(stage.running)}
    decisions = {one.case_id: one for one in _decisions(list(pending.answers))}
    contested = frozenset(Remedy.objects.standing().values_list("decision_id", flat=True))
    of_day = grouped(pending.answers.values(), lambda one: one.answered_at)
    turn = {"waiting": 0, "over": 0, "relief": 0}
    for at, answers in of_day.items():
        with clock.as_if(at):
            new = _new(stage, contested)
            for answer in answers:
                planned = running.get(answer.case_id)
                if planned is not None:
                    _facts_of(new, planned, decisions.get(answer.case_id), answer, turn)
            _write(new, [running[one.case_id] for one in answers if one.case_id in running])
        yield
    yield from _without_answer(stage, pending, running.values(), contested)


def _without_answer(
    stage: Stage, pending: Pending, running: Iterable[Planned], contested: frozenset[int]
) -> Iterator[None]:
    """Grounds in cases in which nobody asked IND yet: who is pregnant, and some whose prosecution or sentence is open."""
    asked_not = [one for one in running if one.case.pk not in pending.answers]
    pregnant = [one for one in asked_not if "zwanger" in one.person.signals]
    criminal = [one for one in asked_not if one.household.ground == CRIMINAL][::EVERY_CRIMINAL]
    with stage.at(stage.plan.today - timedelta(days=2), 14, 20):
        new = _new(stage, contested)
        for one in pregnant:
            new.postpone(one, PREGNANCY, ((S.GRANTED, 4),), clock.today() + timedelta(days=70))
        for one in criminal:
            new.postpone(one, PROSECUTED, ((S.GRANTED, 3),), None)
        _write(new, [*pregnant, *criminal])
    yield


def _decisions(cases: Sequence[int]) -> Iterator[Decision]:
    related = ("kind", "procedure__kind")
    yield from Decision.objects.standing().filter(case__in=cases).select_related(*related).order_by("pk")


def _rules() -> dict[str, SuspensionRule]:
    return {rule.code: rule for rule in SuspensionRule.objects.all()}


def _new(stage: Stage, contested: frozenset[int]) -> New:
    return New(
        stage,
        _rules(),
        {kind.code: kind for kind in PostponementKind.objects.all()},
        {kind.code: kind for kind in ProcedureKind.objects.all()},
        LegalGround.objects.get(topic=Topic.PERIOD_EXTENDED, code="document"),
        contested,
    )


def _judge(remedy: Remedy, rules: dict[str, SuspensionRule], appeal_on: date) -> None:
    decision = remedy.decision
    remedy.late = None
    if remedy.kind != RemedyKind.HIGHER_APPEAL:
        remedy.late = is_late(decision, remedy.kind, remedy.lodged_on, appeal_on)
    rule = rules[proposed_rule(decision, remedy.kind, late=remedy.late)]
    remedy.suspension, remedy.effect = rule, rule.effect


def _ground(answer: RemovabilityAnswer) -> str:
    return answer.ground.code if answer.ground is not None else ""


def _facts_of(
    new: New, planned: Planned, decision: Decision | None, answer: RemovabilityAnswer, turn: dict[str, int]
) -> None:
    ground = _ground(answer)
    if answer.value == Removability.REMOVABLE:
        _over(new, planned, decision, answer, turn)
        return
    if ground == "new_application":
        _apply_again(new, planned)
    elif ground == "art64_granted":
        states = ((S.REQUESTED, 60), (S.ADVICE_ASKED, 50), (S.ADVICE_RECEIVED, 12), (S.GRANTED, 0))
        new.postpone(planned, ART_64, states, answer.valid_until)
    elif ground == "art64_provisional":
        new.postpone(planned, ART_64, ((S.REQUESTED, 14), (S.PROVISIONAL, 10)), answer.valid_until)
    elif decision is not None:
        _contested(new, planned, decision, answer, turn)
    if ground not in ("art64_granted", "art64_provisional"):
        _waits(new, planned, answer, turn)


def _contested(
    new: New, planned: Planned, decision: Decision, answer: RemovabilityAnswer, turn: dict[str, int]
) -> None:
    """A remedy that suspends, or a departure period that runs."""
    on = (decision.notified_on or decision.decided_on) + timedelta(days=5)
    kind = RemedyKind.OBJECTION if decision.kind.code in REGULAR else RemedyKind.APPEAL
    if _ground(answer) == "departure_period":
        _period(new, planned, decision, answer, kind, on)
        return
    appeal = new.lodge(planned, decision, kind, on)
    if _ground(answer) == "relief_pending" or appeal.effect != Effect.AUTO:
        new.lodge(planned, decision, RemedyKind.RELIEF, on, appeal_on=on)
        turn["relief"] += 1
        if turn["relief"] % EVERY_ECTHR == 1:
            country = next(iter(decision.countries), planned.household.nationality)
            measure = {"court": STRASBOURG, "country": country}
            new.lodge(planned, decision, RemedyKind.ECTHR, clock.today() - timedelta(days=4), **measure)
    elif planned.household.number % 4 == 1:
        _remitted(new, planned, decision)


def _period(new: New, planned: Planned, decision: Decision, answer: RemovabilityAnswer, kind: str, on: date) -> None:
    """Extended where that is possible; else it counts from the ruling on an appeal."""
    ends, until = decision.period_ends_on, answer.valid_until or clock.today()
    if ends is not None and ends < until <= ends + timedelta(days=new.extended.most or 0):
        change = PeriodChange(**new.stamp(planned), decision=decision, ground=new.extended, until=until)
        change.decided_on = max(decision.decided_on, min(ends, clock.today()))
        new.rows[PeriodChange].append(change)
    elif ends is None or ends < until:
        ruled = {"ruled_on": clock.today() - timedelta(days=1), "ruling": Ruling.DISMISSED}
        new.lodge(planned, decision, kind, on, **ruled)


def _remitted(new: New, planned: Planned, decision: Decision) -> None:
    """An earlier decision, which the court sent back: the one in force came after it."""
    procedure = decision.procedure
    lodged = procedure.lodged_on if procedure else None
    if lodged is None or (decision.decided_on - lodged).days < 60:
        return
    third = (decision.decided_on - lodged) // 3
    former = Decision(
        **new.stamp(planned), kind=decision.kind, procedure=procedure, regime=decision.regime, decided_on=lodged + third
    )
    former.replaced_at, former.reason = clock.now(), REMITTED
    new.rows[Decision].append(former)
    ruled = {"ruled_on": lodged + 2 * third, "ruling": Ruling.REMITTED}
    new.lodge(planned, former, RemedyKind.APPEAL, former.decided_on + timedelta(days=5), **ruled)


def _apply_again(new: New, planned: Planned) -> None:
    """A new application, under the law of now."""
    lodged = clock.today() - timedelta(days=2)
    kind = new.procedures["admissibility" if planned.household.number % 2 else "normal"]
    new.rows[Procedure].append(Procedure(**new.stamp(planned), kind=kind, regime=Regime.PACT, lodged_on=lodged))


def _waits(new: New, planned: Planned, answer: RemovabilityAnswer, turn: dict[str, int]) -> None:
    """Grounds beside the one of the answer: by the person where there is a sign of it, else by turns."""
    signals, until = planned.person.signals, answer.valid_until
    turn["waiting"] += 1
    if "zwanger" in signals:
        new.postpone(planned, PREGNANCY, ((S.GRANTED, 6),), clock.today() + timedelta(days=70))
    elif "mensenhandel" in signals:
        new.postpone(planned, TRAFFICKING, ((S.REQUESTED, 9), (S.GRANTED, 7)), clock.today() + timedelta(days=83))
    elif planned.household.is_alone_minor:
        new.postpone(planned, UAM, ((S.REQUESTED, 15),), None)
    elif planned.household.nationality == "UKR":
        new.postpone(planned, PROTECTED, ((S.GRANTED, 20),), until or clock.today() + MONTHS)
    elif turn["waiting"] % EVERY_WAITING == 1:
        code, states = WAITING[turn["waiting"] // EVERY_WAITING % len(WAITING)]
        new.postpone(planned, code, states, until or clock.today() + MONTHS)


def _over(
    new: New, planned: Planned, decision: Decision | None, answer: RemovabilityAnswer, turn: dict[str, int]
) -> None:
    """Of who is removable: what was dismissed, lodged late, refused or ended, and a higher appeal, which does not suspend."""
    turn["over"] += 1
    number = turn["over"]
    if planned.household.is_alone_minor:
        new.postpone(planned, UAM, ((S.REQUESTED, 40), (S.VERIFIED, 10)), None)
    elif number % EVERY_OVER == 3:
        code, states = OVER[number // EVERY_OVER % len(OVER)]
        new.postpone(planned, code, states, None)
    if decision is None or number % 2 or decision.kind.code == "return_decision":
        return
    on = (decision.notified_on or decision.decided_on) + timedelta(days=5)
    ruled_on = min(on + timedelta(days=24), clock.today() - timedelta(days=1))
    if ruled_on < on or decision.pk in new.contested:
        return
    kind = RemedyKind.OBJECTION if decision.kind.code in REGULAR else RemedyKind.APPEAL
    new.lodge(planned, decision, kind, on, ruled_on=ruled_on, ruling=Ruling.DISMISSED)
    if number % EVERY_HIGHER == 2 and ruled_on + timedelta(days=6) <= clock.today():
        higher = ruled_on + timedelta(days=6)
        new.lodge(planned, decision, RemedyKind.HIGHER_APPEAL, higher, court="Raad van State")
    elif number % 8 == 4:
        _late_relief(new, planned, decision, on)
    elif number % EVERY_LIFTED == 6 and decision.countries:
        lifted = {"ruled_on": clock.today(), "ruling": Ruling.LIFTED, "court": STRASBOURG}
        new.lodge(planned, decision, RemedyKind.ECTHR, ruled_on, country=decision.countries[0], **lifted)


def _late_relief(new: New, planned: Planned, decision: Decision, appeal_on: date) -> None:
    on = min(appeal_on + timedelta(days=20), clock.today())
    if is_late(decision, RemedyKind.RELIEF, on, appeal_on):
        new.lodge(planned, decision, RemedyKind.RELIEF, on, appeal_on=appeal_on)


def _write(new: New, there: Sequence[Planned]) -> None:
    officers = {one.case.pk: officer_of(new.stage, one.household) for one in there}
    by = PerRecord(ReturnCase, officers)
    for model, reason in (
        (Procedure, "Procedure recorded"),
        (Decision, "Decision recorded"),
        (Remedy, "Remedy recorded"),
        (PeriodChange, "Departure period changed"),
        (Postponement, "Ground recorded"),
    ):
        bulk_create_as(new.rows[model], by=by, reason=reason)
    for found, step in new.steps:
        step.postponement = found
    of_postponement = PerRecord(Postponement, {found.pk: officers[found.case_id] for found, _step in new.steps})
    bulk_create_as([step for _found, step in new.steps], by=of_postponement, reason="Next step recorded")
