"""Places as a form offers them and as lists show them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.case.access import Access
from cases.case.models import Address, ProtectedAddress, ReturnCase
from cases.requests.actions import Place
from cases.requests.models import PlaceKind, Request, RequestKind, ServiceArea
from partners.models import Unit

OTHER = "other"


@dataclass(frozen=True)
class KnownPlace:
    """A place that the case already knows, as one choice of the form."""

    key: str
    label: str
    place: Place


def known_places(case: ReturnCase, access: Access) -> list[KnownPlace]:
    """Where the person may be, as far as this viewer may know. A protected address is not offered to others at all."""
    found: list[KnownPlace] = []
    if case.residence_unit is not None and access.can("residence.view"):
        site = case.residence_unit
        found.append(KnownPlace(PlaceKind.SITE, site_line(site), Place(PlaceKind.SITE, site)))
    address = Address.objects.filter(case=case, until=None).first() if access.can("address.view") else None
    if address is not None:
        place = Place(PlaceKind.ADDRESS, None, address.street, address.city)
        found.append(KnownPlace(PlaceKind.ADDRESS, str(address), place))
    if access.can("protected_address.view") and ProtectedAddress.objects.filter(case=case, until=None).exists():
        found.append(KnownPlace(PlaceKind.PROTECTED, _("Protected address"), Place(PlaceKind.PROTECTED)))
    return found


def site_line(site: Unit) -> str:
    return ", ".join(part for part in (site.name, site.street, site.city) if part)


def city_of(place: Place) -> str:
    return place.unit.city if place.unit else place.city


def proposed_unit(kind: RequestKind, place: Place | None) -> Unit | None:
    """The unit of the right organisation that works where the person should be; nobody when that is not known."""
    found = unit_working_in(city_of(place), kind.answered_by.code) if place is not None else None
    if found is not None:
        return found
    only = list(Unit.objects.valid().filter(organisation_id=kind.answered_by_id)[:2])
    return only[0] if len(only) == 1 else None


def unit_working_in(city: str, organisation: str) -> Unit | None:
    """The unit of the organisation whose area this town belongs to; nobody when that is not recorded."""
    if not city:
        return None
    units = Unit.objects.valid().of(organisation)
    areas = ServiceArea.objects.valid().filter(unit__in=units, city__iexact=city)
    area: ServiceArea | None = areas.select_related("unit__organisation").order_by("unit__name").first()
    return area.unit if area else None


def place_line(request: Request) -> str:
    """The place in one line. A protected address is no more than that it is one."""
    if request.place_kind == PlaceKind.PROTECTED:
        return _("Protected address")
    parts = (request.place_unit.name if request.place_unit else "", request.place_text, request.place_city)
    return ", ".join(part for part in parts if part)
