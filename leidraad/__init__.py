"""The frame. Importing it makes our Celery application the current one, so that shared tasks write to the outbox."""

from leidraad.celery import app as celery_app

__all__ = ["celery_app"]
