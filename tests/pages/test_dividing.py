"""How many cases each receiver gets and which: everything is dealt out once, and families stay whole."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leidraad.pages.dividing import DoesNotAddUp, Item, divide, shares


def test_who_has_no_number_shares_the_rest_equally() -> None:
    assert shares(10, {1: 3, 2: None, 3: None}) == {1: 3, 2: 4, 3: 3}


def test_one_receiver_alone_gets_all() -> None:
    assert shares(7, {4: None}) == {4: 7}


@pytest.mark.parametrize(("given_numbers", "difference"), [({1: 5, 2: 6}, 1), ({1: 5, 2: 3}, -2)])
def test_numbers_that_do_not_add_up_say_by_how_much(given_numbers: dict[int, int | None], difference: int) -> None:
    with pytest.raises(DoesNotAddUp) as wrong:
        shares(10, given_numbers)

    assert wrong.value.difference == difference


def test_each_receiver_gets_cases_from_the_whole_list() -> None:
    dealt = divide([Item(key, None) for key in range(6)], {1: 3, 2: 3})

    assert [dealt[key] for key in range(6)] == [1, 2, 1, 2, 1, 2]


def test_a_family_goes_to_one_receiver() -> None:
    items = [Item(1, None), Item(2, 7), Item(3, None), Item(4, 7), Item(5, 7)]

    dealt = divide(items, {1: 3, 2: 2})

    assert len({dealt[2], dealt[4], dealt[5]}) == 1


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    households=st.lists(st.integers(1, 4) | st.none(), min_size=1, max_size=40),
    receivers=st.integers(1, 5),
)
def test_every_case_is_dealt_once_and_no_family_is_split(households: list[int | None], receivers: int) -> None:
    items = [Item(key, household) for key, household in enumerate(households)]

    dealt = divide(items, shares(len(items), dict.fromkeys(range(receivers))))

    assert set(dealt) == {item.key for item in items}
    for household in {one for one in households if one is not None}:
        assert len({dealt[item.key] for item in items if item.household == household}) == 1
