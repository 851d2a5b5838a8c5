"""What every trigger asks first costs no subtransaction, and still switches a trigger off."""

import pgtrigger
import pytest
from django.db import connection

from cases.case.models import ReturnCase
from tests.factories import received_case

pytestmark = pytest.mark.django_db


def test_after_migrating_triggers_ask_without_a_subtransaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
            " WHERE p.proname = '_pgtrigger_should_ignore'"
        )
        # Only a procedural language has exception blocks, each of which is a subtransaction.
        assert cursor.fetchall() == [("sql",)]


def test_triggers_work_unless_they_are_switched_off() -> None:
    assert received_case().sort_name != ""

    with pgtrigger.ignore("cases.ReturnCase:fill_copies"):
        switched_off = received_case()

    assert ReturnCase.objects.get(pk=switched_off.pk).sort_name == ""
    assert received_case().sort_name != ""
