"""Every test runs with the application's database role and the reference data, on the real PostgreSQL."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, TransactionTestCase

from partners import policy_now
from tests.cast import Cast
from tests.starting_rows import StartingRows

APP_ROLE = "leidraad_app"
# What a test itself does, it does as this principal, who sees all; each request it sends says for whom it is.
TESTS = "tests"


def pytest_configure() -> None:
    from leidraad.lib.wall import CONDITIONS, register_principal

    register_principal(TESTS, "Arranges and inspects what a test is about.", *CONDITIONS)


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking through it for waste again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every database test may also write the event log, which has an alias of its own."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and "databases" not in marker.kwargs:
            item.add_marker(pytest.mark.django_db(**marker.kwargs, databases=["default", "log"]), append=False)


def load_everything() -> None:
    from django.core.management import call_command

    call_command("load_reference", verbosity=0)


def forget_an_older_policy() -> None:
    """A database that is used again may have the table of an older file in force; a new file would only be a draft in it."""
    from partners.models import PolicyVersion
    from partners.policy_rules import file_rules, fingerprint

    if PolicyVersion.objects.exclude(number=1, fingerprint=fingerprint(file_rules())).exists():
        history = "partners_historicalpolicyversion, partners_historicalpolicyline"
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE partners_policyversion, {history} CASCADE")


def load_demo_accounts() -> None:
    from partners import reference_data

    reference_data.load_demo_accounts()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the reference data and the fixed people committed in it, once per worker."""
    # One connection for both aliases in the main thread: what a test logs is rolled back with it. Threads have their own two.
    connections["log"] = connections["default"]
    with django_db_blocker.unblock():
        forget_an_older_policy()
        load_everything()
        load_demo_accounts()
        put_back_after_each_commit(StartingRows())
    # Threads of a test (a second clerk, the live server) open connections of their own: those get the role from the start.
    for alias in ("default", "log"):
        options = {
            **connections.settings[alias].get("OPTIONS", {}),
            "options": f"-c role={APP_ROLE} -c leidraad.principal={TESTS}",
        }
        connections.settings[alias]["OPTIONS"] = options


def put_back_after_each_commit(start: StartingRows) -> None:
    """Instead of emptying every table after a test that commits, which would need all of it loaded again."""

    def teardown(self: TransactionTestCase) -> None:
        start.put_back()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]  # not in the stubs


def database_use(request: pytest.FixtureRequest) -> str:
    """ "", "db" or "transactional_db": how this test uses the database, by marker or by fixture."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        return "transactional_db"
    if marker is not None:
        return "transactional_db" if marker.kwargs.get("transaction") else "db"
    return "db" if "db" in request.fixturenames or "cast" in request.fixturenames else ""


@pytest.fixture(autouse=True)
def _as_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """Work as the role the web has, so that a test that needs more than it may fails here and not in production."""
    use = database_use(request)
    if not use:
        yield
        return
    request.getfixturevalue(use)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
        cursor.execute("SELECT set_config('leidraad.principal', %s, false)", [TESTS])
    yield
    # Inside a test's transaction the role goes back with the rollback; without one it must, for the flush empties tables.
    if use == "transactional_db":
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute("RESET leidraad.principal")


@pytest.fixture(autouse=True)
def _one_unit_of_work() -> Iterator[None]:
    """What a test itself does is one piece of work: it knows the policy of when it began, or that it put in force."""
    with policy_now.one_policy():
        yield


@pytest.fixture(autouse=True)
def _forget(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keys looked up once per process differ between databases; the cache counts sign-in failures."""
    from cases.case.models.case import permission_id

    yield
    permission_id.cache_clear()
    cache.clear()


@pytest.fixture
def cast(request: pytest.FixtureRequest, settings: Any) -> Cast:
    """The fixed people, by their demo names: `cast.regievoerder`, `cast.politie`, `cast.coa_receptie` …

    They are demo accounts, which exist in a demo only.
    """
    settings.LEIDRAAD_DEMO = True
    request.getfixturevalue(database_use(request))
    return Cast()


@pytest.fixture
def client() -> Client:
    return Client()
