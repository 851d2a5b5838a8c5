"""The page of the person: identity with its sources, who speaks for them, household and address."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.case.models import Address, ProtectedAddress
from cases.case.nationalities import country_name
from cases.identity.sources import known_today
from leidraad.lib.display import MASKED
from leidraad.lib.models import EventKind
from leidraad.lib.who import principal
from leidraad.pages import case_identity, case_representatives
from leidraad.pages.case_forms import AddressPurposeForm
from leidraad.pages.case_frame import OpenCase, age_text, case_page, log


@case_page("identity.view")
def person(page: OpenCase) -> HttpResponse:
    known = known_today()
    conflicts = case_identity.conflicts_of(page, known)
    return page.render(
        "pages/case/person.html",
        "person",
        facts=case_identity.facts_of(page, known),
        of_case=_facts_of_case(page),
        aliases=[(one, known.source_words(one.source)) for one in page.case.person.aliases.order_by("name")],
        conflicts=[line for line in conflicts if not line.decided],
        decided=[line for line in conflicts if line.decided],
        reports=case_identity.reports_of(page),
        representatives=case_representatives.panel_of(page),
        household=page.family,
        household_hidden=_others_hidden(page),
        address=_address(page),
        may_open_address=_has_protected_address(page),
    )


def _facts_of_case(page: OpenCase) -> list[tuple[str, object]]:
    """What follows from the identity, or stands with the case: no facts of the register."""
    case = page.case
    return [
        (_("Age"), age_text(case.person)),
        (_("Country"), country_name(case.person.nationality)),
        (_("Special group"), case.get_special_group_display()),
        (_("Ground of the case"), case.get_ground_display()),
    ]


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
