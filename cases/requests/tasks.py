"""What runs later for requests."""

from celery import shared_task

from cases.requests import overdue


@shared_task(name="requests.expire_requests")
def expire_requests() -> None:
    overdue.expire_requests()
