"""The rows that every test starts from, and putting them back after a test that committed.

Django's own way empties all tables, tells every room that the database was migrated, and leaves the loading of the reference
data to us: seconds for each such test. Here only what a test changed is emptied and filled again, by copying.
"""

from collections.abc import Iterable, Mapping

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = """
    SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> 'django_migrations' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  GROUP BY c.relname"""
POINTING = """
    SELECT DISTINCT here.relname, there.relname FROM pg_constraint k
      JOIN pg_class here ON here.oid = k.conrelid JOIN pg_class there ON there.oid = k.confrelid
     WHERE k.contype = 'f' AND NOT here.relispartition"""
# How many rows there are and the last transaction that wrote one: every insert, update and delete changes either.
MARK = "SELECT '{0}', count(*), max(xmin::text::bigint) FROM {0}"
Mark = tuple[int, int | None]


class StartingRows:
    """What is committed now, in memory. Take it as the owner of the tables."""

    def __init__(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(TABLES)
            self.columns: dict[str, str] = dict(cursor.fetchall())
            cursor.execute(POINTING)
            self.pointing: list[tuple[str, str]] = cursor.fetchall()
        self.marks = self._marks()
        self.rows = {table: self._copy_out(table) for table, (count, _last) in self.marks.items() if count}

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """The one in use now: while a browser is driven an event loop runs, and in it there is another one."""
        return connections[DEFAULT_DB_ALIAS]

    def put_back(self) -> None:
        """Leave the database as it was taken, whatever a test committed. Sequences go on, as after Django's own flush."""
        now = self._marks()
        changed = self._with_pointing({table for table, mark in self.marks.items() if now[table] != mark})
        if not changed:
            return
        with transaction.atomic(), self.connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(sorted(changed))}")
            for table in sorted(changed & self.rows.keys()):
                with cursor.copy(f"COPY {table} ({self.columns[table]}) FROM STDIN") as copy:
                    copy.write(self.rows[table])
        self.marks = self._marks()

    def _with_pointing(self, tables: Iterable[str]) -> set[str]:
        """These tables and all whose rows point at theirs, which have to be emptied together."""
        found, before = set(tables), 0
        while len(found) > before:
            before = len(found)
            found |= {here for here, there in self.pointing if there in found}
        return found

    def _marks(self) -> Mapping[str, Mark]:
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(MARK.format(table) for table in self.columns))
            return {table: (count, last) for table, count, last in cursor.fetchall()}

    def _copy_out(self, table: str) -> bytes:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY (SELECT {self.columns[table]} FROM {table}) TO STDOUT") as copy,
        ):
            return b"".join(bytes(part) for part in copy)
