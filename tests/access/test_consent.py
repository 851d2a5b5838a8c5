"""Consent of the person switches sharing on and off: withdrawn, the party sees nothing from the next request on."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.access import may
from cases.case.consents import give_consent, withdraw_consent
from cases.case.models import CaseGrant, Consent, HowGiven, Involvement, Part, ReturnCase
from cases.case.search import Query, find
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice, Organisation
from tests.access.ways import DAY, confirmed, day, page_of, url
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import consented, involve, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return led_case(cast.regievoerder)


def iom() -> Organisation:
    return Organisation.objects.get(code="iom")


def test_consent_is_recorded_with_its_original_and_shown_with_its_date(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)

    confirmed(
        client, url(case, "consent"), party="iom", given_on=day(0), how="signed_application",
        original_at="Papieren dossier", scope="Alleen reisgegevens",
    )  # fmt: skip

    consent = Consent.objects.get()
    text = page_of(client, case)
    assert (consent.party, consent.recorded_by_unit) == (iom(), unit("dtv-noord-2"))
    assert "Toestemming betrokkene:" in text
    assert "Alleen reisgegevens" in text
    # It shares nothing by itself.
    assert not ReturnCase.objects.visible_to(cast.iom).exists()


def test_withdrawing_ends_the_parts_on_it_everywhere_at_the_next_request(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    involve(case, unit("iom-noord"), Part.ASSISTED, "consent")
    counsellor = sign_in(Client(), cast.iom)
    assert counsellor.get(url(case, "detail")).status_code == 200
    sign_in(client, cast.regievoerder)
    address = url(case, "consent-withdraw", Consent.objects.get().pk)

    preview = client.post(address, {"withdrawn_on": day(0), "reason": "Brief"})
    confirmed(client, address, withdrawn_on=day(0), reason="Brief van de betrokkene")

    assert [change.organisation for change in preview.context["preview"].changes] == ["IOM"]
    assert counsellor.get(url(case, "detail")).status_code == 404
    assert counsellor.get("/zaken/").context["rows"] == []
    assert not find(cast.iom, Query(case.number))
    assert not find(cast.iom, Query(case.person.surname))
    assert not CaseGrant.objects.filter(content_object=case, group=unit("iom-noord").group).exists()
    assert not Involvement.objects.running().filter(case=case, part=Part.ASSISTED).exists()
    assert Notice.objects.filter(unit=unit("iom-noord"), kind="consent_withdrawn").count() == 1
    assert case.person.surname not in counsellor.get(reverse("pages:notices")).content.decode()
    assert "ingetrokken op" in page_of(client, case)


def test_the_ground_alone_gives_nothing_without_running_consent(cast: Cast, case: ReturnCase, client: Client) -> None:
    """Also when the part itself was never ended: the condition is the consent, not the word in the involvement."""
    involve(case, unit("iom-noord"), Part.ASSISTED, "consent")
    assert may(cast.iom, "iom_content.view", case)
    consent = Consent.objects.get()
    consent.withdrawn_on = clock.today()
    save_as(consent, by=PRINCIPAL)

    assert Involvement.objects.running().filter(case=case, part=Part.ASSISTED).exists()
    for capability in ("case.view", "identity.view", "iom_content.view", "assisted_departure.change"):
        assert not may(cast.iom, capability, case), capability
    listed = sign_in(client, cast.iom)
    assert case.person.surname.upper() not in listed.get("/zaken/").content.decode().upper()
    assert list(listed.get("/zaken/?sort=name").context["rows"]) == []
    assert listed.get(url(case, "detail")).status_code == 403


def test_consent_for_one_party_opens_nothing_for_another(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("vwn-veenmeer"), Part.SUPPORT, "consent")
    vwn = Consent.objects.get()
    consented(case, "iom")

    withdraw_consent(vwn, withdrawn_on=clock.today(), by=cast.regievoerder, reason="x")

    assert not ReturnCase.objects.visible_to(cast.vwn).exists()


def test_the_party_itself_may_record_that_consent_was_withdrawn(cast: Cast, case: ReturnCase, client: Client) -> None:
    involve(case, unit("iom-noord"), Part.ASSISTED, "consent")
    involve(case, unit("vwn-veenmeer"), Part.SUPPORT, "consent")
    own = Consent.objects.get(party=iom())
    others = Consent.objects.exclude(pk=own.pk).get()
    sign_in(client, cast.iom)
    sent = {"withdrawn_on": day(0), "reason": "Aan de balie"}

    assert "VluchtelingenWerk" not in page_of(client, case)
    assert client.post(url(case, "consent-withdraw", others.pk), {**sent, "confirm": "yes"}).status_code == 404
    gone = client.post(url(case, "consent-withdraw", own.pk), {**sent, "confirm": "yes"})

    assert gone["Location"] == "/zaken/"
    own.refresh_from_db()
    assert own.withdrawn_on == clock.today()
    assert Notice.objects.filter(member=cast.regievoerder, kind="consent_withdrawn").count() == 1
    assert may(cast.vwn, "case.view", case)
    with pytest.raises(NotAllowed):
        give_consent(case, iom(), given_on=clock.today(), how=HowGiven.SPOKEN, original_at="x", by=cast.vwn)
    with pytest.raises(ReturnCase.DoesNotExist):
        withdraw_consent(others, withdrawn_on=clock.today(), by=cast.regievoerder2, reason="x")


def test_whether_consent_exists_is_not_told_to_who_may_not_know(cast: Cast, case: ReturnCase, client: Client) -> None:
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    there = consented(case, "iom")
    sign_in(client, cast.politie)

    answers = {client.get(url(case, "consent-withdraw", pk)).status_code for pk in (there.pk, 999_999)}

    assert answers == {403}
    assert "Toestemming" not in page_of(client, case).split("<main")[1]
    # The record is told to the responsible unit, and to nobody who may not know of it.
    history = client.get(url(case, "history")).content.decode()
    assert there.original_at not in history
    assert there.original_at in sign_in(client, cast.regievoerder).get(url(case, "history")).content.decode()


def test_dates_and_parties_that_make_no_sense_are_refused(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    good = {"party": "iom", "given_on": day(0), "how": "spoken", "original_at": "x", "confirm": "yes"}

    assert client.post(url(case, "consent"), good | {"given_on": day(1)}).status_code == 422
    assert client.post(url(case, "consent"), good | {"party": "police"}).status_code == 422
    assert not Consent.objects.exists()
    consent = consented(case, "iom")
    with pytest.raises(NotPossible):
        withdraw_consent(consent, withdrawn_on=clock.today() + DAY, by=cast.regievoerder, reason="x")
    with pytest.raises(NotPossible):
        withdraw_consent(consent, withdrawn_on=clock.today() - DAY, by=cast.regievoerder, reason="x")
    assert client.post(url(case, "consent"), good).status_code == 422
    with pytest.raises(NotPossible, match="al vastgelegd"):
        give_consent(case, iom(), given_on=clock.today(), how=HowGiven.SPOKEN, original_at="x", by=cast.manager)


def test_consent_of_another_case_does_not_exist_under_this_one(cast: Cast, case: ReturnCase, client: Client) -> None:
    other = led_case(cast.regievoerder)
    foreign = consented(other, "iom")
    sign_in(client, cast.regievoerder)

    sent = {"withdrawn_on": day(0), "reason": "x", "confirm": "yes"}
    assert client.post(url(case, "consent-withdraw", foreign.pk), sent).status_code == 404
    foreign.refresh_from_db()
    assert foreign.withdrawn_on is None


def test_after_withdrawing_new_consent_can_be_given_and_the_old_one_stays_on_record(
    cast: Cast, case: ReturnCase
) -> None:
    withdraw_consent(consented(case, "iom"), withdrawn_on=clock.today(), by=cast.regievoerder, reason="x")

    give_consent(case, iom(), given_on=clock.today(), how=HowGiven.SPOKEN, original_at="Verslag", by=cast.regievoerder)

    assert Consent.objects.filter(case=case).count() == 2
    assert Consent.objects.running().count() == 1
