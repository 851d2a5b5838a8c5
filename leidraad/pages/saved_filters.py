"""Saved filters of the list of cases on pages of their own: save one, see them all, rename, delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.case.models import SavedFilter
from cases.case.models.saved_filter import NAME_LENGTH
from cases.case.saved_filters import (
    TEAM_CAPABILITY,
    delete_filter,
    may_change,
    rename_filter,
    save_filter,
)
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.forms import Form, TextField
from leidraad.lib.stale import VersionedForm, conflict_page, version_sent
from leidraad.pages.case_filters import FilterForm, chosen_tags
from leidraad.pages.saved_beside import form_of, list_url, values_of
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import may_do, require_to

OWN, TEAM = "own", "team"


@dataclass(frozen=True)
class ListedFilter:
    """A line of the page where filters are kept. `words` is empty when the filter cannot be used (any more)."""

    saved: SavedFilter
    words: str
    url: str
    may_change: bool


class SaveForm(Form):
    name = TextField(
        label=gettext_lazy("Name of the filter"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("For example: No contact, track forced. No names of persons."),
        required_message=gettext_lazy("Give the filter a name."),
    )
    whose = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect, initial=OWN)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        field = self.fields["whose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = [(OWN, _("Only for me")), (TEAM, _("For my whole team"))]
        if not may_do(member, TEAM_CAPABILITY):
            del self.fields["whose"]

    @property
    def for_team(self) -> bool:
        return bool(self.cleaned_data.get("whose") == TEAM)


class RenameForm(VersionedForm, Form):
    name = TextField(
        label=gettext_lazy("Name of the filter"),
        max_length=NAME_LENGTH,
        required_message=gettext_lazy("Give the filter a name."),
    )

    def __init__(self, data: Any = None, *, record: SavedFilter) -> None:
        super().__init__(data, record=record, initial={"name": record.name})


@signed_in
@require_http_methods(["GET", "POST"])
def save(request: UserRequest) -> HttpResponse:
    """Keep the filters in the address under a name."""
    member = request.member
    require_to(member, "cases.list")
    filter_form = FilterForm(request.GET, member)
    values = values_of(filter_form, request.GET)
    form = SaveForm(request.POST if request.method == "POST" else None, member=member)
    if form.is_valid():
        try:
            saved = save_filter(form.cleaned_data["name"], values, for_team=form.for_team, by=member)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The filter “%(name)s” is saved.") % {"name": saved.name})
            return redirect(list_url(values))
    context = {
        "form": form,
        "chosen": _words(filter_form, request.GET, values),
        "back_url": list_url(values) if values else reverse("cases:list"),
    }
    return render(request, "pages/saved_filter_new.html", context, status=422 if form.is_bound else 200)


def _words(form: FilterForm, query: QueryDict, values: Mapping[str, str]) -> list[str]:
    words = [tag.label for tag in chosen_tags(form, query)]
    return [*words, _("Closed cases")] if "status" in values else words


@signed_in
@require_GET
def saved_filters(request: UserRequest) -> HttpResponse:
    """All filters that the member knows, with what they choose, to rename and delete."""
    require_to(request.member, "cases.list")
    listed = [_listed(request.member, saved) for saved in SavedFilter.objects.known_to(request.member)]
    # What the reader may not use and not change is none of their business.
    lines = [line for line in listed if line.words or line.may_change]
    return render(request, "pages/saved_filters.html", {"lines": lines})


def _listed(member: Member, saved: SavedFilter) -> ListedFilter:
    form = form_of(member, saved.values)
    words = "; ".join(_words(form, QueryDict(urlencode(saved.values)), saved.values)) if form else ""
    return ListedFilter(saved, words, list_url(saved.values) if words else "", may_change(member, saved))


def _own_to_change(request: UserRequest, pk: int) -> SavedFilter:
    """Somebody else's own filter does not exist for others; a team's filter may be seen without the right to change it."""
    require_to(request.member, "cases.list")
    saved = get_object_or_404(SavedFilter.objects.known_to(request.member), pk=pk)
    if not may_change(request.member, saved):
        require_to(request.member, TEAM_CAPABILITY)
    return saved


@signed_in
@require_http_methods(["GET", "POST"])
def rename(request: UserRequest, pk: int) -> HttpResponse:
    saved = _own_to_change(request, pk)
    form = RenameForm(request.POST if request.method == "POST" else None, record=saved)
    back_url = reverse("pages:saved-filters")
    if form.is_bound and form.is_stale:
        return conflict_page(request, form, back_url=back_url)
    if form.is_valid():
        try:
            rename_filter(saved, form.cleaned_data["name"], by=request.member, version=form.seen_version)
        except Stale as stale:
            return conflict_page(request, RenameForm(request.POST, record=stale.current), back_url=back_url)
        except NotPossible as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The name is changed."))
            return redirect(back_url)
    context = {"form": form, "saved": saved, "back_url": back_url}
    return render(request, "pages/saved_filter.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def delete(request: UserRequest, pk: int) -> HttpResponse:
    saved = _own_to_change(request, pk)
    try:
        delete_filter(saved, by=request.member, version=version_sent(request.POST))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("pages:saved-filter", pk=pk)
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": saved.name})
    return redirect("pages:saved-filters")
