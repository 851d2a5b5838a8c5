"""The one clock. `LEIDRAAD_TODAY` freezes the date for the demo and for tests; the time of day keeps running."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def as_if(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment`. For the demo's past and for tests; never for a request."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def now() -> datetime:
    """Aware moment in the time zone of the installation. With a frozen date: that date at the present time of day."""
    pretended = _moment.get()
    if pretended is not None:
        return pretended
    # Asked some fifty times for one page: the installation's zone, which nobody changes, rather than the thread's.
    moment = datetime.now(timezone.get_default_timezone())
    frozen: date | None = settings.LEIDRAAD_TODAY
    if frozen is None:
        return moment
    return timezone.make_aware(datetime.combine(frozen, moment.time()))


def today() -> date:
    return now().date()


def end_of(day: date) -> datetime:
    """The last second of `day`, the moment at which something due on that day becomes late."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def at(day: date, clock_time: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock_time))


def working_days_after(day: date, count: int) -> date:
    """`count` days on, skipping Saturdays and Sundays. For proposals of our own only, never for a statutory term."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
