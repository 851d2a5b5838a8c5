"""The months of the event log: made ahead, moved into, and dropped when their period is over."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from leidraad.lib import clock
from leidraad.lib.models import Certificate, CertificateKind, Event
from leidraad.lib.seal import column_lists

AHEAD = 3
TABLE = Event._meta.db_table
REST = "lib_event_default"
COLUMNS = [str(field.column) for field in Event._meta.concrete_fields]
UTC = ZoneInfo("UTC")
ROWS_A_CHUNK = 10_000

PARTS = """
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'public.lib_event'::regclass AND c.relname ~ '^lib_event_[0-9]{4}_[0-9]{2}$' ORDER BY 1
"""
# Key, fingerprint before, and nothing after, in order; the database packs them, so that a month never passes through here.
KEEP_LEAVES = """
    INSERT INTO lib_certificateleaves (certificate_id, "table", first_id, last_id, leaves)
    SELECT %s, %s, min(row_id), max(row_id),
           string_agg(int8send(row_id) || leaf || decode(repeat('00', 32), 'hex'), ''::bytea ORDER BY row_id)
      FROM (SELECT l.row_id, l.leaf, (row_number() OVER (ORDER BY l.row_id) - 1) / %s AS chunk
              FROM lib_leaves(%s, 'id', %s, %s, %s) l JOIN {part} p ON p.id = l.row_id) packed
     GROUP BY chunk ORDER BY chunk
"""


@dataclass(frozen=True)
class Month:
    """A part of the log: the first day of its month, its table and its rows."""

    first: date
    part: str

    @property
    def upto(self) -> date:
        return months_on(self.first, 1)

    @property
    def rows(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.part}")  # noqa: S608 - a table of our own
            return int(cursor.fetchone()[0])


def months_on(day: date, count: int) -> date:
    """The first day of the month that lies `count` months after that of `day`; before it when negative."""
    number = day.year * 12 + day.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def months() -> list[Month]:
    with connection.cursor() as cursor:
        cursor.execute(PARTS)
        return [Month(date(int(part[-7:-3]), int(part[-2:]), 1), part) for (part,) in cursor.fetchall()]


def make_ahead(first: date | None = None, count: int = AHEAD) -> int:
    """Make the parts of the month of `first` (of today) and of `count` months after it. Gives how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lib_event_ahead(%s, %s)", [first or clock.today(), count])
        return int(cursor.fetchone()[0])


def left_over() -> list[tuple[date, int]]:
    """Months, with their rows, of which rows fell into the default part because the month had none."""
    outside, params = _outside(months())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date, count(*) FROM lib_event"  # noqa: S608 - our own words
            f" WHERE {outside} GROUP BY 1 ORDER BY 1",
            params,
        )
        found: list[tuple[date, int]] = cursor.fetchall()
    return found


def _outside(known: list[Month]) -> tuple[str, list[datetime]]:
    """The moments outside every month, as ranges: with these the server reads the default part only."""
    words: list[str] = []
    params: list[datetime] = []
    last: date | None = None
    for month in known:
        if last is None:
            words.append("at < %s")
            params.append(moment_of(month.first))
        elif month.first > last:
            words.append("at >= %s AND at < %s")
            params += [moment_of(last), moment_of(month.first)]
        last = month.upto
    if last is not None:
        words.append("at >= %s")
        params.append(moment_of(last))
    return " OR ".join([f"({one})" for one in words]) or "true", params


def move_left_over() -> int:
    """Give the rows of the default part the month they belong to. Only for the owner; the log is shut meanwhile."""
    found = left_over()
    names = ", ".join(COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {REST}")
        cursor.execute(f"ALTER TABLE {REST} RENAME TO lib_event_left")
        cursor.execute(f"CREATE TABLE {REST} PARTITION OF {TABLE} DEFAULT")
        for first, _rows in found:
            make_ahead(first, 0)
        cursor.execute(f"INSERT INTO {TABLE} ({names}) SELECT {names} FROM lib_event_left ORDER BY id")  # noqa: S608 - our own columns
        cursor.execute("DROP TABLE lib_event_left")
    return sum(rows for _first, rows in found)


# --- retention --------------------------------------------------------------------------------------------------------


def period_on(day: date) -> tuple[date, int] | None:
    """The period that holds on a day, as (holds from, whole months); None while everything is kept."""
    held = [(since, kept) for since, kept in settings.READ_LOG_RETENTION if since <= day]
    return held[-1] if held else None


def expired(day: date) -> list[Month]:
    """Whole months that ended more than the period ago."""
    period = period_on(day)
    if period is None:
        return []
    limit = months_on(day, -period[1])
    return [month for month in months() if month.upto <= limit]


def drop(month: Month, *, by: str) -> Certificate:
    """Drop one month whole. What stays is a certificate, and the fingerprints of its rows for the seals. Only for the owner."""
    since, kept = period_on(clock.today()) or (None, 0)
    if since is None or month not in expired(clock.today()):
        raise ValueError(f"{month.part} is not past its period")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        certificate = Certificate.objects.create(
            at=clock.now(),
            kind=CertificateKind.RETENTION,
            subject=f"{TABLE} {month.first:%Y-%m}",
            ground=f"LEIDRAAD_READ_LOG_RETENTION {since.isoformat()}={kept}",
            done_by=by[:150],
            rows=month.rows,
        )
        cursor.execute(f"SELECT min(id) - 1, max(id) FROM {month.part}")  # noqa: S608 - a table of our own
        after, upto = cursor.fetchone()
        if upto is not None:
            keep = KEEP_LEAVES.format(part=month.part)
            for columns in column_lists(TABLE, COLUMNS):
                cursor.execute(keep, [certificate.pk, TABLE, ROWS_A_CHUNK, TABLE, columns, after, upto])
        cursor.execute(f"DROP TABLE {month.part}")
    return certificate


def moment_of(first: date) -> datetime:
    """When the part of a month begins: midnight UTC."""
    return datetime(first.year, first.month, 1, tzinfo=UTC)
