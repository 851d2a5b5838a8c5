"""What started the terms of a case, as far as the facts of law tell: for `cases.terms`, which counts them.

Each start names its rule, because here is known which kind of decision or procedure it was. A fact without a day starts a term
that cannot be counted, and shows as such.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from cases.case.nationalities import country_name
from cases.procedure import starts_of_decisions
from cases.procedure.models import (
    Decision,
    PeriodChange,
    Postponement,
    Procedure,
    ProcedureStep,
    Regime,
    Remedy,
    TransferClaim,
)
from cases.procedure.models.postponements import PostponementState
from cases.procedure.starts_of_decisions import FOLLOWS, READS, law_day, suspension
from cases.terms.deadlines import Owner, Start, Supposed
from leidraad.lib.display import date_long
from partners.policy import SENSITIVE

SEES_POSTPONED = "postponement.view"


@dataclass
class Known:
    """The facts of law of some cases, as far as terms start from them."""

    decisions: list[Decision]
    procedures: list[Procedure]
    claims: list[TransferClaim]
    postponements: list[Postponement]


def known(cases: Collection[int]) -> Known:
    """Nine queries, whatever the number of cases."""
    claims = TransferClaim.objects.standing().filter(case_id__in=cases).prefetch_related("moves__ground")
    return Known(list(_decisions(cases)), list(_procedures(cases)), list(claims), list(_postponements(cases)))


def starts(cases: Collection[int]) -> Mapping[int, Iterable[Start]]:
    return starts_from(known(cases))


def starts_from(facts: Known) -> dict[int, list[Start]]:
    found: dict[int, list[Start]] = {}
    decided: dict[int, date] = {}
    for decision in facts.decisions:
        if decision.procedure_id is not None:
            decided.setdefault(decision.procedure_id, decision.decided_on)
        found.setdefault(decision.case_id, []).extend(starts_of_decisions.starts(decision))
    for procedure in facts.procedures:
        found.setdefault(procedure.case_id, []).extend(of_procedure(procedure, decided.get(procedure.pk)))
    transfers = {one.case_id: one for one in facts.decisions if one.kind.transfers}
    for claim in facts.claims:
        found.setdefault(claim.case_id, []).extend(of_claim(claim, transfers.get(claim.case_id)))
    for one in facts.postponements:
        found.setdefault(one.case_id, []).extend(of_postponement(one))
    return found


def _decisions(cases: Collection[int]) -> Iterable[Decision]:
    remedies: Any = Prefetch(
        "remedies", Remedy.objects.standing().order_by("lodged_on", "pk"), to_attr="standing_remedies"
    )
    changes = PeriodChange.objects.standing().select_related("ground")
    periods: Any = Prefetch("period_changes", changes, to_attr="standing_periods")
    related = ("kind", "procedure__kind", "case__residence_unit__organisation")
    found = Decision.objects.standing().filter(case_id__in=cases).select_related(*related)
    return found.prefetch_related(remedies, periods)


def _procedures(cases: Collection[int]) -> Iterable[Procedure]:
    steps = ProcedureStep.objects.filter(struck_at=None).select_related("step")
    found = Procedure.objects.standing().filter(case_id__in=cases, kind__isnull=False).select_related("kind")
    return found.prefetch_related(Prefetch("steps", steps, to_attr="taken"))


def _postponements(cases: Collection[int]) -> Iterable[Postponement]:
    return Postponement.objects.running().filter(case_id__in=cases).select_related("kind").prefetch_related("steps")


# --- procedures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A term within a kind of procedure: from one step ("" is the day of lodging) until another, or the decision."""

    rule: str
    since: str = ""
    until: tuple[str, ...] = ()
    position: int = 1
    lengthened: Mapping[str, int] | None = None
    owner: Owner = Owner.IND
    by_decision: bool = True


TERMS: Mapping[str, tuple[Term, ...]] = {
    "screening": (Term("scr-hold", "stopped", ("completed",), by_decision=False),),
    "admissibility": (Term("apr-admissibility", until=("decision",), lengthened={"extended": 3}),),
    "accelerated": (Term("apr-accelerated", until=("decision", "to_normal")),),
    "normal": (Term("apr-normal", until=("decision",), lengthened={"extended": 2}),),
    "border": (
        Term("border-first", "registered", ("decision", "entered")),
        Term("border-total", "registered", ("court", "entered"), by_decision=False),
    ),
    "return_border": (Term("border-return", "started", ("ended",), owner=Owner.DTV, by_decision=False),),
    "responsible_state": (Term("ammr-request", "registered", ("requested",), by_decision=False),),
    "general_6": (
        Term("rvt", "rest", ("day_1",), by_decision=False),
        Term("aa", "day_1", ("day_6", "to_extended")),
    ),
    "general_8": (
        Term("rvt", "rest", ("day_1",), by_decision=False),
        Term("aa-8", "day_1", ("day_8", "to_extended")),
    ),
    "extended": (
        Term("va-response", "intention", ("response",), owner=Owner.PERSON, by_decision=False),
        Term("va-decide", until=("decision",)),
    ),
    "track_1": (Term("track-1", "intention", ("response",), owner=Owner.PERSON, by_decision=False),),
    "track_2": (
        Term("track-2", "hearing", ("response",), owner=Owner.PERSON, by_decision=False),
        Term("track-2", "hearing", ("decision",), position=2),
    ),
    "repeat": (Term("hasa", "day_1", ("decision",)),),
}


def of_procedure(one: Procedure, decided_on: date | None) -> Iterator[Start]:
    """Of a procedure with its `taken` steps. A step that did not come starts nothing; lodging without a day does."""
    taken = {step.step.code: step.on for step in one.taken}  # type: ignore[attr-defined]  # fetched so
    for term in TERMS.get(one.kind.code if one.kind else "", ()):
        if term.since and term.since not in taken:
            continue
        since = taken[term.since] if term.since else one.lodged_on
        done = [taken[code] for code in term.until if code in taken]
        if term.by_decision and decided_on is not None:
            done.append(decided_on)
        if one.ended_on is not None and not done:
            continue
        yield Start(
            term.rule,
            on=since,
            position=term.position,
            added=tuple(position for code, position in (term.lengthened or {}).items() if code in taken),
            met_on=min(done, default=None),
            law_on=law_day(one.regime, since),
            source=one.source,
            key=f"procedure:{one.pk}:{term.rule}:{term.position}",
            about=str(one),
            owner=term.owner,
            sees=FOLLOWS,
        )


# --- the responsible state ------------------------------------------------------------------------------------------


def of_claim(claim: TransferClaim, decision: Decision | None) -> Iterator[Start]:
    """The reply, the transfer decision and the latest transfer date. `decision` is the transfer decision, if there is one."""
    pact = claim.regime == Regime.PACT
    if pact and claim.requested_on is not None:
        yield _of_claim(claim, "ammr-reply", claim.requested_on, "reply", met_on=claim.replied_on, owner=Owner.STATE)
    if not claim.is_accepted:
        return
    if pact:
        met = decision.decided_on if decision else None
        yield _of_claim(claim, "ammr-decision", claim.replied_on, "decision", met_on=met, owner=Owner.IND)
    stopped, ruled = suspension(decision) if decision else (None, None)
    rule, until = "transfer-latest" if pact else "dublin-latest-old", None if stopped else claim.latest()
    yield _of_claim(
        claim, rule, ruled or claim.replied_on, "latest", until=until, stopped_since=stopped, owner=Owner.DTV,
        supposes=Supposed.ACCEPTED,
    )  # fmt: skip


def _of_claim(claim: TransferClaim, rule: str, on: date | None, name: str, **more: Any) -> Start:
    return Start(
        rule,
        on,
        law_on=law_day(claim.regime, on),
        source=claim.source,
        key=f"claim:{claim.pk}:{name}",
        about=country_name(claim.state),
        sees=FOLLOWS,
        **more,
    )


# --- what puts off departure ----------------------------------------------------------------------------------------

# Kind and state -> the rule. Where a decision gave no last day, the rule counts; a window around a birth needs that day.
POSTPONED: Mapping[tuple[str, str], str] = {
    ("art64", PostponementState.PROVISIONAL): "art64-provisional",
    ("art64", PostponementState.GRANTED): "art64-grant",
    ("pregnancy", PostponementState.GRANTED): "pregnancy",
    ("moratorium", PostponementState.GRANTED): "moratorium",
    ("trafficking", PostponementState.GRANTED): "b8-reflection",
}
# Art. 64: at most a year by law, usually six months by the Leidraad. The sources do not agree.
OTHER_LENGTHS = {"art64-grant": (2,)}


def of_postponement(one: Postponement) -> Iterator[Start]:
    rule = POSTPONED.get((one.kind.code, one.state))
    if rule is None:
        return
    steps = [step for step in one.steps.all() if step.state == one.state]
    begun = steps[-1].on if steps else one.since
    window = rule == "pregnancy"
    yield Start(
        rule,
        None if window else begun,
        until=one.until,
        other_lengths=OTHER_LENGTHS.get(rule, ()),
        source=one.source,
        key=f"postponement:{one.pk}",
        about=f"{one.kind.name}, {date_long(one.since)}",
        owner=Owner.DTV if window else Owner.IND,
        sees=sees_postponed(one.section),
    )


def sees_postponed(section: str) -> tuple[tuple[str, ...], ...]:
    """As `sections.may_know` says it."""
    if section not in SENSITIVE:
        return ((SEES_POSTPONED,),)
    return ((SEES_POSTPONED, f"{section}.view"), (SEES_POSTPONED, "postponement.decide"))


# Every set that a start of this room may name: grounds to wait are reference data, of whatever section.
SEES = frozenset(
    {*FOLLOWS, *READS, *sees_postponed(""), *(needed for section in SENSITIVE for needed in sees_postponed(section))}
)
