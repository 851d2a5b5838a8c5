"""*Vertrek* on screen: who sees what of it, what the guards say before the button, what was known then, and incidents."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.departure import actions
from cases.departure.actions import Left
from cases.departure.models import Departure
from cases.departure.states import State
from cases.terms.authorising import Held
from cases.terms.guards.known import Topic
from cases.terms.models import Act, Incident, IncidentReply, KeptJudgement, Purpose
from leidraad.lib import clock
from leidraad.lib.marks import mark
from partners.models import Member
from tests.cast import Cast, member_of, sign_in
from tests.departure.leaving import (
    WHY,
    booked,
    fresh,
    in_days,
    permitted,
    prepared,
    reasons_for,
    refused_for_good,
    stated,
)
from tests.factories import at_site, involve, unit
from tests.procedure.law import COUNTRY, decided, in_procedure, refusing

pytestmark = pytest.mark.django_db


def read(member: Member, url: str, status: int = 200) -> str:
    response = sign_in(Client(), member).get(url)
    assert response.status_code == status
    return response.content.decode()


def page_url(case: ReturnCase) -> str:
    return reverse("cases:departure", args=[case.number])


def act_url(row: Departure, name: str) -> str:
    return reverse(f"cases:departure-{name}", args=[row.case.number, row.pk])


def send(member: Member, url: str, **data: Any) -> Any:
    """What the form of this page sends, with the version that it was drawn from."""
    client = sign_in(Client(), member)
    form = client.get(url).context["form"]
    hidden = {name: form[name].value() for name in form.fields if form[name].is_hidden}
    return client.post(url, hidden | data)


def test_a_regievoerder_prepares_and_books_and_another_lets_it_go_ahead(cast: Cast) -> None:
    case = refused_for_good(cast)
    plan = {"act": "forced_removal", "destination": COUNTRY, "leaves_on": f"{in_days(7):%d-%m-%Y}", "by_air": "air"}
    url = reverse("cases:departure-prepare", args=[case.number])
    assert send(cast.regievoerder, url, **plan).status_code == 302
    row = Departure.objects.select_related("case").get(case=case)
    assert send(cast.regievoerder, act_url(row, "book"), reason_G31=WHY).status_code == 302
    assert send(cast.ua, act_url(row, "permit"), reason_G31=WHY).status_code == 302
    page = read(cast.regievoerder, page_url(case))
    assert mark("ok", "Mag doorgaan") in page
    assert "Wat bekend was toen dit werd besloten" in page


def test_a_warning_without_a_reason_books_nothing(cast: Cast) -> None:
    row = prepared(cast)
    answer = send(cast.regievoerder, act_url(row, "book"))
    assert answer.status_code == 422
    assert "Schrijf waarom het toch mag doorgaan." in answer.content.decode()
    assert fresh(row).state == State.PREPARED


def test_what_is_blocked_has_no_button_and_is_refused_when_it_is_sent_nevertheless(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=3, told=2))
    row = prepared(cast, case)
    page = read(cast.regievoerder, act_url(row, "book"))
    assert "Niemand kan een blokkade voorbijgaan" in page
    assert 'type="submit">Vertrek boeken' not in page
    reasons = {f"reason_G{number:02}": WHY for number in range(1, 32)}
    answer = send(cast.regievoerder, act_url(row, "book"), **reasons)
    assert answer.status_code == 422
    assert "Alleen een nieuw feit kan dat veranderen" in answer.content.decode()
    assert fresh(row).state == State.PREPARED


def test_coa_reads_the_day_of_a_booking_and_neither_journey_nor_reason(cast: Cast) -> None:
    case = at_site(refused_for_good(cast), unit("azc-veenmeer"))
    row = prepared(cast, case)
    assert "Er is geen vertrek gepland." in read(cast.casemanager, page_url(case))
    actions.book(row, {"G31": WHY}, by=cast.regievoerder)
    page = read(cast.casemanager, page_url(case))
    assert "Geboekt" in page
    for hidden in ("AH 1234", "Algerije", "Gedwongen", WHY, "Wat werd beoordeeld", "G31"):
        assert hidden not in page


@pytest.mark.parametrize("username", ["politie", "vwn", "gemeente"])
def test_who_may_not_know_the_day_gets_no_page_and_no_link(cast: Cast, username: str) -> None:
    case = booked(cast).case
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    involve(case, cast.vwn.acting_unit, Part.SUPPORT, InvolvementGround.CONSENT)
    involve(case, cast.gemeente.acting_unit, Part.MUNICIPAL)
    member = getattr(cast, username)
    read(member, page_url(case), 403)
    assert page_url(case) not in read(member, reverse("cases:detail", args=[case.number]))


def test_what_was_known_then_stays_readable_after_it_changed(cast: Cast) -> None:
    case = refused_for_good(cast)
    row = booked(cast, case)
    assert row.judgement is not None
    stated(cast, case, Topic.PROSECUTOR, "refused")
    page = read(cast.regievoerder, reverse("cases:judgement", args=[case.number, row.judgement.pk]))
    assert "Er staat niets open, of de officier van justitie stemt in." in page
    assert "zonder instemming van de officier" not in page
    assert WHY in page
    assert "M. Hofstra" in page


def test_who_may_not_see_a_section_reads_no_finding_about_it(cast: Cast) -> None:
    case = refused_for_good(cast)
    stated(cast, case, Topic.FITNESS, "unfit")
    row = prepared(cast, case)
    with pytest.raises(Held):
        actions.book(row, {"G31": WHY}, by=cast.regievoerder)
    kept = KeptJudgement.objects.get(case=case)
    url = reverse("cases:judgement", args=[case.number, kept.pk])
    assert "#G15" in read(cast.regievoerder, url)
    other = read(cast.manager, url)
    assert "#G15" not in other
    assert "ongeschikt" not in other.lower()
    assert "<dt>Tegengehouden</dt><dd>1</dd>" in other


def test_a_judgement_of_another_case_is_not_found_under_this_one(cast: Cast) -> None:
    mine, other = refused_for_good(cast), booked(cast).case
    kept = KeptJudgement.objects.get(case=other, purpose=Purpose.BOOK)
    read(cast.regievoerder, reverse("cases:judgement", args=[mine.number, kept.pk]), 404)


def test_the_page_shows_the_ten_newest_judgements_and_leads_to_all_of_them(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = refused_for_good(cast)
    row = booked(cast, case)
    all_url = reverse("cases:judgements", args=[case.number])
    for _again in range(9 - KeptJudgement.objects.filter(case=case).count() + 1):
        row = rebooked(row, cast)
    assert KeptJudgement.objects.filter(case=case).count() == 10
    assert all_url not in read(cast.regievoerder, page_url(case))

    rebooked(row, cast)
    monkeypatch.setattr("leidraad.pages.departure.page.PAGE", 6)
    page = read(cast.regievoerder, page_url(case))
    oldest = reverse("cases:judgement", args=[case.number, KeptJudgement.objects.filter(case=case).earliest("pk").pk])
    assert all_url in page
    assert oldest not in page
    client = sign_in(Client(), cast.regievoerder)
    first = client.get(all_url)
    second = client.get(all_url, {"after": first.context["page"].next_token})
    assert [len(one.context["lines"]) for one in (first, second)] == [6, 5]
    assert oldest in second.content.decode()
    assert second.context["page"].next_token is None


def rebooked(row: Departure, cast: Cast) -> Departure:
    row = actions.withdraw(row, "Nog eens", by=cast.regievoerder)
    return actions.book(row, reasons_for(actions.book, row, cast.regievoerder), by=cast.regievoerder)


# --- what happened --------------------------------------------------------------------------------------------------


def gone(cast: Cast) -> Incident:
    """Removed although unfit to travel, as the departure officer recorded."""
    case = refused_for_good(cast)
    stated(cast, case, Topic.FITNESS, "unfit")
    actions.record_left(case, Left(Act.FORCED_REMOVAL, COUNTRY, clock.today()), by=cast.ua)
    found: Incident = Incident.objects.get(case=case)
    return found


def incident_url(incident: Incident) -> str:
    return reverse("incidents:detail", args=[incident.pk])


def test_both_units_read_an_incident_that_names_no_person_and_answer_it_once(cast: Cast) -> None:
    incident = gone(cast)
    page = read(cast.ua, incident_url(incident))
    assert incident.case.person.surname not in page
    for member in (cast.ua, cast.manager):
        assert sign_in(Client(), member).post(incident_url(incident), {"text": "Dit ging mis."}).status_code == 302
    again = sign_in(Client(), cast.ua).post(incident_url(incident), {"text": "Nog eens."})
    assert again.status_code == 422
    assert IncidentReply.objects.filter(incident=incident).count() == 2
    assert not incident.case.tasks.open().filter(source=f"incident:{incident.pk}").exists()


def test_the_regievoerder_reads_an_incident_and_answers_for_nobody(cast: Cast) -> None:
    incident = gone(cast)
    assert "Antwoord vastleggen" not in read(cast.regievoerder, incident_url(incident))
    assert sign_in(Client(), cast.regievoerder).post(incident_url(incident), {"text": "x"}).status_code == 403


def test_others_find_no_incident(cast: Cast) -> None:
    incident = gone(cast)
    for member in (cast.politie_teamchef, cast.coa_manager, member_of(unit("dtv-zuid-1"), "dtv_manager")):
        read(member, incident_url(incident), 404)


def test_history_and_activity_say_who_let_it_go_ahead(cast: Cast) -> None:
    case = permitted(cast).case
    page = read(cast.regievoerder, reverse("cases:activity", args=[case.number]))
    assert "heeft akkoord gegeven voor een vertrek." in page
    history = read(cast.regievoerder, reverse("cases:history", args=[case.number]))
    assert "Mag doorgaan" in history


def test_a_case_closes_as_forced_departure_only_after_that_was_recorded(cast: Cast) -> None:
    case = refused_for_good(cast)
    url = reverse("cases:close", args=[case.number])
    answer = send(cast.regievoerder, url, outcome="departed_forced", reason="Vertrokken", confirm="yes")
    assert "Leg eerst onder" in answer.content.decode()
    assert not ReturnCase.objects.get(pk=case.pk).is_closed
