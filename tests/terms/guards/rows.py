"""One line of the tables: a guard, what the facts are, and what it finds."""

from typing import NamedTuple

from cases.terms.guards.findings import Plan, State, Why
from cases.terms.guards.known import Part
from cases.terms.models import Act
from tests.terms.guards.facts import plan

OK, HELD, NOTICE, UNKNOWN = State.IN_ORDER, State.HELD, State.NOTICE, State.UNKNOWN
DETENTION, SHELTER, CONTACT = plan(Act.DETENTION), plan(Act.END_OF_RECEPTION), plan(Act.PRESENTATION)
NGO = plan(Act.DISCLOSURE, receiver="ngo", shared=frozenset({"medical"}))


class Row(NamedTuple):
    guard: str
    what: str
    facts: tuple[Part, ...]
    plan: Plan
    state: State
    why: Why


def row(guard: str, what: str, facts: tuple[Part, ...], state: State, why: Why, plan_: Plan | None = None) -> Row:
    return Row(guard, what, facts, plan_ or plan(), state, why)
