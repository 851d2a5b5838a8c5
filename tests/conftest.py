"""Every test runs with the application's database role and the reference data, on the real PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.cast import Cast

APP_ROLE = "leidraad_app"
TRUNCATED_TOO = "the test flush empties every table"


def load_everything() -> None:
    from django.core.management import call_command

    call_command("load_reference", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the reference data committed in it, once per worker."""
    with django_db_blocker.unblock():
        load_everything()


@pytest.fixture(autouse=True)
def _as_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """Work as the role the web has, so that a test that needs more than it may fails here and not in production."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    transactional = "transactional_db" in request.fixturenames
    request.getfixturevalue("transactional_db" if transactional else "db")
    if transactional:
        load_everything()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE")


@pytest.fixture(autouse=True)
def _forget(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keys looked up once per process differ between databases; the cache counts sign-in failures."""
    from cases.case.models.case import permission_id

    yield
    permission_id.cache_clear()
    cache.clear()


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """The fixed people, by their demo names: `cast.regievoerder`, `cast.politie`, `cast.coa_receptie` …"""
    transactional = "transactional_db" in request.fixturenames
    request.getfixturevalue("transactional_db" if transactional else "db")
    return Cast()


@pytest.fixture
def client() -> Client:
    return Client()
