"""S14 and the page of one task: choosing, recording, restoring, sending, correcting and assigning, without script."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.requests.actions import withdraw_request
from cases.requests.states import Status
from cases.supervision.actions import record_outcome, undo_outcome
from cases.supervision.models import Attempt, SupervisionTask
from cases.supervision.states import TaskStatus
from leidraad.lib import clock
from leidraad.lib.models import Event
from tests.cast import Cast, sign_in
from tests.requests.asked import officer
from tests.supervision.visits import open_task, recorded, sent, stored, visit

pytestmark = pytest.mark.django_db


def url(name: str, task: SupervisionTask) -> str:
    return reverse(f"supervision:{name}", args=[task.pk])


def filled(task: SupervisionTask, outcome: str = "not_found", **more: str) -> dict[str, str]:
    now = clock.now()
    values = {
        "seen_version": str(task.version),
        "outcome": outcome,
        "at_date": now.strftime("%d-%m-%Y"),
        "at_time": now.strftime("%H:%M"),
        "with_whom": "buurvrouw",
        "note": "Kamer leeg",
        "next_step": "repeat_check",
    }
    return values | more


def test_the_chosen_outcome_comes_with_proposals_and_who_is_told(cast: Cast, client: Client) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)

    response = client.get(url("outcome", task), {"outcome": "not_found"})

    text = response.content.decode()
    assert "Niet aangetroffen" in text
    assert response.context["form"]["next_step"].value() == "repeat_check"
    assert "DT&amp;V Team Noord 2 krijgt na tien minuten bericht." in text
    assert "Vastleggen" in text


def test_without_a_choice_the_page_asks_for_it(cast: Cast, client: Client) -> None:
    sign_in(client, cast.politie)

    text = client.get(url("outcome", open_task(cast)), {"outcome": "vanished"}).content.decode()

    assert 'value="wrong_address"' in text
    assert "Vastleggen" not in text


def test_recording_restoring_and_sending_by_hand(cast: Cast, client: Client) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)

    page = client.post(url("outcome", task), filled(task), follow=True).content.decode()
    assert "Herstellen" in page
    assert "Nu versturen" in page
    assert stored(task).status == TaskStatus.RECORDED

    client.post(url("undo", task))
    assert stored(task).status == TaskStatus.OPEN

    client.post(url("outcome", task), filled(stored(task), "found"))
    page = client.post(url("send", task), follow=True).content.decode()
    assert "Uitkomst corrigeren" in page
    assert stored(task).request.status == Status.REPORTED_READY


@pytest.mark.parametrize("name", ["undo", "send"])
def test_a_page_sends_and_takes_back_only_the_visit_it_shows(cast: Cast, client: Client, name: str) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)
    client.post(url("outcome", task), filled(task))
    shown = Attempt.objects.get(task=task)
    assert f'name="attempt" value="{shown.pk}"' in client.get(url("detail", task)).content.decode()
    undo_outcome(shown, by=cast.politie)
    record_outcome(stored(task), visit("found"), by=cast.politie)

    client.post(url(name, task), {"attempt": str(shown.pk)})

    assert (stored(task).status, stored(task).outcome) == (TaskStatus.RECORDED, "found")
    another = recorded(cast, interpreter="ara")
    assert client.post(url(name, task), {"attempt": str(another.pk)}).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "change", "sentence"),
    [
        ("not_found", {"at_time": ""}, "Vul ook de tijd in"),
        ("not_found", {"at_date": "01-01-2099"}, "De tijd van het bezoek ligt in de toekomst."),
        ("other", {"note": ""}, "Beschrijf de andere uitkomst in de toelichting."),
    ],
)
def test_a_wrong_field_says_what_to_do_and_keeps_the_rest(
    cast: Cast, client: Client, outcome: str, change: dict[str, str], sentence: str
) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)

    response = client.post(url("outcome", task), filled(task, outcome, **change))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "buurvrouw" in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_stale_form_writes_nothing_and_keeps_the_input(cast: Cast, client: Client) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)

    response = client.post(url("outcome", task), filled(task, seen_version="99"))

    assert response.status_code == 409
    assert "Kamer leeg" in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_withdrawn_request_is_told_before_anything_is_typed(cast: Cast, client: Client) -> None:
    task = open_task(cast)
    withdraw_request(task.request, "Niet nodig", by=cast.regievoerder)
    sign_in(client, cast.politie)

    for response in (
        client.get(url("outcome", task), follow=True),
        client.post(url("outcome", task), filled(task), follow=True),
    ):
        assert "ingetrokken" in response.content.decode()
    assert not Attempt.objects.exists()


def test_restoring_too_late_is_refused_in_words(cast: Cast, client: Client) -> None:
    task = recorded(cast).task
    sign_in(client, cast.politie)

    with clock.as_if(clock.now() + timedelta(minutes=11)):
        page = client.post(url("undo", task), follow=True).content.decode()

    assert "De tien minuten zijn voorbij." in page


def test_a_correction_asks_why(cast: Cast, client: Client) -> None:
    task = sent(cast)
    sign_in(client, cast.politie)
    assert 'value="failed"' not in client.get(url("outcome", task)).content.decode()

    assert client.post(url("outcome", task), filled(task, "found")).status_code == 422
    client.post(url("outcome", task), filled(task, "found", reason="Toch aangetroffen"))

    assert stored(task).outcome == "found"


def test_the_chief_assigns_and_an_officer_takes(cast: Cast, client: Client) -> None:
    task, colleague = open_task(cast), officer()
    sign_in(client, cast.politie_teamchef)
    client.post(url("assign", task), {"assignee": str(colleague.pk), "seen_version": str(task.version)})
    assert stored(task).assignee == colleague

    sign_in(client, cast.politie)
    response = client.post(url("assign", task), {"assignee": str(colleague.pk)})
    assert response.status_code == 403
    own = {"assignee": str(cast.politie.pk), "seen_version": str(stored(task).version)}
    client.post(url("assign", task), own)
    assert stored(task).assignee == cast.politie


@pytest.mark.parametrize("name", ["detail", "outcome", "undo", "send", "assign"])
def test_other_units_get_404(cast: Cast, client: Client, name: str) -> None:
    task = recorded(cast).task
    post = name in ("undo", "send", "assign")

    for member in (officer("avim-zuid"), cast.regievoerder, cast.casemanager):
        sign_in(client, member)
        response = client.post(url(name, task)) if post else client.get(url(name, task))
        assert response.status_code == 404
    assert stored(task).status == TaskStatus.RECORDED


def test_each_opened_task_is_logged_with_its_case(cast: Cast, client: Client) -> None:
    task = open_task(cast)
    sign_in(client, cast.politie)

    client.get(url("detail", task))
    client.get(url("outcome", task), {"outcome": "found"})

    events = Event.objects.filter(kind="read", case_id=task.request.case_id).order_by("pk")
    routes = events.values_list("route", flat=True)
    assert list(routes) == ["supervision:detail", "supervision:outcome"]


def test_after_the_end_the_task_stays_readable_for_the_team(cast: Cast, client: Client) -> None:
    task = sent(cast)
    sign_in(client, cast.regievoerder)
    client.post(reverse("requests:confirm", args=[task.request.pk]), {"seen_version": str(task.request.version)})

    response = sign_in(client, cast.politie).get(url("detail", task))

    assert response.status_code == 200
    assert task.request.case.number not in response.content.decode()
    assert "Uitkomst corrigeren" not in response.content.decode()
