"""What runs later for supervision."""

from celery import shared_task

from cases.supervision import actions


@shared_task(name="supervision.send_due_outcomes")
def send_due_outcomes() -> None:
    """A sweep each minute: when an outcome leaves is data in its row, so no broker can lose or forget it."""
    actions.send_due_outcomes()
