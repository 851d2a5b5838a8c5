"""Tables without what they need only in use, for as long as they are filled: indexes, foreign keys, triggers.

Sorting twelve million rows into an index once takes minutes; finding a place for each of them takes hours. Primary keys and
checks stay. An interrupted fill leaves tables bare: its database is thrown away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

MEMORY: Final = "512MB"
# Unique, exclusion and foreign keys by their own words; primary keys hold what refers to these tables from elsewhere.
CONSTRAINTS: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype = 'f'
      FROM pg_constraint
     WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'x', 'f')
     ORDER BY conrelid, conname
"""
INDEXES: Final = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
      FROM pg_index i
     WHERE i.indrelid = ANY(%s::regclass[])
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
     ORDER BY i.indrelid, i.indexrelid
"""


@dataclass(frozen=True)
class Bare:
    """The statements that make the tables whole again, in order."""

    tables: Sequence[str]
    again: Sequence[str]


def strip(cursor: CursorWrapper, tables: Sequence[str]) -> Bare:
    """Take off what can be built again. Only the owner of the tables may."""
    # What a transaction still has to check about these tables would forbid changing them.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    quote = connection.ops.quote_name
    cursor.execute(CONSTRAINTS, [list(tables)])
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for table, name, _words, _is_foreign in sorted(constraints, key=lambda row: not row[3]):
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
    for name, _words in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    added = [
        (is_foreign, f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {words}")
        for table, name, words, is_foreign in constraints
    ]
    own = [words for is_foreign, words in added if not is_foreign]
    foreign = [words for is_foreign, words in added if is_foreign]
    return Bare(tables, [*own, *(words for _name, words in indexes), *foreign])


def restore(cursor: CursorWrapper, bare: Bare) -> None:
    """Build all of it again, foreign keys checked, and switch the triggers on."""
    cursor.execute(f"SET maintenance_work_mem = '{MEMORY}'")
    for statement in bare.again:
        cursor.execute(statement)
    for table in bare.tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute("RESET maintenance_work_mem")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
