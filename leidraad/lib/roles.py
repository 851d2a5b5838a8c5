"""What the application's database role may do: everything but change what is remembered. Renewed after each migrate."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.utils import CursorWrapper

READ_ONLY = {"django_migrations"}
# Functions that run as the owner of the tables. The web may call them; each says itself what it allows.
DOORS = (
    "lib_event_ahead(date, integer)",
    "lib_leaves(text, text, text[], bigint, bigint)",
    "lib_last_row(text, text)",
    "cases_find_anybody(text, text, text, integer[], integer)",
    "pages_redaction_records(text)",
    "pages_redaction_places(text, bigint, text[])",
    "pages_redact(bigint)",
)
# A part of a table is reached through its table only, where the rights are; for the part itself nobody needs any.
OWN_TABLES = """
    SELECT c.relname, c.relispartition FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner = current_user::regrole
"""


def append_only_tables() -> set[str]:
    """Tables that only grow: those with the append-only trigger (all history, the event log, steps, dossier versions)."""
    return {model._meta.db_table for model in apps.get_models() if is_append_only(model)}


def is_append_only(model: type[models.Model]) -> bool:
    return any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", ()))


def grant_application_role(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Give the role its rights on every table we own, in one transaction: nobody at work meets a moment without rights.

    Without such a role (an installation with one role only) nothing happens; history is then guarded by triggers alone.
    """
    role = settings.APP_ROLE
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return
        cursor.execute(OWN_TABLES)
        found = cursor.fetchall()
        own = {table for table, is_part in found if not is_part}
        kept = append_only_tables() & own
        read_only = READ_ONLY & own
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        _set_rights(cursor, role, "SELECT, INSERT, UPDATE, DELETE", own - kept - read_only)
        _set_rights(cursor, role, "SELECT, INSERT", kept)
        _set_rights(cursor, role, "SELECT", read_only)
        _set_rights(cursor, role, "", {table for table, is_part in found if is_part})
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for door in DOORS:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {door} TO {role}")


def _set_rights(cursor: CursorWrapper, role: str, rights: str, tables: set[str]) -> None:
    if tables:
        names = ", ".join(f'"{name}"' for name in sorted(tables))
        cursor.execute(f"REVOKE ALL ON {names} FROM {role}")
        if rights:
            cursor.execute(f"GRANT {rights} ON {names} TO {role}")
