"""What the others see of an answer: the case page, the list of answers, lists of cases, the police, Mijn werk, history."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.case.access import access_of
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import Part, ReturnCase
from cases.procedure.actions import correct_answer
from cases.procedure.expiry import expire_answers
from cases.procedure.models import RemovabilityAnswer
from cases.requests.actions import confirm_request
from cases.supervision.lines import Verdict, removable
from leidraad.lib import clock
from leidraad.pages.case_forms import PURPOSES
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.handover import hand
from tests.procedure.answered import (
    BARRED,
    NOT_YET,
    answered,
    asked,
    axis_of,
    colleague,
    fresh,
    other_ind_unit,
    stating,
)

pytestmark = pytest.mark.django_db

WORDS = "Geen beletsel bekend bij de IND"
NOTE = "Toelichting van de IND."


def see(client: Client, case: ReturnCase, name: str = "detail", status: int = 200) -> str:
    response = client.get(reverse(f"cases:{name}", args=[case.number]))
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def done(cast: Cast, days: int = 30) -> RemovabilityAnswer:
    """Answered and confirmed."""
    stated = answered(cast, new=stating(days=days, note=NOTE))
    confirm_request(stated.request, by=cast.regievoerder)
    return fresh(stated)


def overtaken(cast: Cast) -> RemovabilityAnswer:
    stated = done(cast)
    with transaction.atomic():
        publish(stated.case, Fact(FactKind.SUSPENSION_BEGAN), by=PRINCIPAL)
    return fresh(stated)


# --- case page ------------------------------------------------------------------------------------------------------


def test_the_axis_shows_value_source_ground_and_the_way_to_ask_again(cast: Cast, client: Client) -> None:
    stated = done(cast)

    words = see(sign_in(client, cast.regievoerder), stated.case)

    for shown in ("Verwijderbaar", "IND Team Terugkeer Noord", WORDS, "Vraag nu"):
        assert shown in words
    assert reverse("cases:removability", args=[stated.case.number]) in words


def test_before_any_question_the_axis_says_so_and_an_open_question_is_shown_instead_of_the_button(
    cast: Cast, client: Client
) -> None:
    case = led_case(cast.regievoerder)
    assert "nog geen antwoord van de IND" in see(sign_in(client, cast.regievoerder), case)

    asked(cast, case)

    words = see(client, case)
    assert "Vraag nu" not in words
    assert "gevraagd op" in words


def test_an_overtaken_answer_is_a_warning_with_the_way_to_ask_again(cast: Cast, client: Client) -> None:
    stated = overtaken(cast)

    words = see(sign_in(client, cast.regievoerder), stated.case)

    assert "Antwoord mogelijk achterhaald:" in words
    assert "De terugkeer is opgeschort." in words
    assert "Opnieuw vragen" in words
    assert "mogelijk achterhaald" in see(client, stated.case, "removability")
    answer_page = client.get(reverse("requests:detail", args=[stated.request_id])).content.decode()
    assert "Mogelijk achterhaald" in answer_page


def test_an_expired_answer_says_so_before_and_after_the_job(cast: Cast, client: Client) -> None:
    stated = done(cast, days=3)

    with clock.as_if(clock.now() + timedelta(days=4)):
        sign_in(client, cast.regievoerder)
        before = see(client, stated.case)
        expire_answers()
        after = see(client, stated.case)

    assert "vervallen op" in before
    assert "Onbekend" in after
    assert "(verwijderbaar) verviel op" in after


def test_the_list_of_answers_opens_for_removability_and_the_reasons_for_decisions(cast: Cast, client: Client) -> None:
    stated = done(cast)
    case = at_site(involve(stated.case, unit("avim-noord"), Part.SUPERVISION), unit("azc-veenmeer"))

    lead = see(sign_in(client, cast.regievoerder), case, "removability")
    police = see(sign_in(client, cast.politie), case, "removability")
    see(sign_in(client, cast.casemanager), case, "removability", status=403)
    see(sign_in(client, cast.regievoerder2), case, "removability", status=404)

    assert WORDS in lead
    assert NOTE in lead
    assert "Verwijderbaar" in police
    assert "Afgeschermd" in police
    assert WORDS not in police
    assert NOTE not in police


def test_the_police_read_no_ground_in_the_history_either(cast: Cast, client: Client) -> None:
    stated = done(cast)
    correct_answer(stated, stating(*BARRED, note="Geheim."), "Geheime reden.", by=cast.ind)
    case = involve(stated.case, unit("avim-noord"), Part.SUPERVISION)

    lead = see(sign_in(client, cast.regievoerder), case, "history")
    police = see(sign_in(client, cast.politie), case, "history")

    assert "Artikel 64 is verleend" in lead
    for hidden in ("Artikel 64", "Geheim", WORDS, NOTE):
        assert hidden not in police


def test_the_activity_tells_the_answer_and_its_correction(cast: Cast, client: Client) -> None:
    stated = done(cast)
    correct_answer(stated, stating(*NOT_YET), "fout", by=cast.ind)

    words = see(sign_in(client, cast.regievoerder), stated.case, "activity")

    assert "antwoordde over de verwijderbaarheid: verwijderbaar." in words
    assert "verbeterde het antwoord over de verwijderbaarheid: nog niet verwijderbaar." in words


def test_the_printed_sheet_shows_what_the_page_shows(cast: Cast, client: Client) -> None:
    stated = overtaken(cast)

    sign_in(client, cast.regievoerder)
    response = client.post(reverse("cases:print", args=[stated.case.number]), {"purpose": PURPOSES[0][0]})

    assert response.status_code == 200
    assert "mogelijk achterhaald" in response.content.decode()


# --- lists ----------------------------------------------------------------------------------------------------------


def removability_in_list(client: Client, case: ReturnCase) -> Any:
    return next(row.removability for row in client.get("/zaken/").context["rows"] if row.number == case.number)


def test_the_list_of_cases_marks_what_no_longer_holds(cast: Cast, client: Client) -> None:
    fine, doubted, old = done(cast), overtaken(cast), done(cast, days=1)

    with clock.as_if(clock.now() + timedelta(days=2)):
        sign_in(client, cast.regievoerder)
        shown = [removability_in_list(client, one.case) for one in (fine, doubted, old)]

    assert shown == ["Verwijderbaar", "Verwijderbaar (mogelijk achterhaald)", "Verwijderbaar (vervallen)"]


def test_the_police_see_an_overtaken_yes_as_unknown(cast: Cast) -> None:
    stated = overtaken(cast)
    involve(stated.case, unit("avim-noord"), Part.SUPERVISION)

    verdict = removable(axis_of(stated.case), access_of(cast.politie, stated.case))

    assert isinstance(verdict, Verdict)
    assert verdict.word == "Onbekend"
    assert verdict.note.startswith("antwoord mogelijk achterhaald")


# --- Mijn werk ------------------------------------------------------------------------------------------------------


def test_the_director_sees_which_answer_ends_and_where_to_ask(cast: Cast, client: Client) -> None:
    stated = done(cast, days=5)
    expire_answers()

    response = sign_in(client, cast.regievoerder).get("/mijn-werk/")

    rows = [row for group in response.context["groups"] for row in group.rows]
    (row,) = [row for row in rows if row.title == "Verwijderbaarheid opnieuw vragen"]
    assert row.detail.startswith("antwoord van ")
    assert "vervalt op" in row.detail
    assert row.action == "Vraag nu"
    assert row.action_url == reverse("requests:new", args=[stated.case.number]) + "?kind=removability_check"
    assert client.get(row.action_url).status_code == 200


def test_ind_sees_questions_due_returned_handovers_and_answers_that_end(cast: Cast, client: Client) -> None:
    asked(cast, due_at=clock.now() + timedelta(minutes=1))
    hand.returned(cast)
    overtaken(cast)
    done(cast, days=13)
    done(cast, days=20)

    context = sign_in(client, cast.ind).get("/mijn-werk/").context

    assert (context["questions"].total, len(context["questions"].lines)) == (1, 1)
    assert [line.organisation for line in context["returned"].lines] == ["DT&V"]
    assert context["ending"].count.value == 2
    assert [line.mark_kind for line in context["ending"].lines] == ["warn", "none"]
    tiles = {tile.label: tile.count for tile in context["tiles"]}
    assert (tiles["open vragen"], tiles["teruggestuurde overdrachten"]) == (1, 1)


def test_an_ind_colleague_of_another_team_sees_none_of_it(cast: Cast, client: Client) -> None:
    asked(cast)
    done(cast, days=3)

    context = sign_in(client, colleague(other_ind_unit())).get("/mijn-werk/").context

    assert (context["questions"].total, context["ending"].count.value) == (0, 0)


# --- asking ---------------------------------------------------------------------------------------------------------


def test_the_form_has_only_the_fields_of_the_kind_and_says_what_ind_may_not_read(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    address = reverse("requests:new", args=[case.number]) + "?kind=removability_check"

    response = sign_in(client, cast.regievoerder).get(address)

    assert list(response.context["form"].fields) == ["to_unit", "reason", "due_at"]
    words = response.content.decode()
    assert "geen gesprekken, strategie of incidenten" in words
    assert "planningsregel, geen wettelijke termijn" in words
    assert response.context["form"].initial["to_unit"] == unit("ind-noord")
    assert "Verwijderbaarheid" in client.get(reverse("requests:new", args=[case.number])).content.decode()
