"""The role of web and worker: works with everything, changes nothing of what is remembered."""

import pytest
from django.db import connection

from leidraad.lib import roles
from leidraad.lib.models import Event

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
ROLE = "leidraad_app"


def rights_by_table() -> dict[str, set[str]]:
    asked = ", ".join(f"has_table_privilege('{ROLE}', oid, '{right}')" for right in RIGHTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT relname, {asked} FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace"
        )
        return {name: {right for right, has in zip(RIGHTS, has, strict=True) if has} for name, *has in cursor}


@pytest.mark.django_db
def test_history_and_event_log_can_be_read_and_added_to_only() -> None:
    found = rights_by_table()
    kept = roles.append_only_tables()

    assert Event._meta.db_table in kept
    assert len([table for table in kept if "historical" in table]) > 10
    assert {table: found[table] for table in kept} == {table: {"SELECT", "INSERT"} for table in kept}


@pytest.mark.django_db
def test_every_other_table_can_be_worked_with_but_not_emptied() -> None:
    found = rights_by_table()
    others = set(found) - roles.append_only_tables() - {"django_migrations"}

    assert {table for table in others if found[table] != {"SELECT", "INSERT", "UPDATE", "DELETE"}} == set()
    assert found["django_migrations"] == {"SELECT"}


@pytest.mark.django_db
def test_every_history_table_in_the_database_is_known_as_one() -> None:
    assert {table for table in rights_by_table() if "historical" in table} <= roles.append_only_tables()


@pytest.mark.django_db
def test_the_role_owns_nothing_and_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [ROLE])
        owned = cursor.fetchone()
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [ROLE])
        powers = cursor.fetchone()

    assert owned == (0,)
    assert powers == (False, False, False)


@pytest.mark.django_db
def test_granting_again_changes_nothing() -> None:
    before = rights_by_table()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")

    roles.grant_application_role()

    assert rights_by_table() == before
