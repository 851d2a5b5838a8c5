"""A colleague asks for a section; a yes really opens it, as little as does and for a period, a no says why."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from cases.case.access import may
from cases.case.access_questions import Opening, agree_access, ask_access, decline_access, openings_for
from cases.case.models import AccessRequest, NamedAccess, ReturnCase, SectionException, Task, TaskKind
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from tests.access.ways import DAY, day, page_of, url
from tests.cast import Cast, sign_in
from tests.factories import at_site, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))


def asked(cast: Cast, case: ReturnCase, capability: str = "history.view") -> AccessRequest:
    return ask_access(case, capability, "Vraag van de bewoner", by=cast.coa_receptie)


def door(case: ReturnCase, question: AccessRequest) -> str:
    return url(case, "answer-access", question.pk)


def test_asking_access_reaches_the_regievoerder_as_a_task(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.coa_receptie)

    empty = client.post(url(case, "ask-access") + "?recht=history.view", {"reason": " "})
    client.post(url(case, "ask-access") + "?recht=history.view", {"reason": "Vraag van de bewoner"})

    question = AccessRequest.objects.get()
    assert empty.status_code == 422
    assert (question.capability, question.reason) == ("history.view", "Vraag van de bewoner")
    assert Task.objects.get(kind=TaskKind.ACCESS).assignee == cast.regievoerder


def test_without_a_refused_right_the_section_is_chosen_among_those_that_are_closed(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.coa_receptie)

    offered = dict(client.get(url(case, "ask-access")).context["form"].fields["section"].choices)
    client.post(url(case, "ask-access"), {"section": "documents", "reason": "Brief zoeken"})
    wrong = client.post(url(case, "ask-access"), {"section": "identity", "reason": "x"})

    assert "documents" in offered
    assert "identity" not in offered
    assert wrong.status_code == 422
    assert AccessRequest.objects.get().capability == "documents.view"


def test_a_no_ends_the_task_with_its_reason_and_opens_nothing(cast: Cast, case: ReturnCase, client: Client) -> None:
    question = asked(cast, case)
    sign_in(client, cast.regievoerder)

    shown = client.get(door(case, question)).content.decode()
    listed = client.get(url(case, "detail")).content.decode()
    on_page = page_of(client, case)
    client.post(door(case, question), {"answer": "no", "reason": "Niet nodig voor de balie"})
    again = client.post(door(case, question), {"answer": "no", "reason": "Toch wel"})

    task = Task.objects.get(kind=TaskKind.ACCESS)
    for text in (listed, on_page):
        assert door(case, question) in text
    assert "K. Bouwman" in shown
    assert "geschiedenis (inzien)" in shown
    assert task.done_at is not None
    assert task.history.latest().history_change_reason == "Niet nodig voor de balie"
    assert Notice.objects.filter(member=cast.coa_receptie, kind="access_declined").count() == 1
    assert "al beantwoord" in again.content.decode()
    assert not may(cast.coa_receptie, "history.view", case)
    assert door(case, question) not in page_of(client, case)


def test_a_yes_opens_the_section_to_who_asked_only_and_until_the_last_day(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    question = asked(cast, case)
    sign_in(client, cast.regievoerder)

    without_end = client.post(door(case, question), {"answer": "member", "reason": "Akkoord"})
    client.post(door(case, question), {"answer": "member", "until": day(1), "reason": "Akkoord"})

    assert without_end.status_code == 422
    assert may(cast.coa_receptie, "history.view", case)
    assert sign_in(Client(), cast.coa_receptie).get(url(case, "history")).status_code == 200
    assert Notice.objects.get(member=cast.coa_receptie).kind == "access_opened"
    assert Task.objects.get(kind=TaskKind.ACCESS).done_at is not None
    assert not SectionException.objects.exists()
    with clock.as_if(clock.now() + 3 * DAY):
        assert not may(cast.coa_receptie, "history.view", case)


def test_a_yes_for_the_unit_opens_it_to_every_role_that_sees_the_case(cast: Cast, case: ReturnCase) -> None:
    question = asked(cast, case, "documents.view")

    agree_access(question, Opening.UNIT, until=clock.now() + DAY, by=cast.regievoerder, reason="Akkoord")

    assert may(cast.coa_receptie, "documents.view", case)
    assert may(cast.casemanager, "documents.view", case)
    assert not NamedAccess.objects.exists()


@pytest.mark.parametrize("capability", ["medical.view", "presence.change", "case.close", "identity.view"])
def test_what_the_responsible_unit_cannot_open_is_not_offered_as_a_yes(
    cast: Cast, case: ReturnCase, client: Client, capability: str
) -> None:
    question = asked(cast, case, capability)
    sign_in(client, cast.regievoerder)

    page = client.get(door(case, question))
    sent = {"answer": "member", "until": day(1), "reason": "x"}

    assert openings_for(question) == ()
    assert "U kunt dit hier niet openen." in page.content.decode()
    assert client.post(door(case, question), sent).status_code == 422
    with pytest.raises(NotPossible):
        agree_access(question, Opening.UNIT, until=clock.now() + DAY, by=cast.regievoerder, reason="x")
    assert not NamedAccess.objects.exists()


def test_only_the_responsible_unit_answers_and_only_its_own_cases_questions(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    question = asked(cast, case)
    other = led_case(cast.regievoerder)

    sign_in(client, cast.casemanager)
    assert client.get(door(case, question)).status_code == 403
    with pytest.raises(NotAllowed):
        agree_access(question, Opening.MEMBER, until=clock.now() + DAY, by=cast.coa_receptie, reason="x")
    sign_in(client, cast.regievoerder)
    assert client.get(reverse("cases:answer-access", args=[other.number, question.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    question = asked(cast, case)
    director, manager = cast.regievoerder, cast.manager

    def answer(number: int) -> str:
        try:
            if number:
                agree_access(question, Opening.MEMBER, until=clock.now() + DAY, by=director, reason="ja")
            else:
                decline_access(question, by=manager, reason="nee")
        except NotPossible as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(answer, range(2)))

    assert answers[0] == ""
    assert "al beantwoord" in answers[1]
    kinds = set(Notice.objects.filter(member=cast.coa_receptie).values_list("kind", flat=True))
    assert len(kinds) == 1
    assert may(cast.coa_receptie, "history.view", case) == (kinds == {"access_opened"})
