"""The facts of law of one case as the screens show them, in a fixed number of queries. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.case.models import ReturnCase
from cases.case.nationalities import country_name, language_name
from cases.procedure.effect_words import effect_sentence, effect_words
from cases.procedure.models import (
    ClaimReply,
    Decision,
    Effect,
    Hearing,
    LegalFact,
    PeriodChange,
    Postponement,
    Procedure,
    ProcedureStep,
    Remedy,
    RemedyKind,
    StepKind,
    TransferClaim,
    TransferMove,
)
from cases.procedure.models.postponements import IN_FORCE, WAITING
from cases.procedure.picture import PictureStep, picture_of, sentence_of
from cases.procedure.sections import Can, may_know, may_read
from leidraad.lib import clock
from leidraad.lib.display import date_long, date_short, date_time

Fact = tuple[str, object]
Mark = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """One fact with its words. `marks` are pairs of shape and word; `out` says why it is no longer in force."""

    one: LegalFact
    title: str
    facts: list[Fact]
    marks: list[Mark]
    sentence: str = ""
    source: str = ""
    out: str = ""


@dataclass(frozen=True)
class ProcedureLine(Line):
    steps: list[PictureStep] = field(default_factory=list)
    struck: list[ProcedureStep] = field(default_factory=list)


@dataclass(frozen=True)
class RemedyLine(Line):
    hearings: list[Hearing] = field(default_factory=list)


@dataclass(frozen=True)
class DecisionLine(Line):
    remedies: list[RemedyLine] = field(default_factory=list)
    periods: list[PeriodChange] = field(default_factory=list)


@dataclass(frozen=True)
class ClaimLine(Line):
    moves: list[tuple[TransferMove, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PostponementLine(Line):
    steps: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Law:
    """Everything that this viewer may read, what is in force first."""

    procedures: list[ProcedureLine]
    decisions: list[DecisionLine]
    claims: list[ClaimLine]
    postponements: list[PostponementLine]

    @property
    def is_empty(self) -> bool:
        return not (self.procedures or self.decisions or self.claims or self.postponements)


def law_of(case: ReturnCase, can: Can) -> Law:
    """At most eleven queries, whatever stands in the case. The caller has asked `decisions.view` or `postponement.view`."""
    follows = can("procedure.view")
    return Law(
        procedures=_procedures(case) if follows else [],
        decisions=_decisions(case, can),
        claims=_claims(case) if follows else [],
        postponements=_postponements(case, can) if can("postponement.view") else [],
    )


def recorded_lines(law: Law) -> list[Line]:
    """What is in force, in one list: beside what a dossier stated."""
    found: list[Line] = [*law.postponements]
    for decision in law.decisions:
        found += [decision, *decision.remedies]
    return [line for line in (*found, *law.claims, *law.procedures) if line.one.is_standing]


# --- procedures -----------------------------------------------------------------------------------------------------


def _procedures(case: ReturnCase) -> list[ProcedureLine]:
    taken = Prefetch("steps", ProcedureStep.objects.select_related("step"))
    kinds = Prefetch("kind__steps", StepKind.objects.order_by("position"))
    found = Procedure.objects.of_case(case).for_pages().prefetch_related(taken, kinds)
    return [_procedure(one) for one in sorted(found, key=_newest_first)]


def _procedure(one: Procedure) -> ProcedureLine:
    rows = list(one.steps.all())
    taken = {row.step_id: row for row in rows if row.struck_at is None}
    kinds = list(one.kind.steps.all()) if one.kind else []
    ended = one.ended_on is not None or not one.is_standing
    steps = picture_of(kinds, taken, lodged_on=one.lodged_on, ended=ended)
    facts: list[Fact] = [
        (_("Regime"), one.get_regime_display()),
        (_("Lodged on"), date_long(one.lodged_on)),
        (_("Reference"), one.reference),
    ]
    if one.regime_reason:
        facts.append((_("Why this regime"), one.regime_reason))
    if one.kind:
        facts.append((pgettext("fact", "Rule"), rule_words(one.kind.rule, one.kind.confidence)))
    return ProcedureLine(
        one,
        str(one),
        facts,
        [*_standing(one), ("info", str(one.get_regime_display()))],
        sentence_of(one, steps) if one.is_standing else "",
        source_of(one),
        out_of(one),
        steps=steps if one.is_standing else [],
        struck=[row for row in rows if row.struck_at is not None],
    )


# --- decisions and remedies -----------------------------------------------------------------------------------------


def _decisions(case: ReturnCase, can: Can) -> list[DecisionLine]:
    if not can("decisions.view"):
        return []
    follows = can("procedure.view")
    found = (
        Decision.objects.of_case(case)
        .for_pages()
        .prefetch_related(Prefetch("period_changes", PeriodChange.objects.select_related("ground")))
    )
    rows = [one for one in found if may_read(one.notified_on, can)]
    remedies: dict[int, list[Remedy]] = {}
    if follows and rows:
        of_case = Remedy.objects.of_case(case).for_pages().prefetch_related("hearings")
        for remedy in of_case:
            remedies.setdefault(remedy.decision_id, []).append(remedy)
    return [_decision(one, remedies.get(one.pk, []), follows=follows) for one in sorted(rows, key=_newest_first)]


def _decision(one: Decision, remedies: Sequence[Remedy], *, follows: bool) -> DecisionLine:
    facts: list[Fact] = [
        (_("Decided on"), date_long(one.decided_on)),
        (_("Decided by"), one.get_authority_display()),
        (_("Made known"), notified_words(one)),
        (_("Rule"), rule_words(one.kind.rule, one.kind.confidence)),
    ]
    if one.reference:
        facts.append((_("Reference"), one.reference))
    if one.is_return_decision:
        facts.append((_("Country of return"), ", ".join(country_name(code) for code in one.countries)))
        facts.append((_("Departure period"), period_words(one)))
    if one.ban_years is not None:
        facts.append((_("Entry ban"), ban_words(one)))
    if follows and one.procedure is not None:
        facts.append((_("In the procedure"), str(one.procedure)))
    marks = [*_standing(one)]
    if one.is_standing and one.notified_on is None:
        marks.append(("warn", _("not made known yet")))
    if one.is_return_decision:
        marks.append(("info", _("return decision")))
    changes = [change for change in one.period_changes.all() if change.is_standing]
    lines = [remedy_line(remedy) for remedy in remedies]
    return DecisionLine(one, one.kind.name, facts, marks, "", source_of(one), out_of(one), lines, changes)


def notified_words(one: Decision) -> str:
    """25 mei 2026, uitgereikt in persoon, in het Arabisch"""
    if one.notified_on is None:
        return _("not yet")
    parts = [date_long(one.notified_on), str(one.get_notified_how_display()), one.notified_to]
    if one.notified_language:
        parts.append(language_name(one.notified_language))
    return ", ".join(part for part in parts if part)


def period_words(one: Decision) -> str:
    """The period as the decision gives it, and its last day after a change."""
    if one.period_days is None:
        return ""
    days = ngettext("%(count)d day", "%(count)d days", one.period_days) % {"count": one.period_days}
    change = next((change for change in one.period_changes.all() if change.is_standing), None)
    last = change.until if change is not None else one.period_ends_on
    words = _("%(days)s, by the decision until %(date)s") % {"days": days, "date": date_long(last)}
    if change is not None:
        words = _("%(days)s, changed: until %(date)s (%(ground)s)") % {
            "days": days,
            "date": date_long(last),
            "ground": change.ground.in_full,
        }
    return f"{words}; {one.period_ground.in_full}" if one.period_ground else words


def ban_words(one: Decision) -> str:
    years = one.ban_years or 0
    words = ngettext("%(count)d year from departure", "%(count)d years from departure", years) % {"count": years}
    return f"{words}; {one.ban_ground.in_full}" if one.ban_ground else words


def remedy_line(one: Remedy) -> RemedyLine:
    facts: list[Fact] = [
        (_("Lodged on"), date_long(one.lodged_on)),
        (pgettext("remedy", "Court"), one.court),
        (_("Effect on removal"), effect_words(one.kind, one.effect)),
        (_("By which rule"), one.suspension.in_full if one.suspension else ""),
    ]
    if one.country:
        facts.append((_("Country"), country_name(one.country)))
    if one.effect_reason:
        facts.append((_("Why this effect"), one.effect_reason))
    if one.ruled_on is not None:
        words = {"date": date_long(one.ruled_on), "ruling": one.get_ruling_display()}
        facts.append((_("Ruling"), _("%(date)s: %(ruling)s") % words))
    return RemedyLine(
        one,
        str(one),
        facts,
        _remedy_marks(one),
        effect_sentence(one),
        source_of(one),
        out_of(one),
        list(one.hearings.all()),
    )


def _remedy_marks(one: Remedy) -> list[Mark]:
    marks = _standing(one)
    if not one.is_standing:
        return marks
    if one.late:
        marks.append(("warn", _("lodged late")))
    elif one.late is None and one.is_confirmed and one.kind not in (RemedyKind.HIGHER_APPEAL, RemedyKind.ECTHR):
        marks.append(("unknown", _("not known whether in time")))
    if one.ruled_on is not None:
        return [*marks, ("ok", _("ruled on"))]
    if one.effect == Effect.NOT_STATED:
        return [*marks, ("unknown", _("effect not known"))]
    return [*marks, ("no", _("suspends")) if one.suspends else ("planned", _("open, does not suspend"))]


# --- claims ---------------------------------------------------------------------------------------------------------


def _claims(case: ReturnCase) -> list[ClaimLine]:
    found = TransferClaim.objects.of_case(case).for_pages().prefetch_related("moves__ground")
    return [_claim(one) for one in sorted(found, key=_newest_first)]


def _claim(one: TransferClaim) -> ClaimLine:
    reply = ""
    if one.replied_on is not None:
        reply = _("%(date)s: %(reply)s") % {"date": date_long(one.replied_on), "reply": one.get_reply_display()}
    facts: list[Fact] = [
        (_("Regime"), one.get_regime_display()),
        (_("Asked on"), date_long(one.requested_on)),
        (_("Reply"), reply),
        (_("Latest transfer date"), date_long(one.latest())),
    ]
    moves = [
        (
            move,
            _("%(date)s, because: %(ground)s") % {"date": date_long(move.latest_on), "ground": move.ground.in_full},
            move.reason if move.struck_at is not None else "",
        )
        for move in one.moves.all()
    ]
    marks = _standing(one)
    if one.is_standing:
        marks.append(_claim_mark(one))
    name = country_name(one.state) or one.state
    return ClaimLine(one, name, facts, marks, "", source_of(one), out_of(one), moves)


def _claim_mark(one: TransferClaim) -> Mark:
    latest = one.latest()
    if one.is_accepted and latest is not None and latest < clock.today():
        return ("late", _("latest transfer date has passed"))
    if one.is_accepted:
        return ("ok", str(ClaimReply(one.reply).label))
    return ("no", str(ClaimReply(one.reply).label)) if one.reply else ("planned", _("waiting for the reply"))


# --- postponement ---------------------------------------------------------------------------------------------------


def _postponements(case: ReturnCase, can: Can) -> list[PostponementLine]:
    found = Postponement.objects.of_case(case).for_pages().prefetch_related("steps")
    return [_postponement(one) for one in sorted(found, key=_newest_first) if may_know(one.section, can)]


def _postponement(one: Postponement) -> PostponementLine:
    until = date_long(one.until) if one.until else _("no last day recorded")
    facts: list[Fact] = [
        (_("Since"), date_long(one.since)),
        (_("Until"), until),
        (_("Rule"), rule_words(one.kind.rule, one.kind.confidence)),
    ]
    steps = [
        (
            date_long(step.on),
            ", ".join(
                part
                for part in (
                    str(step.get_state_display()),
                    _("until %(date)s") % {"date": date_short(step.until)} if step.until else "",
                    step.note,
                )
                if part
            ),
        )
        for step in one.steps.all()
    ]
    marks = _standing(one)
    if one.is_standing:
        marks.append((_state_shape(one), str(one.get_state_display())))
    return PostponementLine(one, one.kind.name, facts, marks, "", source_of(one), out_of(one), steps)


def _state_shape(one: Postponement) -> str:
    if one.state in IN_FORCE:
        expired = one.until is not None and one.until < clock.today()
        return "warn" if expired else "no"
    return "planned" if one.state in WAITING else "na"


# --- what they share ------------------------------------------------------------------------------------------------


def _newest_first(one: LegalFact) -> tuple[bool, int, int]:
    """What is in force before what is not; the newest first."""
    day: date | None = getattr(one, "decided_on", None) or getattr(one, "lodged_on", None)
    return (not one.is_standing, -day.toordinal() if day else 0, -(one.pk or 0))


def _standing(one: LegalFact) -> list[Mark]:
    if one.replaced_at is not None:
        return [("na", pgettext("fact", "replaced"))]
    if one.struck_at is not None:
        return [("na", pgettext("fact", "recorded wrongly"))]
    return [] if one.is_confirmed else [("unknown", _("stated in the dossier, not confirmed"))]


def source_of(one: LegalFact) -> str:
    """Where it comes from and who recorded it here."""
    if one.recorded_by is None:
        return _("%(source)s, read in on %(date)s") % {"source": one.source, "date": date_time(one.recorded_at)}
    words = {"source": one.source, "name": one.recorded_by, "date": date_time(one.recorded_at)}
    return _("%(source)s, recorded by %(name)s on %(date)s") % words


def out_of(one: LegalFact) -> str:
    return "" if one.is_standing else one.reason


def rule_words(rule: str, confidence: str) -> str:
    """The rule, and that its text is not sure where it is not."""
    if confidence == "H" or not rule:
        return rule
    return _("%(rule)s (not checked against the present text)") % {"rule": rule}
