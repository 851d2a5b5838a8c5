"""The two commands that prove the ground still holds, each broken once to see it named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.case.models import Involvement, Part, ReturnCase
from tests.cast import Cast
from tests.factories import at_site, closed_case, involve, led_case, unit

pytestmark = pytest.mark.django_db


def run(command: str) -> tuple[str, bool]:
    """What the command said, and whether it failed."""
    said = StringIO()
    try:
        call_command(command, stdout=said)
    except CommandError:
        return said.getvalue(), True
    return said.getvalue(), False


def as_owner(sql: str, *parameters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(sql, parameters)
        cursor.execute("SET ROLE leidraad_app")


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    return involve(case, unit("avim-noord"), Part.SUPERVISION)


def test_grants_made_by_the_actions_are_as_called_for(cast: Cast, case: ReturnCase) -> None:
    closed_case(cast.regievoerder)

    said, failed = run("check_grants")

    assert not failed, said


def test_a_grant_that_went_missing_is_named(case: ReturnCase) -> None:
    as_owner(
        "DELETE FROM cases_casegrant WHERE content_object_id = %s AND group_id = %s",
        case.pk,
        unit("avim-noord").group_id,
    )

    said, failed = run("check_grants")

    assert failed
    assert f"grant missing: {case.number} (unit:avim-noord view_returncase)" in said


def test_a_grant_nobody_gave_is_named(case: ReturnCase) -> None:
    as_owner("UPDATE cases_involvement SET until = since WHERE case_id = %s AND part = 'supervision'", case.pk)

    said, failed = run("check_grants")

    assert failed
    assert f"grant without involvement: {case.number} (unit:avim-noord view_returncase)" in said


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "UPDATE cases_casegrant SET phase = 'departed' WHERE content_object_id = %s AND is_listed",
            "list copy drifted",
        ),
        (
            "UPDATE cases_casegrant SET is_listed = true WHERE content_object_id = %s AND sort_deadline IS NULL",
            "list copy on another row than view",
        ),
        ("UPDATE cases_casesearch SET names = 'x' WHERE case_id = %s", "search row drifted"),
        ("UPDATE cases_casesearch SET group_ids = '{}' WHERE case_id = %s", "search row drifted"),
        ("DELETE FROM cases_casesearch WHERE case_id = %s", "search row drifted"),
        (
            "UPDATE cases_casegrant SET sort_deadline = DATE '2020-01-01' WHERE content_object_id = %s AND is_listed",
            "list copy drifted",
        ),
        ("UPDATE cases_returncase SET sort_name = 'x' WHERE id = %s", "case copy drifted"),
    ],
)
def test_drift_of_what_triggers_keep_is_named(case: ReturnCase, sql: str, problem: str) -> None:
    as_owner(sql, case.pk)

    said, failed = run("check_grants")

    assert failed
    assert f"{problem}: {case.number}" in said


def test_history_written_by_the_actions_is_whole(case: ReturnCase) -> None:
    said, failed = run("check_history")

    assert not failed, said


def test_a_change_that_history_does_not_know_is_named(case: ReturnCase) -> None:
    as_owner("UPDATE cases_returncase SET opened_on = opened_on - 1 WHERE id = %s", case.pk)

    said, failed = run("check_history")

    assert failed
    assert f"cases.ReturnCase {case.pk} differs from its last version" in said


def test_a_row_without_history_and_a_row_that_vanished_are_named(case: ReturnCase) -> None:
    involvement = Involvement.objects.get(case=case, part=Part.SUPERVISION)
    as_owner("DELETE FROM cases_involvement WHERE id = %s", involvement.pk)
    as_owner("INSERT INTO cases_personalias (person_id, name, source) VALUES (%s, 'Ander', 'IND')", case.person_id)

    said, failed = run("check_history")

    assert failed
    assert f"cases.Involvement {involvement.pk} is gone without a version that says so" in said
    assert "cases.PersonAlias" in said
    assert "has no history" in said


def test_a_trigger_switched_off_is_named(case: ReturnCase) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_owner("ALTER TABLE cases_historicalperson DISABLE TRIGGER ALL")

    said, failed = run("check_history")

    assert failed
    assert "cases_historicalperson: the trigger that refuses changes is missing or switched off" in said


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a_right_too_many_for_the_web_is_named(cast: Cast, right: str) -> None:
    as_owner(f"GRANT {right} ON lib_event TO leidraad_app")

    said, failed = run("check_history")

    assert failed
    assert f"lib_event: role leidraad_app may {right}" in said
