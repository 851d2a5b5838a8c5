"""Pages by key on the real database: complete, stable, without personal data in the address."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from leidraad.lib.pagination import KeysetPage, capped_count, keyset_page

pytestmark = pytest.mark.django_db

ORDER = ("expire_date", "session_key")
START = datetime(2030, 1, 1, tzinfo=UTC)


def ours() -> QuerySet[Session]:
    return Session.objects.filter(session_key__startswith="page-")


@pytest.fixture
def _rows() -> None:
    """Twenty-five rows; five in a row share their sort value, so the key must break the tie."""
    Session.objects.bulk_create(
        Session(session_key=f"page-{n:02}", session_data=f"NAAM {n // 5}", expire_date=START + timedelta(days=n // 5))
        for n in range(25)
    )


def keys(page: KeysetPage[Any]) -> list[str]:
    return [row["session_key"] if isinstance(row, dict) else row.session_key for row in page.rows]


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("order", [ORDER, ("-expire_date", "-session_key"), ("session_data", "session_key")])
def test_walking_forward_meets_every_row_once_and_back_the_same_pages(order: tuple[str, str]) -> None:
    walked, token, pages = [], None, []
    while True:
        page = keyset_page(ours(), order=order, after=token, size=7)
        walked += keys(page)
        pages.append(keys(page))
        if page.next_token is None:
            break
        token = page.next_token
    assert walked == list(ours().order_by(*order).values_list("session_key", flat=True))

    back = [keys(page)]
    while page.previous_token:
        page = keyset_page(ours(), order=order, after=page.previous_token, size=7)
        back.insert(0, keys(page))
    assert back == pages


@pytest.mark.usefixtures("_rows")
def test_pages_whose_keys_are_found_first_are_the_same_pages() -> None:
    kept = ours().filter(session_data__in=["NAAM 1", "NAAM 3"])
    walked, token = [], None
    while True:
        plain = keyset_page(kept, order=ORDER, after=token, size=4)
        page = keyset_page(ours().values("session_key", "expire_date"), order=ORDER, after=token, size=4, keys=kept)
        walked += keys(page)
        assert (page.next_token, page.previous_token) == (plain.next_token, plain.previous_token)
        if page.next_token is None:
            break
        token = page.next_token
    back = keyset_page(ours(), order=ORDER, after=page.previous_token, size=4, keys=kept)

    assert walked == list(kept.order_by(*ORDER).values_list("session_key", flat=True))
    assert keys(back) == walked[4:8]


@pytest.mark.usefixtures("_rows")
def test_rows_of_values_work_like_models() -> None:
    rows = ours().values("session_key", "expire_date")
    first = keyset_page(rows, order=ORDER, size=10)
    second = keyset_page(rows, order=ORDER, after=first.next_token, size=10)

    assert keys(second) == [f"page-{n:02}" for n in range(10, 20)]


@pytest.mark.usefixtures("_rows")
def test_a_far_page_costs_one_query_without_offset_that_starts_at_the_sort_value() -> None:
    token = keyset_page(ours(), order=ORDER, size=20).next_token
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset_page(ours(), order=ORDER, after=token, size=20)

    sql = queries.captured_queries[0]["sql"]
    assert len(queries) == 1
    assert "OFFSET" not in sql
    assert '("django_session"."expire_date", "django_session"."session_key") > (' in sql


@pytest.mark.usefixtures("_rows")
def test_a_list_by_name_keeps_the_name_out_of_the_token() -> None:
    from django.core import signing

    token = keyset_page(ours(), order=("session_data", "session_key"), size=3).next_token

    assert token
    assert "NAAM" not in str(signing.Signer(salt="leidraad.pagination").unsign_object(token))


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("token", ["", "x", "eyJ:abc", "1"])
def test_a_forged_token_gives_the_first_page(token: str) -> None:
    page = keyset_page(ours(), order=ORDER, after=token, size=5)

    assert keys(page) == [f"page-{n:02}" for n in range(5)]
    assert page.previous_token is None


@pytest.mark.usefixtures("_rows")
def test_a_token_whose_rows_went_away_starts_again_and_not_at_an_empty_page() -> None:
    token = keyset_page(ours(), order=ORDER, size=20).next_token
    ours().filter(session_key__gte="page-20").delete()

    assert keys(keyset_page(ours(), order=ORDER, after=token, size=20)) == [f"page-{n:02}" for n in range(20)]


def test_no_rows_no_pages() -> None:
    page = keyset_page(ours(), order=ORDER)

    assert (page.rows, page.next_token, page.previous_token) == ([], None, None)


def test_columns_in_two_directions_are_refused() -> None:
    with pytest.raises(ValueError, match="same direction"):
        keyset_page(ours(), order=("expire_date", "-session_key"))


@pytest.mark.usefixtures("_rows")
def test_a_count_stops_at_its_cap() -> None:
    assert str(capped_count(ours(), cap=25)) == "25"
    assert str(capped_count(ours(), cap=24)) == "24+"
    assert not capped_count(ours().none())
