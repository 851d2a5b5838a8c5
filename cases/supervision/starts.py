"""What started the terms of measures that restrict or take liberty: for `cases.terms`, which counts them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Prefetch

from cases.case.models import SpecialGroup
from cases.supervision.extending import Lasting
from cases.supervision.measure_rules import Record, concerns_minor, court_terms, day_of
from cases.supervision.measure_states import SECTIONS, Authority, CourtKind
from cases.supervision.models import CourtFact, Measure, MeasureExtension
from cases.terms.deadlines import Owner, Start
from leidraad.lib.display import date_long

# Rules of a kind that have a length and start with the imposing. An extension starts with a decision of its own.
LENGTHS = frozenset({"hold", "vbl-12w", "htl-12w", "det-59-4w", "det-59-6m", "det-59b", "det-59b-old"})
IMPOSED_BY = {
    Authority.DTV_UA: Owner.DTV,
    Authority.AVIM: Owner.POLICE,
    Authority.KMAR: Owner.KMAR,
    Authority.IND: Owner.IND,
}
ON_DAY, ON_DAY_28 = 1, 2  # durations of `notify-court`, now and before 12 June 2026
DAY_15, DAY_21 = 1, 2  # durations of `rule-court`
SEES = tuple((f"{section}.view",) for section in SECTIONS.values())
AT_BORDER = 2  # of `det-family`


def starts(cases: Collection[int]) -> Mapping[int, Iterable[Start]]:
    """Four queries, whatever the number of cases. A measure that was lifted has no terms left."""
    court = Prefetch("court_facts", CourtFact.objects.filter(voided_at=None).order_by("at"), to_attr="court")
    running = Measure.objects.running().filter(case_id__in=cases).select_related("kind", "case__person")
    extended = Prefetch("extensions", MeasureExtension.objects.standing())
    found: dict[int, list[Start]] = {}
    for measure in running.prefetch_related(court, extended):
        facts: list[CourtFact] = measure.court  # type: ignore[attr-defined]  # fetched so
        record = Record(measure, measure.case, court=facts, extensions=list(measure.extensions.all()))
        found.setdefault(measure.case_id, []).extend(_of(record))
    return found


def _of(record: Record) -> Iterator[Start]:
    extended = None if record.measure.stated else record.lasting
    for rule in record.kind.rules:
        if extended is not None and rule == extended.rule:
            yield from _extended(record, extended)
        elif rule in LENGTHS:
            yield _length(record, rule)
    if record.measure.stated:
        return
    if "court" in record.kind.checks:
        yield from _court(record)
    if record.kind.minor_days and concerns_minor(record):
        alone = record.case.special_group == SpecialGroup.UNACCOMPANIED_MINOR
        border = record.kind.code.startswith("art6")
        position = AT_BORDER if border and not alone else 1
        yield _start(record, "det-uam" if alone else "det-family", "minor", on=record.imposed_on, position=position)


def _length(record: Record, rule: str) -> Start:
    """The kind's own term. What only a dossier states starts a term that cannot be counted yet."""
    measure = record.measure
    if measure.stated:
        return _start(record, rule, rule)
    return _start(record, rule, rule, on=record.imposed_on, at=measure.imposed_at if measure.time_known else None)


def _extended(record: Record, known: Lasting) -> Iterator[Start]:
    """The first term is met by a decision of which the person was told, and each decision starts a term until its end."""
    told = [one.extension.notified_on for one in known.stretches]
    yield _start(record, known.rule, known.rule, on=record.imposed_on, met_on=min(told, default=None))
    counting = known.counting
    for position, one in enumerate(counting):
        after = counting[position + 1 :]
        more: dict[str, Any] = {"until": one.end, "met_on": after[0].extension.notified_on if after else None}
        event = one.before if known.way.rule == "det-59-ext" else record.imposed_on
        yield _start(record, known.way.rule, f"extension:{one.extension.pk}", on=event, **more)


def _court(record: Record) -> Iterator[Start]:
    on, pact = record.imposed_on, court_terms(record.imposed_on).ruling
    notices, rulings = record.of_court(CourtKind.NOTICE), record.of_court(CourtKind.RULING)
    told = day_of(notices[0].at) if notices else None
    yield _start(record, "notify-court", "notice", on=on, position=ON_DAY if pact else ON_DAY_28, met_on=told)
    ruled = day_of(rulings[0].at) if rulings else None
    if pact:
        for position in (DAY_15, DAY_21):
            more: dict[str, Any] = {"position": position, "met_on": ruled, "owner": Owner.COURT}
            yield _start(record, "rule-court", f"ruling:{position}", on=on, **more)
    if rulings:
        yield from _after(record, rulings[-1])


def _after(record: Record, ruling: CourtFact) -> Iterator[Start]:
    """Within 68 days of each ruling the court hears again, unless the person appeals in between (Vw 96a, 96)."""
    since = [one for one in record.court if one.at > ruling.at]
    told = [day_of(one.at) for one in since if one.kind in (CourtKind.NOTICE, CourtKind.OWN_APPEAL)]
    met = min(told, default=None)
    yield _start(record, "review-68", f"review:{ruling.pk}", on=day_of(ruling.at), met_on=met)
    for appeal in [one for one in since if one.kind == CourtKind.OWN_APPEAL]:
        heard = [day_of(one.at) for one in since if one.kind == CourtKind.HEARING and one.at >= appeal.at]
        yield _start(
            record, "own-appeal", f"appeal:{appeal.pk}", on=day_of(appeal.at), met_on=min(heard, default=None),
            owner=Owner.COURT,
        )  # fmt: skip


def _start(record: Record, rule: str, name: str, **more: Any) -> Start:
    measure = record.measure
    owner = IMPOSED_BY.get(Authority(measure.authority)) if measure.authority else None
    values: dict[str, Any] = {
        "source": measure.source,
        "about": f"{measure.kind.name}, {date_long(record.imposed_on)}",
        "owner": owner or Owner.DTV,
        "sees": ((f"{measure.section}.view",),),
    }
    return Start(rule, key=f"measure:{measure.pk}:{name}", **(values | more))
