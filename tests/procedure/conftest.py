"""Fixtures of the tests about IND's records."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

# Files of dossiers bring facts that overtake answers.
from tests.handover.conftest import on_the_day

__all__ = ["in_english", "on_the_day"]


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences as the code writes them."""
    with override("en"):
        yield
