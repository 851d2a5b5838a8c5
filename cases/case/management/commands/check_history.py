"""Proves that history is whole and cannot be changed: versions equal rows, triggers stand, the web may only add."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models

from leidraad.lib.audit import HistoryStamp
from leidraad.lib.roles import is_append_only
from leidraad.lib.who import principal

NAMED = 20
MAY_NOT = ("UPDATE", "DELETE", "TRUNCATE")

DIFFERS = """
    SELECT {key}::text, CASE WHEN h.history_id IS NULL THEN 'has no history'
                             WHEN h.history_type = '-' THEN 'is recorded as removed'
                             ELSE 'differs from its last version' END
      FROM {table} t
      LEFT JOIN LATERAL (SELECT * FROM {history} v WHERE v.{key_name} = {key}
                          ORDER BY v.history_id DESC LIMIT 1) h ON true
     WHERE h.history_id IS NULL OR h.history_type = '-' OR ({ours}) IS DISTINCT FROM ({theirs})
     ORDER BY 1
"""
VANISHED = """
    SELECT h.{key_name}::text, 'is gone without a version that says so'
      FROM (SELECT DISTINCT ON (v.{key_name}) v.{key_name}, v.history_type FROM {history} v
             ORDER BY v.{key_name}, v.history_id DESC) h
     WHERE h.history_type <> '-' AND NOT EXISTS (SELECT 1 FROM {table} t WHERE {key} = h.{key_name})
     ORDER BY 1
"""


def recorded_models() -> list[type[models.Model]]:
    """Every model that keeps versions, of whatever room."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model, "history") and issubclass(getattr(model.history, "model", object), HistoryStamp)
    ]


def append_only_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if is_append_only(model)]


def differences(model: type[models.Model]) -> list[tuple[str, str]]:
    """Rows that are not equal to their last version, and versions whose row went away unrecorded."""
    history: Any = model.history.model  # type: ignore[attr-defined]  # recorded models only
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in history.tracked_fields]
    key = quote(str(model._meta.pk.column))
    words = {
        "table": quote(model._meta.db_table),
        "history": quote(history._meta.db_table),
        "key_name": key,
        "key": f"t.{key}",
        "ours": ", ".join(f"t.{column}" for column in columns),
        "theirs": ", ".join(f"h.{column}" for column in columns),
    }
    with connection.cursor() as cursor:
        cursor.execute(DIFFERS.format(**words))
        found: list[tuple[str, str]] = cursor.fetchall()
        cursor.execute(VANISHED.format(**words))
        found += cursor.fetchall()
    return found


def unguarded() -> Iterator[str]:
    """Append-only tables whose trigger is missing or switched off."""
    wanted = {
        model._meta.db_table: trigger.get_pgid(model)
        for model, trigger in pgtrigger.registered()
        if trigger.name == "append_only"
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace"
        )
        standing = set(cursor.fetchall())
    for model in append_only_models():
        table = model._meta.db_table
        if (table, wanted.get(table)) not in standing:
            yield f"{table}: the trigger that refuses changes is missing or switched off"


def too_powerful(role: str) -> Iterator[str]:
    """Append-only tables that the role of the web may change, by itself or through another role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        row = cursor.fetchone()
        if row is None:
            yield f"role {role}: does not exist, so nothing keeps the web from changing history"
            return
        if row[0]:
            yield f"role {role}: is a superuser"
        for model in append_only_models():
            table = model._meta.db_table
            checks = ", ".join("has_table_privilege(%s, %s, %s)" for _ in MAY_NOT)
            cursor.execute(f"SELECT {checks}", [part for word in MAY_NOT for part in (role, table, word)])
            may = [word for word, holds in zip(MAY_NOT, cursor.fetchone(), strict=True) if holds]
            if may:
                yield f"{table}: role {role} may {' and '.join(may)}"


def findings(role: str) -> Iterator[str]:
    for model in recorded_models():
        found = differences(model)
        for key, what in found[:NAMED]:
            yield f"{model._meta.label} {key} {what}"
        if len(found) > NAMED:
            yield f"{model._meta.label}: and {len(found) - NAMED} more"
    yield from unguarded()
    yield from too_powerful(role)


class Command(BaseCommand):
    help = "Check that every recorded row equals its last version and that history and event log are append-only."

    @principal("check_history")
    def handle(self, *args: Any, **options: Any) -> None:
        found = list(findings(settings.APP_ROLE))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} findings")
        self.stdout.write(
            f"{len(recorded_models())} kinds of records: every row has its versions, and none can be changed."
        )
