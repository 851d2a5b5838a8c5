"""Background work acts as a named principal of the system, one for each kind of job."""

from typing import Any

import structlog
from celery import Task

from leidraad.lib.wall import PRINCIPALS
from leidraad.lib.who import principal

logger = structlog.get_logger(__name__)


class NamedTask(Task):  # type: ignore[misc]  # celery has no types
    """A job sees what is registered for its name, and nothing behind the wall when nothing is. Each run is logged."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        known = PRINCIPALS.get(self.name)
        logger.info("job", principal=self.name, purpose=known.purpose if known else "")
        if known is None:
            return super().__call__(*args, **kwargs)
        with principal(known.name):
            return super().__call__(*args, **kwargs)
