"""*Vertrek*: the departure that is planned or took place, what may be done with it, and the judgements that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from cases.case.nationalities import country_name
from cases.departure.actions import EXECUTE, GUARDS, PREPARE, RECORD
from cases.departure.models import Departure
from cases.departure.states import GUARDED, State
from cases.terms.guards.findings import Finding, Why
from cases.terms.guards.findings import State as Found
from cases.terms.guards.showing import is_drawn
from cases.terms.guards.words import origin, sentence
from cases.terms.models import Effect, Incident, KeptFinding, KeptJudgement
from leidraad.lib.display import date_long, date_time, time_of_day
from leidraad.lib.pagination import keyset_page
from leidraad.pages.case_frame import OpenCase, case_page
from partners.policy import SENSITIVE

VIEW, OR_DATE = "departure.view", ("departure_date.view",)
MARKS = {
    State.PREPARED: "info",
    State.BOOKED: "warn",
    State.AUTHORISED: "ok",
    State.DEPARTED: "info",
    State.FAILED: "no",
    State.CANCELLED: "na",
}


@dataclass(frozen=True)
class Line:
    """A departure as this viewer may read it: who may know the day alone reads neither journey nor reason."""

    row: Departure
    title: str
    mark: tuple[str, str]
    facts: list[tuple[str, str]]
    acts: list[tuple[str, str, bool]]
    judged_url: str


def act_url(page: OpenCase, name: str, row: Departure | None = None) -> str:
    return reverse(f"cases:departure-{name}", args=[page.case.number, *([row.pk] if row else [])])


def here(page: OpenCase) -> str:
    return reverse("cases:departure", args=[page.case.number])


def shown(page: OpenCase) -> list[Departure]:
    """The newest first. Who may know the day alone hears of one that is booked or took place, and of no plan."""
    rows = Departure.objects.filter(case=page.case).for_pages().order_by("-pk")
    if not page.can(VIEW):
        rows = rows.filter(state__in=[*GUARDED, State.DEPARTED])
    return list(rows)


def found(page: OpenCase, pk: int) -> Departure:
    row = get_object_or_404(Departure.objects.filter(case=page.case).for_pages(), pk=pk)
    row.case = page.case
    return row


def line_of(page: OpenCase, row: Departure) -> Line:
    whole = page.can(VIEW)
    state = State(row.state)
    return Line(
        row=row,
        title=str(row.get_act_display()) if whole else _("Departure"),
        mark=(MARKS[state], str(state.label)),
        facts=_facts(page, row) if whole else _when(row),
        acts=acts_of(page, row) if whole else [],
        judged_url=reverse("cases:judgement", args=[page.case.number, row.judgement_id])
        if row.judgement_id and page.can(GUARDS)
        else "",
    )


def _when(row: Departure) -> list[tuple[str, str]]:
    hour = f", {time_of_day(row.leaves)}" if row.leaves is not None else ""
    facts = [(_("Planned"), f"{date_long(row.leaves_on)}{hour}")]
    if row.happened_on is not None:
        label = _("Left on") if row.state == State.DEPARTED else _("Did not go ahead on")
        facts.append((label, date_long(row.happened_on)))
    return facts


def _facts(page: OpenCase, row: Departure) -> list[tuple[str, str]]:
    how = {True: _("By air"), False: _("Over land or sea"), None: _("Not known yet")}[row.by_air]
    facts = [
        *_when(row),
        (_("Destination"), country_name(row.destination) or row.destination),
        (_("Journey"), ", ".join(part for part in (how, row.reference) if part)),
        (_("Escort"), _("yes") if row.escorted else _("no")),
    ]
    if page.can("people.view") or page.can(EXECUTE):
        for label, by, at in (
            (_("Prepared"), row.prepared_by, row.prepared_at),
            (pgettext("departure", "Booked"), row.booked_by, row.booked_at),
            (_("Permission"), row.authorised_by, row.authorised_at),
            (pgettext("departure", "Recorded"), row.recorded_by, row.recorded_at),
        ):
            if by is not None:
                facts.append((label, f"{by}, {date_time(at)}"))
    if row.reason:
        facts.append((_("Reason"), _(row.reason)))
    return facts


def acts_of(page: OpenCase, row: Departure) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the one to do next. What the viewer may not do is not drawn."""
    if page.case.is_closed or not row.is_open:
        return []
    prepares, executes, reads = page.can(PREPARE), page.can(EXECUTE), page.can(GUARDS)
    offered = (
        (_("Book the departure"), "book", row.state == State.PREPARED and prepares and reads, True),
        (_("Let it go ahead"), "permit", row.state == State.BOOKED and executes and reads, True),
        (_("Change"), "change", prepares, False),
        (_("Take the booking back"), "withdraw", row.state in GUARDED and (prepares or executes), False),
        (_("It did not go ahead"), "failed", page.can(RECORD), False),
        (_("Cancel"), "cancel", prepares or executes, False),
    )
    return [(label, act_url(page, name, row), first) for label, name, may, first in offered if may]


@require_GET
@case_page(VIEW, or_else=OR_DATE)
def departure(page: OpenCase) -> HttpResponse:
    rows = shown(page)
    whole, is_open = page.can(VIEW), any(row.is_open for row in rows)
    running = not page.case.is_closed
    kept, more = _judgements(page) if page.can(GUARDS) else ([], False)
    return page.render(
        "pages/departure/departure.html",
        "departure",
        open_lines=[line_of(page, row) for row in rows if row.is_open],
        former_lines=[line_of(page, row) for row in rows if not row.is_open],
        prepare_url=act_url(page, "prepare") if running and not is_open and page.can(PREPARE) else "",
        left_url=act_url(page, "left") if running and page.can(RECORD) else "",
        judgements=kept,
        judgements_url=reverse("cases:judgements", args=[page.case.number]) if more else "",
        incidents=Incident.objects.filter(case=page.case).order_by("-pk") if whole else [],
        readiness_url=reverse("cases:readiness", args=[page.case.number]) if page.can(GUARDS) and running else "",
        whole=whole,
    )


# --- judgements that were kept --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    title: str
    mark: tuple[str, str]
    when: str
    who: str
    url: str


FIRST_FEW = 10
PAGE = 50


def kept_of(page: OpenCase) -> QuerySet[KeptJudgement]:
    found: QuerySet[KeptJudgement] = KeptJudgement.objects.filter(case=page.case).select_related("member", "unit")
    return found


def _judgements(page: OpenCase) -> tuple[list[Kept], bool]:
    """The newest, and whether there are more."""
    rows = kept_of(page).order_by("-pk")[: FIRST_FEW + 1]
    lines = [kept_line(page, row) for row in rows]
    return lines[:FIRST_FEW], len(lines) > FIRST_FEW


@require_GET
@case_page(GUARDS)
def judgements(page: OpenCase) -> HttpResponse:
    """All that were kept, the newest first."""
    rows = keyset_page(kept_of(page), order=("-judged_at", "-id"), after=page.request.GET.get("after"), size=PAGE)
    return page.render(
        "pages/departure/judgements.html",
        "departure",
        lines=[kept_line(page, row) for row in rows.rows],
        page=rows,
        back_url=here(page),
    )


def kept_line(page: OpenCase, row: KeptJudgement) -> Kept:
    return Kept(
        title=f"{row.get_purpose_display()}: {row.get_act_display()}",
        mark=verdict_of(row),
        when=date_time(row.judged_at),
        who=str(row.unit.full_name) if row.unit else "Leidraad",
        url=reverse("cases:judgement", args=[page.case.number, row.pk]),
    )


def verdict_of(row: KeptJudgement) -> tuple[str, str]:
    if row.passes:
        return ("warn", _("with a name and a reason")) if row.warnings else ("ok", _("nothing held it back"))
    count = row.blocks or row.warnings
    return ("no", ngettext("%(count)d held it back", "%(count)d held it back", count) % {"count": count})


@dataclass(frozen=True)
class KeptLine:
    """One guard as it was found then; `reason` is why its warning was passed by."""

    code: str
    title: str
    sentence: str
    origin: str
    reason: str
    rules: Sequence[str]


@require_GET
@case_page(GUARDS)
def judgement(page: OpenCase, pk: int) -> HttpResponse:
    """What was known and decided at that moment, as far as this viewer may read it now."""
    row = KeptJudgement.objects.filter(case=page.case, pk=pk).select_related("member", "unit").first()
    if row is None:
        raise Http404
    return page.render(
        "pages/departure/judgement.html",
        "departure",
        kept=row,
        line=kept_line(page, row),
        by=str(row.member) if row.member and (page.can("people.view") or page.can(EXECUTE)) else "",
        destination=country_name(row.destination),
        groups=_groups(page, row),
        back_url=here(page),
    )


def _groups(page: OpenCase, row: KeptJudgement) -> list[tuple[str, str, list[KeptLine]]]:
    lines: dict[str, list[KeptLine]] = {effect.value: [] for effect in Effect}
    rows = KeptFinding.objects.filter(judgement=row).select_related("guard__guard").order_by("pk")
    drawn = [one for one in rows if _may_read(page, one)]
    for one in drawn:
        lines[one.effect].append(kept_finding(one))
    titles = (
        (pgettext("guards", "Blocks"), "late", Effect.BLOCK),
        (pgettext("guards", "Warnings"), "warn", Effect.WARN),
        (pgettext("guards", "In order"), "ok", Effect.NONE),
    )
    return [(title, mark, lines[effect.value]) for title, mark, effect in titles if lines[effect.value]]


def _may_read(page: OpenCase, one: KeptFinding) -> bool:
    if one.guard is not None:
        return is_drawn(one.guard.guard.code, page.can)
    return one.section not in SENSITIVE or page.can(f"{one.section}.view")


def kept_finding(one: KeptFinding) -> KeptLine:
    if one.guard is None:
        words = _("A stop stood, until %(date)s.") % {"date": date_long(one.until)}
        return KeptLine("", pgettext("guards", "Stop"), words, one.source, "", ())
    finding = Finding(
        state=Found(one.state),
        why=Why(one.why),
        source=one.source,
        on=one.on,
        until=one.until,
        country=one.country,
        count=one.count,
        rules=tuple(one.rules),
        confirmed=one.confirmed,
    )
    return KeptLine(
        one.guard.guard.code, one.guard.title, sentence(finding), origin(finding), one.reason, tuple(one.rules)
    )
