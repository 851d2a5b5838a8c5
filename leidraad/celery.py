"""The Celery application. `.delay()` writes a row in the caller's transaction; the relay process sends it."""

import os

from django_celery_outbox import OutboxCelery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leidraad.settings")

app = OutboxCelery("leidraad")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
