"""What runs later for IND's answers."""

from celery import shared_task

from cases.procedure import expiry


@shared_task(name="procedure.expire_answers")
def expire_answers() -> None:
    expiry.expire_answers()
