"""What runs by itself for the memory of the house."""

import structlog
from celery import shared_task

from leidraad.lib import read_log, seal

logger = structlog.get_logger(__name__)


@shared_task(name="lib.make_event_months")
def make_event_months() -> None:
    """Make the months of the event log ahead. Tells when rows fell outside them; running twice does no harm."""
    read_log.make_ahead()
    left = read_log.left_over()
    if left:
        found = {first.strftime("%Y-%m"): rows for first, rows in left}
        logger.error("event_log_rows_without_month", months=found, mend="manage.py read_log --move")


@shared_task(name="lib.seal_history")
def seal_history() -> None:
    """Seal what is closed. A second run at the same time does nothing; one that died is made good by the next."""
    window = seal.seal_now()
    if window is not None:
        logger.info("sealed", window=window.number, rows=window.rows)
