"""The terms that start with a decision: to contest it, for the court to rule, and to leave."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from cases.procedure.models import Decision, Effect, PeriodChange, Regime, Remedy, RemedyKind, Ruling
from cases.procedure.models.kinds import PACT_FROM, Topic
from cases.procedure.remedy_terms import HIGHER_WEEKS, former_weeks, weeks_for
from cases.terms.calendars import statutory
from cases.terms.calendars.shape import Duration, TermUnit
from cases.terms.deadlines import Owner, Start, Supposed
from leidraad.lib.display import date_long

FOLLOWS, READS = (("procedure.view",),), (("decisions.view",),)
FULL_PERIOD = 28
COA = "coa"
# Of `court-rule`: which duration for a court that judges an appeal in the class of this term.
COURT_POSITION = {"appeal-short": 1, "appeal-mid": 2}
RELIEF_ON_TRANSFER, HIGHER_COURT = 3, 4
# These say that the suspension is over and the person has to leave; others leave the decision without effect.
LOST = frozenset({Ruling.DISMISSED, Ruling.INADMISSIBLE, Ruling.WITHDRAWN})


def starts(decision: Decision) -> Iterator[Start]:
    """Of a decision with its `standing_remedies` and `standing_periods`."""
    remedies: Sequence[Remedy] = decision.standing_remedies  # type: ignore[attr-defined]  # fetched so
    yield from _to_contest(decision, remedies)
    for remedy in remedies:
        yield from _of_remedy(decision, remedy, remedies)
    if decision.is_return_decision:
        yield from _to_leave(decision, decision.standing_periods)  # type: ignore[attr-defined]  # fetched so


def _start(decision: Decision, rule: str, on: date | None, name: str, **more: Any) -> Start:
    about = f"{decision.kind.name}, {date_long(decision.decided_on)}"
    values: dict[str, Any] = {
        "law_on": law_day(decision.regime, on),
        "source": decision.source,
        "about": about,
        "sees": FOLLOWS,
    }
    return Start(rule, on, key=f"decision:{decision.pk}:{name}", **(values | more))


def law_day(regime: str, day: date | None) -> date | None:
    """The day whose rules apply, by the regime that a person set: transitional law was not found."""
    if day is None:
        return None
    return min(day, PACT_FROM - timedelta(days=1)) if regime == Regime.FORMER else max(day, PACT_FROM)


def _first(remedies: Sequence[Remedy], *kinds: str) -> date | None:
    return next((one.lodged_on for one in remedies if one.kind in kinds), None)


# --- contesting -----------------------------------------------------------------------------------------------------


def _to_contest(decision: Decision, remedies: Sequence[Remedy]) -> Iterator[Start]:
    rule = decision.kind.term
    if not rule:
        return
    position = 1
    if decision.regime == Regime.FORMER and rule != "appeal-general":
        rule, position = "appeal-old", 1 if former_weeks(decision) == 1 else 2
    lodged = _first(remedies, RemedyKind.APPEAL, RemedyKind.OBJECTION)
    told = decision.notified_on
    more: dict[str, Any] = {"owner": Owner.PERSON, "supposes": Supposed.NOTIFIED}
    yield _start(decision, rule, told, "contest", position=position, met_on=lodged, **more)
    if weeks_for(decision, RemedyKind.RELIEF) is not None and not decision.kind.transfers:
        asked = _first(remedies, RemedyKind.RELIEF)
        yield _start(decision, "relief-stay", told, "relief", met_on=asked, **more)


def _of_remedy(decision: Decision, remedy: Remedy, remedies: Sequence[Remedy]) -> Iterator[Start]:
    if remedy.kind == RemedyKind.APPEAL and decision.kind.transfers:
        asked = _first(remedies, RemedyKind.RELIEF)
        name = f"relief:{remedy.pk}"
        yield _start(decision, "relief-transfer", remedy.lodged_on, name, met_on=asked, owner=Owner.PERSON)
    if remedy.kind == RemedyKind.OBJECTION:
        yield _objection(decision, remedy)
    position = _court_position(decision, remedy)
    if position is not None:
        yield _start(
            decision, "court-rule", remedy.lodged_on, f"court:{remedy.pk}", position=position, met_on=remedy.ruled_on,
            owner=Owner.COURT, supposes=None if remedy.ruled_on else Supposed.RULED,
        )  # fmt: skip
    if remedy.kind == RemedyKind.APPEAL and remedy.ruled_on and remedy.ruling != Ruling.WITHDRAWN:
        yield from _higher(decision, remedy, remedies)


def _objection(decision: Decision, remedy: Remedy) -> Start:
    """IND decides from the end of the term in which to object, by the reading that is best for the person."""
    told = decision.notified_on
    ended = None if told is None else statutory.ends(told, Duration(4, TermUnit.WEEKS)).best_for_person
    name = f"objection:{remedy.pk}"
    return _start(decision, "bezwaar-decide", ended, name, met_on=remedy.ruled_on, owner=Owner.IND)


def _court_position(decision: Decision, remedy: Remedy) -> int | None:
    """Which duration of `court-rule` holds; None where the sources name none."""
    if decision.regime == Regime.FORMER:
        return None
    if remedy.kind == RemedyKind.HIGHER_APPEAL:
        return HIGHER_COURT
    if remedy.kind == RemedyKind.RELIEF:
        return RELIEF_ON_TRANSFER if decision.kind.transfers else None
    return COURT_POSITION.get(decision.kind.term) if remedy.kind == RemedyKind.APPEAL else None


def _higher(decision: Decision, appeal: Remedy, remedies: Sequence[Remedy]) -> Iterator[Start]:
    """From the ruling on the appeal. Under the former rules the sources give no term: that cannot be counted."""
    if not decision.kind.term:
        return
    weeks = HIGHER_WEEKS.get(decision.kind.term)
    known = weeks is not None and decision.regime != Regime.FORMER
    day = appeal.ruled_on if known else None
    lodged = _first(remedies, RemedyKind.HIGHER_APPEAL)
    name, position = f"higher:{appeal.pk}", 2 if weeks == 4 else 1
    yield _start(decision, "higher-appeal", day, name, position=position, met_on=lodged, owner=Owner.PERSON)


# --- leaving --------------------------------------------------------------------------------------------------------


def suspension(decision: Decision) -> tuple[date | None, date | None]:
    """Since when a remedy suspends the decision, and the day of the last ruling that ended a suspension."""
    remedies: Sequence[Remedy] = decision.standing_remedies  # type: ignore[attr-defined]  # fetched so
    holding = [one for one in remedies if one.effect != Effect.NONE and one.kind != RemedyKind.ECTHR]
    stopped = [one.lodged_on for one in holding if one.suspends]
    ended = [one.ruled_on for one in holding if one.ruled_on is not None and one.ruling in LOST]
    return min(stopped, default=None), max(ended, default=None)


def _to_leave(decision: Decision, changes: Sequence[PeriodChange]) -> Iterator[Start]:
    """The departure period, and reception with it for who lives with COA: its end is the same day (Vw 45)."""
    stopped, ruled = suspension(decision)
    since = ruled if ruled is not None and ruled > decision.decided_on else decision.decided_on
    rule, until = _period(decision, changes, since)
    known = decision.period_days is not None or bool(changes)
    # A period that a remedy stopped or moved tells of the remedy, which is for who follows the procedure.
    plain = decision.notified_on is not None and stopped is None and ruled is None
    sees = READS if plain else FOLLOWS
    more: dict[str, Any] = {"until": None if stopped else until, "stopped_since": stopped, "sees": sees}
    more["supposes"] = Supposed.RULED if stopped else None
    yield _start(decision, rule, since if known else None, "period", owner=Owner.DTV, **more)
    home = decision.case.residence_unit
    if home is not None and home.organisation.code == COA and decision.kind.returns:
        ends = until or (since + timedelta(days=decision.period_days) if decision.period_days is not None else None)
        more["until"] = None if stopped else ends
        yield _start(decision, "rec-end", since if known else None, "reception", owner=Owner.COA, **more)


def _period(decision: Decision, changes: Sequence[PeriodChange], since: date) -> tuple[str, date | None]:
    """The rule of the period, and its last day where a decision set it instead of the rule."""
    if changes:
        last = changes[-1]
        return ("period-ext" if last.ground.topic == Topic.PERIOD_EXTENDED else "period-zero"), last.until
    days = decision.period_days
    if days is None or days == FULL_PERIOD:
        return "period-std", None
    return "period-zero", None if days == 0 else since + timedelta(days=days)
