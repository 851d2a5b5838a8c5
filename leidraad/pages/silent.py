"""Every case for which nobody is at turn that the member is the first to mend: the short list of *Mijn werk*, whole."""

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

from cases.case import silence
from cases.case.listing import RowRights
from cases.case.models import Missing
from leidraad.lib import clock, events
from leidraad.lib.errors import NotAllowed
from leidraad.lib.forms import Form
from leidraad.lib.pagination import KeysetPage, capped_count, keyset_page
from leidraad.pages.people import case_url
from leidraad.pages.work_panels import case_label, silent_rows
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import require_to

SIZE = 50
ORDER = ("silent_since", "content_object_id")
# Our own steps of a list, no rule: how many days a case has at least been silent.
LONGER = [
    ("", gettext_lazy("However long")),
    ("7", gettext_lazy("A week or longer")),
    ("14", gettext_lazy("Two weeks or longer")),
    ("28", gettext_lazy("Four weeks or longer")),
]


class FilterForm(Form):
    """A GET form; what it does not know is no filter."""

    reden = forms.ChoiceField(label=gettext_lazy("Why it is silent"), required=False)
    duur = forms.ChoiceField(label=gettext_lazy("How long"), choices=LONGER, required=False)
    optional_unmarked = ("reden", "duur")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["reden"].choices = [("", _("Every reason")), *Missing.choices]  # type: ignore[attr-defined]  # a choice field
        self.is_valid()

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


@dataclass(frozen=True)
class Line:
    """One case. `label` is the name where the member may know it, else the number."""

    label: str
    number: str
    url: str
    missing: str
    since: date
    days: int


@require_GET
@signed_in
def silent_list(request: UserRequest) -> HttpResponse:
    """Three queries for the rows and their number, whatever their number."""
    member = request.member
    require_to(member, "cases.list")
    if not silence.leads(member):
        raise NotAllowed("cases.list")
    form = FilterForm(request.GET)
    page, lines = _page(member, form, request.GET.get("after"))
    events.record_list(request, len(lines), filters=form.fields)
    context = {
        "lines": lines,
        "page": page,
        "count": capped_count(_found(member, form)),
        "can_mend": silence.may_mend(member),
        "is_director": member.acting_role == "case_director",
        "filter_form": form,
        "chosen": _tags(form, request.GET),
        "clear_url": reverse("pages:silent"),
    }
    return render(request, "pages/silent.html", context)


def _found(member: Member, form: FilterForm) -> Any:
    found = silence.mended_by(member)
    if form.chosen("reden"):
        found = found.filter(content_object__silent__missing=form.chosen("reden"))
    if form.chosen("duur"):
        before = clock.today() - timedelta(days=int(form.chosen("duur")))
        found = found.filter(content_object__silent__since__lte=before)
    return found


def _page(member: Member, form: FilterForm, after: str | None) -> tuple[KeysetPage[dict[str, Any]], list[Line]]:
    page = keyset_page(silent_rows(_found(member, form), member), order=ORDER, after=after, size=SIZE)
    rights = RowRights(member)
    return page, [_line(row, rights) for row in page.rows]


def _line(row: dict[str, Any], rights: RowRights) -> Line:
    number, since = str(row["content_object__number"]), row["silent_since"]
    missing = str(Missing(row["missing"]).label)
    return Line(case_label(row, rights), number, case_url(number), missing, since, (clock.today() - since).days)


def _tags(form: FilterForm, query: QueryDict) -> list[dict[str, str]]:
    """What is filtered on, each with the address without it."""
    found = []
    for name in form.fields:
        value = form.chosen(name)
        if value:
            rest = query.copy()
            for dropped in (name, "after"):
                rest.pop(dropped, None)
            label = str(dict(form.fields[name].choices)[value])  # type: ignore[attr-defined]  # a choice field
            found.append({"label": label, "remove_url": f"{reverse('pages:silent')}?{rest.urlencode()}"})
    return found
