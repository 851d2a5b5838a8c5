"""The Celery application. `.delay()` writes a row in the caller's transaction; the relay process sends it."""

import os
import sys
from pathlib import Path
from typing import Any

from celery import signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_celery_outbox import OutboxCelery
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leidraad.settings")

app = OutboxCelery("leidraad", task_cls="leidraad.lib.jobs:NamedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def log_as_django_does(**_: Any) -> None:
    """Celery would set up logging of its own, with another format and level."""


# The `celery` command shows a wrong value as a page of traceback; it is told here in one line, as `manage.py` does.
if "celery" in Path(sys.argv[0]).parts[-2:]:
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reading them is what finds the fault
    except ImproperlyConfigured as error:
        sys.exit(f"Leidraad cannot start: {error}")
