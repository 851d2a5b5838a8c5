"""The second wall: the database itself shows the application's role only rows that the acting unit may see.

Row-level security stands on the case, on its narrow sensitive tables and on their history. It reads three settings
(`leidraad.lib.who`) that hold for one transaction, so that no pooled connection carries them to the next borrower. Without any
of them there are no rows.

It is the wall, never the filter: what a member may see is decided by `visible_to` and `may`. A question that forgets to ask them
finds nothing here instead of everything. What is registered here becomes policies of the database after each migrate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.utils import CursorWrapper


@dataclass(frozen=True)
class Principal:
    """A piece of work of the system: what it is for, and the tables behind the wall that it may see whole."""

    name: str
    purpose: str
    models: tuple[type[models.Model], ...]

    @property
    def tables(self) -> list[str]:
        return sorted(name for model in (*self.models, *LET_PAST.get(self.name, ())) for name in tables_of(model))


CONDITIONS: dict[type[models.Model], str] = {}
WIDER: dict[type[models.Model], list[str]] = {}
PRINCIPALS: dict[str, Principal] = {}
LET_PAST: dict[str, list[type[models.Model]]] = {}

# Plain SQL functions: the planner writes them into the policy, and a subquery around them is evaluated once a statement.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION leidraad_unit() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('leidraad.unit', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION leidraad_group() RETURNS integer LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('leidraad.group', true), '')::integer $$;
CREATE OR REPLACE FUNCTION leidraad_member() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('leidraad.member', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION leidraad_works_on(walled text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT CASE current_setting('leidraad.principal', true) {cases} ELSE false END $$;
"""
# Triggers are the schema's own: what they copy from row to row does not depend on who set them going.
POLICY = """
    (SELECT leidraad_works_on('{table}') OR pg_trigger_depth() > 0) OR {condition}
"""


def register_wall(model: type[models.Model], condition: str) -> None:
    """Put a table and its history behind the wall. `condition` is SQL; `{row}` in it stands for the row, in either table.

    It may use `leidraad_unit()`, `leidraad_group()` (the unit's) and `leidraad_member()`, which are null where nobody acts.
    """
    CONDITIONS[model] = condition


def widen_wall(model: type[models.Model], condition: str) -> None:
    """Another condition under which a row shows, of a room that stands on the one that put up the wall."""
    WIDER.setdefault(model, []).append(condition)


def register_principal(name: str, purpose: str, *models: type[models.Model]) -> None:
    """Let work under this name see these tables and their history whole."""
    PRINCIPALS[name] = Principal(name, purpose, models)


def let_past(name: str, *models: type[models.Model]) -> None:
    """Let a principal of a lower room see these tables too, whichever room is ready first."""
    LET_PAST.setdefault(name, []).extend(one for one in models if one not in LET_PAST.get(name, ()))


def tables_of(model: type[models.Model]) -> Iterator[str]:
    yield model._meta.db_table
    if hasattr(model, "history"):
        yield model.history.model._meta.db_table


def walled_tables() -> dict[str, str]:
    """Each table behind the wall, with the condition under which a row of it shows."""
    return {
        table: " OR ".join([condition, *sorted(WIDER.get(model, []))]).replace("{row}", table)
        for model, condition in CONDITIONS.items()
        for table in tables_of(model)
    }


def build(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Make the policies of the database those that are registered. Asked after each migrate, as the owner of the tables."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        own = {table for (table,) in cursor.fetchall()}
        _functions(cursor)
        for table, condition in walled_tables().items():
            if table in own:
                _wall(cursor, table, condition)


def _functions(cursor: CursorWrapper) -> None:
    cases = " ".join(
        f"WHEN '{one.name}' THEN walled IN ({', '.join(repr(table) for table in one.tables)})"
        for one in PRINCIPALS.values()
        if one.tables
    )
    cursor.execute(FUNCTIONS.replace("{cases}", cases or "WHEN '' THEN false"))


def _wall(cursor: CursorWrapper, table: str, condition: str) -> None:
    """Reading and changing need the condition; adding does not, for a case is made before anybody has a part in it."""
    using = POLICY.replace("{table}", table).replace("{condition}", condition)
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'DROP POLICY IF EXISTS wall ON "{table}"')
    cursor.execute(f'CREATE POLICY wall ON "{table}" USING ({using}) WITH CHECK (true)')


def standing(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """Tables on which the wall stands in the database."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND p.polname = 'wall'"
        )
        return {name for (name,) in cursor.fetchall()}
