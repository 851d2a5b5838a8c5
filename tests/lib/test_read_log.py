"""The event log in its months: only added to in every part, made ahead, sorted in, and dropped whole after its period."""

from datetime import UTC, date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from leidraad.environment import retention
from leidraad.lib import clock, events, read_log, tasks
from leidraad.lib.models import Certificate, CertificateLeaves, Event, EventKind
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ROLE = "leidraad_app"


def as_owner(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(statement, list(params) or None)
        found = cursor.fetchall() if cursor.description else []
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    return found


def parts() -> list[str]:
    return [
        name
        for (name,) in as_owner(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'lib_event'::regclass"
        )
    ]


def look(cast: Cast, days: int = 0) -> None:
    with clock.as_if(clock.now() + timedelta(days=days)):
        events.record(EventKind.READ, cast.regievoerder, route="cases:list")


def command(**options: Any) -> str:
    said = StringIO()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    call_command("read_log", stdout=said, **options)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    return said.getvalue()


def test_this_month_and_three_more_have_a_part() -> None:
    known = [month.first for month in read_log.months()]

    assert {read_log.months_on(clock.today(), ahead) for ahead in range(4)} <= set(known)


def test_a_look_lies_in_the_part_of_its_month(cast: Cast) -> None:
    look(cast)

    (part,) = as_owner("SELECT tableoid::regclass::text FROM lib_event")[0]

    assert part == f"lib_event_{clock.now():%Y_%m}"


@pytest.mark.parametrize("statement", ["UPDATE {} SET route = 'x'", "DELETE FROM {}"])
def test_no_part_can_be_changed_not_even_by_the_owner_of_the_tables(cast: Cast, statement: str) -> None:
    look(cast)
    look(cast, days=9000)

    for part in (f"lib_event_{clock.now():%Y_%m}", "lib_event_default"):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            as_owner(statement.format(part))


def test_every_part_has_the_trigger_and_is_shut_for_the_web() -> None:
    for part in parts():
        assert as_owner(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
            " AND tgname LIKE 'pgtrigger_append_only%%'", part
        ) == [(1,)], part  # fmt: skip
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            assert as_owner("SELECT has_table_privilege(%s, %s, %s)", ROLE, part, right) == [(False,)], (part, right)


def test_the_daily_job_makes_missing_months_as_the_role_of_the_web() -> None:
    before = {month.first for month in read_log.months()}

    assert read_log.make_ahead(count=6) == 3
    tasks.make_event_months()  # a second time does no harm

    made = {month.first for month in read_log.months()} - before
    assert made == {read_log.months_on(clock.today(), ahead) for ahead in (4, 5, 6)}
    test_every_part_has_the_trigger_and_is_shut_for_the_web()


def test_a_span_nobody_needs_is_refused() -> None:
    for first, months in ((clock.today(), 400), (date(1900, 1, 1), 1)):
        with pytest.raises(DatabaseError, match="not a span of months"), transaction.atomic():
            read_log.make_ahead(first, months)


def test_rows_without_a_month_are_told_and_can_be_sorted_in(cast: Cast) -> None:
    look(cast, days=400)
    look(cast)
    # The months of the log are those of UTC: shortly after midnight it is another day here.
    month = read_log.months_on((clock.now() + timedelta(days=400)).astimezone(UTC).date(), 0)
    keys = sorted(Event.objects.values_list("pk", flat=True))
    assert read_log.left_over() == [(month, 1)]

    said = command(move=True)

    assert "1 rows moved to their month" in said
    assert read_log.left_over() == []
    assert month in {one.first for one in read_log.months()}
    assert sorted(Event.objects.values_list("pk", flat=True)) == keys
    test_every_part_has_the_trigger_and_is_shut_for_the_web()


def test_without_a_period_everything_is_kept(cast: Cast, settings: Any) -> None:
    settings.READ_LOG_RETENTION = ()

    assert read_log.expired(date(2099, 1, 1)) == []
    with pytest.raises(CommandError, match="everything is kept"):
        command(expire=True)


def test_a_month_past_its_period_goes_whole_and_leaves_its_certificate(cast: Cast, settings: Any) -> None:
    settings.READ_LOG_RETENTION = retention("2020-01-01=12")
    old = read_log.months_on(clock.today(), -14)
    read_log.make_ahead(old, 3)
    for first in (old, read_log.months_on(clock.today(), -12)):
        with clock.as_if(read_log.moment_of(first) + timedelta(days=3)):
            events.record(EventKind.READ, cast.regievoerder, route="cases:list")
    gone, kept = Event.objects.order_by("at").values_list("pk", flat=True)

    said = command(expire=True)

    assert list(Event.objects.values_list("pk", flat=True)) == [kept]
    certificate = Certificate.objects.get(subject=f"lib_event {old:%Y-%m}")
    assert (certificate.rows, certificate.ground) == (1, "LEIDRAAD_READ_LOG_RETENTION 2020-01-01=12")
    assert f"1 rows destroyed, certificate {certificate.pk}" in said
    leaves = CertificateLeaves.objects.get(certificate=certificate)
    assert (leaves.first_id, leaves.last_id, len(leaves.leaves)) == (gone, gone, 72)
    assert old not in {month.first for month in read_log.months()}


def test_the_last_month_within_its_period_is_kept(settings: Any) -> None:
    settings.READ_LOG_RETENTION = retention("2020-01-01=2")
    today = clock.today()
    read_log.make_ahead(read_log.months_on(today, -3), 3)

    assert [month.first for month in read_log.expired(today)] == [read_log.months_on(today, -3)]


def test_the_period_of_the_day_holds() -> None:
    periods = retention("2027-01-01=60, 2026-01-01=24")

    assert periods == ((date(2026, 1, 1), 24), (date(2027, 1, 1), 60))


@pytest.mark.parametrize("text", ["60", "2027-01-01=", "2027-01-01=0", "soon=3"])
def test_a_period_that_cannot_be_read_stops_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="LEIDRAAD_READ_LOG_RETENTION"):
        retention(text)


def test_the_web_may_not_drop_or_sort_in(cast: Cast) -> None:
    look(cast, days=400)

    with pytest.raises(DatabaseError), transaction.atomic():
        read_log.move_left_over()
