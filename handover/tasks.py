"""What runs by the clock for handovers."""

from celery import shared_task

from handover.actions import climb, overdue_handovers
from handover.importing import progress, runner, store


@shared_task(name="handover.expire_handovers")
def expire_handovers() -> None:
    """Let each unanswered handover climb, one transaction each: a failing one holds up no other on the next run."""
    for handover_id in overdue_handovers():
        climb(handover_id)


@shared_task(name="handover.import_file")
def import_file(file_id: int) -> None:
    """Read a file of dossiers in. Delivered twice it does nothing the second time."""
    runner.run(file_id)


@shared_task(name="handover.resume_imports")
def resume_imports() -> None:
    """Order every import anew of which nothing was heard for a while: its worker was killed, or its order was lost."""
    for file_id in progress.silent_files():
        store.order_again(file_id)
