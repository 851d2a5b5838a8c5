"""Take the list of cases out as a file."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.case.listing import count_of
from leidraad.lib import clock, display, events
from leidraad.lib.csv_file import csv_text
from leidraad.lib.forms import Form, TextField
from leidraad.lib.models import EventKind
from leidraad.lib.pagination import COUNT_CAP
from leidraad.pages.case_filters import FilterForm, as_text, chosen_tags, waiting_filter
from leidraad.pages.case_list import column_heads, listed
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import require_to


class ExportForm(Form):
    purpose = TextField(
        label=gettext_lazy("What do you need the list for?"),
        max_length=200,
        required_message=gettext_lazy("Say what you need the list for. It is recorded with your name."),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def export(request: UserRequest) -> HttpResponse:
    """The list with its present filters and visible columns, at most 1,000 cases, recorded with its purpose."""
    member = request.member
    require_to(member, "cases.list")
    filter_form = FilterForm(request.GET, member)
    filters = filter_form.filters()
    form = ExportForm(request.POST or None)
    if not form.is_valid():
        context = {
            "form": form,
            "count": as_text(count_of(member, filters, waiting=waiting_filter(member, filters))),
            "chosen": [tag.label for tag in chosen_tags(filter_form, request.GET)],
            "limit": display.number(COUNT_CAP),
            "back_url": f"{reverse('cases:list')}?{request.GET.urlencode()}",
        }
        return render(request, "pages/export.html", context, status=422 if form.is_bound else 200)
    _page, rows = listed(member, replace(filters), size=COUNT_CAP)
    purpose = form.cleaned_data["purpose"]
    events.record(
        EventKind.EXPORT, member, route="pages:export", purpose=purpose, detail={"cases": [row.number for row in rows]}
    )
    heads = column_heads(member, filters, request.GET)
    lines = [
        [_mark_line(member, purpose)],
        [head.label for head in heads],
        *([_text(getattr(row, "number" if head.name == "case" else head.name)) for head in heads] for row in rows),
    ]
    response = HttpResponse("".join(csv_text(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="zaken-{clock.today().isoformat()}.csv"'
    return response


def _mark_line(member: Member, purpose: str) -> str:
    return _("Confidential. Exported by %(member)s, %(unit)s, %(moment)s. Purpose: %(purpose)s") % {
        "member": member,
        "unit": member.acting_unit.full_name,
        "moment": display.date_time(clock.now()),
        "purpose": purpose,
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
