"""What runs by the clock for handovers."""

from celery import shared_task

from handover.actions import climb, overdue_handovers


@shared_task(name="handover.expire_handovers")
def expire_handovers() -> None:
    """Let each unanswered handover climb, one transaction each: a failing one holds up no other on the next run."""
    for handover_id in overdue_handovers():
        climb(handover_id)
