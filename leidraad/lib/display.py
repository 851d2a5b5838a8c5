"""How values are written for people, for templates (through `ui`) and for Python code that builds ready strings.

Everything here follows the active language. Nothing here reads a model.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from leidraad.lib import clock

SOON_HOURS: Final = 24


@dataclass(frozen=True)
class Masked:
    """Stands for a value the viewer may not see. The same object whether or not a value exists."""

    def __str__(self) -> str:
        return pgettext("value hidden", "Masked")


MASKED: Final = Masked()
# What two privacy officers had blanked: the database leaves this in its place, in no language.
REDACTED: Final = "[…]"


def _local_date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def date_long(value: date | datetime | None) -> str:
    """23 november 2026."""
    return "" if value is None else _long(_local_date(value), get_language() or "")


@lru_cache(maxsize=4096)
def _long(day: date, _language: str) -> str:
    """Asked for each term of each case when all are counted, and of few days: writing one takes a tenth of a millisecond."""
    return str(format_date(day, "j F Y"))


def date_weekday(value: date | datetime | None) -> str:
    """maandag 23 november 2026."""
    return "" if value is None else format_date(_local_date(value), "l j F Y")


def date_table(value: date | datetime | None) -> str:
    """ma 23 november; with the year when it is another year than today's."""
    if value is None:
        return ""
    day = _local_date(value)
    return format_date(day, "D j F" if day.year == clock.today().year else "D j F Y")


def date_short(value: date | datetime | None) -> str:
    """ma 23 nov.; with the year when it is another year than today's."""
    if value is None:
        return ""
    day = _local_date(value)
    return format_date(day, "D j N" if day.year == clock.today().year else "D j N Y")


def month_long(value: date) -> str:
    """oktober 2026."""
    return format_date(value, "F Y")


def month_short(value: date) -> str:
    """okt in Dutch, Oct in English, without the year: for the axis of a chart."""
    return format_date(value, "M" if get_language() == "en" else "b")


def time_of_day(value: datetime | None) -> str:
    """09:30, in local time."""
    return "" if value is None else format_date(_local(value), "H:i")


def date_time(value: datetime | None) -> str:
    """23 november 2026, 09:30."""
    return "" if value is None else f"{date_long(value)}, {time_of_day(value)}"


def moment_short(value: datetime | None) -> str:
    """vandaag 08:41, vr 20 nov. 15:12: for activity lists."""
    if value is None:
        return ""
    day = _local_date(value)
    return f"{_('today') if day == clock.today() else date_short(day)} {time_of_day(value)}"


def in_days(value: date | datetime | None) -> str:
    """vandaag, morgen, over 4 dagen, 3 dagen geleden. Never stands alone: show it beside the date."""
    if value is None:
        return ""
    days = (_local_date(value) - clock.today()).days
    if days in (0, 1, -1):
        return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[days]
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


def days_since(value: date | datetime | None) -> str:
    """13 dagen: the age of something that waits, or by how much a date has passed."""
    if value is None:
        return ""
    days = max((clock.today() - _local_date(value)).days, 0)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _span(seconds: float) -> str:
    minutes = max(int(seconds // 60), 0)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def ago(value: datetime | None) -> str:
    """nog 28 min, 2 u 5 min geleden; by days beyond one day. Never stands alone: show it beside the time."""
    if value is None:
        return ""
    left = value - clock.now()
    if abs(left) >= timedelta(hours=SOON_HOURS):
        return in_days(value)
    span = _span(abs(left.total_seconds()))
    return _("%(span)s left") % {"span": span} if left > timedelta() else _("%(span)s ago") % {"span": span}


def age_on(born: date | None, day: date | None = None) -> int | None:
    """Whole years on `day`, today if not given. Born on 29 February: a year older on 1 March."""
    if born is None:
        return None
    day = day or clock.today()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def number(value: float | None) -> str:
    """1.450 in Dutch, 1,450 in English."""
    return "" if value is None else str(formats.number_format(value, force_grouping=True))


def v_number(value: str | int | None) -> str:
    """999 412 7730. What does not have ten digits is shown as it is."""
    text = "" if value is None else str(value)
    if len(text) != 10 or not text.isdigit():
        return text
    return f"{text[:3]} {text[3:6]} {text[6:]}"


def full_name(surname: str, given: str = "") -> str:
    """SURNAME, Given. A surname that already has no lower case letters stays untouched (İ and ı survive)."""
    family = surname.strip()
    if family != family.upper():
        family = family.upper()
    family = unicodedata.normalize("NFC", family)
    return ", ".join(part for part in (family, given.strip()) if part)


def name_html(surname: str, given: str = "") -> SafeString:
    """The full name, kept apart from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", full_name(surname, given))


def not_recorded() -> SafeString:
    """You may see it, nobody filled it."""
    return format_html('<span class="nothing">{}</span>', _("Not recorded"))


def masked() -> SafeString:
    """You may not see it; identical whether data exist or not."""
    return format_html('<span class="nothing nothing--masked">{}</span>', pgettext("value hidden", "Masked"))


def shown(value: object) -> object:
    """The value, or one of the two visible kinds of nothing."""
    if isinstance(value, Masked):
        return masked()
    if isinstance(value, str) and value.startswith(REDACTED):
        return _("Blanked")
    if value is None or value == "":
        return not_recorded()
    return value
