"""Fixtures of the tests about IND's records."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences as the code writes them."""
    with override("en"):
        yield
