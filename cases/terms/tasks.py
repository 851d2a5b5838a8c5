"""What runs later for deadlines."""

from celery import shared_task

from cases.terms import keeping


@shared_task(name=keeping.PRINCIPAL)
def keep_deadlines() -> None:
    keeping.keep_stale()


@shared_task(name=keeping.NIGHTLY)
def keep_all_deadlines() -> None:
    """Each night, in case a change was missed; what did not change comes out the same."""
    keeping.keep_all()
