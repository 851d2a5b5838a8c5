"""Conditions on many keys at once."""

import pytest

from leidraad.lib.arrays import among
from partners.models import Organisation
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_among_finds_the_rows_with_these_keys_and_no_others(cast: Cast) -> None:
    first, _second, third = Organisation.objects.order_by("pk")[:3]

    found = Organisation.objects.filter(among("pk", [first.pk, third.pk, 999_999_999]))

    assert set(found) == {first, third}


def test_among_no_keys_is_nobody(cast: Cast) -> None:
    assert Organisation.objects.exists()
    assert not Organisation.objects.filter(among("pk", [])).exists()
