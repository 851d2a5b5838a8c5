"""Balancers ask whether the process lives and whether it can work; a dead broker is told but refuses nobody."""

import socket
from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings

from leidraad.lib import health


def dead_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/0"


def test_the_process_answers_without_asking_anything(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
@override_settings(REDIS_URL="", CELERY_TASK_ALWAYS_EAGER=True)
def test_all_well(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_dead_broker_is_told_and_pages_stay_in_use(client: Client) -> None:
    with override_settings(REDIS_URL=dead_address()):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "degraded": ["broker"]})


@pytest.mark.django_db
def test_a_silent_broker_does_not_hold_up_the_answer(client: Client) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with override_settings(REDIS_URL=f"redis://127.0.0.1:{silent.getsockname()[1]}/0"):
            answer = client.get("/readyz")

    assert answer.json()["status"] == "degraded"


def test_a_dead_database_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "MigrationExecutor", refuse)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "failed", "failed": ["database"]})


@pytest.mark.django_db
def test_waiting_migrations_are_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("one", False)])

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "failed", "failed": ["migrations"]})


def test_a_balancer_may_ask_without_tls_and_is_not_redirected(client: Client) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get("/healthz").status_code == 200
        assert client.get("/aanmelden/").status_code == 301
