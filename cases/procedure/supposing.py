"""What would start if something came on another day: the facts are altered in memory, and never saved."""

from collections.abc import Iterable
from datetime import date

from cases.procedure.models import ClaimReply, Decision, Effect, Remedy, RemedyKind, Ruling
from cases.procedure.starts import Known, known, starts_from
from cases.terms.deadlines import Start
from leidraad.lib import clock


def supposed(case: int, key: str, day: date) -> Iterable[Start] | None:
    """For the key of a start of a decision or a claim; None for every other key, and one that is not of this case."""
    subject, _colon, rest = key.partition(":")
    pk, _colon, name = rest.partition(":")
    if subject not in ("decision", "claim") or not pk.isdecimal():
        return None
    facts = known([case])
    altered = _decision(facts, int(pk), name, day) if subject == "decision" else _claim(facts, int(pk), day)
    return starts_from(facts).get(case, []) if altered else None


def _decision(facts: Known, pk: int, name: str, day: date) -> bool:
    decision = next((one for one in facts.decisions if one.pk == pk), None)
    if decision is None:
        return False
    if name in ("contest", "relief"):
        decision.notified_on = day
        return True
    ruled = [one for one in _open(decision) if name in ("period", "reception", f"court:{one.pk}")]
    for remedy in ruled:
        remedy.ruled_on, remedy.ruling = day, Ruling.DISMISSED
    return bool(ruled)


def _open(decision: Decision) -> list[Remedy]:
    """What a court has still to rule on: all that suspends, and the appeal that asks for it."""
    remedies: list[Remedy] = decision.standing_remedies  # type: ignore[attr-defined]  # fetched so
    waiting = [one for one in remedies if one.ruled_on is None and one.kind != RemedyKind.ECTHR]
    return [one for one in waiting if one.effect != Effect.NONE or one.kind != RemedyKind.RELIEF]


def _claim(facts: Known, pk: int, day: date) -> bool:
    claim = next((one for one in facts.claims if one.pk == pk), None)
    if claim is None:
        return False
    claim.replied_on, claim.reply, claim.latest_on = day, ClaimReply.ACCEPTED, None
    for move in claim.moves.all():  # as they were fetched: the moves belong to the acceptance that was
        move.struck_at = clock.now()
    return True
