"""The responsible unit shares a case and ends it: who may have which part is data, and everybody concerned is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from cases.case.access import may
from cases.case.actions import add_task, lock_case
from cases.case.models import Involvement, Part, ReturnCase, TaskKind
from cases.case.sharing import end_share, share_case
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from partners.sharing import Sharing, sharing_of
from tests.access.ways import confirmed, part_of, url
from tests.cast import Cast, sign_in
from tests.factories import at_site, consented, involve, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return led_case(cast.regievoerder)


def way(organisation: str, part: str, ground: str) -> Sharing:
    found = sharing_of(organisation, part, ground)
    assert found is not None
    return found


SUPERVISION = ("police", "supervision", "task")


def test_sharing_shows_first_what_the_unit_will_see_and_then_opens_it(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)
    values = {"part": "police.supervision.task", "unit": unit("avim-noord").pk, "reason": "Adres controleren"}

    preview = client.post(url(case, "access-share"), values)
    assert not ReturnCase.objects.visible_to(cast.politie).exists()
    after = confirmed(client, url(case, "access-share"), **values)

    changes = {change.who: change for change in preview.context["preview"].changes}
    assert len(changes) == 2
    for change in changes.values():
        assert change.gets.startswith("de zaak, met: identiteit, adres")
        assert "vertrekgesprekken" not in change.gets
        assert change.loses == ""
    assert "De zaak is nu gedeeld met Politie AVIM Noord." in after.content.decode()
    assert may(cast.politie, "identity.view", case)
    assert Notice.objects.get(unit=unit("avim-noord"), kind="case_shared").case_id == case.pk
    started = part_of(case, "avim-noord").history.get()
    assert (started.history_user, started.history_change_reason) == (cast.regievoerder, "Adres controleren")


def test_a_unit_of_another_organisation_cannot_have_the_part(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    values = {"part": "kmar.escort.task", "unit": unit("avim-noord").pk, "reason": "x", "confirm": "yes"}

    response = client.post(url(case, "access-share"), values)

    assert response.status_code == 422
    assert "Deze eenheid kan die rol niet hebben." in response.content.decode()
    with pytest.raises(NotPossible):
        share_case(case, unit("avim-noord"), way("kmar", "escort", "task"), by=cast.regievoerder, reason="x")


def test_a_part_that_is_not_in_the_table_cannot_be_sent(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    for part in ("police.lead.task", "coa.reception.location", "vwn.support.task", "['a']", ""):
        sent = {"part": part, "unit": unit("avim-noord").pk, "reason": "x", "confirm": "yes"}
        assert client.post(url(case, "access-share"), sent).status_code == 422, part
    assert Involvement.objects.running().filter(case=case).count() == 1


def test_consent_must_run_before_sharing_on_that_ground(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    values = {"part": "iom.assisted.consent", "unit": unit("iom-noord").pk, "reason": "Wil met IOM vertrekken"}

    refused = client.post(url(case, "access-share"), values)
    consented(case, "vwn")
    still = client.post(url(case, "access-share"), {**values, "confirm": "yes"})
    consented(case, "iom")
    confirmed(client, url(case, "access-share"), **values)

    for response in (refused, still):
        assert response.status_code == 422
        assert "geen lopende toestemming" in response.content.decode()
    assert may(cast.iom, "assisted_departure.view", case)


def test_ending_shows_who_loses_what_and_closes_at_the_next_request(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    officer = sign_in(Client(), cast.politie)
    assert officer.get(url(case, "detail")).status_code == 200
    sign_in(client, cast.regievoerder)
    address = url(case, "access-end", part_of(case, "avim-noord").pk)

    preview = client.post(address, {"reason": "Taak klaar"})
    assert officer.get(url(case, "detail")).status_code == 200
    confirmed(client, address, reason="Taak klaar")

    assert all(change.loses.startswith("de zaak, met:") for change in preview.context["preview"].changes)
    assert officer.get(url(case, "detail")).status_code == 404
    assert Notice.objects.filter(unit=unit("avim-noord"), kind="share_ended").count() == 1
    ended = Involvement.objects.get(case=case, part=Part.SUPERVISION)
    assert ended.end_reason == "Taak klaar"
    assert client.get(address).status_code == 404


def test_what_was_ended_can_be_shared_again(cast: Cast, case: ReturnCase) -> None:
    first = share_case(case, unit("avim-noord"), way(*SUPERVISION), by=cast.regievoerder, reason="Controle")
    end_share(first, by=cast.regievoerder, reason="Klaar")

    share_case(case, unit("avim-noord"), way(*SUPERVISION), by=cast.regievoerder, reason="Toch weer")

    assert may(cast.politie, "case.view", case)


def test_the_leads_own_part_and_what_follows_from_a_stay_are_not_ended_here(cast: Cast, case: ReturnCase) -> None:
    at_site(case, unit("azc-veenmeer"))

    with pytest.raises(NotPossible, match="verantwoordelijke eenheid"):
        end_share(part_of(case, "dtv-noord-2"), by=cast.regievoerder, reason="x")
    with pytest.raises(NotPossible, match="volgt uit"):
        end_share(part_of(case, "azc-veenmeer"), by=cast.regievoerder, reason="x")
    assert may(cast.casemanager, "case.view", case)


def test_a_unit_with_open_work_keeps_the_case(cast: Cast, case: ReturnCase, client: Client) -> None:
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    add_task(lock_case(case), unit("avim-noord"), TaskKind.OTHER, "Huisbezoek", by=cast.regievoerder)
    sign_in(client, cast.regievoerder)

    refused = client.post(url(case, "access-end", part_of(case, "avim-noord").pk), {"reason": "x", "confirm": "yes"})

    assert refused.status_code == 422
    assert "nog 1 open taak" in refused.content.decode()
    assert may(cast.politie, "case.view", case)


def test_only_the_responsible_unit_shares_and_ends(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    involve(case, unit("ind-noord"), Part.DECISION, "law")

    for member in (cast.politie, cast.ind):
        with pytest.raises(NotAllowed):
            share_case(case, unit("kmar-maasvliet"), way("kmar", "escort", "task"), by=member, reason="x")
        with pytest.raises(NotAllowed):
            end_share(part_of(case, "ind-noord"), by=member, reason="x")
    with pytest.raises(ReturnCase.DoesNotExist):
        share_case(case, unit("kmar-maasvliet"), way("kmar", "escort", "task"), by=cast.regievoerder2, reason="x")


def test_a_part_of_another_case_does_not_exist_under_this_one(cast: Cast, case: ReturnCase, client: Client) -> None:
    other = involve(led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION)
    foreign = part_of(other, "avim-noord").pk
    sign_in(client, cast.regievoerder)

    for name in ("access-end", "access-exception"):
        sent = {"reason": "x", "section": "presence", "effect": "narrow", "confirm": "yes"}
        assert client.post(url(case, name, foreign), sent).status_code == 404
    assert may(cast.politie, "presence.view", other)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_share_the_same_at_once_one_starts_the_part(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    people = [cast.regievoerder, cast.manager]

    def attempt(number: int) -> str:
        try:
            share_case(case, unit("avim-noord"), way(*SUPERVISION), by=people[number], reason="Controle")
        except NotPossible as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(attempt, range(2)))

    assert answers[0] == ""
    assert "heeft deze rol in de zaak al" in answers[1]
    assert Involvement.objects.running().filter(case=case, part=Part.SUPERVISION).count() == 1
    assert Notice.objects.filter(kind="case_shared").count() == 1
