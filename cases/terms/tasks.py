"""What runs later for deadlines."""

from celery import shared_task

from cases.terms import keeping, reminding, reminding_stops


@shared_task(name=keeping.PRINCIPAL)
def keep_deadlines() -> None:
    keeping.keep_stale()


@shared_task(name=keeping.NIGHTLY)
def keep_all_deadlines() -> None:
    """Each night, in case a change was missed; what did not change comes out the same."""
    keeping.keep_all()


@shared_task(name=reminding.LIBERTY)
def remind_of_liberty() -> None:
    """Often, day and night. Of what was missed only the latest step is sent."""
    reminding.remind_of_liberty()


@shared_task(name=reminding.OTHERS)
def remind() -> None:
    reminding.remind_of_others()
    reminding_stops.remind_of_stops()
