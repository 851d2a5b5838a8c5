"""The identity on the page of the person: each fact with its source and level, differences, reports of errors, and the acts."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.case.models import DifferenceDecision, IdentityConflict
from cases.identity.deciding import decide_conflict, offered_of, undo_decision
from cases.identity.fields import FIELDS, Field
from cases.identity.forms import DecideForm, ReportForm, UndoForm
from cases.identity.models import DECIDE, ErrorReport, IdentityField, Outcome
from cases.identity.reporting import report_error
from cases.identity.sources import Known, Stated, known_today, stated_of
from cases.requests.common import may_withdraw
from cases.requests.presentation import MARKS
from cases.requests.states import Status, may_follow
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible
from leidraad.lib.stale import VersionedForm
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from partners.models import Unit

ACT = "pages/case/residence_act.html"
CONFIRM = "pages/case/residence_confirm.html"
SHOWN_REPORTS = 20
HOW = {Outcome.MENDED: "ok", Outcome.NO_ERROR: "na"}


# --- on the page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FactLine:
    """One fact. `level_known` is false where the level is not established; `report_url` is "" on a closed case."""

    field: Field
    value: str
    source: str
    level: str
    level_known: bool
    since: str
    report_url: str


def facts_of(page: OpenCase, known: Known) -> list[FactLine]:
    """In the order of the reference data. One query."""
    codes = [one.code for one in IdentityField.objects.valid() if one.code in FIELDS]
    return [_fact(page, FIELDS[code], known) for code in codes]


def _fact(page: OpenCase, field: Field, known: Known) -> FactLine:
    person, url = page.case.person, ""
    stated, value = stated_of(person, field.name, known), field.read(person)
    if not page.case.is_closed:
        url = f"{reverse('cases:report-error', args=[page.case.number])}?veld={field.name}"
    return FactLine(
        field=field,
        value=field.words(value) if value else "",
        source=known.source_words(stated.source) if value else "",
        level=known.level_words(stated.level) if value else "",
        level_known=known.rank(stated.level) > 0,
        since=date_long(stated.since),
        report_url=url,
    )


@dataclass(frozen=True)
class Side:
    value: str
    source: str
    level: str


@dataclass(frozen=True)
class ConflictLine:
    conflict: IdentityConflict
    field: str
    stored: Side
    offered: Side
    decided: str
    url: str
    undo_url: str


def conflicts_of(page: OpenCase, known: Known) -> list[ConflictLine]:
    """Those to be judged first, then what was decided, newest first. One query."""
    found = page.case.person.identity_conflicts.select_related("resolved_by").order_by("-resolved_on", "-pk")
    lines = [conflict_line(page, one, known) for one in found]
    return sorted(lines, key=lambda line: line.conflict.resolved_on is not None)


def conflict_line(page: OpenCase, one: IdentityConflict, known: Known) -> ConflictLine:
    field, number = FIELDS.get(one.field), page.case.number
    words = field.words if field else str
    # Of an open one what stands here now; of a decided one what stood here then.
    if one.resolved_on is None and field is not None:
        stored_by, stored_value = stated_of(page.case.person, one.field, known), field.read(page.case.person)
    else:
        stored_by, stored_value = Stated(one.stored_source, one.stored_level), one.stored_value
    decides, is_open = page.can(DECIDE), one.resolved_on is None
    return ConflictLine(
        conflict=one,
        field=field.label if field else one.field,
        stored=_side(words(stored_value), stored_by, known),
        offered=_side(words(one.offered_value), offered_of(one, known), known),
        decided="" if is_open else _decided(page, one),
        url=reverse("cases:identity-conflict", args=[number, one.pk]) if decides and is_open else "",
        undo_url=reverse("cases:identity-undo", args=[number, one.pk]) if decides and not is_open else "",
    )


def _side(value: str, stated: Stated, known: Known) -> Side:
    return Side(value, known.source_words(stated.source), known.level_words(stated.level))


def _decided(page: OpenCase, one: IdentityConflict) -> str:
    what = str(DifferenceDecision(one.decision).label)
    words = {"what": what[:1].upper() + what[1:], "date": date_long(one.resolved_on), "name": one.resolved_by}
    if one.resolved_by is None or not page.can("people.view"):
        return _("%(what)s on %(date)s.") % words
    return _("%(what)s on %(date)s, %(name)s.") % words


@dataclass(frozen=True)
class ReportLine:
    report: ErrorReport
    field: str
    mark: tuple[str, str]
    answer: str
    url: str
    withdraw_url: str


def reports_of(page: OpenCase) -> list[ReportLine]:
    """What this viewer may know of reports of errors, newest first. One query beside that for the rights."""
    found = ErrorReport.objects.shown_in(page.case, page.member).for_pages()[:SHOWN_REPORTS]
    return [_report(page, one) for one in found]


def _report(page: OpenCase, one: ErrorReport) -> ReportLine:
    request, field = one.request, FIELDS[one.field]
    mark = (MARKS[Status(request.status)], str(request.get_status_display()))
    if one.outcome:
        mark = (HOW[Outcome(one.outcome)], str(one.get_outcome_display()))
    answer = one.explanation or request.end_reason
    if one.outcome == Outcome.MENDED:
        answer = _("%(value)s. %(text)s") % {"value": field.words(one.new_value), "text": one.explanation}
    receives = request.to_unit_id == page.member.acting_unit_id
    url = reverse("identity:report", args=[request.pk]) if receives else ""
    withdraws = may_follow(request.status, Status.WITHDRAWN) and may_withdraw(page.member, request)
    withdraw_url = reverse("requests:withdraw", args=[request.pk]) if withdraws else ""
    return ReportLine(one, field.label, mark, answer, url, withdraw_url)


# --- reporting an error ---------------------------------------------------------------------------------------------


def _here(page: OpenCase, anchor: str = "persoon") -> str:
    return f"{reverse('cases:person', args=[page.case.number])}#{anchor}"


@case_page("identity.view")
def report(page: OpenCase) -> HttpResponse:
    """Two pages: what is wrong and who answers, then who reads it. Only the second one asks."""
    request = page.request
    if page.case.is_closed:
        messages.error(request, _("This case is closed. Reopen it before you ask something."))
        return redirect(_here(page))
    conflict = _asked_about(page)
    chosen = conflict.field if conflict else request.POST.get("field", request.GET.get("veld", ""))
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(posted, case=page.case, member=request.member, field=chosen)
    if form.is_bound and form.is_valid():
        if "confirm" not in request.POST and "change" not in request.POST:
            return page.render(CONFIRM, "", **_asking(page, form, conflict))
        try:
            made = report_error(page.case, form.report(conflict), by=request.member)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("Reported. %(unit)s has been told. You read the answer here.")
            return to_url(_here(page, "meldingen"), request, done % {"unit": made.request.to_unit.full_name})
    context = {
        "title": _("Report an error in the identity"),
        "text": _(
            "Nothing changes here until the owner of the fact has answered. On the next page you see who reads it."
        ),
        "button": _("Continue"),
        "cancel_url": _here(page),
    }
    return page.render(ACT, "", status=422 if form.is_bound else 200, form=form, **context)


def _asked_about(page: OpenCase) -> IdentityConflict | None:
    """The difference from which the owner is asked, by who may decide it."""
    sent = page.request.POST.get("verschil") or page.request.GET.get("verschil", "")
    if not sent.isdecimal() or not page.can(DECIDE):
        return None
    return page.case.person.identity_conflicts.filter(pk=int(sent[:18]), resolved_on=None).first()


def _asking(page: OpenCase, form: ReportForm, conflict: IdentityConflict | None) -> dict[str, Any]:
    data, unit = form.cleaned_data, form.cleaned_data["to_unit"]
    field = FIELDS[data["field"]]
    sees = _(
        "Reads who it is about and your reason. After accepting also the V-number and what stands here, until the answer."
    )
    hidden = form.sent_values | ({"verschil": str(conflict.pk)} if conflict else {})
    stands = field.read(page.case.person)
    return {
        "title": _("Report this error?"),
        "facts": [
            (_("Fact"), field.label),
            (_("Stands here"), field.words(stands) if stands else ""),
            (_("Should be"), data["proposed"]),
            (_("Why?"), data["reason"]),
        ],
        "receivers": [_receiver(unit, sees)],
        "button": _("Report error"),
        "hidden": hidden,
        "cancel_url": _here(page),
    }


def _receiver(unit: Unit, what: str) -> dict[str, str]:
    return {"organisation": unit.organisation.short_name, "who": unit.name, "what": what}


# --- deciding -------------------------------------------------------------------------------------------------------


def _conflict(page: OpenCase, pk: int) -> IdentityConflict:
    found: IdentityConflict = get_object_or_404(page.case.person.identity_conflicts, pk=pk)
    return found


@case_page(DECIDE)
def decide(page: OpenCase, pk: int) -> HttpResponse:
    conflict, known = _conflict(page, pk), known_today()
    if conflict.resolved_on is not None and page.request.method == "GET":
        messages.error(page.request, _decided(page, conflict))
        return redirect(_here(page, "verschillen"))

    def make(data: Any, record: IdentityConflict) -> VersionedForm:
        return DecideForm(data, record=record, choices=lambda one: _choices(page, one, known))

    def do(form: DecideForm) -> str:
        decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
        decide_conflict(page.case, conflict, decision, reason, by=page.request.member, version=form.seen_version)
        return _("Decided. The value here was changed.") if form.takes else _("Decided. The value here stays as it is.")

    reports = ErrorReport.objects.filter(conflict=conflict).for_pages().order_by("-pk")
    url = reverse("cases:report-error", args=[page.case.number])
    return act(
        page,
        make,
        do,
        "pages/case/identity_conflict.html",
        record=conflict,
        back_url=_here(page, "verschillen"),
        line=conflict_line(page, conflict, known),
        reports=[_report(page, one) for one in reports],
        ask_url=f"{url}?veld={conflict.field}&verschil={conflict.pk}",
        may_take=_may_take(page, conflict, known),
        cancel_url=_here(page, "verschillen"),
    )


def _may_take(page: OpenCase, conflict: IdentityConflict, known: Known) -> bool:
    changed_here = IdentityField.objects.valid().filter(code=conflict.field, is_changed_here=True).exists()
    stored = stated_of(page.case.person, conflict.field, known)
    return changed_here and known.may_replace(stored.level, offered_of(conflict, known).level)


def _choices(page: OpenCase, conflict: IdentityConflict, known: Known) -> list[tuple[str, str]]:
    line = conflict_line(page, conflict, known)
    words = {"value": line.stored.value or _("Not recorded"), "source": line.stored.source}
    keep = _("Keep what stands here: %(value)s (%(source)s)") % words
    choices = [(str(DifferenceDecision.KEEP), keep)]
    if _may_take(page, conflict, known):
        words = {"value": line.offered.value, "source": line.offered.source}
        choices.append((str(DifferenceDecision.TAKE), _("Take the other value: %(value)s (%(source)s)") % words))
    return choices


@case_page(DECIDE)
def undo(page: OpenCase, pk: int) -> HttpResponse:
    conflict = _conflict(page, pk)
    if conflict.resolved_on is None and page.request.method == "GET":
        messages.error(page.request, _("Nothing was decided about this difference."))
        return redirect(_here(page, "verschillen"))

    def make(data: Any, record: IdentityConflict) -> VersionedForm:
        return UndoForm(data, record=record)

    def do(form: UndoForm) -> str:
        undo_decision(
            page.case, conflict, form.cleaned_data["reason"], by=page.request.member, version=form.seen_version
        )
        return _("Taken back. The difference is to be judged again.")

    line = conflict_line(page, conflict, known_today())
    facts: list[tuple[str, object]] = [
        (_("Fact"), line.field),
        (_("Stood here"), line.stored.value),
        (_("Other value"), line.offered.value),
        (_("Decided"), line.decided),
        (_("Reason"), conflict.resolution),
    ]
    return act(
        page,
        make,
        do,
        ACT,
        record=conflict,
        back_url=_here(page, "verschillen"),
        title=_("Take back this decision?"),
        facts=facts,
        button=_("Take back decision"),
        danger=True,
        cancel_url=_here(page, "verschillen"),
    )
