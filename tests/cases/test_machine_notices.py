"""The machine of `test_machine.py` would notice: each rule is broken once, and the steps that lean on it fail."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from cases.case import access, actions, consents, grants, openings, sharing
from cases.case.models import Part
from partners.models import Member, Membership
from tests.cases import test_machine as machine
from tests.cases.test_machine import SHARED, Sharing
from tests.cast import Cast

pytestmark = pytest.mark.django_db

Break = Callable[[pytest.MonkeyPatch], None]
Steps = Callable[[Sharing], None]


class Drawn:
    """Stands for Hypothesis where a step has something drawn: this, whatever there is to choose from."""

    def __init__(self, found: Any) -> None:
        self.found = found

    def draw(self, _choices: Any) -> Any:
        return self.found


def part(organisation: str, wanted: str) -> Any:
    return next(one for one in SHARED if (one.organisation, one.part) == (organisation, wanted))


def nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


# --- the steps --------------------------------------------------------------------------------------------------------


def shares_and_ends(state: Sharing) -> None:
    state.share(username="politie", wanted=part("police", Part.SUPERVISION))
    state.end(username="politie")


def consents_and_withdraws(state: Sharing) -> None:
    state.consent(code="iom")
    state.share(username="iom", wanted=part("iom", Part.ASSISTED))
    state.withdraw(data=Drawn("iom"))


def narrows(state: Sharing) -> None:
    state.share(username="politie", wanted=part("police", Part.SUPERVISION))
    state.except_a_section(username="politie", section="residence", allowed=False)


def names_and_ends(state: Sharing) -> None:
    state.share(username="politie", wanted=part("police", Part.SUPERVISION))
    state.name(username="politie", section="talks")
    state.end_named(data=Drawn(("politie", "talks")))


def names_and_shares_anew(state: Sharing) -> None:
    state.move_to_site(username="casemanager")
    state.name(username="casemanager", section="consent")
    state.move_to_site(username="casemanager")


def closes(state: Sharing) -> None:
    state.share(username="politie", wanted=part("police", Part.SUPERVISION))
    state.close_or_reopen()


def hands_over(state: Sharing) -> None:
    state.hand_over(team="dtv-zuid-1")


def leaves(state: Sharing) -> None:
    state.share(username="politie", wanted=part("police", Part.SUPERVISION))
    state.leave_or_come_back(username="politie", how="membership")


def opens_in_emergency(state: Sharing) -> None:
    state.emergency(username="manager")
    state.hand_over(team="dtv-zuid-1")


# --- the rules, broken ------------------------------------------------------------------------------------------------


def a_share_ends_no_part(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sharing, "end_involvement", nothing)


def closing_ends_no_part(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(actions, "end_involvement", nothing)


def consent_counts_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consents, "parts_on", lambda _consent: [])


def narrowings_are_ignored(patch: pytest.MonkeyPatch) -> None:
    asked = access.access_from

    def wider(*args: Any, **kwargs: Any) -> access.Access:
        found = asked(*args, **kwargs)
        return replace(found, exceptions={name: True for name, allowed in found.exceptions.items() if allowed})

    patch.setattr(access, "access_from", wider)


def names_do_not_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(openings, "end_named", nothing)


def names_outlive_the_last_part(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grants, "_end_openings", nothing)


def grants_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grants, "bulk_delete_as", nothing)


def memberships_do_not_end(patch: pytest.MonkeyPatch) -> None:
    def all_of(member: Member) -> Any:
        return Membership.objects.filter(member=member).select_related("unit__organisation", "role").order_by("pk")

    patch.setattr(Member, "valid_memberships", property(all_of))


def emergency_opens_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access.Access, "_emergency", lambda self, _section, _capability: bool(self.emergency))


def the_wall_is_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(machine, "acting", lambda *_keys: nullcontext())


BROKEN: list[tuple[Break, Steps]] = [
    (a_share_ends_no_part, shares_and_ends),
    (grants_stay, shares_and_ends),
    (consent_counts_for_ever, consents_and_withdraws),
    (narrowings_are_ignored, narrows),
    (names_do_not_end, names_and_ends),
    (names_outlive_the_last_part, names_and_shares_anew),
    (closing_ends_no_part, closes),
    (grants_stay, hands_over),
    (memberships_do_not_end, leaves),
    (emergency_opens_everything, opens_in_emergency),
    (the_wall_is_open, hands_over),
]


@pytest.fixture(autouse=True)
def _all_in_one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "AT_A_TIME", len(machine.USERNAMES))


def walked(steps: Steps, breaking: Callable[[], None] = lambda: None) -> None:
    """The steps, and what must hold after them for everybody. The case stands already when the rule is broken."""
    state = Sharing()
    try:
        breaking()
        steps(state)
        state.every_door_agrees_with_the_policy()
    finally:
        state.teardown()


@pytest.mark.parametrize("steps", dict.fromkeys(steps for _break, steps in BROKEN), ids=lambda steps: steps.__name__)
def test_the_steps_hold_while_the_rules_do(cast: Cast, steps: Steps) -> None:
    walked(steps)


@pytest.mark.parametrize(("broken", "steps"), BROKEN, ids=lambda one: one.__name__)
def test_a_rule_that_is_broken_is_noticed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: Break, steps: Steps
) -> None:
    with pytest.raises(AssertionError):
        walked(steps, lambda: broken(monkeypatch))
