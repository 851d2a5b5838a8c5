"""What a request wrote: the tables, but for the log of looks and what belongs to signing in."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

WRITING = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.I)
SAVEPOINT = re.compile(r'\s*(SAVEPOINT|ROLLBACK TO SAVEPOINT)\s+"?(\w+)"?', re.I)
# A look is recorded also when it was refused; a session is renewed by being used.
ALWAYS = re.compile(r"lib_event\w*|django_session|usersessions_usersession")


class Written(list[str]):
    """The tables written to, in order. What a savepoint took back is not among them."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: dict[str, int] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if mark := SAVEPOINT.match(sql):
            if mark[1].upper() == "SAVEPOINT":
                self.marks[mark[2]] = len(self)
            else:
                del self[self.marks.get(mark[2], 0) :]
        elif (found := WRITING.match(sql)) and not ALWAYS.fullmatch(found[1]):
            self.append(found[1])
        return execute(sql, params, many, context)


@contextmanager
def taken_back() -> Iterator[Written]:
    """Run what is inside, remember what it wrote, and take it back."""
    written = Written()
    with transaction.atomic(), connection.execute_wrapper(written):
        yield written
        transaction.set_rollback(True)
