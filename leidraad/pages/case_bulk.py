"""What may be done to many cases at once: give them another case director, and take the list out as a file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases.case.actions import assign_director, directors_of
from cases.case.listing import count_of
from cases.case.models import ReturnCase
from leidraad.lib import clock, display, events
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.forms import Form, TextField
from leidraad.lib.models import EventKind
from leidraad.lib.pagination import COUNT_CAP
from leidraad.pages.case_filters import FilterForm, chosen_tags
from leidraad.pages.case_list import as_text, column_heads, listed, may_reassign, waiting_filter
from leidraad.pages.people import NamedCase, named_cases
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import require_to

MOST = 100
# What a spreadsheet would take for a formula when it opens the file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ReassignForm(Form):
    director = forms.ModelChoiceField(
        label=gettext_lazy("New case director"), queryset=Member.objects.none(), empty_label=gettext_lazy("Choose")
    )
    reason = TextField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required_message=gettext_lazy("Say why these cases go to somebody else."),
    )

    def __init__(self, *args: Any, member: Member) -> None:
        super().__init__(*args)
        keys = [director.pk for director in directors_of(member.acting_unit)]
        found = Member.objects.filter(pk__in=keys).order_by("display_name")
        self.fields["director"].queryset = found  # type: ignore[attr-defined]  # it is a model choice field


@dataclass(frozen=True)
class Result:
    """What became of one case, in words."""

    case: NamedCase
    is_done: bool
    text: str


@signed_in
@require_POST
def reassign(request: UserRequest) -> HttpResponse:
    """First the page that names each case and asks to whom and why; with `confirm` the act and its result per case."""
    member = request.member
    if not may_reassign(member):
        raise NotAllowed("case.assign")
    numbers = list(dict.fromkeys(request.POST.getlist("case")))[:MOST]
    cases = _chosen(member, numbers)
    if not cases:
        messages.warning(request, _("Choose at least one case first."))
        return redirect("cases:list")
    events.record(EventKind.READ, member, route="pages:reassign", detail={"cases": [case.number for case in cases]})
    form = ReassignForm(request.POST if "confirm" in request.POST else None, member=member)
    context = {"form": form, "cases": cases, "back_url": reverse("cases:list")}
    if not form.is_valid():
        return render(request, "pages/reassign.html", context, status=422 if form.is_bound else 200)
    director, reason = form.cleaned_data["director"], form.cleaned_data["reason"]
    results = [_reassigned(named, director, reason, member) for named in cases]
    return render(request, "pages/reassign_result.html", {"results": results, "director": director})


def _chosen(member: Member, numbers: Iterable[str]) -> list[NamedCase]:
    keys = ReturnCase.objects.visible_to(member).open().filter(number__in=list(numbers)).values_list("pk", flat=True)
    named = named_cases(member, keys)
    return sorted(named.values(), key=lambda case: case.label)


def _reassigned(named: NamedCase, director: Member, reason: str, by: Member) -> Result:
    """One case, in a transaction of its own: what fails for one does not undo the others."""
    try:
        assign_director(named.case, director, by=by, reason=reason)
    except NotPossible as refusal:
        return Result(named, False, str(refusal))
    except NotAllowed:
        return Result(named, False, _("Only the manager of the responsible team can reassign this case."))
    return Result(named, True, _("Now with %(director)s.") % {"director": director})


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
    response = HttpResponse("".join(_csv(lines)), content_type="text/csv; charset=utf-8")
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


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet executes."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


class _Line:
    """A file that hands back what was written to it."""

    @staticmethod
    def write(value: str) -> str:
        return value


def _csv(lines: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"  # so that Excel reads UTF-8
    for line in lines:
        yield writer.writerow([neutral(cell) for cell in line])
