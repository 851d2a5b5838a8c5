"""Answers about removability on which a list must not let anybody rely: expired, or possibly overtaken."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.case.models import Axis, AxisEntry
from leidraad.lib import clock


def doubts_of(cases: Iterable[int]) -> dict[int, str]:
    """For those of the cases whose removability no longer holds: why, in words. One query.

    The list columns hold the value only; until the job has run they still say what the expired answer said.
    """
    no_longer = Q(valid_until__lt=clock.today()) | Q(doubted_at__isnull=False)
    entries = AxisEntry.objects.filter(no_longer, case__in=list(cases), axis=Axis.REMOVABILITY, superseded_at=None)
    return {
        entry.case_id: _("expired") if entry.has_expired else _("possibly overtaken")
        for entry in entries.exclude(value="")
    }
