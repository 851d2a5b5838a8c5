from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _dutch() -> Iterator[None]:
    """Refusals are read as users read them."""
    with translation.override("nl"):
        yield
