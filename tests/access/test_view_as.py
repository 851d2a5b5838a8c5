"""Bekijk als: what another unit would see, by the same rules, to read only, and never more than the looker sees."""

import pytest
from django.test import Client

from cases.case.access import access_of, looking_as, stand_in
from cases.case.actions import add_task, lock_case
from cases.case.models import Part, ReturnCase, TaskKind
from cases.case.openings import set_exception
from leidraad.lib.display import v_number
from leidraad.lib.models import Event
from partners.models import Role
from tests.access.ways import part_of, url
from tests.cast import Cast, sign_in
from tests.factories import at_site, involve, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))


def seen_as(client: Client, case: ReturnCase, unit_code: str, role: str) -> str:
    address = f"{url(case, 'access')}{part_of(case, unit_code).pk}/bekijken/{role}/"
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().split("<main")[1]


@pytest.mark.parametrize(
    ("username", "role"),
    [
        ("casemanager", "reception_case_manager"),
        ("coa_manager", "coa_manager"),
        ("coa_receptie", "reception_desk"),
    ],
)
def test_a_stand_in_has_the_rights_of_a_colleague_in_that_role(
    cast: Cast, case: ReturnCase, username: str, role: str
) -> None:
    real = access_of(getattr(cast, username), case)
    played = access_of(stand_in(unit("azc-veenmeer"), Role.objects.get(code=role)), case)

    assert (played.involvements[0].part, played.granted, played.exceptions) == (
        real.involvements[0].part, real.granted, real.exceptions
    )  # fmt: skip
    for section in ("identity", "address", "residence", "presence", "plan", "talks", "custody", "medical", "history"):
        assert played.can(f"{section}.view") == real.can(f"{section}.view"), section


def test_the_page_shows_what_that_role_sees_with_a_band_and_without_acts(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)

    text = seen_as(client, case, "azc-veenmeer", "reception_desk")

    page = client.get(
        f"{url(case, 'access')}{part_of(case, 'azc-veenmeer').pk}/bekijken/reception_desk/"
    ).content.decode()
    assert "U bekijkt deze zaak als receptie, COA azc Veenmeer. U kunt hier niets wijzigen." in page
    assert "identiteit, aanwezigheid." in text
    assert "Afgeschermd" in text  # the axes that a reception desk does not see
    assert 'method="post"' not in text
    for act in ("next-step", "phase", "close", "access-share", "removability"):
        assert url(case, act) not in page


def test_an_exception_shows_at_once_in_the_view(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    number = v_number(case.person.v_number)
    address = f"{url(case, 'access')}{part_of(case, 'azc-veenmeer').pk}/bekijken/reception_case_manager/"
    assert str(number) in client.get(address).content.decode()

    set_exception(
        case, unit("azc-veenmeer"), "identity", allowed=False, until=None, by=cast.regievoerder, reason="Dreiging"
    )

    assert case.person.surname.upper() not in client.get(address).content.decode().upper()


def test_it_shows_nothing_that_the_looker_does_not_see(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("iom-noord"), Part.ASSISTED, "consent")
    somebody = stand_in(unit("iom-noord"), Role.objects.get(code="counsellor"))
    theirs, own = access_of(somebody, case), access_of(cast.regievoerder, case)

    seen = looking_as(theirs, own)

    assert theirs.can("iom_content.view")
    assert not own.can("iom_content.view")
    assert not seen.can("iom_content.view")
    assert seen.can("assisted_departure.view")
    assert not seen.can("assisted_departure.change")


def test_what_belongs_to_the_unit_itself_is_not_shown(cast: Cast, case: ReturnCase, client: Client) -> None:
    add_task(lock_case(case), unit("azc-veenmeer"), TaskKind.OTHER, "Kamer 12 leegmaken", by=cast.casemanager)
    sign_in(client, cast.regievoerder)

    assert "Kamer 12 leegmaken" not in seen_as(client, case, "azc-veenmeer", "reception_case_manager")


def test_each_view_is_logged_with_the_role_that_was_taken(cast: Cast, case: ReturnCase, client: Client) -> None:
    seen_as(sign_in(client, cast.regievoerder), case, "azc-veenmeer", "coa_manager")

    event = Event.objects.get(route="cases:view-as")
    assert (event.case_number, event.detail) == (case.number, {"viewed_as": "azc-veenmeer coa_manager"})


def test_only_units_and_roles_that_take_part_exist_and_only_for_the_responsible_unit(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    other = involve(led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION)
    own, foreign = part_of(case, "azc-veenmeer").pk, part_of(other, "avim-noord").pk
    base = url(case, "access")
    sign_in(client, cast.regievoerder)

    for address in (
        f"{base}{foreign}/bekijken/supervision_officer/",
        f"{base}{own}/bekijken/supervision_officer/",
        f"{base}{part_of(case, 'dtv-noord-2').pk}/bekijken/dtv_manager/",
    ):
        assert client.get(address).status_code == 404, address
    assert sign_in(client, cast.casemanager).get(f"{base}{own}/bekijken/coa_manager/").status_code == 403
