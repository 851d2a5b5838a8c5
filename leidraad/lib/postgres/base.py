"""The connection that tells the wall who is acting."""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from leidraad.lib.who import SETTINGS, Values, current

# One round trip: what the settings were, then what they are now. A list is evaluated from left to right.
ASKED = ", ".join(f"current_setting('{name}', true)" for name in SETTINGS)
TELL = f"SELECT {ASKED}, " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)


class DatabaseWrapper(base.DatabaseWrapper):
    """Each outermost transaction begins by telling for whom it is; a statement outside one gets a transaction of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.alias == DEFAULT_DB_ALIAS:
            self.execute_wrappers.append(_in_a_transaction)

    def tell(self, values: Values) -> Values:
        """Set the three settings for this transaction; gives what they were. Not counted among the queries of a page."""
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            row = cursor.execute(TELL, values).fetchone()
        return tuple(value or "" for value in row[: len(SETTINGS)])

    @property
    def takes_statements(self) -> bool:
        """Whether the running transaction still does: after a fault it only waits for its end."""
        status = self.connection.info.transaction_status if self.connection is not None else None
        return status == TransactionStatus.INTRANS

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # not in the stubs
        who = current() if not autocommit and self.alias == DEFAULT_DB_ALIAS else None
        if who is None:
            return
        try:
            self.tell(who.values)
        except Exception:
            self.connection.close()  # of no use any more; Django opens another
            raise


def _in_a_transaction(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    if connection.in_atomic_block or current() is None:
        return execute(sql, params, many, context)
    with transaction.atomic(using=connection.alias):
        return execute(sql, params, many, context)
