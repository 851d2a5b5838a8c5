"""S3 Zaken: which cases need me. One page of ready strings; the number of queries does not depend on the rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.listing import Filters, columns_of, count_of, page_of
from cases.case.models import Part
from leidraad.lib import events
from leidraad.lib.pagination import KeysetPage
from leidraad.pages.case_doubts import doubt_of_row
from leidraad.pages.case_filters import FilterForm, as_text, chosen_tags, has_directors, waiting_filter, without
from leidraad.pages.case_rows import CaseRow, RowMaker
from leidraad.pages.case_table import table_rows
from leidraad.pages.saved_beside import shown_filters, values_of
from leidraad.pages.waiting import waiting_for
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import conditions, require_to

COLUMN_LABELS = ("name", "case", "phase", "removability", "location", "deadline", "waiting", "contact")
ALWAYS = {"case", "deadline"}


@dataclass(frozen=True)
class Column:
    """A column head. Sortable ones have a link; `direction` is what a screen reader says now."""

    name: str
    label: str
    url: str = ""
    direction: str = ""


def column_heads(member: Member, filters: Filters, query: QueryDict) -> list[Column]:
    labels = {
        "name": _("Name"),
        "case": _("Case"),
        "phase": _("Outcome") if filters.closed else _("Phase"),
        "removability": pgettext("column", "Removable"),
        "location": pgettext("residence", "Location"),
        "deadline": _("Next deadline"),
        "waiting": _("Waiting on"),
        "contact": _("Last contact"),
    }
    shown = columns_of(member) | ALWAYS
    heads = []
    for name in COLUMN_LABELS:
        if name not in shown or (filters.closed and name in {"deadline", "waiting"}):
            continue
        if filters.closed or name not in {"name", "deadline", "contact"}:
            heads.append(Column(name, labels[name]))
            continue
        now = {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "")
        following = f"-{name}" if now == "ascending" else name
        heads.append(Column(name, labels[name], without(query, sort=following), now or "none"))
    return heads


def listed(
    member: Member, filters: Filters, *, after: str | None = None, size: int = 50
) -> tuple[KeysetPage[dict[str, Any]], list[CaseRow]]:
    """One page of the list as the member may see it."""
    condition = waiting_filter(member, filters)
    more = {"waiting_for": waiting_for(member), "doubt": doubt_of_row()}
    page = page_of(member, filters, after=after, size=size, waiting=condition, **more)
    maker = RowMaker(member)
    return page, [maker.row(row) for row in page.rows]


def may_reassign(member: Member) -> bool:
    """Whether the role divides cases among case directors. Asked again for each case when it happens."""
    found = conditions(member.acting_organisation, member.acting_role, Part.LEAD, "case.assign")
    return found is not None and has_directors(member)


@signed_in
def case_list(request: UserRequest) -> HttpResponse:
    """The unit's own cases, narrowed by the filters in the address. Nothing in the address is personal."""
    member = request.member
    require_to(member, "cases.list")
    form = FilterForm(request.GET, member)
    filters = form.filters()
    page, rows = listed(member, filters, after=request.GET.get("after"))
    count = count_of(member, filters, waiting=waiting_filter(member, filters))
    columns = column_heads(member, filters, request.GET)
    can_reassign = not filters.closed and may_reassign(member)
    events.record_list(request, len(rows), filters=(*form.fields, "status", "sort"))
    context = {
        "page": page,
        "rows": rows,
        "columns": columns,
        "table_rows": table_rows(rows, ((one.name, one.label) for one in columns), can_tick=can_reassign),
        "count": as_text(count),
        "count_value": count.value,
        "filter_form": form,
        "filter_fields": form.drawn(),
        "chosen": chosen_tags(form, request.GET),
        "clear_url": without(request.GET, *form.fields),
        "is_closed_list": filters.closed,
        "open_url": without(request.GET, "status"),
        "closed_url": without(request.GET, "deadline", "sort", status="closed"),
        "query": request.GET.urlencode(),
        "can_reassign": can_reassign,
        "reassign_url": reverse("pages:reassign") + without(request.GET),
        "hx_target": "#case-list",
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "pages/_case_list.html", context)
    return render(request, "pages/case_list.html", context | _saved(member, form, request.GET))


def _saved(member: Member, form: FilterForm, query: QueryDict) -> dict[str, Any]:
    """The filters that are kept, and where the present ones can be."""
    chosen = values_of(form, query)
    shown = shown_filters(member, chosen)
    kept = any(one.current for one in shown)
    save_url = f"{reverse('pages:save-filter')}?{urlencode(chosen)}" if chosen and not kept else ""
    return {"saved_filters": shown, "save_url": save_url}
