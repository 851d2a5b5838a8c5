"""What may be published of a count, and that a hidden one cannot be worked out from its neighbours."""

from itertools import product

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leidraad.lib.figures import publish


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "<5"),
        (1, "<5"),
        (4, "<5"),
        (5, "10"),
        (9, "10"),
        (14, "10"),
        (15, "20"),
        (25, "30"),
        (1449, "1.450"),
        (1445, "1.450"),
    ],
)
def test_a_count_is_rounded_to_tens_and_hidden_under_five(count: int, shown: str) -> None:
    assert str(publish(count)) == shown


def test_every_reader_has_their_own_grouping_and_a_file_has_none() -> None:
    figure = publish(1452)

    with override("en"):
        assert str(figure) == figure.in_words == "1,450"
    assert str(figure) == figure.in_words == "1.450"
    assert figure.plain == "1450"


def test_a_hidden_count_reads_as_words_in_a_sentence() -> None:
    hidden = publish(3)

    assert (hidden.in_words, hidden.plain) == ("minder dan 5", "<5")
    with override("en"):
        assert hidden.in_words == "fewer than 5"


def test_none_and_few_are_told_apart_nowhere() -> None:
    assert publish(0) == publish(4)


def possible(figure: object) -> range:
    """The counts that a shown figure can stand for."""
    value = getattr(figure, "value", None)
    return range(5) if value is None else range(value - 5, value + 5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 4), st.lists(st.integers(0, 60), min_size=1, max_size=5))
def test_subtracting_the_shown_parts_from_a_shown_total_never_tells_a_hidden_part(
    hidden: int, shown: list[int]
) -> None:
    total = possible(publish(hidden + sum(shown)))
    others = [possible(publish(part)) for part in shown]
    least, most = sum(each[0] for each in others), sum(each[-1] for each in others)

    left = [one for one in range(5) if total[0] <= one + most and one + least <= total[-1]]

    assert len(left) >= 2


def test_the_bounds_above_are_those_of_all_combinations() -> None:
    """For two parts, counted out: every total and other part that can occur leave two counts or more for the hidden one."""
    for hidden, other in product(range(5), range(60)):
        total, shown = publish(hidden + other), publish(other)
        left = {one for one in range(5) for rest in possible(shown) if publish(one + rest) == total}
        assert len(left) >= 2, (hidden, other)
