"""Answers about removability on which a list must not let anybody rely: expired, or possibly overtaken."""

from django.db.models import CharField, DateField, F, Func, Value
from django.utils.translation import gettext as _

from leidraad.lib import clock

EXPIRED, OVERTAKEN = "expired", "overtaken"
# Written as SQL, like the other columns of the list: it is drawn more often than anything else.
DOUBT = f"""
    (SELECT CASE WHEN a.valid_until < asked.today THEN '{EXPIRED}' ELSE '{OVERTAKEN}' END
       FROM cases_axisentry a, (VALUES (%(expressions)s)) asked(case_id, today)
      WHERE a.case_id = asked.case_id AND a.axis = 'removability' AND a.superseded_at IS NULL AND a.value <> ''
        AND (a.valid_until < asked.today OR a.doubted_at IS NOT NULL))
"""  # noqa: S608 - constants of this module


def doubt_of_row() -> Func:
    """For a list of grant rows: why the removability of each case no longer holds; nothing where it does.

    The list columns hold the value only; until the job has run they still say what the expired answer said.
    """
    today = Value(clock.today(), output_field=DateField())
    return Func(F("content_object_id"), today, template=DOUBT, output_field=CharField(null=True))


def words_of(doubt: str | None) -> str:
    return {EXPIRED: _("expired"), OVERTAKEN: _("possibly overtaken")}.get(doubt or "", "")
