"""What a dossier states of procedure, decision, appeal and claim, recorded as stated and confirmed by nobody. Set-based.

The least that the words of the dossier claim: what they do not name (the article, the authority, the ruling, the effect) stays
not stated. What cannot be so, beside the other dates or by the rules of the tables, is left out and named.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_noop

from cases.case.models import ReturnCase
from cases.procedure.models import (
    Authority,
    ClaimReply,
    Decision,
    DecisionKind,
    Effect,
    LegalFact,
    LegalGround,
    Notified,
    PeriodChange,
    Procedure,
    Remedy,
    RemedyKind,
    Ruling,
    Topic,
    TransferClaim,
    regime_of,
)
from cases.procedure.stated_left_out import Left, LeftOut
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as, bulk_update_as
from partners.models import Member

NOT_NAMED = "not_named"
STANDARD_DAYS = 28  # Vw 62(1)
OTHERWISE = gettext_noop("The dossier states otherwise")
# What makes two statements the same, by table.
SAME: Mapping[type[LegalFact], tuple[str, ...]] = {
    Procedure: ("regime", "lodged_on"),
    Decision: (
        "kind_id", "regime", "authority", "decided_on", "notified_on", "is_return_decision", "countries", "period_days",
        "ban_years",
    ),
    Remedy: ("kind", "lodged_on", "effect", "ruled_on"),
    TransferClaim: ("state", "regime", "replied_on", "latest_on"),
}  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """What the sender of one dossier states. None and "" mean: not stated.

    `decision` is the code of the kind of decision as far as the dossier names it; `suspensive_effect` an `Effect`.
    """

    case: ReturnCase
    source: str
    decision: str = NOT_NAMED
    authority: str = Authority.NOT_STATED
    applied_on: date | None = None
    regime: str = ""
    return_decision_on: date | None = None
    notified_on: date | None = None
    return_country: str = ""
    departure_period_days: int | None = None
    suspensive_effect: str = ""
    appealed_on: date | None = None
    ruled_on: date | None = None
    entry_ban_years: int | None = None
    responsible_state: str = ""
    claim_accepted_on: date | None = None
    transfer_deadline: date | None = None


@dataclass
class Facts:
    """The rows that one statement makes, not saved yet, and what of it was left out."""

    stated: Stated
    procedure: Procedure | None = None
    decision: Decision | None = None
    remedy: Remedy | None = None
    claim: TransferClaim | None = None
    left: list[LeftOut] = field(default_factory=list)

    @property
    def course(self) -> list[LegalFact]:
        """What hangs together: the procedure, its decision, the appeal against that."""
        return [one for one in (self.procedure, self.decision, self.remedy) if one is not None]

    def leave(self, name: str, why: Left) -> None:
        self.left.append(LeftOut(name, why))


@dataclass(frozen=True)
class Kinds:
    decisions: Mapping[str, DecisionKind]
    ban_ground: LegalGround


def record_stated(rows: Sequence[Stated], *, by: Member, reason: str) -> dict[int, list[LeftOut]]:
    """Of cases that were opened just now. Gives back what was left out, by the key of the case. A fixed number of statements."""
    made = _made(rows)
    _create(made, by=by, reason=reason)
    return {one.stated.case.pk: one.left for one in made}


def revise_stated(rows: Sequence[Stated], *, by: Member, reason: str) -> dict[int, list[LeftOut]]:
    """Of cases whose dossier has other content now: what nobody has worked on is replaced; the rest stays, and is named.

    The caller holds the locks of the cases. A fixed number of statements.
    """
    made = _made(rows)
    present = _standing([one.stated.case.pk for one in made])
    former: list[LegalFact] = []
    for one in made:
        facts = present[one.stated.case.pk]
        claims: list[LegalFact] = [fact for fact in facts if isinstance(fact, TransferClaim)]
        course = [fact for fact in facts if not isinstance(fact, TransferClaim)]
        if not _takes_the_place(one, "return_decision_on", course, one.course):
            one.procedure = one.decision = one.remedy = None
            course = []
        if not _takes_the_place(one, "responsible_state", claims, [one.claim] if one.claim else []):
            one.claim, claims = None, []
        former += course + claims
    _replace(former, by=by)
    _create(made, by=by, reason=reason)
    return {one.stated.case.pk: one.left for one in made}


def _takes_the_place(facts: Facts, name: str, present: Sequence[LegalFact], new: Sequence[LegalFact]) -> bool:
    """Whether what is stated now replaces what stands: not when it says the same, nor when somebody worked on that."""
    if [_content(one) for one in present] == [_content(one) for one in new]:
        return False
    if any(_worked_on(one) for one in present):
        facts.leave(name, Left.WORKED_ON)
        return False
    return True


def _content(fact: LegalFact) -> tuple[object, ...]:
    return (type(fact), *(getattr(fact, name) for name in SAME.get(type(fact), ("pk",))))


def _worked_on(fact: LegalFact) -> bool:
    """Confirmed, recorded by a person, or changed since the dossier stated it."""
    return fact.is_confirmed or fact.recorded_by_id is not None or fact.version > 1


def _standing(cases: Sequence[int]) -> dict[int, list[LegalFact]]:
    """By case, in the order of `Facts.course`. Five queries."""
    found: dict[int, list[LegalFact]] = defaultdict(list)
    for model in (Procedure, Decision, Remedy, PeriodChange, TransferClaim):
        for fact in model.objects.standing().filter(case__in=cases).order_by("pk"):
            found[fact.case_id].append(fact)
    return found


def _replace(former: Sequence[LegalFact], *, by: Member) -> None:
    now = clock.now()
    for fact in former:
        fact.replaced_at, fact.reason = now, OTHERWISE
        fact.version += 1
    for model in (Procedure, Decision, Remedy, TransferClaim):
        rows = [fact for fact in former if isinstance(fact, model)]
        bulk_update_as(rows, ["replaced_at", "reason", "version"], by=by, reason=OTHERWISE)


def _create(made: Sequence[Facts], *, by: Member, reason: str) -> None:
    """In the order in which they stand on each other."""
    for name in ("procedure", "decision", "remedy", "claim"):
        bulk_create_as([row for one in made if (row := getattr(one, name)) is not None], by=by, reason=reason)


# --- from words to rows ---------------------------------------------------------------------------------------------


def _made(rows: Sequence[Stated]) -> list[Facts]:
    """Two queries."""
    if not rows:
        return []
    kinds = Kinds(
        {kind.code: kind for kind in DecisionKind.objects.all()},
        LegalGround.objects.get(topic=Topic.ENTRY_BAN, code="not_stated"),
    )
    return [_facts(Facts(row), kinds) for row in rows]


def _facts(facts: Facts, kinds: Kinds) -> Facts:
    facts.procedure = _procedure(facts)
    facts.decision = _decision(facts, kinds)
    facts.remedy = _remedy(facts)
    facts.claim = _claim(facts)
    return facts


def _has_been(facts: Facts, name: str) -> date | None:
    """The day, unless it lies ahead: what is recorded has happened."""
    day: date | None = getattr(facts.stated, name)
    if day is None or day <= clock.today():
        return day
    facts.leave(name, Left.AHEAD)
    return None


def _regime(stated: Stated) -> str:
    """As stated; else what the day of lodging proposes, or that of the decision. A person confirms it."""
    known = stated.applied_on or stated.return_decision_on or stated.claim_accepted_on
    return stated.regime or regime_of(known or clock.today())


def _stamp(stated: Stated) -> dict[str, object]:
    return {"case": stated.case, "source": stated.source[:80], "recorded_at": clock.now()}


def _procedure(facts: Facts) -> Procedure | None:
    """An application of a kind that the dossier does not name."""
    stated, lodged_on = facts.stated, _has_been(facts, "applied_on")
    if lodged_on is None and not stated.regime:
        return None
    return Procedure(**_stamp(stated), regime=_regime(stated), lodged_on=lodged_on)


def _decision(facts: Facts, kinds: Kinds) -> Decision | None:
    stated, decided_on = facts.stated, _has_been(facts, "return_decision_on")
    if decided_on is None:
        for name in ("notified_on", "return_country", "departure_period_days", "entry_ban_years"):
            if getattr(stated, name):
                facts.leave(name, Left.NO_DECISION)
        return None
    decision = Decision(
        **_stamp(stated),
        kind=kinds.decisions[stated.decision],
        procedure=_procedure_of(facts, decided_on),
        regime=_regime(stated),
        authority=stated.authority,
        decided_on=decided_on,
    )
    _notify(facts, decision)
    _return(facts, decision)
    if stated.entry_ban_years:
        decision.ban_years, decision.ban_ground = stated.entry_ban_years, kinds.ban_ground
    return decision


def _procedure_of(facts: Facts, decided_on: date) -> Procedure | None:
    """The application that was decided on; none where that came later."""
    lodged_on = facts.procedure.lodged_on if facts.procedure else None
    if lodged_on is not None and lodged_on > decided_on:
        facts.leave("applied_on", Left.AFTER_DECISION)
        return None
    return facts.procedure


def _notify(facts: Facts, decision: Decision) -> None:
    told = _has_been(facts, "notified_on")
    if told is not None and told < decision.decided_on:
        facts.leave("notified_on", Left.BEFORE_DECISION)
    elif told is not None:
        decision.notified_on, decision.notified_how = told, Notified.UNKNOWN


def _return(facts: Facts, decision: Decision) -> None:
    """The duty to return, with its period: only with a country, and not of a decision to transfer."""
    stated = facts.stated
    named = [name for name in ("return_country", "departure_period_days") if getattr(stated, name) not in ("", None)]
    if not decision.kind.returns:
        for name in named:
            facts.leave(name, Left.NO_RETURN)
    elif not stated.return_country:
        facts.leave("return_country", Left.NO_COUNTRY)
        for name in named:
            facts.leave(name, Left.PERIOD_NO_COUNTRY)
    else:
        decision.is_return_decision, decision.countries = True, [stated.return_country]
        decision.period_days = stated.departure_period_days
        if decision.period_days is not None and decision.period_days < STANDARD_DAYS:
            facts.leave("departure_period_days", Left.PERIOD_GROUND)


def _remedy(facts: Facts) -> Remedy | None:
    """An appeal. Whether it came in time nobody has judged yet."""
    stated, decision = facts.stated, facts.decision
    lodged_on = _has_been(facts, "appealed_on")
    if lodged_on is not None and decision is None:
        facts.leave("appealed_on", Left.NO_DECISION)
    elif lodged_on is not None and decision is not None and lodged_on < decision.decided_on:
        facts.leave("appealed_on", Left.BEFORE_DECISION)
    elif lodged_on is not None:
        remedy = Remedy(**_stamp(stated), decision=decision, kind=RemedyKind.APPEAL, lodged_on=lodged_on)
        remedy.effect = stated.suspensive_effect or Effect.NOT_STATED
        return _ruled(facts, remedy)
    if stated.ruled_on is not None:
        facts.leave("ruled_on", Left.NO_APPEAL)
    return None


def _ruled(facts: Facts, remedy: Remedy) -> Remedy:
    ruled_on = _has_been(facts, "ruled_on")
    if ruled_on is not None and ruled_on < remedy.lodged_on:
        facts.leave("ruled_on", Left.BEFORE_APPEAL)
    elif ruled_on is not None:
        remedy.ruled_on, remedy.ruling = ruled_on, Ruling.NOT_STATED
    return remedy


def _claim(facts: Facts) -> TransferClaim | None:
    stated, accepted_on = facts.stated, _has_been(facts, "claim_accepted_on")
    if not stated.responsible_state:
        for name in ("claim_accepted_on", "transfer_deadline"):
            if getattr(stated, name):
                facts.leave(name, Left.NO_STATE)
        return None
    claim = TransferClaim(**_stamp(stated), state=stated.responsible_state, regime=_regime(stated))
    if accepted_on is not None:
        claim.replied_on, claim.reply = accepted_on, ClaimReply.ACCEPTED
    if stated.transfer_deadline is not None:
        if accepted_on is None:
            facts.leave("transfer_deadline", Left.NO_ACCEPTANCE)
        elif stated.transfer_deadline < accepted_on:
            facts.leave("transfer_deadline", Left.BEFORE_ACCEPTANCE)
        else:
            claim.latest_on = stated.transfer_deadline
    return claim
