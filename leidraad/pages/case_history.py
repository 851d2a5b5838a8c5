"""Geschiedenis of a case: field, was, is now, who, for which organisation, when and why."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cases.case.history import FieldChange, Source, field_label, fields_of, sources
from cases.case.history_page import case_history
from leidraad.lib import clock
from leidraad.lib.models import EventKind
from leidraad.pages.case_forms import HistoryFilterForm
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import moment_of
from leidraad.pages.case_state import MomentForm
from partners.policy import SENSITIVE


@require_GET
@case_page("history.view", kind=EventKind.HISTORY)
def history(page: OpenCase) -> HttpResponse:
    form = HistoryFilterForm(page.request.GET, kinds=_kinds(page), fields=_fields(page))
    form.is_valid()
    kind, name = form.cleaned_data.get("soort", ""), form.cleaned_data.get("veld", "")
    before = moment_of(page.request.GET.get("voor"))
    found = case_history(page.case, page.access, kind=kind, name=name, before=before)
    return page.render(
        "pages/case/history.html",
        "history",
        groups_of_changes=grouped(found.changes),
        older=found.older,
        filter_form=form,
        chosen=_chosen(page, form),
        clear_url=page.request.path,
        filter_closed=not (kind or name),
        moment_form=MomentForm(None, initial={"op": clock.now()}),
    )


def grouped(changes: list[FieldChange]) -> list[list[FieldChange]]:
    """The fields of one act on one record together: moment, person and reason are told once."""
    return [list(group) for _key, group in groupby(changes, key=lambda one: (one.when, one.record, one.who))]


@dataclass(frozen=True)
class Chosen:
    label: str
    remove_url: str


def _chosen(page: OpenCase, form: HistoryFilterForm) -> list[Chosen]:
    """The filters in force, each with the address of the page without it."""
    found = []
    for name in ("soort", "veld"):
        value = form.cleaned_data.get(name)
        if value:
            rest = {key: val for key, val in form.cleaned_data.items() if val and key != name}
            label = form.label_of(name, value)
            found.append(Chosen(f"{form[name].label}: {label}", f"{page.request.path}?{urlencode(rest)}"))
    return found


def _open_sources(page: OpenCase) -> list[Source]:
    """Kinds of records that may be named to this viewer: those that tell by existing only with the right."""
    return [
        source
        for source in sources()
        if not (isinstance(source.section, str) and source.section in SENSITIVE) or page.can(f"{source.section}.view")
    ]


def _kinds(page: OpenCase) -> list[tuple[str, str]]:
    return sorted(((source.key, str(source.label)) for source in _open_sources(page)), key=lambda pair: pair[1])


def _fields(page: OpenCase) -> list[tuple[str, str]]:
    """Every field some record has, once by its name."""
    named = {one.name: field_label(source, one) for source in _open_sources(page) for one in fields_of(source)}
    return sorted(named.items(), key=lambda pair: pair[1])
