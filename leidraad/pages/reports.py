"""S27 Rapportages: what came in and how cases ended, per month. Published figures: rounded, the small ones suppressed.

One sentence computed from the figures, two charts, the same figures as a table, what each number means, and the moment of
counting. The file for a spreadsheet holds the same table. Nobody is named, and no number is finer than on the page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from cases.case.models import Outcome
from cases.case.silence import per_unit
from cases.case.statistics import MonthCounts, Scope, counts_per_month, months_back, scope_of
from leidraad.lib import charts, clock, display, events
from leidraad.lib.charts import Chart, Look, Series
from leidraad.lib.csv_file import csv_text
from leidraad.lib.figures import Figure, publish
from leidraad.lib.forms import Form
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in
from partners.models import Member, Unit, UnitKind
from partners.policy import require_to

PERIODS = ("12", "24")
TEAMS_OF = "dtv"
TABLE_ID = "cijfers"


@dataclass(frozen=True)
class Measure:
    """A column of the report: its name, what it counts, and how."""

    label: StrPromise
    meaning: StrPromise
    count: Callable[[MonthCounts], int]
    look: Look = Look.SOLID


OPENED = Measure(
    gettext_lazy("Came in"),
    gettext_lazy(
        "Cases that were opened in this month, because a sender handed in a dossier. Also when the dossier was not accepted yet."
    ),
    lambda month: month.opened,
)
STILL_SHARED = Measure(
    gettext_lazy("Came in"),
    gettext_lazy(
        "Open cases that your unit sees now, by the month in which they were opened. When a case is closed, the view of your"
        " unit ends. That is why closed cases do not count here and closings are not shown."
    ),
    lambda month: month.opened,
)
CLOSED = Measure(
    pgettext_lazy("report", "Closed"),
    gettext_lazy("Cases that were closed in this month and are still closed, whatever the outcome."),
    lambda month: month.all_closed,
    Look.OUTLINE,
)
DEMONSTRATED = Measure(
    gettext_lazy("Departure shown"),
    gettext_lazy(
        "Closed cases in which departure was shown: independent, forced and transfer to another member state together."
    ),
    lambda month: month.demonstrated,
)
KINDS = (
    Measure(
        gettext_lazy("Independent departure"),
        gettext_lazy("The person left of their own accord and this was shown, with or without help of IOM or others."),
        lambda month: month.ended_as(Outcome.DEPARTED_INDEPENDENTLY),
    ),
    Measure(
        gettext_lazy("Forced departure"),
        gettext_lazy("The government made the person leave the Netherlands: removal, under escort or supervised."),
        lambda month: month.ended_as(Outcome.DEPARTED_FORCED),
    ),
    Measure(
        pgettext_lazy("outcome in a report", "Dublin transfer"),
        gettext_lazy("The person was transferred to another member state that is responsible."),
        lambda month: month.ended_as(Outcome.TRANSFERRED_DUBLIN),
    ),
    Measure(
        gettext_lazy("Without supervision, departure not shown"),
        gettext_lazy(
            "It is not known where the person is. This is no proof that the person left the Netherlands and never counts"
            " as departure."
        ),
        lambda month: month.ended_as(Outcome.DEPARTED_UNSUPERVISED),
        Look.HATCH,
    ),
    Measure(
        gettext_lazy("Ended otherwise"),
        gettext_lazy("Closed for another reason, such as a residence permit, death, an error or a duplicate case."),
        lambda month: month.otherwise,
        Look.OUTLINE,
    ),
)


class ReportForm(Form):
    """A GET form; a value it does not know is no filter."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    team = forms.ChoiceField(label=pgettext_lazy("unit", "Team"), required=False)
    optional_unmarked = ("period", "team")

    def __init__(self, data: Mapping[str, Any], teams: Sequence[Unit]) -> None:
        super().__init__(data)
        self.teams = {team.code: team for team in teams}
        months = [(number, _("Last %(count)s whole months") % {"count": number}) for number in PERIODS]
        self.fields["period"].choices = months  # type: ignore[attr-defined]  # it is a choice field
        names = [("", _("All cases")), *((team.code, team.full_name) for team in teams)]
        self.fields["team"].choices = names  # type: ignore[attr-defined]  # it is a choice field
        if not teams:
            del self.fields["team"]

    @cached_property
    def chosen(self) -> tuple[int, Unit | None]:
        """How many whole months back, and the team."""
        self.is_valid()
        period = self.cleaned_data.get("period") or PERIODS[0]
        return int(period), self.teams.get(self.cleaned_data.get("team") or "")


@dataclass(frozen=True)
class Report:
    """The figures as they may leave: nothing here is exact."""

    measures: Sequence[Measure]
    months: Sequence[date]
    rows: Sequence[Sequence[Figure]]
    total: Sequence[Figure]
    about: str
    at: datetime

    def column(self, measure: Measure) -> list[Figure]:
        place = self.measures.index(measure)
        return [row[place] for row in self.rows]

    @property
    def last_whole(self) -> int:
        """The place of the last month that is over. The last one of all still runs."""
        return len(self.months) - 2

    def star(self, place: int) -> str:
        """Marks the month that still runs; `note` says until when it was counted."""
        return "*" if place > self.last_whole else ""

    def label(self, place: int) -> str:
        """oktober 2026"""
        return display.month_long(self.months[place]) + self.star(place)

    @property
    def note(self) -> str:
        return _("* %(month)s still runs: counted until %(day)s.") % {
            "month": display.month_long(self.months[-1]).capitalize(),
            "day": display.date_long(self.at),
        }


def report_for(member: Member, period: int, team: Unit | None) -> Report:
    """Count and publish. Two queries, whatever the period."""
    scope = scope_of(member)
    now = clock.now()
    months = months_back(now.date(), period)
    counts = counts_per_month(member, months, team=team)
    measures = [STILL_SHARED] if scope is Scope.SHARED else [OPENED, CLOSED, DEMONSTRATED, *KINDS]
    return Report(
        measures=measures,
        months=months,
        rows=[[publish(measure.count(month)) for measure in measures] for month in counts],
        total=[publish(sum(measure.count(month) for month in counts)) for measure in measures],
        about=_about(member, scope, team),
        at=now,
    )


def _about(member: Member, scope: Scope, team: Unit | None) -> str:
    if team is not None:
        return team.full_name
    return _("All cases") if scope is Scope.ALL else member.acting_unit.full_name


def finding(report: Report) -> str:
    """The report in one sentence: its last whole month."""
    month = display.month_long(report.months[report.last_whole])
    figures = report.rows[report.last_whole]
    if CLOSED not in report.measures:
        return _("Of the open cases that your unit sees, %(opened)s came in in %(month)s.") % {
            "opened": figures[0].in_words,
            "month": month,
        }
    return _("In %(month)s, %(opened)s cases came in and %(closed)s were closed.") % {
        "month": month,
        "opened": figures[report.measures.index(OPENED)].in_words,
        "closed": figures[report.measures.index(CLOSED)].in_words,
    }


def _outcome_finding(report: Report) -> str:
    place = report.measures.index(DEMONSTRATED)
    unsupervised = report.measures.index(KINDS[3])
    return _(
        "In the whole period departure was shown in %(shown)s cases. In %(unknown)s cases it is not known where the person is."
    ) % {
        "shown": report.total[place].in_words,
        "unknown": report.total[unsupervised].in_words,
    }


@dataclass(frozen=True)
class TeamLine:
    """Silent cases of one team."""

    team: str
    count: Figure
    since: date


def silence_per_team(member: Member) -> list[TeamLine]:
    """Cases without a next step per responsible unit, the longest silence first; nothing for who counts own cases only.

    A team with few of them is left out: its name beside a day would tell of one case.
    """
    if scope_of(member) is not Scope.ALL:
        return []
    found = [(one, publish(one.count)) for one in per_unit()]
    keys = {one.unit for one, _figure in found}
    names = {unit.pk: unit.full_name for unit in Unit.objects.filter(pk__in=keys).select_related("organisation")}
    return [TeamLine(names[one.unit], figure, one.since) for one, figure in found if figure.value is not None]


# --- charts -----------------------------------------------------------------------------------------------------------


def _axis(report: Report) -> list[list[str]]:
    """The months, each year once."""
    lines = []
    for place, first in enumerate(report.months):
        year = str(first.year) if place == 0 or first.month == 1 else ""
        lines.append([display.month_short(first) + report.star(place), year])
    return lines


def _series(report: Report, measure: Measure) -> Series:
    figures = report.column(measure)
    heights = tuple(float(figure.value or 0) for figure in figures)
    return Series(str(measure.label), heights, tuple(str(figure) for figure in figures), measure.look)


def charts_of(report: Report) -> list[Chart]:
    flow = [measure for measure in (OPENED, STILL_SHARED, CLOSED) if measure in report.measures]
    drawn = [
        Chart(
            title=_("Came in and closed, per month") if len(flow) > 1 else _("Came in, per month"),
            summary=_("Bar chart with two bars per month.")
            if len(flow) > 1
            else _("Bar chart with one bar per month."),
            svg=charts.columns(_axis(report), [_series(report, measure) for measure in flow]),
            key=[(charts.swatch(measure.look), str(measure.label)) for measure in flow] if len(flow) > 1 else (),
            note=report.note,
            table_id=TABLE_ID,
        )
    ]
    if CLOSED in report.measures:
        drawn.append(
            Chart(
                title=_("How cases ended, per month"),
                summary=_("Five small bar charts below each other, one per outcome, with one bar per month."),
                svg=charts.strips(_axis(report), [_series(report, measure) for measure in KINDS]),
                note=f"{_outcome_finding(report)} {report.note}",
                table_id=TABLE_ID,
            )
        )
    return drawn


# --- pages ------------------------------------------------------------------------------------------------------------


def _asked(request: UserRequest) -> tuple[ReportForm, Report]:
    """Raises NotAllowed without the right to see reports."""
    require_to(request.member, "reports.view")
    teams: Iterable[Unit] = ()
    if scope_of(request.member) is Scope.ALL:
        teams = (
            Unit.objects.valid().of(TEAMS_OF).filter(kind=UnitKind.TEAM).select_related("organisation").order_by("name")
        )
    form = ReportForm(request.GET, list(teams))
    return form, report_for(request.member, *form.chosen)


def _looked_for(form: ReportForm) -> dict[str, Any]:
    period, team = form.chosen
    return {"period": period, "team": team.code if team else ""}


@signed_in
@require_GET
def index(request: UserRequest) -> HttpResponse:
    form, report = _asked(request)
    events.record(EventKind.READ, request.member, route="reports:index", detail=_looked_for(form))
    context = {
        "title": title(),
        "report": report,
        "source": source(report),
        "rounding": rounding(),
        "filter_form": form,
        "finding": finding(report),
        "charts": charts_of(report),
        "heads": [measure.label for measure in report.measures],
        "lines": [(report.label(place), row) for place, row in enumerate(report.rows)],
        "silence": silence_per_team(request.member),
        "table_id": TABLE_ID,
        "csv_url": f"{reverse('reports:csv')}?{request.GET.urlencode()}",
    }
    return render(request, "pages/report.html", context)


@signed_in
@require_GET
def as_csv(request: UserRequest) -> HttpResponse:
    """The same figures as on the page. Logged; no purpose is asked, for it holds no persons."""
    form, report = _asked(request)
    events.record(EventKind.EXPORT, request.member, route="reports:csv", detail=_looked_for(form))
    lines = [
        [title()],
        [report.about],
        [source(report)],
        [rounding()],
        [report.note],
        [_("Month"), *(str(measure.label) for measure in report.measures)],
        *([report.label(place), *(figure.plain for figure in row)] for place, row in enumerate(report.rows)),
        [_("Total"), *(figure.plain for figure in report.total)],
    ]
    response = HttpResponse("".join(csv_text(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="instroom-en-uitkomst-{report.at.date().isoformat()}.csv"'
    return response


def title() -> str:
    return _("Cases that came in and cases that ended")


def source(report: Report) -> str:
    return _("Leidraad, as of %(moment)s.") % {"moment": display.date_time(report.at)}


def rounding() -> str:
    return _(
        "Numbers are rounded to tens. Numbers under 5, zero included, are shown as <5. A total is rounded by itself, so it can"
        " differ from the sum of its parts."
    )
