"""S9 and S10 in the browser's terms: who gets which page, what stands on it, and what a late or stale answer reads."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.case.access import access_of
from cases.case.history_page import case_history
from cases.case.models import Household, ProtectedAddress
from handover.actions import accept_handover, offer_many, return_handover, withdraw
from handover.models import Handover
from handover.states import Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import at_site, person, received_case, unit
from tests.handover import hand

pytestmark = pytest.mark.django_db

ACTS = ["accept", "return", "query", "answer", "withdraw", "offer-again"]


def page(client: Client, member: Member, name: str, handover: Handover | None = None, query: str = "") -> str:
    args = [handover.pk] if handover else []
    response = sign_in(client, member).get(reverse(f"handover:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def status_of(client: Client, member: Member, name: str, handover: Handover) -> int:
    return sign_in(client, member).get(reverse(f"handover:{name}", args=[handover.pk])).status_code


# --- doors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["detail", "history", *ACTS])
@pytest.mark.parametrize("who", ["regievoerder", "casemanager", "politie_teamchef", "dia", "auditor", "beheer"])
def test_for_whoever_is_not_of_the_two_sides_an_offer_does_not_exist(
    client: Client, cast: Cast, name: str, who: str
) -> None:
    assert status_of(client, getattr(cast, who), name, hand.offered()) == 404


@pytest.mark.parametrize("name", ["accept", "return", "query"])
def test_a_colleague_without_the_answering_role_reads_which_right_is_missing(
    client: Client, cast: Cast, name: str
) -> None:
    handover, colleague = hand.opened(cast), member_of(cast.ilc, "case_director")

    assert status_of(client, colleague, "detail", handover) == 200
    assert status_of(client, colleague, name, handover) == 403
    assert status_of(client, cast.ind, name, handover) == 403


def test_the_sender_does_not_see_what_another_unit_of_its_organisation_sent(client: Client, cast: Cast) -> None:
    handover = hand.offered(received_case(led_by=unit("avim-zuid")), kind="found")

    assert status_of(client, cast.politie_teamchef, "detail", handover) == 404


def test_who_became_responsible_reads_the_handover_and_a_former_lead_does_not(client: Client, cast: Cast) -> None:
    handover = hand.accepted(cast)

    assert status_of(client, cast.regievoerder, "detail", handover) == 200
    assert status_of(client, cast.regievoerder2, "detail", handover) == 404
    assert status_of(client, cast.ind, "detail", handover) == 200


def test_the_list_is_closed_to_roles_that_have_no_handovers(client: Client, cast: Cast) -> None:
    assert sign_in(client, cast.dia).get(reverse("handover:inbox")).status_code == 403


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_desk_reads_what_arrived_by_age_with_the_detained_first(client: Client, cast: Cast) -> None:
    with patch("leidraad.lib.clock.now", return_value=clock.now() - timedelta(days=8)):
        hand.offered(received_case(person(surname="Oudste")), states={"lawyer": "absent"})
    hand.offered(received_case(person(surname="Nieuwste")))
    hand.offered(received_case(person(surname="Vastzit")), kind="detained")

    html = page(client, cast.intake, "inbox")

    order = ["Vastgehouden", "VASTZIT", "Een week of langer geleden", "OUDSTE", "Vandaag aangeboden", "NIEUWSTE"]
    places = [html.index(word) for word in order]
    assert places == sorted(places)
    assert "18 van 19 aanwezig" in html
    assert "Beoordelen" in html


def test_nothing_offered_says_so(client: Client, cast: Cast) -> None:
    assert "Geen overdrachten voor uw team." in page(client, cast.intake, "inbox")


def test_the_list_is_filtered_by_sender_ground_and_lateness(client: Client, cast: Cast) -> None:
    hand.offered(received_case(person(surname="Vanind")))
    hand.offered(
        received_case(person(surname="Vanavim"), led_by=unit("avim-noord"), ground="criminal"), kind="offender"
    )

    by_sender = page(client, cast.intake, "inbox", query="?sender=police")
    by_ground = page(client, cast.intake, "inbox", query="?ground=asylum_refused")
    late = page(client, cast.intake, "inbox", query="?late=on")

    assert "VANAVIM" in by_sender
    assert "VANIND" not in by_sender
    assert "VANIND" in by_ground
    assert "VANAVIM" not in by_ground
    assert "Verwijder een filter" in late


def test_the_sender_reads_first_what_came_back(client: Client, cast: Cast) -> None:
    hand.offered(received_case(person(surname="Wachtend")))
    hand.returned(cast, received_case(person(surname="Terugkomer")))
    hand.queried(cast, received_case(person(surname="Vraagteken")))

    html = page(client, cast.ind, "inbox")

    order = ["U bent aan de beurt", "TERUGKOMER", "VRAAGTEKEN", "WACHTEND"]
    places = [html.index(word) for word in order]
    assert places == sorted(places)
    assert "Onvolledig: er ontbreken stukken" in html


def test_a_thousand_offers_are_paged_and_the_count_is_capped(client: Client, cast: Cast) -> None:
    offer_many([hand.new_offer() for _ in range(60)], by=PRINCIPAL)
    with patch("handover.listing.capped_count") as count:
        count.return_value = "1000+"

        first = page(client, cast.intake, "inbox")

    assert "1000+" in first
    assert first.count("Beoordelen") == 50
    token = first.split("?after=")[1].split('"')[0]
    assert page(client, cast.intake, "inbox", query=f"?after={token}").count("Beoordelen") == 10


@pytest.mark.parametrize("who", ["intake", "ind"])
def test_the_list_asks_as_many_queries_for_many_offers_as_for_few(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries, who: str
) -> None:
    sign_in(client, getattr(cast, who))
    counts = []
    for _ in range(2):
        offer_many([hand.new_offer() for _ in range(15)], by=PRINCIPAL)
        with django_assert_max_num_queries(9) as asked:
            assert client.get(reverse("handover:inbox")).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


# --- one handover --------------------------------------------------------------------------------------------------


def test_the_receiver_reads_whose_turn_it_is_the_gaps_first_and_what_the_dossier_states(
    client: Client, cast: Cast
) -> None:
    case = received_case()
    dossier = hand.dossier(case, lawyer="mr. Wilmont", departure_period_days=28)
    handover = hand.offered(case, dossier=dossier, dossier_version=1, states={"entry_ban": "absent"})

    html = page(client, cast.intake, "detail", handover)

    assert "DT&amp;V Intake (ILC) is aan de beurt" in html
    assert "blijft IND Team Terugkeer Noord verantwoordelijk" in html
    assert html.index("Inreisverbod, of geen") < html.index("Vertrektermijn")
    assert "mr. Wilmont" in html
    assert "28 dagen" in html
    assert Handover.objects.get(pk=handover.pk).opened_by == cast.intake
    assert Event.objects.filter(kind=EventKind.READ, case_id=case.pk, route="handover:detail").exists()


def test_reading_by_the_sender_or_a_colleague_without_the_role_does_not_count_as_opening(
    client: Client, cast: Cast
) -> None:
    handover = hand.offered()

    page(client, cast.ind, "detail", handover)
    page(client, member_of(cast.ilc, "case_director"), "detail", handover)

    assert Handover.objects.get(pk=handover.pk).opened_at is None


@pytest.mark.parametrize("name", ["detail", "accept", "history"])
def test_a_protected_address_is_nowhere_on_the_pages_of_an_offer(client: Client, cast: Cast, name: str) -> None:
    site = unit("azc-veenmeer")
    case = received_case(residence_unit=site)
    secret = ProtectedAddress(case=case, street="Geheimlaan 1", city="Nergens", source="IND", since=clock.today())
    save_as(secret, by=PRINCIPAL)
    dossier = hand.dossier(
        case, address_protected=True, address="Geheimlaan 1", place="Nergens", location="azc Veenmeer"
    )
    handover = hand.opened(cast, case, dossier=dossier, dossier_version=1)

    html = page(client, cast.intake, name, handover)

    for told in ("Geheimlaan", "Nergens", "Veenmeer", "beschermd"):
        assert told not in html


def test_flags_are_named_as_present_and_not_opened_before_acceptance(client: Client, cast: Cast) -> None:
    case = received_case()
    handover = hand.offered(case, dossier=hand.dossier(case, flags=["suicide", "medisch"]), dossier_version=1)

    html = page(client, cast.intake, "detail", handover)

    assert "zichtbaar na het aannemen" in html
    assert "medisch<" not in html


def test_after_acceptance_the_sender_reads_its_copy_and_no_director(client: Client, cast: Cast) -> None:
    case = received_case(person(surname="Vroeger"))
    dossier = hand.dossier(case, lawyer="mr. Wilmont")
    handover = hand.accepted(cast, case, dossier=dossier, dossier_version=1)
    case.person.surname = "Later"
    save_as(case.person, by=PRINCIPAL)

    html = page(client, cast.ind, "detail", handover)
    heard = page(client, cast.ind, "inbox", query="?tab=antwoord")

    assert "VROEGER" in html
    assert "LATER" not in html + heard
    assert "mr. Wilmont" in html
    assert "DT&amp;V Team Noord 2" in html
    assert str(cast.regievoerder) not in html


def test_after_acceptance_the_desk_no_longer_reads_the_facts(client: Client, cast: Cast) -> None:
    case = received_case()
    handover = hand.accepted(cast, case, dossier=hand.dossier(case, lawyer="mr. Wilmont"), dossier_version=1)

    assert "mr. Wilmont" not in page(client, cast.intake, "detail", handover)
    assert "mr. Wilmont" in page(client, cast.regievoerder, "detail", handover)


def test_all_rounds_stand_on_the_page_with_what_changed(client: Client, cast: Cast) -> None:
    from handover.actions import NewItem, offer_again

    former = hand.returned(cast, states={"lawyer": "absent"})
    again = offer_again(former, items=[NewItem("lawyer", "present")], by=cast.ind)

    html = page(client, cast.ind, "detail", again)

    assert html.index("Ronde 2") < html.index("Ronde 1")
    assert "Gemachtigde: was ontbreekt, is nu aanwezig" in html
    assert "Het besluit ontbreekt." in html
    assert "Open de nieuwste ronde" in page(client, cast.ind, "detail", former)


def test_a_household_is_shown_together(client: Client, cast: Cast) -> None:
    home = save_as(Household(supplier="IND", key="G1"), by=PRINCIPAL)
    one = hand.offered(received_case(person(surname="Moeder"), household=home))
    hand.offered(received_case(person(surname="Kind"), household=home))

    assert "KIND" in page(client, cast.intake, "detail", one)


def test_one_handover_asks_as_many_queries_with_many_steps_as_with_few(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from handover.actions import answer_query, query

    handover = hand.opened(cast)
    sign_in(client, cast.intake)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(11) as asked:
            assert client.get(reverse("handover:detail", args=[handover.pk])).status_code == 200
        counts.append(len(asked))
        for _ in range(3):
            answer_query(query(handover, "Waar?", by=cast.intake), "Hier.", by=cast.ind)

    assert counts[0] == counts[1]


def test_the_history_names_field_was_now_who_and_hides_the_director_from_the_sender(client: Client, cast: Cast) -> None:
    handover = hand.accepted(cast)

    for_desk = page(client, cast.intake, "history", handover)
    for_sender = page(client, cast.ind, "history", handover)

    assert "Aangenomen" in for_desk
    assert str(cast.intake) in for_sender
    assert str(cast.regievoerder) in for_desk
    assert str(cast.regievoerder) not in for_sender
    assert "Afgeschermd" in for_sender


# --- the acts ------------------------------------------------------------------------------------------------------


def send(client: Client, member: Member, name: str, handover: Handover, **data: str) -> tuple[int, str]:
    address = reverse(f"handover:{name}", args=[handover.pk])
    values = {"version": str(handover.version), "seen": "0", **data}
    response = sign_in(client, member).post(address, values, follow=True)
    return response.status_code, response.content.decode()


def assignee(director: Member) -> str:
    return f"{director.acting_unit_id}:{director.pk}"


def test_the_clerk_accepts_on_a_page_that_says_who_is_told(client: Client, cast: Cast) -> None:
    handover = hand.opened(cast, received_case(residence_unit=unit("azc-veenmeer")))

    before = page(client, cast.intake, "accept", handover)
    status, after = send(client, cast.intake, "accept", handover, assignee=assignee(cast.regievoerder))

    assert "Dit gaat naar" in before
    assert "Krijgt inzage in de zaak, omdat de persoon daar verblijft." in before
    assert '<optgroup label="Team Noord 2">' in before
    assert status == 200
    assert "De regievoerder heeft een melding gekregen." in after
    assert Handover.objects.get(pk=handover.pk).director == cast.regievoerder


def test_without_a_choice_the_page_says_what_to_choose(client: Client, cast: Cast) -> None:
    status, html = send(client, cast.intake, "accept", hand.opened(cast))

    assert status == 422
    assert "Kies wie de regievoerder wordt." in html


def test_a_proposal_follows_the_household_and_then_the_place(client: Client, cast: Cast) -> None:
    home, site = save_as(Household(supplier="IND", key="G1"), by=PRINCIPAL), unit("azc-veenmeer")
    hand.accepted(cast, received_case(household=home, residence_unit=site))

    of_household = page(client, cast.intake, "accept", hand.opened(cast, received_case(household=home)))
    of_place = page(client, cast.intake, "accept", hand.opened(cast, received_case(residence_unit=site)))

    assert "Daar is een gezinslid al aangenomen." in of_household
    assert f'value="{assignee(cast.regievoerder)}" selected' in of_household
    assert "De laatste zaak uit azc Veenmeer ging daarheen." in of_place


def test_an_answer_that_comes_too_late_reads_who_was_first(client: Client, cast: Cast) -> None:
    handover, second = hand.opened(cast), member_of(cast.ilc, "intake_clerk", "tweede")
    director = cast.regievoerder
    accept_handover(handover, team=director.acting_unit, director=director, by=cast.intake)

    status, html = send(client, second, "accept", handover, assignee=assignee(cast.regievoerder2))

    assert status == 200
    assert f"{cast.intake} heeft deze overdracht al aangenomen." in html
    assert Handover.objects.get(pk=handover.pk).director == director


def test_an_answer_to_a_withdrawn_offer_reads_that_it_was_withdrawn(client: Client, cast: Cast) -> None:
    handover = hand.offered()
    withdraw(handover, "Verkeerd.", by=cast.ind)

    _status, html = send(client, cast.intake, "return", handover, reason="other", text="Nee.")

    assert "IND" not in html.split("ingetrokken.")[0][-5:]
    assert "heeft deze overdracht ingetrokken. Antwoorden kan niet meer." in html


def test_a_stale_page_writes_nothing_keeps_the_input_and_shows_what_happened(client: Client, cast: Cast) -> None:
    from handover.actions import Revision, revise_many

    handover = hand.opened(cast)
    revise_many([Revision(handover, 2, hand.checklist({"language": "absent"}))], by=PRINCIPAL)

    status, html = send(client, cast.intake, "return", handover, reason="other", text="Mijn uitleg.")

    assert status == 409
    assert "Mijn uitleg." in html
    assert "Gebeurd sinds u deze pagina opende" in html
    assert "Taal: was aanwezig, is nu ontbreekt" in html
    assert Handover.objects.get(pk=handover.pk).status == Status.OFFERED
    again = Handover.objects.get(pk=handover.pk)
    assert send(client, cast.intake, "return", again, reason="other", text="Mijn uitleg.")[0] == 200


def test_the_clerk_returns_with_a_text_per_item(client: Client, cast: Cast) -> None:
    handover = hand.opened(cast, states={"lawyer": "absent"})

    send(client, cast.intake, "return", handover, reason="incomplete", text="Vul aan.", item_lawyer="Wie?")

    assert Handover.objects.get(pk=handover.pk).status == Status.RETURNED
    assert "Wie?" in page(client, cast.ind, "detail", handover)


def test_question_answer_and_a_new_round_by_the_pages(client: Client, cast: Cast) -> None:
    handover = hand.opened(cast, states={"lawyer": "absent"})

    send(client, cast.intake, "query", handover, text="Wie is de gemachtigde?")
    asked = Handover.objects.get(pk=handover.pk)
    assert "Wie is de gemachtigde?" in page(client, cast.ind, "answer", asked)
    send(client, cast.ind, "answer", asked, text="mr. Test.", state_lawyer="present", text_lawyer="")
    answered = Handover.objects.get(pk=handover.pk)
    assert (answered.status, answered.items_present) == (Status.OFFERED, 19)

    back = return_handover(answered, "other", "Toch niet.", by=cast.intake)
    status, _html = send(client, cast.ind, "offer-again", back, text="Nu wel.")
    assert status == 200
    assert Handover.objects.get(case=handover.case, round_number=2).status == Status.OFFERED


def test_offering_again_without_a_mandatory_item_says_which_one_is_missing(client: Client, cast: Cast) -> None:
    back = hand.returned(cast, states={"nationality": "absent"})

    status, html = send(client, cast.ind, "offer-again", back, text="Nog eens.")

    assert status == 422
    assert "Dit ontbreekt: Nationaliteit" in html
    assert Handover.objects.filter(case=back.case).count() == 1


# --- the case page -------------------------------------------------------------------------------------------------


def test_the_handovers_of_a_case_are_for_the_two_sides_and_whoever_may_read_them_there(cast: Cast) -> None:
    site = unit("azc-veenmeer")
    handover = hand.accepted(cast, received_case(residence_unit=site))
    case = handover.case

    def seen(member: Member) -> list[tuple[int, bool]]:
        return [(one.pk, one.opens) for one in Handover.objects.of_case(case, member)]

    assert seen(cast.regievoerder) == seen(cast.intake) == seen(cast.ind) == [(handover.pk, True)]
    assert seen(cast.casemanager) == [(handover.pk, False)]
    assert seen(cast.regievoerder2) == seen(cast.casemanager2) == []


def test_what_the_two_sides_wrote_is_not_in_the_history_of_the_case_for_others(cast: Cast) -> None:
    handover = hand.opened(cast, received_case(residence_unit=unit("azc-veenmeer")))
    texts = {"return_decision": "Medisch dossier ontbreekt"}
    return_handover(handover, "incomplete", "Vraag het aan de arts.", item_texts=texts, by=cast.intake)
    hand.accepted(cast, handover.case)

    def said(member: Member) -> set[str]:
        case = handover.case
        case.refresh_from_db()
        return {str(change.now) for change in case_history(case, access_of(member, case)).changes}

    written = {"Vraag het aan de arts.", "Medisch dossier ontbreekt"}
    assert said(cast.casemanager) & written == set()
    assert written <= said(cast.regievoerder)


def test_a_site_does_not_see_the_case_while_it_is_only_offered(cast: Cast) -> None:
    site = unit("azc-veenmeer")
    case = received_case(residence_unit=site)
    handover = hand.offered(case)

    assert list(Handover.objects.of_case(case, cast.casemanager)) == []
    at_site(case, site)
    assert [one.pk for one in Handover.objects.of_case(case, cast.casemanager)] == [handover.pk]
