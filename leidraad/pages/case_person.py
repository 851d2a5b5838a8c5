"""The page of the person: identity with its sources, who speaks for them, household and address."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.case.history_sources import conflict_field
from cases.case.models import Address, ProtectedAddress
from cases.case.nationalities import country_name, language_name, nationality_name
from leidraad.lib.display import MASKED, date_long, v_number
from leidraad.lib.models import EventKind
from leidraad.lib.who import principal
from leidraad.pages import case_representatives
from leidraad.pages.case_forms import AddressPurposeForm
from leidraad.pages.case_frame import OpenCase, case_page, log, nationality_text
from leidraad.pages.case_panels import open_conflicts
from leidraad.pages.people import birth_date


@case_page("identity.view")
def person(page: OpenCase) -> HttpResponse:
    return page.render(
        "pages/case/person.html",
        "person",
        facts=_person_facts(page),
        aliases=list(page.case.person.aliases.order_by("name")),
        conflicts=[(conflict, _conflict_words(conflict)) for conflict in open_conflicts(page)],
        representatives=case_representatives.panel_of(page),
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
