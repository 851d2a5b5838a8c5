"""Each guard on plain facts: what passes, what holds back, what is not known, and the boundary day on both sides."""

from collections import defaultdict

import pytest

from cases.terms.guards import GUARDS
from cases.terms.guards.findings import State
from cases.terms.models import Act
from tests.terms.guards import rows_of_law, rows_of_others
from tests.terms.guards.facts import known, plan
from tests.terms.guards.rows import HELD, NOTICE, OK, UNKNOWN, Row

TABLE = [*rows_of_law.ROWS, *rows_of_others.ROWS]


@pytest.mark.parametrize("given", TABLE, ids=lambda given: f"{given.guard}: {given.what}")
def test_a_guard_finds(given: Row) -> None:
    finding = GUARDS[given.guard](known(*given.facts), given.plan)
    assert (finding.state, finding.why) == (given.state, given.why)


def test_each_guard_is_seen_to_pass_to_hold_back_and_not_to_know() -> None:
    seen: dict[str, set[State]] = defaultdict(set)
    for given in TABLE:
        seen[given.guard].add(HELD if given.state is NOTICE else given.state)
    assert {code: seen[code] for code in GUARDS} == {code: {OK, HELD, UNKNOWN} for code in GUARDS}


@pytest.mark.parametrize("code", GUARDS)
def test_nothing_known_is_never_in_order(code: str) -> None:
    """Where nobody told anything, no guard about removal passes; about a day that is near."""
    act = {"G25": Act.DETENTION, "G26": Act.DETENTION, "G27": Act.DETENTION, "G28": Act.END_OF_RECEPTION}
    act |= {"G29": Act.PRESENTATION, "G30": Act.DISCLOSURE, "G22": Act.DUBLIN_TRANSFER}
    assert GUARDS[code](known(), plan(act.get(code, Act.FORCED_REMOVAL))).state is not OK
