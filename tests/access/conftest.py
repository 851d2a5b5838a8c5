"""The world of everybody with all its pages, once for the tests of one module."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests.access.everybody import Everything, everything
from tests.conftest import APP_ROLE, TESTS


@pytest.fixture(scope="module")
def every_page(django_db_setup: None, django_db_blocker: Any) -> Iterator[Everything]:
    """In one transaction that the end takes back. A test sends what it likes inside `taken_back()`."""
    with django_db_blocker.unblock(), override_settings(LEIDRAAD_DEMO=True), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APP_ROLE}")
            cursor.execute("SELECT set_config('leidraad.principal', %s, false)", [TESTS])
        logging.disable(logging.WARNING)  # two thousand refusals, which is what is asked for
        yield everything()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
