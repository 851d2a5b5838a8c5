"""Maatregelen: every measure that the viewer may know of in one list, and one measure with its reasons and its court."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from cases.supervision.measure_actions import may_change_of, reads_reasons
from cases.supervision.measure_rules import Record, Term, Warned, terms_of, warnings_of
from cases.supervision.measure_states import REASONS, SECTIONS, CourtKind, Family
from cases.supervision.models import CourtFact, Measure, MeasureExtension, MeasureRung, ReportingDuty, VulnerabilityNote
from leidraad.lib.display import Masked, date_long, date_time, in_days
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_measure_extension_lines import panel_of
from leidraad.pages.case_residence import Act, Fact
from partners.models import Unit

VIEW, OR_CUSTODY = "measures.view", ("custody.view",)
SHOWN_TERMS = 2


# --- the list -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A measure or a duty to report, as one line. `late` says that something about it asks to be mended."""

    title: str
    url: str
    mark: tuple[str, str]
    authority: str
    where: str
    since: datetime | Any
    until: datetime | Any
    is_running: bool
    terms: list[Term] = field(default_factory=list)
    warned: int = 0


@require_GET
@case_page(VIEW, or_else=OR_CUSTODY)
def measures(page: OpenCase) -> HttpResponse:
    """What runs first. Five queries, however many measures there are."""
    rows = [_row(page, one) for one in records_of(page)] + _duties(page)
    return page.render(
        "pages/case/measures.html",
        "measures",
        running=[row for row in rows if row.is_running],
        former=[row for row in rows if not row.is_running],
        impose_url=reverse("cases:measure-impose", args=[page.case.number]) if may_impose(page) else "",
    )


def may_impose(page: OpenCase) -> bool:
    return any(page.can(f"{section}.change") for section in SECTIONS.values())


def shown(page: OpenCase) -> Any:
    """The measures that this viewer may know of, with what belongs to them as far as its rights go."""
    rungs = MeasureRung.objects.select_related("means")
    court = CourtFact.objects.select_related("unit")
    found = Measure.objects.shown_in(page.case, page.access).for_pages()
    extended = MeasureExtension.objects.select_related("unit")
    found = found.prefetch_related(Prefetch("court_facts", court), Prefetch("extensions", extended))
    return found.prefetch_related(Prefetch("rungs", rungs)) if page.can(f"{REASONS}.view") else found


def record_of(page: OpenCase, measure: Measure) -> Record:
    rungs = list(measure.rungs.all()) if page.can(f"{REASONS}.view") else None
    return Record(measure, page.case, rungs, list(measure.court_facts.all()), list(measure.extensions.all()))


def records_of(page: OpenCase) -> list[Record]:
    return [record_of(page, one) for one in shown(page)]


def _row(page: OpenCase, record: Record) -> Row:
    measure = record.measure
    warned = warnings_of(record)
    return Row(
        title=str(measure.kind),
        url=reverse("cases:measure", args=[page.case.number, measure.pk]),
        mark=mark_of(record, warned),
        authority=authority_of(measure),
        where=measure.place,
        since=measure.imposed_at,
        until=measure.lifted_at,
        is_running=measure.is_running,
        terms=terms_of(record)[:SHOWN_TERMS],
        warned=len(warned) if not measure.stated else 0,
    )


def mark_of(record: Record, warned: Sequence[Warned]) -> tuple[str, str]:
    measure = record.measure
    if measure.voided_at is not None:
        return ("na", pgettext("measure", "Struck out"))
    if measure.stated:
        return ("unknown", pgettext("measure", "Not confirmed"))
    if measure.lifted_at is not None:
        return ("na", pgettext("measure", "Ended"))
    return ("warn" if warned else "info", pgettext("measure", "Running"))


def authority_of(measure: Measure) -> str:
    """Who imposed it; of one that a dossier states, who says so."""
    if measure.stated:
        return _("stated in the dossier by %(sender)s") % {"sender": measure.source}
    return str(measure.get_authority_display())


def _duties(page: OpenCase) -> list[Row]:
    """The duty to report is the police's own record: here it is read, under supervision it is changed."""
    if not page.can("presence.view"):
        return []
    found = ReportingDuty.objects.filter(case=page.case).select_related("unit__organisation", "place")
    url = reverse("cases:supervision", args=[page.case.number]) if page.can("supervision.view") else ""
    return [
        Row(
            title=_("Duty to report, %(rhythm)s") % {"rhythm": duty.get_rhythm_display().lower()},
            url=url,
            mark=("na", pgettext("measure", "Ended")) if duty.ended_on else ("info", pgettext("measure", "Running")),
            authority=duty.unit.full_name,
            where=str(duty.place or duty.unit.full_name),
            since=duty.imposed_on,
            until=duty.ended_on,
            is_running=duty.ended_on is None,
        )
        for duty in found.order_by("-imposed_on", "-pk")
    ]


# --- one measure ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CourtLine:
    """`void_url` is there for who may strike the fact out."""

    fact: CourtFact
    mark: tuple[str, str]
    when: str
    void_url: str = ""


@dataclass(frozen=True)
class Point:
    """A point of the course of a measure, as `parts/steps.html` draws it."""

    state: str
    title: str
    note: str = ""


COURT_MARKS = {
    CourtKind.NOTICE: "ok",
    CourtKind.OWN_APPEAL: "info",
    CourtKind.HEARING: "planned",
    CourtKind.RULING: "ok",
}


@require_GET
@case_page(VIEW, or_else=OR_CUSTODY)
def measure(page: OpenCase, pk: int) -> HttpResponse:
    one = get_object_or_404(shown(page), pk=pk)
    record = record_of(page, one)
    warned, reasons = warnings_of(record), reads_reasons(page.access, one)
    return page.render(
        "pages/case/measure.html",
        "measures",
        measure=one,
        mark=mark_of(record, warned),
        warned=warned,
        terms=terms_of(record),
        points=_points(record),
        facts=_facts(record),
        reasons=_reasons(one) if reasons else None,
        rungs=record.rungs or [],
        care=_care(page, one),
        court=[_court_line(page, one, fact) for fact in one.court_facts.all()],
        court_url=act_url(page, "measure-court", one) if may_note(page, one) and can_be_noted(one) else "",
        extension=panel_of(page, record, may_change=may_change(page, one)),
        acts=_acts(page, one),
    )


def act_url(page: OpenCase, name: str, one: Measure) -> str:
    return reverse(f"cases:{name}", args=[page.case.number, one.pk])


def may_change(page: OpenCase, one: Measure) -> bool:
    return may_change_of(page.access, one)


def may_note(page: OpenCase, one: Measure) -> bool:
    return may_change(page, one) or page.can(f"{one.section}.note")


def can_be_noted(one: Measure) -> bool:
    return one.voided_at is None and not one.stated


def when_words(one: Measure) -> str:
    return date_time(one.imposed_at) if one.time_known else date_long(one.imposed_at)


def _facts(record: Record) -> list[Fact]:
    one, kind = record.measure, record.kind
    facts = [
        Fact(_("Imposed"), when_words(one), note="" if one.time_known else _("time of day not stated")),
        Fact(_("Imposed by"), str(one.get_authority_display())),
        Fact(_("Officer"), one.officer),
        Fact(_("Where"), one.place),
        Fact(_("Planned end"), date_long(one.planned_end), note=in_days(one.planned_end) if one.is_running else ""),
        Fact(_("Form"), _form_words(one), note=_made_in(one)),
        Fact(pgettext("fact", "Stated by"), one.source),
        Fact(_("Rule"), kind.rule, note=_confidence(kind.confidence, kind.source)),
    ]
    if one.family == Family.AREA:
        facts.insert(4, Fact(_("What the person must keep to"), one.conditions))
    if one.lifted_at is not None:
        facts += [
            Fact(_("Ended"), date_time(one.lifted_at)),
            Fact(_("Why it ended"), str(one.get_lift_reason_display())),
            Fact(_("Form of lifting"), one.lift_form_no),
        ]
    if one.voided_at is not None:
        facts += [Fact(_("Struck out"), date_time(one.voided_at)), Fact(_("Why it was struck out"), one.void_reason)]
    return facts


def _form_words(one: Measure) -> str:
    """The number with the model, unless the number begins with it."""
    model = one.kind.form_no
    if not one.form_no or not model or one.form_no.startswith(model):
        return one.form_no
    return f"{model}, {one.form_no}"


def _made_in(one: Measure) -> str:
    return _("made in %(system)s") % {"system": one.form_system} if one.form_system else ""


def _confidence(code: str, source: str) -> str:
    """Law that was read, or guidance that has to be checked against today's text."""
    if code == "H":
        return source
    return _("%(source)s; not checked against today's text") % {"source": source}


def _reasons(one: Measure) -> list[Fact]:
    signs = "" if one.signs is None else str(one.signs)
    facts = [
        Fact(pgettext("measure", "Individual ground"), one.ground),
        Fact(_("Number of signs"), signs),
        Fact(_("Public order"), _("Yes") if one.public_order else _("No")),
    ]
    return [*facts, Fact(_("Explanation of the end"), one.lift_note)] if one.lift_note else facts


def _care(page: OpenCase, one: Measure) -> list[Fact]:
    """Hearing and vulnerability test. What the test found is medical, and its writers' own."""
    if one.family != Family.CUSTODY and one.heard_at is None:
        return []
    return [
        Fact(_("Heard"), date_time(one.heard_at) if one.heard_at else ""),
        Fact(_("Counsel"), str(one.get_counsel_display()) if one.counsel else ""),
        Fact(_("Interpreter"), one.interpreter),
        Fact(_("Vulnerability test"), date_long(one.tested_on)),
        Fact(_("Result of the test"), str(one.get_test_result_display()) if one.test_result else ""),
        *_found(page, one),
    ]


def _found(page: OpenCase, one: Measure) -> list[Fact]:
    note = note_of(page, one)
    return [Fact(_("What the vulnerability test found"), note)] if note else []


def note_of(page: OpenCase, one: Measure) -> str | Masked:
    """The text for who may see medical facts and for the unit that wrote it; for others no trace of whether there is one."""
    note = VulnerabilityNote.objects.filter(measure=one).first()
    if note is None or not (page.can("medical.view") or note.unit_id == page.member.acting_unit_id):
        return ""
    return note.text


def _points(record: Record) -> list[Point]:
    one = record.measure
    if one.stated:
        return []
    points = []
    if "hearing" in record.kind.checks:
        state = "done" if one.heard_at else "late"
        points.append(Point(state, _("Heard"), date_time(one.heard_at) if one.heard_at else ""))
    if "rungs" in record.kind.checks and record.rungs is not None:
        weighed = sum(1 for rung in record.rungs if rung.considered and rung.why_not)
        words = _("%(weighed)d of %(count)d weighed") % {"weighed": weighed, "count": len(record.rungs)}
        state = "done" if record.rungs and weighed == len(record.rungs) else "late"
        points.append(Point(state, _("Lighter means"), words if record.rungs else ""))
    if "test" in record.kind.checks:
        points.append(Point("done" if one.tested_on else "late", _("Vulnerability test"), date_long(one.tested_on)))
    points.append(Point("done", _("Imposed"), when_words(one)))
    return [*points, *_court_points(record), *_end_point(one)]


def _court_points(record: Record) -> Iterable[Point]:
    for one in record.lasting.counting if record.lasting is not None else ():
        words = {"until": date_long(one.end)}
        yield Point("done", _("Extended until %(until)s") % words, date_long(one.extension.notified_on))
    for fact in record.court:
        if fact.voided_at is None:
            ahead = fact.kind == CourtKind.HEARING and not fact.is_over
            yield Point("todo" if ahead else "done", court_words(fact), court_when(fact))
    for term in terms_of(record):
        yield Point("late" if term.mark == "late" else "todo", term.title, f"{date_long(term.on)} {term.rule}".strip())


def _end_point(one: Measure) -> list[Point]:
    if one.lifted_at is None:
        return []
    return [Point("done", str(one.get_lift_reason_display()), date_time(one.lifted_at))]


def court_words(fact: CourtFact) -> str:
    return str(fact.get_result_display() if fact.kind == CourtKind.RULING else fact.get_kind_display())


def _court_result(fact: CourtFact) -> str:
    """The ruling, or how far another fact is: which fact it is stands beside it."""
    if fact.kind == CourtKind.RULING:
        return str(fact.get_result_display())
    if fact.kind == CourtKind.NOTICE:
        return pgettext("court", "sent")
    if fact.kind == CourtKind.OWN_APPEAL:
        return pgettext("court", "lodged")
    return pgettext("court", "held") if fact.is_over else pgettext("court", "planned")


def court_when(fact: CourtFact) -> str:
    return date_time(fact.at) if fact.time_known else date_long(fact.at)


def _court_line(page: OpenCase, one: Measure, fact: CourtFact) -> CourtLine:
    if fact.voided_at is not None:
        mark = ("na", pgettext("measure", "Struck out"))
    else:
        mark = (COURT_MARKS[CourtKind(fact.kind)], _court_result(fact))
    void_url = ""
    if fact.voided_at is None and may_note(page, one):
        void_url = reverse("cases:measure-court-void", args=[page.case.number, one.pk, fact.pk])
    return CourtLine(fact, mark, court_when(fact), void_url)


def _acts(page: OpenCase, one: Measure) -> list[Act]:
    if one.voided_at is not None or not may_change(page, one):
        return []
    if one.stated:
        confirm = Act(_("Confirm this measure"), act_url(page, "measure-correct", one), primary=True)
        return [confirm, Act(_("Strike out"), act_url(page, "measure-void", one))]
    correct = Act(pgettext("button", "Correct"), act_url(page, "measure-correct", one))
    strike = Act(_("Strike out"), act_url(page, "measure-void", one))
    if one.lifted_at is not None:
        return [Act(_("Take back the end"), act_url(page, "measure-take-back", one)), correct, strike]
    return [Act(_("Record the end"), act_url(page, "measure-lift", one), primary=True), correct, strike]


def receiver(unit: Unit, what: str) -> dict[str, str]:
    return {"organisation": unit.organisation.short_name, "who": unit.name, "what": what}
