"""*Klaar voor vertrek?*: the four conditions and the guards, on the case page and on a page of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from cases.case.models import Ground, Phase
from cases.case.nationalities import country_name
from cases.terms.guards.decision import newest
from cases.terms.guards.findings import Plan
from cases.terms.guards.judging import Judged, Judgement, judge_each, known_past_the_wall
from cases.terms.guards.known import DecisionRole, Known, Topic
from cases.terms.guards.showing import Shown, shown_to
from cases.terms.guards.words import origin, sentence
from cases.terms.models import Act, Effect
from cases.terms.stops import VIEW as STOPS
from cases.terms.stops import known, may_know
from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.readiness_conditions import Condition, conditions_of
from leidraad.pages.statement_lines import recorded_of, state_url
from leidraad.pages.stop_lines import StopLine, line_of

# Who follows the procedure asks whether somebody may leave; nobody else is told of this panel.
VIEW = "procedure.view"
# What a person records here where a guard does not know.
TOPICS = {
    "G08": Topic.APPLICATION_EXCEPTION,
    "G10": Topic.FRESH_TEST,
    "G11": Topic.INTERPRETER,
    "G12": Topic.FAMILY,
    "G14": Topic.TRAVEL_CONDITIONS,
    "G15": Topic.FITNESS,
    "G18": Topic.PROSECUTOR,
    "G19": Topic.IOM,
    "G20": Topic.PROTECTION,
    "G24": Topic.FINAL_CHECKS,
    "G28": Topic.FERREIRA,
}


@dataclass(frozen=True)
class GuardLine:
    """One guard as it is drawn. `effect` says in words what it does where that is not plain from the group."""

    code: str
    title: str
    sentence: str
    origin: str
    changed_by: str
    rules: Sequence[str]
    effect: str
    reason: str
    state_url: str


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    mark: str
    lines: list[GuardLine]
    hidden: str = ""

    @property
    def count(self) -> int:
        return len(self.lines) + bool(self.hidden)


@dataclass(frozen=True)
class Readiness:
    act: str
    on: date
    destination: str
    verdict: str
    mark: str
    conditions: list[Condition]
    groups: list[Group]
    stops: list[StopLine]


class PlanForm(Form):
    """GET. Which act, on which day, whereto; what is not filled in is what fits the case, today."""

    handeling = forms.ChoiceField(label=pgettext_lazy("guards", "Act"), required=False)
    op = DateField(label=gettext_lazy("On which day"), required=False)
    bestemming = forms.ChoiceField(label=gettext_lazy("Destination"), required=False)
    optional_unmarked = ("handeling", "op", "bestemming")

    def __init__(self, data: Any, acts: Sequence[Act], countries: Sequence[str]) -> None:
        super().__init__(data)
        fitting = ("", _("What fits this case"))
        named = [(code, country_name(code) or code) for code in countries]
        self.fields["handeling"].choices = [fitting, *((act.value, act.label) for act in acts)]  # type: ignore[attr-defined]
        self.fields["bestemming"].choices = [("", _("As the decision says")), *named]  # type: ignore[attr-defined]


def fitting_act(page: OpenCase, known: Known) -> Act:
    """Own departure while the person works on that, a transfer where another state has accepted, else forced removal."""
    if page.case.phase == Phase.TRACK_VOLUNTARY:
        return Act.OWN_DEPARTURE
    if page.case.ground == Ground.DUBLIN or any(one.accepted for one in known.claims):
        return Act.DUBLIN_TRANSFER
    return Act.FORCED_REMOVAL


def countries_of(known: Known) -> list[str]:
    decided = {country for one in known.decisions for country in one.countries}
    stated = {one.country for one in known.statements if one.country}
    return sorted(decided | {one.state for one in known.claims if one.accepted} | stated, key=country_name)


def proposed_destination(known: Known, act: Act) -> str:
    """The one country that the decision names, or the state that accepted; nothing where there are several."""
    if act is Act.DUBLIN_TRANSFER:
        states = {one.state for one in known.claims if one.accepted}
        return states.pop() if len(states) == 1 else ""
    decision = newest(known, DecisionRole.RETURN)
    return next(iter(decision.countries)) if decision is not None and len(decision.countries) == 1 else ""


PANEL = "readiness"  # id of the panel on the case page


def panel_url(page: OpenCase) -> str:
    """Where the case page gets its panel; "" for who does not follow the procedure, and of a closed case."""
    if page.case.is_closed or not page.can(VIEW):
        return ""
    return reverse("cases:readiness", args=[page.case.number])


def readiness_of(
    page: OpenCase,
    known: Known,
    act: Act | None = None,
    on: date | None = None,
    destination: str = "",
    *,
    all_of: bool = False,
) -> Readiness:
    today = clock.today()
    act = act or fitting_act(page, known)
    destination = destination or proposed_destination(known, act)
    plan = Plan(act=act, on=on or today, today=today, destination=destination)
    return readiness_for(
        page, judge_each({page.case.pk: [plan]}, {page.case.pk: known})[0][page.case.pk], all_of=all_of
    )


def readiness_for(page: OpenCase, judgement: Judgement, *, all_of: bool = False) -> Readiness:
    """A judgement as this reader may see it."""
    plan, shown = judgement.plan, shown_to(judgement, page.can)
    groups = _groups(page, shown, all_of=all_of)
    return Readiness(
        act=str(plan.act.label),
        on=plan.on,
        destination=country_name(plan.destination) or plan.destination,
        verdict=_verdict(shown, groups),
        mark=_mark(shown),
        conditions=conditions_of(page, judgement.known, plan.act),
        groups=groups,
        stops=_stops(page, shown.judgement),
    )


def _stops(page: OpenCase, judgement: Judgement) -> list[StopLine]:
    """The stops that forbid the act, for who may see stops; the verdict counts them for everybody who reads it."""
    if not page.can(STOPS):
        return []
    organisation = page.member.acting_organisation
    return [line_of(page, known(stop, whole=may_know(stop, page.can, organisation))) for stop in judgement.stops]


def _mark(shown: Shown) -> str:
    """What asks a name and a reason is not simply in order."""
    if not shown.judgement.passes:
        return "no"
    return "warn" if shown.judgement.warnings else "ok"


def _verdict(shown: Shown, groups: Sequence[Group]) -> str:
    if shown.judgement.passes:
        warnings = shown.judgement.warnings
        return _("No guard holds this act.") if not warnings else _("It may go ahead with a name and a reason.")
    if shown.judgement.stops:
        return _("Not yet: a stop forbids it.")
    count = sum(one.effect is Effect.BLOCK for one in shown.judged) + (shown.hidden is Effect.BLOCK)
    return ngettext("Not yet: %(count)d guard holds it.", "Not yet: %(count)d guards hold it.", count) % {
        "count": count
    }


def _groups(page: OpenCase, shown: Shown, *, all_of: bool) -> list[Group]:
    """In the order in which they matter; with `all_of` also what does not apply to this act."""
    by_key: dict[str, list[GuardLine]] = {key: [] for key in ("block", "warn", "unknown", "in_order", "na")}
    for one in shown.judged:
        by_key[_key(one)].append(_line(page, one))
    hidden = {
        Effect.BLOCK: _("A fact in a part that you may not see holds this back, or is not known there."),
        Effect.WARN: _("A fact in a part that you may not see asks for attention, or is not known there."),
    }
    titles = [
        ("block", pgettext("guards", "Blocks"), "late", Effect.BLOCK),
        ("warn", pgettext("guards", "Warnings"), "warn", Effect.WARN),
        ("unknown", pgettext("guards", "Not known: counts as not in order"), "unknown", None),
        ("in_order", pgettext("guards", "In order"), "ok", None),
    ]
    found = [
        Group(
            key, title, mark, by_key[key], hidden[shown.hidden] if effect is not None and effect is shown.hidden else ""
        )
        for key, title, mark, effect in titles
    ]
    if all_of:
        found.append(Group("na", pgettext("guards", "Does not apply to this act"), "na", by_key["na"]))
    return [group for group in found if group.count]


def _key(one: Judged) -> str:
    if one.applies is Effect.NONE:
        return "na"
    if not one.holds:
        return "in_order"
    return "unknown" if one.is_unknown else one.effect.value


def _line(page: OpenCase, one: Judged) -> GuardLine:
    applies = one.applies is not Effect.NONE
    topic = TOPICS.get(one.code) if applies and one.holds else None
    return GuardLine(
        code=one.code,
        title=one.guard.title,
        sentence=sentence(one.finding) if applies else "",
        origin=origin(one.finding) if applies else "",
        changed_by=one.guard.changed_by if one.holds else "",
        rules=one.rules if applies else (),
        effect=str(one.effect.label) if one.is_unknown and one.holds else "",
        reason="" if applies else one.reason,
        state_url=state_url(page, topic) if topic and not page.on_paper else "",
    )


ON_SHEET = ("block", "warn", "unknown")


def readiness_on_sheet(page: OpenCase) -> Readiness | None:
    """For the printed sheet: what the case page shows, without what is in order. None where that page has no panel."""
    if not panel_url(page):
        return None
    found = readiness_of(page, known_past_the_wall([page.case.pk])[page.case.pk])
    return replace(found, groups=[group for group in found.groups if group.key in ON_SHEET])


@require_GET
@case_page(VIEW)
def readiness(page: OpenCase) -> HttpResponse:
    """All guards for one act, on a day and to a destination that the reader chooses. Changes nothing.

    The panel of the case page asks for the act that fits the case, as a part of a page.
    """
    known = known_past_the_wall([page.case.pk])[page.case.pk]
    if page.request.htmx and page.request.htmx.target == PANEL:
        return render(
            page.request, "pages/case/_readiness.html", {"readiness": readiness_of(page, known), "case": page.case}
        )
    acts = [act for act in Act if act is not Act.DETENTION or page.can("custody.view")]
    form = PlanForm(page.request.GET, acts, countries_of(known))
    data = form.cleaned_data if form.is_valid() else {}
    act = Act(data["handeling"]) if data.get("handeling") else None
    found = readiness_of(page, known, act, data.get("op"), data.get("bestemming") or "", all_of=True)
    return page.render(
        "pages/case/readiness.html",
        "readiness",
        status=422 if form.errors else 200,
        readiness=found,
        filter_form=form,
        chosen=[],
        clear_url=reverse("cases:readiness", args=[page.case.number]),
        statements=recorded_of(page),
        state_url=state_url(page),
    )
