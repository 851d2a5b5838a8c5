"""The case page: who this is, where it stands, what next. And the sections that only show."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.case.history_sources import conflict_field
from cases.case.models import Address, ProtectedAddress, ReturnCase
from cases.case.nationalities import country_name, language_name, nationality_name
from leidraad.lib.display import MASKED, date_long, v_number
from leidraad.lib.models import EventKind
from leidraad.lib.who import principal
from leidraad.pages.case_activity import ON_OVERVIEW, activity_of
from leidraad.pages.case_forms import AddressPurposeForm, PrintForm
from leidraad.pages.case_frame import OpenCase, case_page, log, nationality_text, who_is
from leidraad.pages.case_panels import (
    SHOWN_TASKS,
    alerts_of,
    axes_of,
    closed_band,
    involved,
    open_conflicts,
    tasks_of,
)
from leidraad.pages.case_work import waiting_on
from leidraad.pages.people import birth_date
from leidraad.pages.removability import in_force


def overview(page: OpenCase) -> dict[str, Any]:
    """Everything the overview and the printed case sheet show."""
    tasks, answer = tasks_of(page), in_force(page)
    return {
        "band": closed_band(page),
        "alerts": alerts_of(page, any(line.is_next_step for line in tasks), answer),
        "axes": axes_of(page, answer),
        "tasks": tasks[:SHOWN_TASKS],
        "task_count": len(tasks),
        "waiting": waiting_on(page),
        "parties": involved(page),
        "activity": activity_of(page, limit=ON_OVERVIEW) if page.can("activity.view") else None,
    }


@case_page()
def detail(page: OpenCase) -> HttpResponse:
    return page.render("pages/case/detail.html", "detail", **overview(page))


# --- person ---------------------------------------------------------------------------------------------------------


@case_page("identity.view")
def person(page: OpenCase) -> HttpResponse:
    return page.render(
        "pages/case/person.html",
        "person",
        facts=_person_facts(page),
        aliases=list(page.case.person.aliases.order_by("name")),
        conflicts=[(conflict, _conflict_words(conflict)) for conflict in open_conflicts(page)],
        household=page.family,
        household_hidden=_others_hidden(page),
        address=_address(page),
        may_open_address=_has_protected_address(page),
    )


def _person_facts(page: OpenCase) -> list[tuple[str, object]]:
    """Identity with its source: read-only here, it belongs to the register."""
    person, case = page.case.person, page.case
    return [
        (_("Surname"), person.surname),
        (_("Name prefix"), person.name_prefix),
        (_("Given names"), person.given_names),
        (_("Birth date"), birth_date(person)),
        (_("Sex"), person.get_sex_display()),
        (_("V-number"), v_number(person.v_number)),
        (_("Nationality"), nationality_text(person)),
        (_("Country"), country_name(person.nationality)),
        (_("Language"), language_name(person.language)),
        (_("Unaccompanied minor"), _yes_no(person.unaccompanied_minor)),
        (_("Special group"), case.get_special_group_display()),
        (_("Ground of the case"), case.get_ground_display()),
        (_("Source"), person.source),
    ]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")


def _day(text: str) -> str:
    """A whole date as people write it; a partly unknown one as it was stated."""
    try:
        return date_long(date.fromisoformat(text))
    except ValueError:
        return text


CONFLICT_WORDS: dict[str, Callable[[str], str]] = {
    "nationality": nationality_name,
    "language": language_name,
    "birth_date": _day,
}


def _conflict_words(conflict: Any) -> dict[str, str]:
    """Both values with their source; codes in words."""
    named = CONFLICT_WORDS.get(conflict.field, str)
    return {
        "field": conflict_field(conflict.field),
        "stored": named(conflict.stored_value),
        "offered": named(conflict.offered_value),
    }


def _others_hidden(page: OpenCase) -> bool:
    """Whether the household has members whose cases are not shared. That they exist is told, who they are is not."""
    case = page.case
    if case.household_id is None or not page.access.leads:
        return False
    known = [case.pk, *(other.pk for other in page.family)]
    with principal("figures"):
        return case.household is not None and case.household.cases.exclude(pk__in=known).exists()


def _address(page: OpenCase) -> object:
    if not page.can("address.view"):
        return MASKED
    return Address.objects.filter(case=page.case, until=None).first()


def _has_protected_address(page: OpenCase) -> bool:
    """For named staff only; for everybody else the question is not even put to the database."""
    return page.can("protected_address.view") and ProtectedAddress.objects.filter(case=page.case, until=None).exists()


@case_page("protected_address.view")
def protected_address(page: OpenCase) -> HttpResponse:
    """Opens after the purpose was given; each opening is one row in the log."""
    form = AddressPurposeForm(page.request.POST if page.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        log(page, EventKind.READ, purpose=form.cleaned_data["purpose"], opened="protected_address")
        address = ProtectedAddress.objects.filter(case=page.case, until=None).first()
        return page.render("pages/case/protected_address.html", "person", address=address)
    status = 422 if form.is_bound else 200
    return page.render("pages/case/protected_address_ask.html", "", status=status, form=form)


# --- activity -------------------------------------------------------------------------------------------------------


def moment_of(text: str | None) -> datetime | None:
    """The start of an older page; nonsense is the first page."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@require_GET
@case_page("activity.view")
def activity(page: OpenCase) -> HttpResponse:
    chosen = page.request.GET.get("organisatie", "")[:20]
    found = activity_of(page, organisation=chosen, before=moment_of(page.request.GET.get("voor")))
    return page.render("pages/case/activity.html", "activity", activity=found, chosen_organisation=chosen)


# --- printing -------------------------------------------------------------------------------------------------------


@case_page()
def print_sheet(page: OpenCase) -> HttpResponse:
    """Asks what for, logs it, and shows the sheet as this viewer may see it."""
    form = PrintForm(page.request.POST if page.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        log(page, EventKind.PRINT, purpose=form.in_words)
        page.on_paper = True
        return page.render("pages/case/sheet.html", "", purpose=form.in_words, who=_sheet_name(page), **overview(page))
    status = 422 if form.is_bound else 200
    return page.render("pages/case/print.html", "", status=status, form=form)


def _sheet_name(page: OpenCase) -> str:
    return who_is(page.case.person) if page.can("identity.view") else ""


def to_detail(case: ReturnCase, request: Any, message: str) -> HttpResponse:
    return to_url(reverse("cases:detail", args=[case.number]), request, message)


def to_url(url: str, request: Any, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(url)
