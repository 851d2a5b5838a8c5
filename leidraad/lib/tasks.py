"""What runs by itself for the memory of the house."""

import structlog
from celery import shared_task

from leidraad.lib import read_log

logger = structlog.get_logger(__name__)


@shared_task(name="lib.make_event_months")
def make_event_months() -> None:
    """Make the months of the event log ahead. Tells when rows fell outside them; running twice does no harm."""
    read_log.make_ahead()
    left = read_log.left_over()
    if left:
        found = {first.strftime("%Y-%m"): rows for first, rows in left}
        logger.error("event_log_rows_without_month", months=found, mend="manage.py read_log --move")
