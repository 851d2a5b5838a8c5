"""What runs later for departures."""

from celery import shared_task

from cases.departure import looking_again


@shared_task(name=looking_again.PRINCIPAL)
def look_again() -> None:
    looking_again.look_at_all()
