"""S16: the queue and one question. What IND sees before it accepts, while its part runs, and after; and how it answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.models import ReturnCase, Signal
from cases.procedure.actions import not_known_yet
from cases.procedure.models import RemovabilityAnswer
from cases.requests.actions import ask_request, confirm_request
from cases.requests.models import Request
from cases.requests.states import Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event
from leidraad.lib.pagination import PAGE_SIZE
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import led_case, person
from tests.handover.hand import dossier
from tests.procedure.answered import answered, asked, colleague, fresh, other_ind_unit, stating, taken_on
from tests.requests.asked import new_request, stored

pytestmark = pytest.mark.django_db

PROCEDURE = {
    "regime": "pact",
    "applied_on": "2026-07-01",
    "return_decision_on": "2026-09-14",
    "suspensive_effect": "tot_vovo_uitspraak",
    "appealed_on": "2026-09-20",
    "flags": ["medisch"],
    "comment": "Zeer boos in het gehoor.",
    "address": "Lindelaan 12",
}


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def page(client: Client, request: Request, name: str = "question", status: int = 200) -> str:
    response = client.get(reverse(f"procedure:{name}", args=[request.pk]))
    assert response.status_code == status
    return text_of(response)


def send(client: Client, request: Request, name: str = "question", **data: str) -> Any:
    return client.post(reverse(f"procedure:{name}", args=[request.pk]), data)


REMOVABLE = {"choice": "removable:no_obstacle", "until": "proposal"}


# --- the queue ------------------------------------------------------------------------------------------------------


def test_the_queue_shows_open_questions_by_term_with_age_and_asker(cast: Cast, client: Client) -> None:
    later = asked(cast, due_at=clock.now() + timedelta(days=9))
    first = asked(cast, led_case(cast.regievoerder, person(surname="Amari")), due_at=clock.now() + timedelta(days=2))

    response = sign_in(client, cast.ind).get("/vragen/")

    queue = response.context["queue"]
    assert [line.request.pk for line in queue.lines] == [first.pk, later.pk]
    assert [(tab.key, str(tab.count)) for tab in queue.tabs] == [("", "2"), ("beantwoord", "0"), ("alle", "2")]
    words = text_of(response)
    assert "AMARI" in words
    assert "Team Noord 2" in words
    assert "0 dagen" in words


def test_answered_questions_move_to_their_own_tab_with_the_answer(cast: Cast, client: Client) -> None:
    stated = answered(cast)
    sign_in(client, cast.ind)

    assert [line.request.pk for line in client.get("/vragen/").context["queue"].lines] == []
    (line,) = client.get("/vragen/?toon=beantwoord").context["queue"].lines
    assert (line.request.pk, line.answer) == (stated.request_id, "Verwijderbaar")


def test_another_ind_team_and_other_organisations_see_nothing(cast: Cast, client: Client) -> None:
    request = asked(cast)

    page(sign_in(client, colleague(other_ind_unit())), request, status=404)
    assert client.get("/vragen/").context["queue"].lines == []
    for member in (cast.regievoerder, cast.politie, cast.casemanager, cast.beheer):
        page(sign_in(client, member), request, status=404)
        assert client.get("/vragen/").status_code == 403


def test_requests_of_another_kind_are_no_questions(cast: Cast, client: Client) -> None:
    request = ask_request(led_case(cast.regievoerder), new_request(), by=cast.regievoerder)

    page(sign_in(client, cast.politie), stored(request), status=404)


def test_a_long_queue_goes_on_page_by_page_at_the_same_cost(cast: Cast, client: Client) -> None:
    sign_in(client, cast.ind)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    tabs = ("/vragen/", "/vragen/?toon=beantwoord", "/vragen/?toon=alle", "/mijn-werk/")
    for _number in range(2):
        asked(cast)
        answered(cast)
    few = [cost(address) for address in tabs]
    for _number in range(PAGE_SIZE):
        asked(cast)
    answered(cast)

    assert [cost(address) for address in tabs] == few
    first = client.get("/vragen/").context["page"]
    assert len(first.rows) == PAGE_SIZE
    rest = client.get("/vragen/", {"after": first.next_token}).context["page"]
    assert {row.pk for row in first.rows}.isdisjoint({row.pk for row in rest.rows})


# --- one question ---------------------------------------------------------------------------------------------------


def test_before_accepting_ind_sees_the_question_and_the_minimal_identity_only(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder, person(surname="Amari", v_number="9994127730"))
    dossier(case, **PROCEDURE)
    request = asked(cast, case)

    words = page(sign_in(client, cast.ind), request)

    assert "AMARI" in words
    assert "Is deze persoon verwijderbaar?" in words
    for hidden in ("999 412 7730", case.number, "1 juli 2026", "14 september 2026"):
        assert hidden not in words


def test_after_accepting_ind_reads_the_procedure_as_handed_in_and_no_more_of_the_dossier(
    cast: Cast, client: Client
) -> None:
    case = led_case(cast.regievoerder, person(surname="Amari", v_number="9994127730"))
    dossier(case, **PROCEDURE)
    request = taken_on(cast, case)

    words = page(sign_in(client, cast.ind), request)

    assert "volgens het dossier van IND" in words
    for shown in ("999 412 7730", "1 juli 2026", "14 september 2026", "20 september 2026", "huidig recht (Pact)"):
        assert shown in words
    assert "Geen vertrek tot de termijn voor een voorlopige voorziening voorbij is" in words
    assert "Niet vastgelegd" in words  # what was not handed in, such as the ruling
    for hidden in ("boos", "Lindelaan", "Medisch"):
        assert hidden not in words


def test_earlier_answers_stand_with_the_question(cast: Cast, client: Client) -> None:
    first = answered(cast, new=stating(note="Eerste keer."))
    confirm_request(first.request, by=cast.regievoerder)

    assert "Eerste keer." in page(sign_in(client, cast.ind), taken_on(cast, first.case))


def test_after_confirmation_only_the_own_question_is_left(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    dossier(case, **PROCEDURE)
    stated = answered(cast, case, stating(note="Eigen antwoord."))
    confirm_request(stated.request, by=cast.regievoerder)

    words = page(sign_in(client, cast.ind), stored(stated.request))

    assert "Eigen antwoord." in words
    assert "1 juli 2026" not in words
    assert client.get(reverse("cases:detail", args=[case.number])).status_code == 404


def test_looking_is_logged_with_the_case(cast: Cast, client: Client) -> None:
    request = asked(cast)
    before = Event.objects.count()

    page(sign_in(client, cast.ind), request)

    event = Event.objects.order_by("pk").last()
    assert Event.objects.count() > before
    assert event is not None
    assert event.route == "procedure:question"
    assert [step.kind for step in request.steps.order_by("pk")] == ["asked", "opened"]


# --- answering ------------------------------------------------------------------------------------------------------


def test_the_form_says_who_reads_the_answer_and_that_the_proposal_is_no_statutory_term(
    cast: Cast, client: Client
) -> None:
    words = page(sign_in(client, cast.ind), asked(cast))

    assert "Team Noord 2 krijgt meteen bericht en leest dit antwoord" in words
    assert "geen wettelijke termijn" in words
    for value in ("Verwijderbaar", "Nog niet verwijderbaar", "Tijdelijk belet", "Rechtmatig verblijf"):
        assert f'<p class="choices-group">{value}</p>' in words


def test_answering_on_the_page_with_the_proposed_day(cast: Cast, client: Client) -> None:
    request = asked(cast)

    response = send(sign_in(client, cast.ind), request, **REMOVABLE, seen_version=str(request.version))

    assert response.status_code == 302
    stated = RemovabilityAnswer.objects.get()
    assert stated.valid_until == clock.today() + timedelta(days=30)
    assert stored(request).status == Status.REPORTED_READY
    assert "heeft bericht gekregen" in text_of(client.get(response["Location"]))


def test_a_ground_that_fits_two_answers_gives_the_answer_that_was_chosen(cast: Cast, client: Client) -> None:
    request = asked(cast)

    send(
        sign_in(client, cast.ind),
        request,
        choice="not_yet:late_relief",
        until="none",
        seen_version=str(request.version),
    )

    stated = RemovabilityAnswer.objects.get()
    assert (stated.value, stated.valid_until) == ("not_yet", None)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Kies het antwoord met de grond."),
        ({"choice": "removable:art64_granted", "until": "proposal"}, "art64_granted"),
        ({"choice": "removable:no_obstacle", "until": "none"}, "Kies tot en met welke dag"),
        ({"choice": "removable:no_obstacle", "until": "day"}, "Vul de laatste dag in"),
        ({"choice": "removable:no_obstacle", "until": "day", "valid_until": "01-01-2020"}, "vandaag of later"),
    ],
)
def test_a_wrong_field_says_what_to_do_and_writes_nothing(
    cast: Cast, client: Client, data: dict[str, str], sentence: str
) -> None:
    response = send(sign_in(client, cast.ind), asked(cast), **data)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not RemovabilityAnswer.objects.exists()


def test_an_older_page_keeps_what_was_chosen(cast: Cast, client: Client) -> None:
    request = taken_on(cast)
    not_known_yet(request, clock.today(), by=colleague())

    response = send(sign_in(client, cast.ind), request, **REMOVABLE, note="Blijft.", seen_version=str(request.version))

    assert response.status_code == 409
    assert "Blijft." in text_of(response)
    assert not RemovabilityAnswer.objects.final().exists()


def test_telling_when_the_answer_is_expected(cast: Cast, client: Client) -> None:
    request, day = asked(cast), clock.today() + timedelta(days=5)
    sign_in(client, cast.ind)
    assert "Team Noord 2" in page(client, request, "later")

    version = str(request.version)
    send(client, request, "later", expected_on=day.strftime("%d-%m-%Y"), note="Zitting.", seen_version=version)

    assert RemovabilityAnswer.objects.get().expected_on == day
    assert "Zitting." in text_of(sign_in(client, cast.regievoerder).get(reverse("requests:detail", args=[request.pk])))


def test_correcting_and_reporting_as_overtaken_on_their_pages(cast: Cast, client: Client) -> None:
    stated = answered(cast)
    sign_in(client, cast.ind)

    assert "checked" in page(client, stated.request, "correct")
    assert send(client, stated.request, "correct", **REMOVABLE).status_code == 422
    better = {"choice": "not_yet:appeal_pending", "until": "proposal", "reason": "Vergist."}
    send(client, stated.request, "correct", **better, seen_version=str(stated.version))
    assert RemovabilityAnswer.objects.in_force().get().value == "not_yet"

    assert send(client, stated.request, "overtaken").status_code == 422
    send(client, stated.request, "overtaken", fact="Uitspraak op 20 november.", seen_version="999")
    assert not RemovabilityAnswer.objects.in_force().get().is_overtaken
    seen = str(RemovabilityAnswer.objects.in_force().get().version)
    send(client, stated.request, "overtaken", fact="Uitspraak op 20 november.", seen_version=seen)
    assert RemovabilityAnswer.objects.in_force().get().overtaken_by == "Uitspraak op 20 november."
    assert "Antwoord mogelijk achterhaald" in page(client, stated.request)


# --- what IND must not see ------------------------------------------------------------------------------------------


def everything(client: Client, case: ReturnCase, question: Request, other: Request) -> dict[str, tuple[int, str]]:
    """Every door to this case that a member of IND could try."""
    sections = ("detail", "person", "removability", "history", "activity", "supervision", "handovers", "print")
    addresses = [reverse(f"cases:{name}", args=[case.number]) for name in sections]
    addresses += [
        reverse(f"requests:{name}", args=[pk.pk]) for name in ("detail", "history") for pk in (question, other)
    ]
    addresses += [
        reverse("procedure:question", args=[question.pk]),
        "/vragen/",
        "/verzoeken/",
        "/mijn-werk/",
        "/meldingen/",
    ]
    found = {}
    for address in addresses:
        response = client.get(address)
        found[address] = (response.status_code, text_of(response))
    return found


def test_ind_reads_nothing_of_strategy_incidents_or_illness_at_any_door(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder, person(surname="Amari"))
    dossier(case, **PROCEDURE)
    for kind in ("medical", "trafficking", "public_order", "suicide_risk"):
        save_as(Signal(case=case, kind=kind, source="COA", noted_on=clock.today()), by=PRINCIPAL)
    other = ask_request(case, new_request(reason="Geheim: agressief incident."), by=cast.regievoerder)
    question = taken_on(cast, case)

    doors = everything(sign_in(client, cast.ind), case, question, stored(other))

    secrets = ("Geheim", "agressief", "Medisch", "Mensenhandel", "Openbare orde", "Suïcide", "boos in het gehoor")
    # Their choices name every ground there is, whatever holds for this person.
    of_all = {reverse(f"cases:law-{name}-new", args=[case.number]) for name in ("decision", "postponement")}
    for address, (_status, words) in doors.items():
        words = words.replace("Openbare orde of", "")  # the name of a field of a measure
        for secret in secrets[:2] if address in of_all else secrets:
            assert secret not in words, (address, secret)
    assert doors[reverse("requests:detail", args=[other.pk])][0] == 404
    assert doors[reverse("cases:activity", args=[case.number])][0] == 403
    assert doors[reverse("cases:supervision", args=[case.number])][0] == 403
    assert doors[reverse("cases:removability", args=[case.number])][0] == 200
    assert fresh(answered(cast)).value == "removable"
