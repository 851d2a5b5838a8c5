"""Emergency access: a named role, a reason, an hour, to read only; the director is told, the auditor reads every opening."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases.case.access import access_of, may
from cases.case.emergency import open_emergency
from cases.case.models import CaseGrant, Involvement, NamedAccess, ReturnCase
from cases.case.openings import end_named
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.models import Event, EventKind
from partners.models import Membership, Notice
from tests.access.ways import DAY, HOUR, page_of, url
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import closed_case, led_case

pytestmark = pytest.mark.django_db

FORM = "pages:emergency"


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return led_case(cast.regievoerder2)


def tried(client: Client, number: str, reason: str = "Dreigt met zelfdoding") -> Any:
    return client.post(reverse(FORM), {"number": number, "reason": reason})


def test_it_opens_the_stated_sections_for_an_hour_and_closes_by_itself(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.politie_teamchef)
    assert client.get(url(case, "detail")).status_code == 404

    opened = tried(client, case.number)

    assert opened["Location"] == url(case, "detail")
    assert client.get(url(case, "detail")).status_code == 200
    access = access_of(cast.politie_teamchef, case)
    for section in ("identity", "address", "presence", "risk"):
        assert access.can(f"{section}.view"), section
    for section in ("plan", "talks", "medical", "protected_address", "decisions", "custody", "history"):
        assert not access.can(f"{section}.view"), section
    with clock.as_if(clock.now() + HOUR):
        assert sign_in(Client(), cast.politie_teamchef).get(url(case, "detail")).status_code == 404
        assert not may(cast.politie_teamchef, "identity.view", case)


def test_it_only_reads(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.politie_teamchef)
    tried(client, case.number)

    access = access_of(cast.politie_teamchef, case)
    assert not [verb for verb in ("change", "close", "share", "assign") if access.can(f"case.{verb}")]
    for name in ("next-step", "phase", "close", "assign", "access-share", "consent"):
        assert client.post(url(case, name), {}).status_code == 403, name
    assert client.get(url(case, "history")).status_code == 403


def test_nobody_else_of_the_unit_gets_in_and_no_grant_is_written(cast: Cast, case: ReturnCase) -> None:
    grants, parts = CaseGrant.objects.count(), Involvement.objects.count()

    open_emergency(case.number, by=cast.politie_teamchef, reason="x")

    assert (CaseGrant.objects.count(), Involvement.objects.count()) == (grants, parts)
    assert not ReturnCase.objects.visible_to(cast.politie).exists()
    assert list(ReturnCase.objects.visible_to(cast.politie_teamchef)) == [case]
    assert not CaseGrant.grants.listed_for(cast.politie_teamchef).exists()


def test_the_director_is_told_at_once_and_reads_who_why_and_until_when(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    open_emergency(case.number, by=cast.politie_teamchef, reason="Dreigt met zelfdoding")

    notice = Notice.objects.get(kind="emergency_opened")
    text = page_of(sign_in(client, cast.regievoerder2), case)
    assert (notice.member, notice.url_name) == (cast.regievoerder2, "cases:access")
    assert "W. Dijkstra" in text
    assert "Dreigt met zelfdoding" in text
    own = page_of(sign_in(Client(), cast.politie_teamchef), case)
    assert "U ziet deze zaak door noodtoegang" in own


def test_roles_without_it_can_not_even_ask(cast: Cast, case: ReturnCase, client: Client) -> None:
    for username in ("regievoerder", "politie", "casemanager", "auditor", "beheer", "kmar"):
        member = getattr(cast, username)
        assert tried(sign_in(client, member), case.number).status_code == 403, username
        with pytest.raises(NotAllowed):
            open_emergency(case.number, by=member, reason="x")
    assert not NamedAccess.objects.exists()


def test_unknown_and_closed_numbers_get_the_same_answer_and_every_try_is_logged(cast: Cast, client: Client) -> None:
    closed = closed_case(cast.regievoerder2)
    sign_in(client, cast.politie_teamchef)

    pages = [tried(client, number) for number in ("Z-2026-999999", closed.number, closed.person.v_number, "niets")]

    assert [page.status_code for page in pages] == [422] * 4
    errors = {str(page.context["form"].non_field_errors()) for page in pages}
    assert len(errors) == 1
    tries = Event.objects.filter(route=FORM, kind=EventKind.REFUSED, detail__act="emergency")
    assert tries.count() == 4
    assert {event.purpose for event in tries} == {"Dreigt met zelfdoding"}


def test_after_five_misses_in_an_hour_a_right_number_opens_nothing_either(cast: Cast, case: ReturnCase) -> None:
    for number in range(5):
        with pytest.raises(NotPossible):
            open_emergency(f"Z-2026-99999{number}", by=cast.politie_teamchef, reason="x")

    with pytest.raises(NotPossible):
        open_emergency(case.number, by=cast.politie_teamchef, reason="x")
    with clock.as_if(clock.now() + 2 * HOUR):
        open_emergency(case.number, by=cast.politie_teamchef, reason="x")


def test_a_whole_v_number_opens_too_and_a_part_of_it_does_not(cast: Cast, case: ReturnCase) -> None:
    number = case.person.v_number

    with pytest.raises(NotPossible):
        open_emergency(number[:7], by=cast.politie_teamchef, reason="x")
    assert open_emergency(number, by=cast.politie_teamchef, reason="x") == case


def test_opening_twice_gives_no_longer_time(cast: Cast, case: ReturnCase) -> None:
    open_emergency(case.number, by=cast.politie_teamchef, reason="x")
    rows = NamedAccess.objects.count()

    with clock.as_if(clock.now() + HOUR / 2):
        open_emergency(case.number, by=cast.politie_teamchef, reason="nog eens")

    assert NamedAccess.objects.count() == rows
    assert Notice.objects.filter(kind="emergency_opened").count() == 1


def test_a_member_who_stays_in_hand_loses_the_case_when_the_hour_is_over(cast: Cast, case: ReturnCase) -> None:
    chief = cast.politie_teamchef
    open_emergency(case.number, by=chief, reason="x")
    assert list(ReturnCase.objects.visible_to(chief)) == [case]

    with clock.as_if(clock.now() + HOUR):
        assert not ReturnCase.objects.visible_to(chief).exists()


def test_after_the_hour_a_new_reason_opens_a_new_hour(cast: Cast, case: ReturnCase) -> None:
    open_emergency(case.number, by=cast.politie_teamchef, reason="x")
    rows = NamedAccess.objects.count()

    with clock.as_if(clock.now() + 2 * HOUR):
        open_emergency(case.number, by=cast.politie_teamchef, reason="nog steeds")
        assert list(ReturnCase.objects.visible_to(cast.politie_teamchef)) == [case]

    assert NamedAccess.objects.count() == 2 * rows
    assert Notice.objects.filter(kind="emergency_opened").count() == 2


def test_a_case_of_ones_own_needs_no_emergency(cast: Cast, client: Client) -> None:
    own = led_case(cast.regievoerder)
    sign_in(client, cast.manager)

    response = tried(client, own.number)

    assert response["Location"] == url(own, "detail")
    assert not NamedAccess.objects.exists()


def test_it_ends_with_the_role_that_gave_it(cast: Cast, case: ReturnCase) -> None:
    open_emergency(case.number, by=cast.politie_teamchef, reason="x")
    membership = Membership.objects.get(member=cast.politie_teamchef)
    membership.role = Membership.objects.get(member=cast.politie).role
    save_as(membership, by=PRINCIPAL)

    assert not ReturnCase.objects.visible_to(cast.politie_teamchef).exists()
    assert not may(cast.politie_teamchef, "case.view", case)


def test_the_responsible_unit_ends_it_before_its_time(cast: Cast, case: ReturnCase) -> None:
    open_emergency(case.number, by=cast.politie_teamchef, reason="x")
    one = NamedAccess.objects.filter(section="identity").get()

    end_named(one, by=cast.regievoerder2, reason="Misverstand")

    assert not ReturnCase.objects.visible_to(cast.politie_teamchef).exists()
    assert not NamedAccess.objects.running().exists()


def test_auditor_and_privacy_officer_read_every_opening_and_no_content(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    open_emergency(case.number, by=cast.politie_teamchef, reason="Dreigt met zelfdoding")

    for member in (cast.auditor, cast.privacy):
        text = sign_in(client, member).get(reverse("pages:emergency-review")).content.decode()
        for shown in (case.number, "W. Dijkstra", "Dreigt met zelfdoding", "nu open"):
            assert shown in text
        assert case.person.surname not in text
        assert url(case, "detail") not in text
    with clock.as_if(clock.now() + 2 * DAY):
        text = sign_in(Client(), cast.auditor).get(reverse("pages:emergency-review")).content.decode()
        assert case.number in text
        assert "nu open" not in text


def test_a_whole_case_is_never_opened_by_name_otherwise(cast: Cast, case: ReturnCase) -> None:
    values: dict[str, Any] = {"section": "case", "ground": "x", "since": clock.now(), "until": clock.now() + DAY}

    with pytest.raises(IntegrityError, match="named_access_case_only_in_emergency"), transaction.atomic():
        save_as(NamedAccess(member=cast.politie_teamchef, case=case, **values), by=PRINCIPAL)
    # A row for a role that has no emergency access opens nothing.
    save_as(NamedAccess(member=cast.politie, case=case, kind="emergency", **values), by=PRINCIPAL)
    assert not ReturnCase.objects.visible_to(cast.politie).exists()
    assert not may(cast.politie, "case.view", case)
