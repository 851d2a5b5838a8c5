"""What a piece of work asks of the database: its statements, and the buffers these read."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from leidraad.pages.bench.database import ALIASES

# Marks inside a transaction that is rolled back; in production the outermost one is no statement of the page.
BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
READING = ("SELECT", "WITH")

# What this transaction has fetched so far of tables and indexes, triggers included; the server's own catalogue left out.
FETCHED = """
    SELECT COALESCE(sum(pg_stat_get_xact_blocks_fetched(c.oid)), 0)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'pg_toast') AND c.relkind IN ('r', 'i', 't')
"""


@dataclass(frozen=True)
class Statement:
    """One statement as it was sent."""

    alias: str
    sql: str
    params: Any

    @property
    def reads(self) -> bool:
        return self.sql.lstrip(" \n(").upper().startswith(READING)


@contextmanager
def watched() -> Iterator[list[Statement]]:
    """Collects every statement on every connection, but for marks inside a transaction."""
    seen: list[Statement] = []

    def watcher(alias: str) -> Callable[..., Any]:
        def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
            if not str(sql).startswith(BOOKKEEPING):
                seen.append(Statement(alias, str(sql), params))
            return execute(sql, params, many, context)

        return watch

    with ExitStack() as stack:
        for alias in ALIASES:
            stack.enter_context(connections[alias].execute_wrapper(watcher(alias)))
        yield seen


def buffers_of(statements: Sequence[Statement]) -> int:
    """Shared buffers that the reading statements touch, from EXPLAIN (ANALYZE, BUFFERS), summed."""
    total = 0
    for statement in statements:
        if not statement.reads:
            continue
        with connections[statement.alias].cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.sql}", statement.params)
            total += buffers_in(cursor.fetchone()[0])
    return total


def buffers_in(explained: Any) -> int:
    """Shared buffers of a plan: its top node counts everything below it."""
    plans = json.loads(explained) if isinstance(explained, str) else explained
    plan: dict[str, Any] = plans[0]["Plan"]
    return int(plan.get("Shared Hit Blocks", 0)) + int(plan.get("Shared Read Blocks", 0))


def fetched_by(run: Callable[[], object]) -> int:
    """Buffers that a writing act fetches, its triggers included. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(FETCHED)
        before = int(cursor.fetchone()[0])
        run()
        cursor.execute(FETCHED)
        return int(cursor.fetchone()[0]) - before
