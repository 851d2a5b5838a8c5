"""Saved filters as links beside the list of cases, each with its count, under the rights that the reader has today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from cases.case.listing import count_of
from cases.case.models import SavedFilter
from cases.case.saved_filters import MOST
from leidraad.pages.case_filters import FilterForm, as_text, waiting_filter
from partners.models import Member


@dataclass(frozen=True)
class ShownFilter:
    """A saved filter as a link beside the list. `count` stops at a thousand."""

    name: str
    url: str
    count: str
    is_of_team: bool
    current: bool


def values_of(form: FilterForm, query: QueryDict) -> dict[str, str]:
    """The chosen filters of a list as they stand in its address, without values that mean nothing."""
    chosen = {name: field.chosen for name, field in form.fields.items()}
    if query.get("status") == "closed":
        chosen["status"] = "closed"
    return {name: value for name, value in chosen.items() if value}


def form_of(member: Member, values: Mapping[str, Any]) -> FilterForm | None:
    """The filters under today's rights of this reader; None when one of them is not theirs to use, or is gone."""
    query = QueryDict(urlencode(dict(values)))
    form = FilterForm(query, member)
    return form if values and values_of(form, query) == dict(values) else None


def shown_filters(member: Member, chosen: Mapping[str, str]) -> list[ShownFilter]:
    """The reader's first ten, their own before the team's. One query, and one more for each."""
    shown = []
    for saved in SavedFilter.objects.known_to(member):
        form = form_of(member, saved.values)
        if form is None:
            continue
        shown.append(_shown(member, saved, form, current=saved.values == dict(chosen)))
        if len(shown) == MOST:
            break
    return shown


def _shown(member: Member, saved: SavedFilter, form: FilterForm, *, current: bool) -> ShownFilter:
    filters = form.filters()
    count = count_of(member, filters, waiting=waiting_filter(member, filters))
    return ShownFilter(saved.name, list_url(saved.values), as_text(count), saved.is_of_team, current)


def list_url(values: Mapping[str, Any]) -> str:
    return f"{reverse('cases:list')}?{urlencode(dict(values))}"
