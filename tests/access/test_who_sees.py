"""S24: everybody who has the case reads why they see it, and who else does, as far as they may know that."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case
from cases.case.models import NamedAccess, Part, ReturnCase, SectionException
from cases.case.telling import TELLING
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from tests.access.ways import DAY, page_of, url
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, consented, involve, led_case, second_unit, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """With everybody in it whose presence tells something, and who does not tell anything."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    involve(case, unit("ind-noord"), Part.DECISION, "law")
    involve(case, unit("kmar-maasvliet"), Part.ESCORT)
    involve(case, unit("dc-maasvliet"), Part.CUSTODY, "law")
    involve(case, unit("iom-noord"), Part.ASSISTED, "consent")
    return case


def organisations_on(client: Client, case: ReturnCase) -> set[str]:
    rows = client.get(url(case, "access")).context["rows"]
    return {row.organisation for row in rows}


def test_ones_own_access_stands_first_in_a_sentence_with_part_ground_and_since(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    text = page_of(sign_in(client, cast.casemanager), case)

    sentence = "U ziet deze zaak als casemanager van COA azc Veenmeer, omdat uw eenheid er een rol in heeft: opvang."
    assert sentence in text
    assert "De grond is: locatie." in text
    assert text.index("Uw eigen toegang") < text.index("Functies en wat zij mogen zien")


def test_the_responsible_unit_reads_every_unit_with_its_roles_and_their_sections(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    rows = sign_in(client, cast.regievoerder).get(url(case, "access")).context["rows"]

    by_unit = {row.unit: row for row in rows}
    assert set(by_unit) == {
        "Team Noord 2", "azc Veenmeer", "AVIM Noord", unit("ind-noord").name, unit("kmar-maasvliet").name,
        unit("dc-maasvliet").name, unit("iom-noord").name,
    }  # fmt: skip
    desk = {role.role: role.sections for role in by_unit["azc Veenmeer"].roles}
    assert "identiteit, aanwezigheid" in desk.values()
    assert rows[0].unit == "Team Noord 2"


@pytest.mark.parametrize(
    ("username", "seen", "hidden"),
    [
        ("casemanager", {"DT&V", "COA", "Politie", "IND", "IOM"}, {"KMar", "DJI"}),
        ("coa_manager", {"DT&V", "COA", "Politie", "IND", "IOM", "KMar", "DJI"}, set()),
        ("ind", {"DT&V", "COA", "Politie", "IND", "IOM"}, {"KMar", "DJI"}),
        ("politie", {"DT&V", "COA", "Politie", "IND", "KMar", "DJI"}, {"IOM"}),
        ("coa_receptie", {"DT&V", "COA"}, {"Politie", "IND", "KMar", "DJI", "IOM"}),
        ("kmar", {"DT&V", "KMar"}, {"COA", "Politie", "IND", "DJI", "IOM"}),
        ("dji", {"DT&V", "DJI"}, {"COA", "Politie", "IND", "KMar", "IOM"}),
        ("iom", {"DT&V", "IOM"}, {"COA", "Politie", "IND", "KMar", "DJI"}),
    ],
)
def test_a_partner_reads_no_organisation_whose_presence_tells_what_they_may_not_know(
    cast: Cast, case: ReturnCase, client: Client, username: str, seen: set[str], hidden: set[str]
) -> None:
    sign_in(client, getattr(cast, username))

    found = organisations_on(client, case)

    assert found == seen
    assert not found & hidden
    main = page_of(client, case).split("<main")[1]
    for name in hidden:
        assert f">{name}<" not in main


def test_partners_read_organisations_and_neither_units_nor_persons(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    involve(case, second_unit("avim-elders", "avim-noord"), Part.SUPERVISION)
    rows = sign_in(client, cast.casemanager).get(url(case, "access")).context["rows"]
    text = page_of(client, case).split("<main")[1]

    units = {(row.organisation, row.unit) for row in rows}
    assert units == {("DT&V", "Team Noord 2"), ("COA", "azc Veenmeer"), ("Politie", ""), ("IND", ""), ("IOM", "")}
    for name in ("AVIM Noord", "Avim-Elders", "Terpstra", "Sanders"):
        assert name not in text


def test_sensitive_sections_of_others_are_named_only_to_who_may_view_them(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    rows = sign_in(client, cast.casemanager).get(url(case, "access")).context["rows"]
    text = " ".join(role.sections for row in rows if not row.is_own for role in row.roles)
    for name in ("medische gegevens", "bewaring", "beschermd adres", "risico"):
        assert name not in text
    assert "vertrekplan" in text

    assert "medische gegevens" in page_of(sign_in(client, cast.regievoerder), case)


def test_every_part_whose_presence_tells_has_its_reason() -> None:
    assert set(TELLING) == {
        Part.BOOKING, Part.DEPARTURE, Part.ESCORT, Part.CUSTODY, Part.TRANSPORT, Part.ASSISTED
    }  # fmt: skip
    for telling in TELLING.values():
        assert str(telling.reason).endswith(".")


def test_each_look_is_logged(cast: Cast, case: ReturnCase, client: Client) -> None:
    page_of(sign_in(client, cast.politie), case)

    event = Event.objects.filter(kind=EventKind.READ, route="cases:access").get()
    assert (event.case_number, event.member_name) == (case.number, "J. Terpstra")


def test_the_side_menu_and_the_footer_lead_to_the_page(cast: Cast, case: ReturnCase, client: Client) -> None:
    text = sign_in(client, cast.coa_receptie).get(url(case, "detail")).content.decode()

    assert text.count(f'href="{url(case, "access")}"') >= 2
    assert "Waarom zie ik deze zaak?" in text


def test_exceptions_names_and_consents_of_others_are_not_on_a_partners_page(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    narrowed = SectionException(
        case=case, unit=unit("avim-noord"), section="presence", allowed=False, reason="Alleen het adres telt"
    )
    save_as(narrowed, by=PRINCIPAL)
    named = NamedAccess(
        member=cast.politie, case=case, unit=unit("avim-noord"), section="protected_address", ground="Ophalen",
        since=clock.now(), until=clock.now() + DAY,
    )  # fmt: skip
    save_as(named, by=PRINCIPAL)
    consented(case, "vwn")

    theirs = page_of(sign_in(client, cast.casemanager), case)
    own = page_of(sign_in(client, cast.politie), case)
    leads = page_of(sign_in(client, cast.regievoerder), case)

    def police(client: Client) -> str:
        rows = client.get(url(case, "access")).context["rows"]
        return " ".join(role.sections for row in rows if row.organisation == "Politie" for role in row.roles)

    # That the section is shielded for the police cannot be read off their row either.
    assert "aanwezigheid" in police(sign_in(client, cast.casemanager))
    assert "aanwezigheid" not in police(sign_in(client, cast.regievoerder))
    for hidden in ("Alleen het adres telt", "Ophalen", "Toestemming betrokkene", "VluchtelingenWerk"):
        assert hidden not in theirs
        assert (hidden in leads) or hidden == "VluchtelingenWerk"
    assert "Ophalen" in own
    assert "afgeschermd" in own
    assert "Alleen het adres telt" not in own


def test_an_exception_that_has_expired_is_absent(cast: Cast, case: ReturnCase, client: Client) -> None:
    narrowed = SectionException(
        case=case,
        unit=unit("azc-veenmeer"),
        section="address",
        allowed=False,
        reason="Tijdelijk",
        until=clock.now() + DAY,
    )
    save_as(narrowed, by=PRINCIPAL)
    sign_in(client, cast.regievoerder)

    assert "Tijdelijk" in page_of(client, case)
    with clock.as_if(clock.now() + 2 * DAY):
        sign_in(client, cast.regievoerder)
        assert "Tijdelijk" not in page_of(client, case)


def test_more_units_cost_no_more_queries(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    def count() -> int:
        page_of(client, case)
        with CaptureQueriesContext(connection) as seen:
            page_of(client, case)
        return len(seen)

    few = count()
    for number in range(8):
        involve(case, second_unit(f"avim-{number}", "avim-noord"), Part.SUPERVISION)

    assert count() == few


def test_of_a_closed_case_the_responsible_unit_still_reads_everything_and_changes_nothing(
    cast: Cast, client: Client
) -> None:
    case = led_case(cast.regievoerder)
    consented(case, "iom")
    close_case(case, "departed_independently", by=cast.regievoerder, reason="exit")

    text = page_of(sign_in(client, cast.regievoerder), case)

    assert "Toestemming betrokkene:" in text
    for act in ("access-share", "named-give", "consent"):
        assert f'href="{url(case, act)}"' not in text
