"""Exceptions for a unit and access by name: they take effect on the next request and end by themselves."""

import pytest
from django.test import Client

from cases.case.access import may
from cases.case.grants import end_involvement
from cases.case.models import NamedAccess, Part, ProtectedAddress, ReturnCase, SectionException
from cases.case.openings import end_named, lift_exception, name_member, set_exception
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Membership, Notice
from tests.access.ways import DAY, confirmed, day, page_of, part_of, url
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import at_site, involve, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    return involve(case, unit("avim-noord"), Part.SUPERVISION)


def as_member(username: str) -> Membership:
    return Membership.objects.select_related("member", "unit__organisation", "role").get(member__username=username)


# --- exceptions -----------------------------------------------------------------------------------------------------


def test_narrowing_shields_the_section_for_the_unit_and_lifting_brings_it_back(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)
    address = url(case, "access-exception", part_of(case, "azc-veenmeer").pk)

    confirmed(client, address, section="address", effect="narrow", until="", reason="Dreiging")
    assert not may(cast.casemanager, "address.view", case)
    assert may(cast.politie, "address.view", case)
    one = SectionException.objects.get()
    confirmed(client, url(case, "access-lift", one.pk), reason="Dreiging voorbij")

    assert may(cast.casemanager, "address.view", case)
    kinds = list(Notice.objects.filter(unit=unit("azc-veenmeer")).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["section_narrowed", "exception_lifted"]
    reasons = list(one.history.order_by("history_id").values_list("history_change_reason", flat=True))
    assert reasons == ["Dreiging", "Dreiging voorbij"]
    assert client.get(url(case, "access-lift", one.pk)).status_code == 404


def test_narrowing_takes_the_right_to_change_as_well(cast: Cast, case: ReturnCase) -> None:
    assert may(cast.casemanager, "presence.change", case)

    narrow(cast, case, "presence")

    assert not may(cast.casemanager, "presence.change", case)


def narrow(cast: Cast, case: ReturnCase, section: str, **more: object) -> SectionException:
    values = {"allowed": False, "until": None, "by": cast.regievoerder, "reason": "test"} | more
    return set_exception(case, unit("azc-veenmeer"), section, **values)  # type: ignore[arg-type]


def test_the_preview_says_for_each_role_what_changes(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    sent = {"section": "address", "effect": "narrow", "reason": "Dreiging"}

    preview = client.post(url(case, "access-exception", part_of(case, "azc-veenmeer").pk), sent).context["preview"]

    # The reception desk never saw the address: for it nothing changes.
    assert {(change.gets, change.loses) for change in preview.changes} == {("", "adres")}
    assert len(preview.changes) == 2


def test_a_widening_opens_a_section_to_the_unit_until_its_last_day(cast: Cast, case: ReturnCase) -> None:
    until = clock.now() + DAY
    set_exception(
        case, unit("azc-veenmeer"), "documents", allowed=True, until=until, by=cast.regievoerder, reason="Eén brief"
    )

    assert may(cast.casemanager, "documents.view", case)
    assert not may(cast.casemanager, "documents.change", case)
    with clock.as_if(until + DAY):
        assert not may(cast.casemanager, "documents.view", case)


def test_sensitive_sections_and_talks_are_never_opened_to_a_whole_unit(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)
    address = url(case, "access-exception", part_of(case, "azc-veenmeer").pk)

    for section in ("medical", "risk", "protected_address", "iom_content", "talks"):
        response = client.post(address, {"section": section, "effect": "widen", "reason": "x", "confirm": "yes"})
        assert response.status_code == 422, section
        assert "alleen op naam" in response.content.decode()
    assert not SectionException.objects.exists()


def test_what_is_no_section_or_no_unit_of_the_case_is_refused(cast: Cast, case: ReturnCase, client: Client) -> None:
    with pytest.raises(NotPossible):
        narrow(cast, case, "case")
    with pytest.raises(NotPossible, match="doet niet mee"):
        set_exception(
            case, unit("kmar-maasvliet"), "identity", allowed=False, until=None, by=cast.regievoerder, reason="x"
        )
    with pytest.raises(NotPossible, match="verantwoordelijke"):
        set_exception(
            case, unit("dtv-noord-2"), "identity", allowed=False, until=None, by=cast.regievoerder, reason="x"
        )
    with pytest.raises(NotPossible, match="na vandaag"):
        narrow(cast, case, "identity", until=clock.now() - DAY)
    with pytest.raises(NotAllowed):
        narrow(cast, case, "identity", by=cast.casemanager)


def test_when_a_units_last_part_ends_what_was_opened_to_it_does_not_come_back_with_a_later_part(
    cast: Cast, case: ReturnCase
) -> None:
    police = unit("avim-noord")
    set_exception(case, police, "documents", allowed=True, until=None, by=cast.regievoerder, reason="x")
    name_member(case, as_member("politie"), "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x")
    set_exception(case, police, "presence", allowed=False, until=None, by=cast.regievoerder, reason="x")

    end_involvement(part_of(case, "avim-noord"), by=cast.regievoerder, reason="klaar")
    involve(case, police, Part.SUPERVISION)

    assert not may(cast.politie, "documents.view", case)
    assert not may(cast.politie, "talks.view", case)
    assert not may(cast.politie, "presence.view", case)


def test_an_exception_or_a_name_of_another_case_does_not_exist_under_this_one(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    other = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    foreign = narrow(cast, other, "address")
    named = name_member(
        other, as_member("casemanager"), "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x"
    )
    sign_in(client, cast.regievoerder)

    assert client.post(url(case, "access-lift", foreign.pk), {"reason": "x", "confirm": "y"}).status_code == 404
    assert client.post(url(case, "named-end", named.pk), {"reason": "x", "confirm": "y"}).status_code == 404
    assert not may(cast.casemanager, "address.view", other)
    assert may(cast.casemanager, "talks.view", other)


# --- access by name -------------------------------------------------------------------------------------------------


def test_a_protected_address_opens_to_the_named_officer_only_and_only_while_it_lasts(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    address = ProtectedAddress(case=case, street="Geheimpad 1", city="Elders", source="COA", since=clock.today())
    save_as(address, by=PRINCIPAL)
    sign_in(client, cast.regievoerder)
    officer = as_member("politie")

    confirmed(
        client, url(case, "named-give"), member=officer.pk, section="protected_address", until=day(1), reason="Ophalen"
    )

    door = url(case, "protected-address")
    named = sign_in(Client(), cast.politie)
    assert "Geheimpad 1" not in named.get(door).content.decode()
    assert "Geheimpad 1" in named.post(door, {"purpose": "Ophalen"}).content.decode()
    assert sign_in(Client(), cast.politie_teamchef).get(door).status_code == 403
    assert Notice.objects.get(member=cast.politie).kind == "named_given"
    with clock.as_if(clock.now() + 2 * DAY):
        assert sign_in(Client(), cast.politie).get(door).status_code == 403


def test_coa_never_opens_a_protected_address_not_even_by_name(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    sent = {
        "member": as_member("casemanager").pk, "section": "protected_address", "until": day(1), "reason": "x",
        "confirm": "yes",
    }  # fmt: skip

    response = client.post(url(case, "named-give"), sent)

    assert response.status_code == 422
    assert "geeft dit onderdeel niet, ook niet op naam" in response.content.decode()
    # A row that came about in another way opens nothing either.
    stray = NamedAccess(
        member=cast.casemanager, case=case, section="protected_address", ground="x", since=clock.now(),
        until=clock.now() + DAY,
    )  # fmt: skip
    save_as(stray, by=PRINCIPAL)
    assert not may(cast.casemanager, "protected_address.view", case)


def test_a_member_of_a_unit_that_takes_no_part_cannot_be_named(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    sent = {"member": as_member("kmar").pk, "section": "talks", "until": day(1), "reason": "x", "confirm": "yes"}

    assert client.post(url(case, "named-give"), sent).status_code == 422
    assert not NamedAccess.objects.exists()
    with pytest.raises(NotPossible):
        name_member(case, as_member("kmar"), "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x")


def test_access_by_name_holds_while_the_member_works_for_that_unit(cast: Cast, case: ReturnCase) -> None:
    officer = as_member("politie")
    name_member(case, officer, "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x")
    assert may(cast.politie, "talks.view", case)

    officer.valid_from, officer.valid_until = clock.today() - 3 * DAY, clock.today() - DAY
    save_as(officer, by=PRINCIPAL)

    assert not may(cast.politie, "talks.view", case)


def test_access_by_name_is_ended_by_the_opposite_act(cast: Cast, case: ReturnCase, client: Client) -> None:
    named = name_member(case, as_member("politie"), "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x")
    sign_in(client, cast.regievoerder)
    assert "Toegang op naam" in page_of(client, case)

    confirmed(client, url(case, "named-end", named.pk), reason="Niet meer nodig")

    assert not may(cast.politie, "talks.view", case)
    assert Notice.objects.filter(member=cast.politie, kind="named_ended").exists()
    with pytest.raises(NotPossible):
        end_named(named, by=cast.regievoerder, reason="nog eens")


def test_nothing_is_opened_for_ever_or_twice(cast: Cast, case: ReturnCase) -> None:
    officer = as_member("politie")

    with pytest.raises(NotPossible, match="binnen een jaar"):
        name_member(case, officer, "talks", until=clock.now() + 400 * DAY, by=cast.regievoerder, reason="x")
    name_member(case, officer, "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x")
    with pytest.raises(NotPossible, match="al"):
        name_member(case, officer, "talks", until=clock.now() + DAY, by=cast.regievoerder, reason="x")


def test_partners_open_nothing_for_themselves(cast: Cast, case: ReturnCase) -> None:
    one = narrow(cast, case, "address")

    for member in (cast.casemanager, cast.coa_manager, cast.politie_teamchef):
        with pytest.raises(NotAllowed):
            lift_exception(one, by=member, reason="x")
        with pytest.raises(NotAllowed):
            name_member(case, as_member("politie"), "talks", until=clock.now() + DAY, by=member, reason="x")
    with pytest.raises(ReturnCase.DoesNotExist):
        lift_exception(one, by=member_of(unit("dtv-zuid-1"), "dtv_manager"), reason="x")
