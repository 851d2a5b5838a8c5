"""S21 Termijnen: what ends when in all cases of one's unit, as a list, a week or a month."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.case.access import Access
from cases.case.models import ReturnCase
from cases.terms.deadlines import Owner
from cases.terms.listing import Filters, Range, Row, liberty, of_case, page_of
from cases.terms.models import Group, KeptDeadline, RuleVersion
from cases.terms.watching import standing_of
from leidraad.lib import clock, events
from leidraad.lib.display import date_long, full_name, month_long
from leidraad.lib.forms import Form
from leidraad.pages.deadline_lines import mark_of_kept, not_watched
from partners.http import UserRequest, signed_in
from partners.policy import require_to

WEEK, MONTH = "week", "maand"
VIEWS = [("", gettext_lazy("All that comes")), (WEEK, gettext_lazy("One week")), (MONTH, gettext_lazy("One month"))]


class FilterForm(Form):
    """A GET form; what it does not know is no filter."""

    weergave = forms.ChoiceField(label=gettext_lazy("Show"), choices=VIEWS, required=False)
    groep = forms.ChoiceField(label=gettext_lazy("Kind of term"), required=False)
    wie = forms.ChoiceField(label=gettext_lazy("Watched by"), required=False)
    optional_unmarked = ("weergave", "groep", "wie")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["groep"].choices = [("", _("All kinds")), *Group.choices]  # type: ignore[attr-defined]  # a choice field
        self.fields["wie"].choices = [("", _("Everybody")), *Owner.choices]  # type: ignore[attr-defined]  # a choice field
        self.is_valid()

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


@dataclass(frozen=True)
class Period:
    """The days that are shown, in words, with the addresses of those before and after."""

    days: Range
    words: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Line:
    """One term of one case, ready to be drawn."""

    number: str
    name: str
    title: str
    rule_url: str
    due: date | None
    at: Any
    owner: str
    mark: tuple[str, str]

    @property
    def url(self) -> str:
        return reverse("cases:deadlines", args=[self.number])


@require_GET
@signed_in
def deadline_list(request: UserRequest) -> HttpResponse:
    member = request.member
    require_to(member, "cases.list")
    form = FilterForm(request.GET)
    period = period_of(request.GET, form.chosen("weergave"))
    filters = Filters(period.days, form.chosen("groep"), form.chosen("wie"))
    page, others = page_of(member, filters, request.GET.get("after"))
    first = liberty(member, filters) if not request.GET.get("after") else []
    events.record_list(request, len(first) + len(others), filters=form.fields)
    told = told_of([*first, *others])
    context = {
        "liberty": [line_of(row, told) for row in first],
        "lines": [line_of(row, told) for row in others],
        "page": page,
        "period": period,
        "filter_form": form,
        "chosen": tags(form, request.GET),
        "clear_url": reverse("terms:list"),
    }
    return render(request, "pages/deadlines/list.html", context)


@dataclass(frozen=True)
class Told:
    """The title of each rule in the reader's language, of its newest version, and which terms nobody is reminded of."""

    titles: Mapping[str, str]
    unwatched: Collection[tuple[int, str, date | None]]


def told_of(rows: Collection[Row]) -> Told:
    """Two queries."""
    codes = {row.deadline.rule for row in rows}
    found = RuleVersion.objects.filter(rule__code__in=codes).select_related("rule").order_by("number")
    titles = {version.rule.code: version.title for version in found}
    return Told(titles, standing_of({row.case.pk for row in rows}))


def line_of(row: Row, told: Told) -> Line:
    one: KeptDeadline = row.deadline
    is_unwatched = (one.case_id, one.key, one.due) in told.unwatched
    person = row.case.person
    given = " ".join(part for part in (person.given_names, person.name_prefix) if part)
    return Line(
        number=row.case.number,
        name=full_name(person.surname, given) if row.access.can("identity.view") else "",
        title=told.titles.get(one.rule, one.rule),
        rule_url=f"{reverse('pages:framework')}#{one.rule}",
        due=one.due,
        at=one.at,
        owner=str(Owner(one.owner).label) if one.owner else "",
        mark=not_watched() if is_unwatched else mark_of_kept(one),
    )


def kept_lines(case: ReturnCase, access: Access) -> list[Line]:
    """What counts in one case, for its overview. Three queries, one when nothing counts."""
    rows = [Row(one, case, access) for one in of_case(case, access)]
    told = told_of(rows) if rows else Told({}, ())
    return [line_of(row, told) for row in rows]


# --- days -------------------------------------------------------------------------------------------------------------


def period_of(query: QueryDict, view: str) -> Period:
    """Nonsense in the address is today."""
    if view not in (WEEK, MONTH):
        return Period(Range())
    try:
        day = date.fromisoformat(query.get("vanaf", ""))
    except ValueError:
        day = clock.today()
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        day = clock.today()
    first = day - timedelta(days=day.weekday()) if view == WEEK else day.replace(day=1)
    last = first + timedelta(days=6) if view == WEEK else _month_after(first) - timedelta(days=1)
    before = first - timedelta(days=1)
    if view == WEEK:
        words = _("%(first)s up to and including %(last)s") % {"first": date_long(first), "last": date_long(last)}
    else:
        words = month_long(first)
    return Period(Range(first, last), words, _address(query, before), _address(query, last + timedelta(days=1)))


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _address(query: QueryDict, day: date) -> str:
    kept = query.copy()
    kept.pop("after", None)
    kept["vanaf"] = day.isoformat()
    return f"{reverse('terms:list')}?{kept.urlencode()}"


def tags(form: FilterForm, query: QueryDict) -> list[dict[str, str]]:
    """What is filtered on, each with the address without it."""
    found = []
    for name in form.fields:
        value = form.chosen(name)
        if not value:
            continue
        label = str(dict(form.fields[name].choices)[value])  # type: ignore[attr-defined]  # a choice field
        rest = query.copy()
        for dropped in (name, "after", *(("vanaf",) if name == "weergave" else ())):
            rest.pop(dropped, None)
        found.append({"label": label, "remove_url": f"{reverse('terms:list')}?{rest.urlencode()}"})
    return found
