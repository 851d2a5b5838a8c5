"""What the application's database role may do: everything but change what is remembered. Renewed after each migrate."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models

from leidraad.lib.audit import HistoryStamp
from leidraad.lib.models import Event


def append_only_tables() -> set[str]:
    """Tables that only grow: all history, and the event log."""
    kept: set[type[models.Model]] = {model for model in apps.get_models() if issubclass(model, HistoryStamp)}
    return {model._meta.db_table for model in kept | {Event}}


def grant_application_role(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Give the role its rights on every table of the schema. Without such a role (one-role installations) nothing happens."""
    role = settings.APP_ROLE
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        own = {table for (table,) in cursor.fetchall()}
        kept = append_only_tables() & own
        changeable = own - kept - {"django_migrations"}
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        for rights, tables in (("SELECT, INSERT, UPDATE, DELETE", changeable), ("SELECT, INSERT", kept)):
            if tables:
                names = ", ".join(f'"{name}"' for name in sorted(tables))
                cursor.execute(f"REVOKE ALL ON {names} FROM {role}")
                cursor.execute(f"GRANT {rights} ON {names} TO {role}")
        if "django_migrations" in own:
            cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
